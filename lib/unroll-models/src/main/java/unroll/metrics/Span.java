package unroll.metrics;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;

/**
 * A run of tokens with a type: a name, a phrase.
 *
 * <pre>{@code
 * Span.of(List.of("O", "B-person", "I-person", "O"));     // [person 1 to 3]
 * }</pre>
 *
 * @param from its first token, from 0
 * @param to   the token after its last one
 */
public record Span(String type, int from, int to) {
    public Span {
        if (from < 0 || to <= from)
            throw new IllegalArgumentException("Span: expected 0 <= from < to but got " + from + " and " + to);
    }

    /**
     * The spans of a sentence that its tags {@code O}, {@code B-TYPE}, {@code I-TYPE} mark, by the rules of
     * {@code conlleval}, which give every sequence of tags a meaning: a span begins at each B, at an I after O or at
     * the beginning of the sentence, and at an I of another type than the tag before.
     */
    public static List<Span> of(List<String> tags) {
        List<Span> spans = new ArrayList<>();
        String type = "";                                                  // of the span that is open, if any
        int from = 0;
        for (int t = 0; t <= tags.size(); t++) {
            String tag = t < tags.size() ? tags.get(t) : "O";
            boolean outside = tag.equals("O");
            if (!outside && (tag.length() < 3 || tag.charAt(1) != '-' || tag.charAt(0) != 'B' && tag.charAt(0) != 'I'))
                throw new IllegalArgumentException(
                        Message.of("Span: expected tags O, B-TYPE or I-TYPE but tag " + t + " is \"" + tag + "\""));
            String next = outside ? "" : tag.substring(2);
            if (tag.charAt(0) == 'I' && next.equals(type)) continue;
            if (!type.isEmpty()) spans.add(new Span(type, from, t));
            type = next;
            from = t;
        }
        return spans;
    }

    @Override public String toString() { return type + " " + from + " to " + to; }
}
