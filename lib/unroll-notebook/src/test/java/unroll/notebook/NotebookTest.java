package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import jdk.jshell.spi.SPIResolutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.tensor.Tensor;

/** Outside a kernel: the same calls print text. */
class NotebookTest {
    /** What the action prints. */
    static String printed(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test void startPrintsNothingHoweverOften() {
        assertEquals("", printed(() -> {
            Notebook.start();
            Notebook.start();
        }));
    }

    @Test void showPrintsTheText() {
        assertEquals("Chart \"A\" (y over x)\n  a: 1 value, last 2\n",
                printed(() -> Notebook.show(Charts.lines("A", "x", "y").add("a", 2))));
    }

    @Test void aSentenceIsSaidWithItsNumbers() {
        assertEquals("1.523 nats after 1,500 steps: 25.0 % of\nLSTM\n", printed(() -> Notebook
                .say("%s nats after %s steps: %.1f %% of%n%s", 1.52345, 1_500, 25.0, "LSTM")));
        assertEquals("<p>x &lt; 0.5</p>", Sentence.of("x < %s", 0.5f).html());
    }

    @Test void aClaimThatHoldsPrintsATick() {
        assertEquals("✓ one is one\n", printed(() -> Notebook.check("one is one", 1 == 1)));
    }

    @Test void aClaimShowsWhatWasMeasured() {
        assertEquals("✓ below 2 nats (measured: 1.523)\n",
                printed(() -> Notebook.check("below 2 nats", true, 1.52345)));
    }

    @Test void aClaimThatFailsThrowsItsWords() {
        ClaimFailedException e = assertThrows(ClaimFailedException.class, () -> Notebook.check("one is two", 1 == 2));
        assertEquals("does not hold: one is two", e.getMessage());
    }

    @Test void aClaimThatFailsSaysWhatWasMeasured() {
        ClaimFailedException e = assertThrows(ClaimFailedException.class,
                () -> Notebook.check("below 2 nats", false, 3));
        assertEquals("does not hold: below 2 nats (measured: 3)", e.getMessage());
    }

    private static Tensor tensor(float... values) { return Tensor.of(values, values.length); }

    /** What a reader may give, what is right, and what is said about it. */
    static Stream<Arguments> wrong() {
        return Stream.of(Arguments.of(null, 2.0, "null"), Arguments.of(Double.NaN, 2.0, "NaN, not a number"),
                Arguments.of(Float.NaN, 2f, "NaN, not a number"),
                Arguments.of(2.1, 2.0, "2.1"), Arguments.of(-2.0, 2.0, "-2"),
                Arguments.of(Double.POSITIVE_INFINITY, 1e300, "∞"),
                Arguments.of(0.0, 1e-9, "0"), Arguments.of(1, 2, "1"), Arguments.of("", "a", ""),
                Arguments.of("two", 2, "two"),
                Arguments.of(2, List.of(2), "2"),
                Arguments.of(List.of(), List.of("a"), "0 values instead of 1"),
                Arguments.of(List.of("a", "c"), List.of("a", "b"), "c, at place 1"),
                Arguments.of(List.of(1, 2), List.of(1), "2 values instead of 1"),
                Arguments.of(new double[] {1, Double.NaN}, new double[] {1, 2}, "NaN, not a number, at place 1"),
                Arguments.of(new double[][] {{1, 2}, {3, 5}}, new double[][] {{1, 2}, {3, 4}},
                        "5, at place 1, at place 1"),
                Arguments.of(null, tensor(1), "null"),
                Arguments.of(tensor(1, 2, 3), tensor(1, 2), "the shape [3] instead of [2]"),
                Arguments.of(tensor(1, 2), tensor(1, 2).reshape(1, 2), "the shape [2] instead of [1, 2]"),
                Arguments.of(tensor(1, Float.NaN), tensor(1, 2), "NaN, not a number, at place 1"),
                Arguments.of(Arrays.asList("a", null), List.of("a", "b"), "null, at place 1"),
                Arguments.of("x".repeat(9_000), "y", "x".repeat(120) + "…"));
    }

    @ParameterizedTest
    @MethodSource("wrong") void whatIsNotRightDoesNotPass(Object given, Object right, String said) {
        ClaimFailedException e = assertThrows(ClaimFailedException.class,
                () -> Notebook.checkEqual("it is two", given, right));
        assertEquals(("does not hold: it is two: it gives " + said).strip(), e.getMessage().strip());
    }

    static Stream<Arguments> right() {
        return Stream.of(Arguments.of(2.0 + 1e-7, 2.0), Arguments.of(2L, 2), Arguments.of(2f, 2.0),
                Arguments.of("a", "a"), Arguments.of(null, null),
                Arguments.of(List.of("a", 1.0), List.of("a", 1)), Arguments.of(tensor(1, 2.00001f), tensor(1, 2)),
                Arguments.of(Double.NaN, Double.NaN),
                Arguments.of(new float[] {1, 1000.001f}, new double[] {1.001, 1000}),
                Arguments.of(new ArrayList<>(List.of(1)), new int[] {1}),
                Arguments.of(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), Arguments.of(0.0, -0.0),
                Arguments.of(List.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("right") void whatIsRightPasses(Object given, Object right) {
        assertEquals("✓ it is two\n", printed(() -> Notebook.checkEqual("it is two", given, right)));
    }

    private static void myExercise(String stub) {
        if (stub.equals("throws")) throw new UnsupportedOperationException("not done yet");
        if (stub.equals("recurs")) myExercise(stub);
        if (stub.equals("asserts")) throw new AssertionError();
        Notebook.checkEqual("mySum adds", stub.equals("done") ? 5 : null, 5);
        Notebook.check("mySum is quick", true);
    }

    @Test void anExerciseThatIsNotDoneIsALineWhereReadersRunIt() {
        assertEquals("○ Exercise 1 is not done: mySum adds: it gives null\n",
                printed(() -> Notebook.exercise("Exercise 1", () -> myExercise("null"), false)));
        assertEquals("○ Exercise 1 is not done: the code ends in UnsupportedOperationException: not done yet\n",
                printed(() -> Notebook.exercise("Exercise 1", () -> myExercise("throws"), false)));
        assertEquals("○ Exercise 1 is not done: the code ends in StackOverflowError\n",
                printed(() -> Notebook.exercise("Exercise 1", () -> myExercise("recurs"), false)));
        assertEquals("○ Exercise 1 is not done: the code uses a name that does not exist\n",
                printed(() -> Notebook.exercise("Exercise 1", () -> {
                    // what JShell puts in the place of such code
                    throw new SPIResolutionException(1);
                }, false)));
        assertEquals("○ Exercise 1 is not done: the code ends in AssertionError\n",
                printed(() -> Notebook.exercise("Exercise 1", () -> myExercise("asserts"), false)));
    }

    @Test void anExerciseThatIsNotDoneDoesNotPassWhereItIsGraded() {
        assertThrows(ClaimFailedException.class, () -> Notebook.exercise("Exercise 1", () -> myExercise("null"), true));
        assertThrows(UnsupportedOperationException.class,
                () -> Notebook.exercise("Exercise 1", () -> myExercise("throws"), true));
        assertThrows(StackOverflowError.class, () -> Notebook.exercise("Exercise 1", () -> myExercise("recurs"), true));
        assertThrows(AssertionError.class, () -> Notebook.exercise("Exercise 1", () -> myExercise("asserts"), true));
    }

    @Test void anExerciseThatIsDoneShowsItsTicks() {
        for (boolean graded : new boolean[] {false, true})
            assertEquals("✓ mySum adds\n✓ mySum is quick\n",
                    printed(() -> Notebook.exercise("Exercise 1", () -> myExercise("done"), graded)));
    }

    @Test void aLivePlacePrintsItsLastStateOnce() {
        assertEquals("three\n", printed(() -> {
            Live live = new Front.Console().live();
            for (String state : new String[] {"one", "two", "three"}) live.update(state);
            live.finish();
            live.finish();
        }));
    }

    @Test void aLivePlaceThatNothingWasShownInPrintsNothing() {
        assertEquals("", printed(() -> new Front.Console().live().finish()));
    }

    @Test void aMisspeltScaleIsAnError() {
        for (String good : new String[] {null, "", "full"}) Notebook.checkScale(good);
        for (String bad : List.of("ful", "FULL", "1"))
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> Notebook.checkScale(bad)).getMessage()
                            .contains("UNROLL_SCALE: expected full"),
                    bad);
    }
}
