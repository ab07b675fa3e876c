package unroll.tensor;

import java.util.Locale;

/**
 * The words of an error. What a file, a caller or another library put into them is not ours: a name of half a million
 * letters would fill the page, and a control character can colour, hide or turn round what follows. So each exception
 * of this library takes its message through {@link #of}.
 */
public final class Message {
    /** No message is longer. */
    public static final int LIMIT = 2_000;
    /** How many code points of a foreign text are quoted. */
    private static final int QUOTED = 40;

    private Message() {
    }

    /**
     * A message on one line, without control characters, of at most {@link #LIMIT} characters; what is cut out of its
     * middle is counted.
     */
    public static String of(String text) {
        if (text == null) return "";
        return within(LIMIT, text);
    }

    /** The same for several lines of our own, such as a list of all that is wrong. */
    public static String lines(String... lines) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            String line = within(LIMIT / 4, lines[i]);
            String left = "\n… and " + (lines.length - i) + " further lines";
            if (all.length() + 1 + line.length() + left.length() > LIMIT) return all.append(left).toString();
            all.append(i == 0 ? "" : "\n").append(line);
        }
        return all.toString();
    }

    /**
     * Foreign text in quotation marks, such as a symbol or a line of a file: at most 40 code points of it, line ends and
     * tabs as {@code \\n}, and where it is a single code point, which one: {@code "é" (U+00E9)}.
     */
    public static String quoted(String foreign) {
        StringBuilder shown = new StringBuilder("\"");
        foreign.codePoints().limit(QUOTED).forEach(c -> shown.append(switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> visible(Character.toString(c));
        }));
        int all = foreign.codePointCount(0, foreign.length());
        shown.append(all > QUOTED ? "…\"" : "\"");
        return all == 1 ? shown + String.format(Locale.ROOT, " (U+%04X)", foreign.codePointAt(0)) : shown.toString();
    }

    /** What another library says: its first line, at most 200 characters, no quotes around it. */
    public static String firstLine(String foreign) {
        String first = of(foreign == null ? "no reason given" : foreign.lines().findFirst().orElse(""));
        return first.length() > 200 ? first.substring(0, 200) + "…" : first;
    }

    private static String within(int limit, String text) {
        String shown = text.length() <= limit ? visible(text) : null;
        if (shown != null && shown.length() <= limit) return shown;
        String omitted = " …(" + text.length() + " characters in all)… ";
        int room = Math.max(0, limit - omitted.length()) / 2;
        return start(text, room) + omitted + end(text, room);
    }

    /** As many whole characters from the start as fit once they are visible. */
    private static String start(String text, int room) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            String next = visible(text.substring(i, text.offsetByCodePoints(i, 1)));
            if (shown.length() + next.length() > room) break;
            shown.append(next);
        }
        return shown.toString();
    }

    private static String end(String text, int room) {
        StringBuilder shown = new StringBuilder();
        for (int i = text.length(); i > 0; i = text.offsetByCodePoints(i, -1)) {
            String next = visible(text.substring(text.offsetByCodePoints(i, -1), i));
            if (shown.length() + next.length() > room) break;
            shown.insert(0, next);
        }
        return shown.toString();
    }

    private static String visible(String text) {
        if (text.codePoints().noneMatch(Message::isHidden)) return text;
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (!isHidden(c)) shown.appendCodePoint(c);
            else
                for (char unit : Character.toChars(c)) shown.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        });
        return shown.toString();
    }

    /**
     * Controls, line and paragraph separators, what turns the direction of writing, byte order marks, halves of pairs.
     */
    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> c != 0x200c && c != 0x200d;           // joiners belong to words and to emoji
            default -> false;
        };
    }
}
