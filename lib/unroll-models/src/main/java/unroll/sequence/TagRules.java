package unroll.sequence;

import java.util.Arrays;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.Shape;

/**
 * Which tags may follow each other in a {@link Crf}: all, or in BIO only those that make whole names (Ramshaw and
 * Marcus 1995, the form IOB2): I-X stands after B-X or I-X and nowhere else.
 *
 * <pre>{@code
 * var rules = TagRules.bio(List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC"));
 * rules.mayFollow(2, 0);                                           // false: no I-PER after O
 * }</pre>
 */
public final class TagRules {
    private static final String INSIDE = "I-", BEGIN = "B-", OUTSIDE = "O";
    private final List<String> names;                                      // empty where tags are only numbers
    private final int tags;
    private final boolean[] first, follows;

    private TagRules(List<String> names, int tags) {
        this.names = names;
        this.tags = tags;
        first = new boolean[tags];
        follows = new boolean[Shape.size("TagRules", new int[] {tags, tags})];
    }

    /** Every order of so many tags. */
    public static TagRules any(int tags) {
        if (tags < 1) throw new IllegalArgumentException("TagRules: expected at least one tag but got " + tags);
        TagRules rules = new TagRules(List.of(), tags);
        Arrays.fill(rules.first, true);
        Arrays.fill(rules.follows, true);
        return rules;
    }

    /** The rules of BIO for tags O, B-X and I-X, numbered as in the list. */
    public static TagRules bio(List<String> names) {
        TagRules rules = new TagRules(List.copyOf(names), names.size());
        for (String name : names)
            if (!name.equals(OUTSIDE) && !name.startsWith(BEGIN) && !name.startsWith(INSIDE))
                throw new IllegalArgumentException(
                        Message.of("TagRules: expected tags O, B-… and I-… but got \"" + name + "\" in " + names));
        for (int j = 0; j < rules.tags; j++) {
            String name = names.get(j);
            boolean inside = name.startsWith(INSIDE);
            rules.first[j] = !inside;
            for (int i = 0; i < rules.tags; i++) {
                String before = names.get(i);
                rules.follows[i * rules.tags + j] = !inside
                        || !before.equals(OUTSIDE) && kind(before).equals(kind(name));
            }
        }
        if (names.stream().allMatch(name -> name.startsWith(INSIDE)))
            throw new IllegalArgumentException(Message
                    .of("TagRules: with the tags " + names + " no sequence can begin; expected O or B-… among them"));
        return rules;
    }

    private static String kind(String name) { return name.substring(BEGIN.length()); }

    /** The number of tags. */
    public int tags() { return tags; }

    public boolean mayBegin(int tag) { return first[tag]; }

    /** Whether {@code next} may stand right after {@code tag}. */
    public boolean mayFollow(int tag, int next) {
        return follows[tag * tags + next];
    }

    /** How a tag is called in an error. */
    String name(int tag) {
        return names.isEmpty() ? "tag " + tag : names.get(tag);
    }

    @Override public String toString() { return names.isEmpty() ? "any order" : "BIO"; }
}
