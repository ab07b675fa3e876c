package unroll.text;

import java.util.Locale;

import unroll.tensor.Message;

/** How the errors of this package write a symbol, so that invisible ones can be told apart. */
public final class Symbols {
    private Symbols() {
    }

    /**
     * The symbol in quotes with its code points, e.g. {@code "é" (U+00E9)}; control characters as
     * {@code "\n" (U+000A)}, long words cut.
     */
    public static String describe(String symbol) {
        StringBuilder shown = new StringBuilder("\"");
        symbol.codePoints().limit(40).forEach(c -> shown.append(switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> Message.of(Character.toString(c));
        }));
        shown.append(symbol.codePointCount(0, symbol.length()) > 40 ? "…\"" : "\"");
        if (symbol.codePointCount(0, symbol.length()) != 1) return shown.toString();
        return shown.append(String.format(Locale.ROOT, " (U+%04X)", symbol.codePointAt(0))).toString();
    }

    /** What another library says: its first line, at most 200 characters, no quotes around it. */
    public static String firstLine(String message) {
        String first = Message.of(message == null ? "no reason given" : message.lines().findFirst().orElse(""));
        return first.length() > 200 ? first.substring(0, 200) + "…" : first;
    }
}
