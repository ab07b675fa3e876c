package unroll;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** What an error tells its reader. */
public final class Says {
    private Says() {
    }

    /** The call fails, and the message has all these words in it. */
    public static void assertSays(Executable call, String... words) {
        String message = assertThrows(RuntimeException.class, call).getMessage();
        for (String word : words) assertTrue(message.contains(word), "«" + message + "» does not say " + word);
    }
}
