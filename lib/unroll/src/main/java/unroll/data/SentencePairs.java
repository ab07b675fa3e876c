package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import unroll.tensor.Rng;

/**
 * English sentences with a Swedish translation: those of Tatoeba, or generated ones.
 *
 * <pre>{@code
 * SentencePairs pairs = SentencePairs.tatoeba();                   // real where it can be had, else generated; pairs.source() says which
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
    private static final int GENERATED = 8_000, SEED = 9;

    public SentencePairs {
        pairs = List.copyOf(pairs);
        Objects.requireNonNull(source, "source");
        if (pairs.isEmpty()) throw new EmptyCorpusException("SentencePairs: there are none");
    }

    /**
     * 25,286 pairs, many English sentences with several translations. Where they are out of reach, 8,000 generated ones, and {@link #source()} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static SentencePairs tatoeba() { return tatoeba(Catalogue.standard()); }

    static SentencePairs tatoeba(Catalogue catalogue) {
        Dataset set = catalogue.dataset(SET);
        try {
            return new SentencePairs(read(catalogue.file(SET, FILE)).pairs, set.title() + "; licence: " + set.licence() + ".", false);
        } catch (DatasetException e) {
            if (!e.reason().outOfReach()) throw e;
            SentencePairs generated = generated(GENERATED, Rng.seed(SEED));
            return new SentencePairs(generated.pairs, generated.source + e.standIn(SET), true);
        }
    }

    /**
     * A file of at most 200 MB, one pair a line: English, translation and attribution with a tab in between. Empty lines are skipped.
     *
     * @throws MalformedLineException if a line is not of the format
     */
    public static SentencePairs read(Path file) {
        String name = "Sentence pairs " + file.getFileName();
        return new SentencePairs(parse(TextFile.read(file, name), name), "The file " + file.getFileName() + ", chosen by the reader.", false);
    }

    static List<Pair> parse(String text, String file) {
        List<Pair> pairs = new ArrayList<>();
        TextFile.lines(text, (number, line) -> {
            if (line.isBlank()) return;
            String[] columns = line.split("\t", -1);
            if (columns.length != 3 || columns[0].isBlank() || columns[1].isBlank())
                throw new MalformedLineException(file, number, "English, translation and attribution with a tab in between", line);
            pairs.add(new Pair(columns[0].strip(), columns[1].strip(), columns[2].strip()));
        });
        return pairs;
    }

    /**
     * {@code n} different pairs from a grammar of a few dozen words in which the Swedish side is more than word by word: the article is an ending
     * (the house, huset), adjectives agree (den lilla katten, det lilla huset), and the verb stays second (Today the cat sees it, Idag ser katten det).
     */
    public static SentencePairs generated(int n, Rng rng) {
        if (n < 1 || n > GeneratedPairs.MOST)
            throw new IllegalArgumentException("SentencePairs: expected 1 to " + GeneratedPairs.MOST + " pairs but got " + n);
        Set<String> known = new HashSet<>();
        List<Pair> pairs = new ArrayList<>();
        while (pairs.size() < n) {
            Pair pair = GeneratedPairs.draw(rng);
            if (known.add(pair.english)) pairs.add(pair);
        }
        return new SentencePairs(pairs, "English sentences with Swedish translations, drawn from a small grammar, built in.", true);
    }

    /** A random split in which all translations of an English sentence stay in one part: {@link Split#randomBy}. */
    public Split<Pair> split(double validation, double test, Rng rng) {
        return Split.randomBy(Pair::english, pairs, validation, test, rng);
    }

    @Override public String toString() { return String.format(Locale.ROOT, "SentencePairs(%,d pairs; %s)", pairs.size(), source); }
}
