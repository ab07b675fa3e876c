package unroll.notebook;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence whose numbers were computed: a paragraph of the page.
 *
 * @param text as a reader sees it
 */
record Sentence(String text) {
    private static final Pattern PLACE = Pattern.compile("%(?:[%n]|[-#+ 0,(]*\\d*(?:\\.\\d+)?[a-zA-Z])");

    /** Values in the places of a format of {@link String#format}; numbers at {@code %s} as tables show them. */
    static Sentence of(String format, Object... values) {
        Object[] shown = values.clone();
        int next = 0;
        for (Matcher place = PLACE.matcher(format); place.find() && next < shown.length;) {
            char kind = place.group().charAt(place.group().length() - 1);
            if (kind == '%' || kind == 'n') continue;
            if (kind == 's') shown[next] = shown(shown[next]);
            next++;
        }
        return new Sentence(String.format(Locale.ROOT, format, shown));
    }

    private static Object shown(Object value) {
        if (value instanceof Double || value instanceof Float) return Numbers.text(((Number) value).doubleValue());
        return value instanceof Integer || value instanceof Long ? Numbers.text(((Number) value).longValue()) : value;
    }

    String html() { return "<p>" + Rendering.escape(text) + "</p>"; }

    @Override public String toString() { return text; }
}
