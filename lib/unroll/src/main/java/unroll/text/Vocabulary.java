package unroll.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.text.DatasetException.Reason;

/**
 * The symbols that a model knows, characters or words, numbered 0 .. size - 1.
 *
 * <pre>{@code
 * var vocabulary = Vocabulary.characters(corpus.train());
 * int[] ids = vocabulary.encode("To be");                // one id a character
 * vocabulary.decode(ids);                                // "To be"
 *
 * var words = Vocabulary.words(Tokenizer.lines().tokens(text), 3);   // words seen fewer than 3 times become <unk>
 * }</pre>
 *
 * Immutable. {@link #symbols()} and {@link #kind()} are all it is: {@link #of(List, Kind)} makes the same vocabulary
 * again.
 */
public final class Vocabulary {
    /** The symbol that stands for all symbols the vocabulary does not have. */
    public static final String UNKNOWN = "<unk>";

    /** What a symbol is. */
    public enum Kind {
        /** A Unicode code point. */
        CHARACTERS,
        /** A token: a word or a mark. */
        WORDS
    }

    private final Kind kind;
    private final List<String> symbols;
    private final Map<String, Integer> indices;

    private Vocabulary(List<String> symbols, Kind kind) {
        this.kind = kind;
        this.symbols = List.copyOf(symbols);
        // looks at the flag only in long lists: see Rng
        indices = new HashMap<>(2 * symbols.size());
        for (int i = 0; i < symbols.size(); i++) {
            Interrupts.check("Vocabulary", i + 1L);
            String s = symbols.get(i);
            boolean character = s.codePointCount(0, s.length()) == 1
                    && !(s.length() == 1 && Character.isSurrogate(s.charAt(0)));
            if (s.isEmpty() || kind == Kind.CHARACTERS && !character && !s.equals(UNKNOWN))
                throw new IllegalArgumentException(Message
                        .of("Vocabulary: symbol " + i + ", " + Message.quoted(s) + ", is not one of the " + kind
                                + ": expected "
                                + (kind == Kind.CHARACTERS
                                        ? "one code point or " + UNKNOWN
                                        : "a word of at least one character")));
            Integer first = indices.putIfAbsent(s, i);
            if (first != null)
                throw new IllegalArgumentException(Message.of(
                        "Vocabulary: symbol " + Message.quoted(s) + " stands twice in the list, at " + first + " and "
                                + i));
        }
    }

    /** The vocabulary of these symbols in this order, as {@link #symbols()} gave them. */
    public static Vocabulary of(List<String> symbols, Kind kind) {
        if (symbols.size() < 2)
            throw new DatasetException(Reason.EMPTY, "Vocabulary: a model needs at least two symbols but the list has "
                    + symbols.size() + ": " + symbols);
        return new Vocabulary(symbols, kind);
    }

    /** The characters (code points) of a text, sorted. */
    public static Vocabulary characters(String text) {
        BitSet seen = new BitSet();
        text.codePoints().forEach(seen::set);
        List<String> symbols = seen.stream().mapToObj(Character::toString).toList();
        if (symbols.size() < 2)
            throw new DatasetException(Reason.EMPTY,
                    "Vocabulary: a model needs at least two different characters but the text of " + text.length()
                            + " characters has "
                            + (symbols.isEmpty() ? "none" : "only " + Message.quoted(symbols.get(0)))
                            + ". Choose another corpus.");
        return new Vocabulary(symbols, Kind.CHARACTERS);
    }

    /**
     * The words that occur at least {@code minimumCount} times, by falling count, equal counts in alphabetical order.
     * {@link #UNKNOWN} comes first, at index 0, when {@code minimumCount} is above 1 or when it is itself one of the
     * tokens (as in WikiText, where rare words were replaced).
     */
    public static Vocabulary words(List<String> tokens, int minimumCount) {
        if (minimumCount < 1)
            throw new IllegalArgumentException("Vocabulary: minimumCount must be at least 1 but is " + minimumCount);
        Map<String, Integer> counts = new HashMap<>();
        long read = 0;
        for (String token : tokens) {
            Interrupts.check("Vocabulary", ++read);
            counts.merge(token, 1, Integer::sum);
        }
        boolean unknown = counts.remove(UNKNOWN) != null || minimumCount > 1;
        List<String> symbols = new ArrayList<>(counts.size() + 1);
        if (unknown) symbols.add(UNKNOWN);
        counts.entrySet().stream().filter(e -> e.getValue() >= minimumCount)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(e -> symbols.add(e.getKey()));
        if (symbols.size() < 2)
            throw new DatasetException(Reason.EMPTY,
                    "Vocabulary: a model needs at least two different words but of " + tokens.size() + " tokens, "
                            + counts.size() + " of them different, " + symbols + " is left with a minimum count of "
                            + minimumCount
                            + ". Lower it, or choose another corpus.");
        return new Vocabulary(symbols, Kind.WORDS);
    }

