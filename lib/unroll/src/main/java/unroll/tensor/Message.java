package unroll.tensor;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The words of an error. What a file, a caller or another library put into them is not ours: a name of half a million
 * letters would fill the page, and a control character can colour, hide or turn round what follows. So each exception
 * of this library takes its message through {@link #of}.
 */
public final class Message {
    /** No message is longer. */
    public static final int LIMIT = 2_000;
    /**
     * Controls, line and paragraph separators, what turns the direction of writing, byte order marks, halves of pairs;
     * not joiners, which belong to words and to emoji.
     */
    private static final Pattern HIDDEN = Pattern
            .compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}[\\p{Cf}&&[^\\u200c\\u200d]]]");
    /** How many code points of a foreign text are quoted. */
    private static final int QUOTED = 40;

    private Message() {
    }

    /**
     * A message on one line, without control characters, of at most {@link #LIMIT} characters; what is cut out of its
     * middle is counted.
     */
    public static String of(String text) { return text == null ? "" : within(LIMIT, text); }

    /**
     * Refuses an argument for which something does not hold, in these words. They are made in any case, so where it
     * happens often, ask first.
     */
    public static void require(boolean holds, String words) {
        if (!holds) throw new IllegalArgumentException(of(words));
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
     * Foreign text in quotation marks, such as a symbol or a line of a file: at most 40 code points of it, line ends
     * and tabs as {@code \\n}, and where it is a single code point, which one: {@code "é" (U+00E9)}.
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
        int room = (limit - omitted.length()) / 2;
        return end(text, room, true) + omitted + end(text, room, false);
    }

    /** As many whole characters from the start, or from the end, as fit once they are visible. */
    private static String end(String text, int room, boolean first) {
        StringBuilder shown = new StringBuilder();
        for (int i = first ? 0 : text.length(); i != (first ? text.length() : 0);) {
            int next = text.offsetByCodePoints(i, first ? 1 : -1);
            String character = visible(text.substring(Math.min(i, next), Math.max(i, next)));
            if (shown.length() + character.length() > room) break;
            shown.insert(first ? shown.length() : 0, character);
            i = next;
        }
        return shown.toString();
    }

    private static String visible(String text) {
        return HIDDEN.matcher(text).replaceAll(hidden -> hidden.group().chars()
                .mapToObj(unit -> Matcher.quoteReplacement(String.format(Locale.ROOT, "\\u%04x", unit)))
                .collect(Collectors.joining()));
    }
}
