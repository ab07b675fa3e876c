package unroll.fuzz;

import java.util.Objects;

/** What a reader makes of one input, or what an independent one says that it should. */
public sealed interface Outcome {
    /** The content, in a form that {@code equals} compares by value. */
    record Content(Object value) implements Outcome {
        @Override public String toString() { return "content " + shortened(String.valueOf(value)); }
    }

    /**
     * A refusal.
     *
     * @param line the line at fault, 0 where none is named
     */
    record Refusal(int line) implements Outcome {
        @Override public String toString() { return line == 0 ? "a refusal" : "a refusal of line " + line; }
    }

    /** The independent reader does not decide. */
    record Open() implements Outcome {
    }

    Outcome OPEN = new Open();

    static Outcome content(Object value) { return new Content(value); }

    static Outcome refusal() { return new Refusal(0); }

    static Outcome refusal(int line) { return new Refusal(line); }

    /** Whether this is what was expected; a line counts only where both name one. */
    default boolean meets(Outcome expected) {
        if (expected instanceof Open || this instanceof Open) return true;
        if (this instanceof Refusal a && expected instanceof Refusal b)
            return a.line == 0 || b.line == 0 || a.line == b.line;
        return Objects.equals(this, expected);
    }

    static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "… (" + text.length() + " characters)";
    }
}