    /** The same from sentences: {@code Vocabulary.words(texts.stream().map(LabelledText::words), 2)}. */
    public static Vocabulary words(Stream<List<String>> sentences, int minimumCount) {
        return words(sentences.flatMap(List::stream).toList(), minimumCount);
    }

    /**
     * This vocabulary with {@link #UNKNOWN} at index 0 and all else one further; the same when it has the symbol
     * already.
     */
    public Vocabulary withUnknown() {
        if (hasUnknown()) return this;
        Set<String> all = new LinkedHashSet<>(List.of(UNKNOWN));
        all.addAll(symbols);
        return new Vocabulary(List.copyOf(all), kind);
    }

    /** The id of every character of a text. */
    public int[] encode(String text) {
        if (kind == Kind.WORDS)
            throw new IllegalArgumentException(
                    "Vocabulary: it holds words, so encode(String) cannot know where one ends; "
                            + "encode(tokenizer.tokens(text))");
        return encode(text.codePoints().mapToObj(Character::toString)::iterator, text.codePointCount(0, text.length()));
    }

    /** The id of every token. */
    public int[] encode(List<String> tokens) { return encode(tokens, tokens.size()); }

    private int[] encode(Iterable<String> tokens, int n) {
        int[] ids = new int[n];
        int at = 0;
        int unknown = indices.getOrDefault(UNKNOWN, -1);
        for (String token : tokens) {
            Interrupts.check("Vocabulary", at + 1L);
            int id = indices.getOrDefault(token, unknown);
            if (id < 0)
                throw new DatasetException(Reason.UNKNOWN_SYMBOL, "Vocabulary: symbol " + Message.quoted(token)
                        + " at position " + at + " is not one of the " + size()
                        + " symbols of this vocabulary. Leave it out of the text, or build the vocabulary withUnknown() "
                        + "(and the model from that).");
            ids[at++] = id;
        }
        return ids;
    }

    /** The text of these ids: characters side by side, words with a blank between them. */
    public String decode(int... ids) {
        StringBuilder text = new StringBuilder(ids.length);
        for (int i = 0; i < ids.length; i++) {
            Interrupts.check("Vocabulary", i + 1L);
            if (i > 0 && kind == Kind.WORDS) text.append(' ');
            text.append(symbol(ids[i]));
        }
        return text.toString();
    }

    /**
     * How many characters these symbols stand for, so that models of words and of characters can be compared: a
     * character one, a word its length and the blank before it, and an ignored place nothing.
     */
    long characters(int[] ids) {
        long n = 0;
        for (int id : ids) {
            Interrupts.check("Vocabulary");
            if (id == SequenceBatch.IGNORE) continue;
            String symbol = symbol(id);
            n += kind == Kind.CHARACTERS ? 1 : symbol.codePointCount(0, symbol.length()) + 1;
        }
        return n;
    }

    public int size() { return symbols.size(); }

    public String symbol(int index) {
        if (index < 0 || index >= size())
            throw new IndexOutOfBoundsException(
                    "Vocabulary: no symbol " + index + "; this vocabulary has 0 .. " + (size() - 1));
        return symbols.get(index);
    }

    /** The id of one symbol; of {@link #UNKNOWN} where the vocabulary does not have it. */
    public int index(String symbol) {
        return encode(List.of(symbol))[0];
    }

    public boolean hasUnknown() { return indices.containsKey(UNKNOWN); }

    public Kind kind() { return kind; }

    /** All symbols in the order of their ids; unmodifiable. */
    public List<String> symbols() { return symbols; }

    /**
     * This in short, with a sum over all symbols and their order: equal for equal vocabularies only, also in another
     * process.
     */
    public String fingerprint() {
        long sum = 17;
        for (String symbol : symbols) sum = 31 * 0x9e3779b97f4a7c15L * (sum ^ sum >>> 29) + sumOf(symbol);
        return this + " #" + Long.toHexString(sum);
    }

    private static long sumOf(String symbol) {
        long sum = symbol.length();
        for (int i = 0; i < symbol.length(); i++) sum = 1_000_003 * sum + symbol.charAt(i);
        return sum;
    }

    @Override public boolean equals(Object other) {
        return other instanceof Vocabulary v && kind == v.kind && symbols.equals(v.symbols);
    }

    @Override public int hashCode() { return 31 * kind.hashCode() + symbols.hashCode(); }

    @Override public String toString() {
        String first = String.join(" ",
                symbols.stream().limit(12).map(s -> kind == Kind.CHARACTERS ? Message.quoted(s).split(" \\(")[0] : s)
                        .toList());
        return "Vocabulary(" + size() + " " + kind.name().toLowerCase(java.util.Locale.ROOT) + ": " + first
                + (size() > 12 ? " …)" : ")");
    }
}
