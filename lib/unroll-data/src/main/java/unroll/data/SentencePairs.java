package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import unroll.tensor.Rng;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * English sentences with a Swedish translation: those of Tatoeba, or generated ones.
 *
 * <pre>{@code
 * // real where it can be had, else generated; pairs.source() says which
 * SentencePairs pairs = SentencePairs.tatoeba();
 * Split<SentencePairs.Pair> parts = pairs.split(0.1, 0.1, Rng.seed(1));
 * }</pre>
 *
 * @param pairs   in the order of the file: short ones first
 * @param source  where they came from, their licence, and why they stand in for others, if they do
 * @param builtIn whether they were generated
 */
public record SentencePairs(List<Pair> pairs, String source, boolean builtIn) {
    /**
     * A sentence in two languages.
     *
     * @param attribution whom to name when the pair is shown to others; empty for a generated one
     */
    public record Pair(String english, String swedish, String attribution) {
        @Override public String toString() { return english + " = " + swedish; }
    }

    private static final String SET = "tatoeba-swe-eng", FILE = "swe.txt";
    private static final int GENERATED = 8_000, SEED = 9, TATOEBA = 4;
    /** Fewer than the grammar has, so that drawing different ones ends soon. */
    private static final int MOST = 50_000;
    private static final String ANY = "English, translation and perhaps an attribution, or number, English, number "
            + "and translation,";
    /** What a line holds, by the number of its columns. */
    private static final String[] FORMS = {ANY, ANY, "English and translation", "English, translation and attribution",
            "number, English, number and translation"};

    public SentencePairs {
        pairs = List.copyOf(pairs);
        Objects.requireNonNull(source, "source");
        if (pairs.isEmpty()) throw new DatasetException(Reason.EMPTY, "SentencePairs: there are none");
    }

    /**
     * 25,286 pairs, many English sentences with several translations. Where they are out of reach, 8,000 generated
     * ones, and {@link #source()} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static SentencePairs tatoeba() { return tatoeba(Catalogue.standard()); }

    static SentencePairs tatoeba(Catalogue catalogue) {
        return catalogue.orStandIn(SET,
                set -> new SentencePairs(parse(catalogue.text(SET, FILE), FILE), set.source(), false), why -> {
                    SentencePairs generated = generated(GENERATED, Rng.seed(SEED));
                    return new SentencePairs(generated.pairs, generated.source + " They stand in for " + SET + why,
                            true);
                });
    }

    /**
     * A file of at most 200 MB or a tenth of the heap, one pair a line with tabs in between, all lines of the same
     * form: English and translation; these and an attribution (as from manythings.org, for Anki); or number, English,
     * number and translation (Tatoeba's sentence pairs), whose attribution is then made from the numbers. Empty lines
     * are skipped.
     *
     * @throws DatasetException if a line is not of the form of the first one
     * @throws DatasetException if there are no pairs
     * @throws DatasetException if it cannot be read or is too large
     */
    public static SentencePairs read(Path file) {
        String name = "Sentence pairs " + file.getFileName();
        return new SentencePairs(parse(TextFile.read(file, name), name),
                "The file " + file.getFileName() + ", chosen by the reader.", false);
    }

