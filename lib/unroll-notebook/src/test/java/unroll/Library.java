package unroll;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Every class of the library's modules: no tests, also not those that one module's tests lend to another's, no gson. */
final class Library {
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("unroll")
            .that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("unroll.gson..")));

    private Library() {
    }
}
