package unroll;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import org.junit.jupiter.api.Test;
import unroll.data.Catalogue;

/** Which package may use which, and what no class of the library may touch. */
final class LayeringTest {

    /** Each package and all that it may use, from the bottom to the top. */
    private static final Map<String, List<String>> MAY_USE = mayUse();

    private static final JavaClasses LIBRARY = Library.CLASSES;

    private static Map<String, List<String>> mayUse() {
        Map<String, List<String>> may = new LinkedHashMap<>();
        may.put("tensor", List.of());
        may.put("nn", with(may, "tensor"));
        may.put("recurrent", with(may, "nn"));
        may.put("statespace", with(may, "nn"));
        may.put("text", with(may, "recurrent", "statespace"));
        may.put("train", with(may, "text"));
        may.put("metrics", with(may, "train"));
        may.put("data", with(may, "train"));
        may.put("picture", with(may, "train"));
        may.put("sequence", with(may, "train"));
        may.put("model", with(may, "data", "sequence", "metrics", "picture"));
        may.put("analysis", with(may, "model"));
        may.put("notebook", with(may, "analysis"));
        return may;
    }

    /** The packages named, and all that they may use. */
    private static List<String> with(Map<String, List<String>> may, String... packages) {
        List<String> all = new ArrayList<>();
        for (String name : packages) {
            all.add(name);
            all.addAll(may.get(name));
        }
        return all.stream().distinct().toList();
    }

    @Test void arrowsPointDownwards() {
        LayeredArchitecture rule = layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String name : MAY_USE.keySet()) rule = rule.layer(name).definedBy("unroll." + name + "..");
        for (var entry : MAY_USE.entrySet())
            rule = entry.getValue().isEmpty()
                    ? rule.whereLayer(entry.getKey()).mayNotAccessAnyLayer()
                    : rule.whereLayer(entry.getKey()).mayOnlyAccessLayers(entry.getValue().toArray(String[]::new));
        rule.check(LIBRARY);
    }

    @Test void everyClassHasARoom() {
        classes().should()
                .resideInAnyPackage(MAY_USE.keySet().stream().map(name -> "unroll." + name).toArray(String[]::new))
                .check(LIBRARY);
    }

    @Test void onlyNotebookAndExperimentReadTheClock() {
        noClasses().that()
                .resideOutsideOfPackages("unroll.notebook..", "unroll.experiment..").should()
                .accessTargetWhere(
                        call("currentTimeMillis", "java.lang.System").or(call("nanoTime", "java.lang.System"))
                                .or(callOfPackage("now", "java.time")).or(callOfPackage("system", "java.time")))
                .because("equal seeds give equal results, whatever the time").check(LIBRARY);
    }

    @Test void everyRandomNumberHasASeed() {
        noClasses().should()
                .dependOnClassesThat().haveFullyQualifiedName("java.util.Random")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.security.SecureRandom")
                .orShould().callMethod(Math.class, "random")
                .orShould().callConstructor(java.util.SplittableRandom.class)
                .orShould().callMethod(java.util.UUID.class, "randomUUID")
                .orShould().callMethod(java.util.Collections.class, "shuffle", List.class)
                .because("unroll.tensor.Rng is the only source of chance").check(LIBRARY);
    }

    @Test void nothingGoesToStandardError() {
        noClasses().should().accessField(System.class, "err")
                .orShould().accessTargetWhere(DescribedPredicate.describe("printStackTrace() without a writer",
                        a -> a instanceof JavaMethodCall c && c.getName().equals("printStackTrace")
                                && c.getTarget().getRawParameterTypes().isEmpty()))
                .because("graders give no points for a notebook that writes there").check(LIBRARY);
    }

    /**
     * JavaCPP's own copies look at no bounds: one wrong size and the process is gone. (The buffers of {@code asBuffer}
     * do look.)
     */
    @Test void nativeMemoryIsCopiedInOnePlaceThatLooksAtTheBounds() {
        noClasses().that().doNotHaveFullyQualifiedName("unroll.tensor.Blas").should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "a copy by a JavaCPP pointer",
                        a -> a.getTargetOwner().getPackageName().equals("org.bytedeco.javacpp")
                                && (a.getTarget().getName().equals("put") || a.getTarget().getName().equals("get"))))
                .check(LIBRARY);
    }

    /** What opens a file by its path may open another one than the one that was checked. */
    @Test void theLibrarysOwnReadersTakeTheCheckedBytes() {
        noClasses().that().areNotAssignableTo(Catalogue.class).should()
                .callMethod(Catalogue.class, "file", String.class, String.class)
                .check(LIBRARY);
    }

    @Test void staticFieldsHoldNoState() {
        fields().that().areStatic().should().beFinal().allowEmptyShould(true).check(LIBRARY);
    }

    @Test void publicFieldsAreFinal() {
        fields().that().arePublic().should().beFinal().allowEmptyShould(true).check(LIBRARY);
    }

    private static DescribedPredicate<JavaAccess<?>> call(String method, String owner) {
        return DescribedPredicate.describe(owner + "." + method,
                a -> a.getTarget().getName().equals(method) && a.getTargetOwner().getFullName().equals(owner));
    }

    private static DescribedPredicate<JavaAccess<?>> callOfPackage(String prefix, String packageName) {
        return DescribedPredicate.describe(packageName + "." + prefix,
                a -> a.getTarget().getName().startsWith(prefix)
                        && a.getTargetOwner().getPackageName().equals(packageName));
    }
}
