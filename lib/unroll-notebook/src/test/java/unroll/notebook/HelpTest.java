package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import unroll.recurrent.Lstm;
import unroll.recurrent.LstmCell;
import unroll.recurrent.LstmState;
import unroll.text.Vocabulary;

/** The Javadoc of a type, found in the jar that it comes from. */
class HelpTest {
    private static void contains(Help help, String... parts) {
        for (String part : parts) assertTrue(help.html().contains(part), part + " in\n" + help.html());
    }

    @Test void aLayerShowsItsEquationItsUseAndItsShapes() {
        contains(Help.of(Lstm.class), "<p><code>class Lstm extends ",
                "<pre><code>i = σ(x W_i + h U_i + b_i) ", "\nc' = f ∘ c + i ∘ g ", "\nvar lstm = Lstm.of(64, 256)",
                "// x: [T, B, 64] → out.states(): [T, B, 256]</code></pre>", "<code>LstmCell</code>",
                "<tr><td><code>Lstm(LstmCell cell)</code></td><td>Runs the weights of a cell");
    }

    @Test void itsMethodsAreShownTheInheritedOnesToo() {
        contains(Help.of(Lstm.class), "<code>static LstmSpec of(int inputSize, int hiddenSize)</code>",
                "<code>Output apply(Tensor x)</code>");
        contains(Help.of(LstmCell.class), "<code>S step(Tensor x, S previous)</code>");
    }

    @Test void whatIsNotPublicIsNotShown() {
        assertFalse(Help.of(Lstm.class).html().contains("LstmRecurrence(part"));
        assertFalse(Help.of(LstmCell.class).html().contains("private"));
    }

    @Test void aRecordShowsItsComponents() {
        contains(Help.of(LstmState.class), "<code>record LstmState(Tensor h, Tensor c) implements State</code>",
                "<br><code>h</code>: ", "<br><code>c</code>: ");
    }

    @Test void aTypeWithinAnotherShowsItsOwn() {
        contains(Help.of(Vocabulary.Kind.class), "<code>enum Kind</code>", "<code>WORDS</code></td><td>");
    }

    @Test void aTypeWithoutJavadocShowsHowItIsDeclared() {
        assertEquals("interface Undocumented extends Runnable\nint twice(int number)",
                Help.of(Undocumented.class).toString());
    }

    @Test void aTypeThatIsNotTheLibrarysIsNamed() {
        Object local = new Object() {
        };
        for (Class<?> type : List.of(String.class, int[].class, HelpTest.class, local.getClass()))
            assertEquals("<p>There is no documentation of <code>" + type.getTypeName()
                    + "</code> here: the types of the library bring theirs.</p>", Help.of(type).html());
    }

    static Stream<Class<?>> everyPublicLayer() {
        return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar")).importPackages("unroll.recurrent")
                .stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC)).map(JavaClass::reflect);
    }

    @ParameterizedTest
    @MethodSource("everyPublicLayer") void everyPublicLayerHasAPage(Class<?> type) {
        contains(Help.of(type), type.getSimpleName());
    }

    @Test void aConsoleShowsTheWords() {
        String shown = NotebookTest.printed(() -> Notebook.help(LstmState.class));
        assertTrue(shown.startsWith("record LstmState(Tensor h, Tensor c) implements State\n"), shown);
        assertFalse(shown.contains("<code>") || shown.contains("&lt;"), shown);
    }
}
