package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

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
        assertEquals("Chart \"A\" (y over x)\n  a: 1 value, last 2\n", printed(() -> Notebook.show(Charts.lines("A", "x", "y").add("a", 2))));
    }

    @Test void aClaimThatHoldsPrintsATick() {
        assertEquals("✓ one is one\n", printed(() -> Notebook.check("one is one", 1 == 1)));
    }

    @Test void aClaimShowsWhatWasMeasured() {
        assertEquals("✓ below 2 nats (measured: 1.523)\n", printed(() -> Notebook.check("below 2 nats", true, 1.52345)));
    }

    @Test void aClaimThatFailsThrowsItsWords() {
        ClaimFailedException e = assertThrows(ClaimFailedException.class, () -> Notebook.check("one is two", 1 == 2));
        assertEquals("one is two", e.getMessage());
    }

    @Test void aClaimThatFailsSaysWhatWasMeasured() {
        ClaimFailedException e = assertThrows(ClaimFailedException.class, () -> Notebook.check("below 2 nats", false, 3));
        assertEquals("below 2 nats (measured: 3)", e.getMessage());
    }

    @Test void aLivePlacePrintsItsLastStateOnce() {
        assertEquals("three\n", printed(() -> {
            Live live = new ConsoleFront().live();
            for (String state : new String[] {"one", "two", "three"}) live.update(state);
            live.finish();
            live.finish();
        }));
    }

    @Test void aLivePlaceThatNothingWasShownInPrintsNothing() {
        assertEquals("", printed(() -> new ConsoleFront().live().finish()));
    }

    @Test void aMisspeltScaleIsAnError() {
        for (String good : new String[] {null, "", "full"}) Notebook.checkScale(good);
        for (String bad : List.of("ful", "FULL", "1"))
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> Notebook.checkScale(bad)).getMessage().contains("UNROLL_SCALE: expected full"),
                    bad);
    }
}