    static List<Pair> parse(String text, String file) {
        List<Pair> pairs = new ArrayList<>();
        HeldWords held = new HeldWords(file);
        int[] columns = {0}, numbered = {0};
        TextFile.lines(text, (number, line) -> {
            if (TextFile.isBlank(line)) return;
            List<String> cells = Arrays.stream(line.split("\t", TATOEBA + 1)).map(TextFile::trim).toList();
            if (columns[0] == 0 && cells.size() >= 2 && cells.size() <= TATOEBA) columns[0] = cells.size();
            boolean numbers = columns[0] == TATOEBA;
            if (cells.size() != columns[0] || cells.get(0).isEmpty() || cells.get(1).isEmpty()
                    || numbers && !(isNumber(cells.get(0)) && isNumber(cells.get(2)) && !cells.get(3).isEmpty()))
                throw TextFile.malformed(file, number, FORMS[columns[0]] + " with a tab in between", line);
            if (isNumber(cells.get(0))) numbered[0]++;
            pairs.add(new Pair(held.hold(cells.get(numbers ? 1 : 0)), held.hold(cells.get(numbers ? 3 : 1)),
                    held.hold(numbers
                            ? "tatoeba.org #" + cells.get(0) + " & #" + cells.get(2)
                            : columns[0] == 3 ? cells.get(2) : "")));
            held.record(3);
        });
        if (pairs.isEmpty()) throw new DatasetException(Reason.EMPTY, file + ": it has no pairs");
        if (columns[0] < TATOEBA && numbered[0] == pairs.size() && numbered[0] > 1)
            throw new DatasetException(Reason.UNREADABLE,
                    file + ": the first column of all " + pairs.size()
                            + " lines is a number, so this is Tatoeba's list of "
                            + (columns[0] == 2 ? "links" : "sentences of one language")
                            + ", not of pairs; its \"Sentence pairs\" have four columns");
        return pairs;
    }

    private static boolean isNumber(String cell) {
        return !cell.isEmpty() && cell.length() <= 18 && cell.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * {@code n} different pairs from a grammar of a few dozen words in which the Swedish side is more than word by
     * word: the article is an ending (the house, huset), adjectives agree (den lilla katten, det lilla huset), and the
     * verb stays second (Today the cat sees it, Idag ser katten det).
     */
    public static SentencePairs generated(int n, Rng rng) {
        if (n < 1 || n > MOST)
            throw new IllegalArgumentException(
                    "SentencePairs: expected 1 to " + MOST + " pairs but got " + n);
        Grammar words = Grammar.named("english-swedish");
        return new SentencePairs(Grammar.distinct(n, new HashSet<>(), Pair::english, () -> draw(words, rng)),
                "English sentences with Swedish translations, drawn from a small grammar, built in.", true);
    }

    private static Pair draw(Grammar words, Rng rng) {
        boolean past = rng.nextInt(2) == 0, pronoun = rng.nextInt(3) == 0, negated = rng.nextInt(4) == 0;
        List<String> subject = pronoun ? words.draw("pronoun", rng) : phrase(words, rng), object = phrase(words, rng),
                verb = words.draw("verb", rng);
        String english = verb.get(past ? 1 : 0) + (past || pronoun ? "" : "s"), swedish = verb.get(past ? 3 : 2);
        if (negated) english = (past ? "did" : pronoun ? "do" : "does") + " not " + verb.get(0);
        String to = " " + object.get(0), till = (negated ? " inte " : " ") + object.get(1);
        if (rng.nextInt(2) == 0)
            return pair(subject.get(0) + " " + english + to, subject.get(1) + " " + swedish + till);
        List<String> when = words.draw(past ? "past" : "present", rng);
        return pair(when.get(0) + " " + subject.get(0) + " " + english + to,
                when.get(1) + " " + swedish + " " + subject.get(1) + till);
    }

    /** A noun with its article, perhaps with an adjective: in English and in Swedish. */
    private static List<String> phrase(Grammar words, Rng rng) {
        List<String> noun = words.draw("noun", rng);
        String swedish = noun.get(1);
        if (rng.nextInt(2) == 0) return List.of("the " + noun.get(0), swedish);
        List<String> adjective = words.draw("adjective", rng);
        return List.of("the " + adjective.get(0) + " " + noun.get(0),
                (swedish.endsWith("t") ? "det " : "den ") + adjective.get(1) + " " + swedish);
    }

    private static Pair pair(String english, String swedish) {
        return new Pair(sentence(english), sentence(swedish), "");
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1).replace('_', ' ') + ".";
    }

    /** A random split in which all translations of an English sentence stay in one part: {@link Split#randomBy}. */
    public Split<Pair> split(double validation, double test, Rng rng) {
        return Split.randomBy(Pair::english, pairs, validation, test, rng);
    }

    @Override public String toString() {
        return String.format(Locale.ROOT, "SentencePairs(%,d pairs; %s)", pairs.size(), source);
    }
}
