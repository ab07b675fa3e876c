package unroll.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

import unroll.text.Vocabulary;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * A vector for each of many words, such that words used alike have a large cosine: learned by {@link SkipGram}, or read
 * from a file of word2vec, GloVe or fastText.
 *
 * <pre>{@code
 * WordVectors vectors = WordVectors.read(Path.of("glove.6B.100d.txt"), 50_000);   // the first 50,000 words
 * vectors.nearest("king", 5);                                                     // queen 0.75, …
 * vectors.analogy("france", "paris", "italy", 1);                                 // rome 0.81
 * Tensor start = vectors.forVocabulary(vocabulary, Rng.seed(1));                  // [vocabulary.size(), 100]
 * }</pre>
 */
public final class WordVectors {
    private final Vocabulary vocabulary;
    private final Set<String> known;
    private final Tensor matrix;
    private final int size;
    private final float[] units;                                           // the same vectors with norm 1
    // gives null for a word that it knows nothing of
    private final Function<String, float[]> unseen;

    /** A word and the cosine between its vector and the one that was asked for, in -1 .. 1. */
    public record Neighbour(String word, double cosine) {
        @Override public String toString() { return String.format(Locale.ROOT, "%s %.2f", word, cosine); }
    }

    WordVectors(Vocabulary vocabulary, Tensor matrix, Function<String, float[]> unseen) {
        if (matrix.rank() != 2 || matrix.size(0) != vocabulary.size() || matrix.size(1) < 1)
            throw new ShapeException("WordVectors: expected a matrix [" + vocabulary.size()
                    + ", size], one row a word, but got " + Arrays.toString(matrix.shape()));
        this.vocabulary = vocabulary;
        this.matrix = matrix.detach();
        this.unseen = unseen;
        known = new HashSet<>(vocabulary.symbols());
        size = matrix.size(1);
        units = matrix.data().clone();
        for (int i = 0; i < units.length; i += size) {
            Interrupts.check("WordVectors", i / size);
            normalize(units, i, size);
        }
    }

    /**
     * Row i of {@code [vocabulary.size(), size]} is the vector of word i: an embedding that a model has learned, for
     * instance.
     */
    public static WordVectors of(Vocabulary vocabulary, Tensor matrix) {
        return new WordVectors(vocabulary, matrix, word -> null);
    }

    /**
     * Reads the first {@code words} words of a file: UTF-8 text with a word and its decimal numbers in each line, as of
     * GloVe, and with a first line "words size", as of word2vec and fastText; or word2vec's binary format, as of
     * GoogleNews; gzipped or not. Which it is shows in its bytes. Only blank, tab, CR and LF separate; a word may have
     * blanks in it, since the numbers are the last fields of a line. Of a word that stands there twice the first vector
     * counts. The vectors may take at most 1 GiB and a quarter of the memory that Java may take.
     *
     * @throws WordVectorsException                 naming the line or the word, where one is not as it should be
     * @throws unroll.tensor.LoopInterruptedException at the next word, when its thread is interrupted
     */
    public static WordVectors read(Path file, int words) { return new WordVectorsFile(file, words).read(); }

    /** Whether this very word has a vector of its own. */
    public boolean has(String word) {
        return known.contains(word);
    }

    /**
     * The vector of a word; of one without a vector of its own that of its parts, where these were learned, and
     * otherwise an error.
     */
    public float[] vector(String word) {
        if (has(word)) {
            int at = vocabulary.index(word) * size;
            return Arrays.copyOfRange(matrix.data(), at, at + size);
        }
        float[] vector = unseen.apply(word);
        if (vector == null)
            throw new IllegalArgumentException(Message.of("WordVectors: there is no vector for \"" + word + "\"; the "
                    + vocabulary.size() + " words are those of vocabulary(). Is it written in lower case there?"));
        return vector;
    }

    /** The cosine between the vectors of two words, -1 .. 1. */
    public double cosine(String a, String b) {
        return dot(unit(a), 0, unit(b), size);
    }

    /** The k other words with the largest cosines, the largest first. */
    public List<Neighbour> nearest(String word, int k) {
        return nearest(unit(word), List.of(word), k);
    }

    /**
     * The k words that are to {@code c} what {@code b} is to {@code a}: those nearest to b - a + c, all of norm 1,
     * without these three (Mikolov et al. 2013; 3CosAdd in Levy and Goldberg 2014).
     */
    public List<Neighbour> analogy(String a, String b, String c, int k) {
        float[] from = unit(a), to = unit(b), sum = unit(c);
        for (int j = 0; j < size; j++) sum[j] += to[j] - from[j];
        normalize(sum, 0, size);
        return nearest(sum, List.of(a, b, c), k);
    }

    private List<Neighbour> nearest(float[] unit, List<String> without, int k) {
        if (k < 1) throw new IllegalArgumentException("WordVectors: expected at least 1 neighbour but got " + k);
        List<Neighbour> all = new ArrayList<>();
        for (int i = 0; i < vocabulary.size(); i++) {
            Interrupts.check("WordVectors", i);
            if (!without.contains(vocabulary.symbol(i)))
                all.add(new Neighbour(vocabulary.symbol(i), dot(units, i * size, unit, size)));
        }
        all.sort((p, q) -> Double.compare(q.cosine, p.cosine));
        return List.copyOf(all.subList(0, Math.min(k, all.size())));
    }

    private float[] unit(String word) {
        float[] vector = vector(word);
        normalize(vector, 0, size);
        return vector;
    }

    /**
     * What an embedding starts with, {@code [other.size(), size]}: these vectors, and for words without one normal
     * numbers of the same deviation.
     */
    public Tensor forVocabulary(Vocabulary other, Rng rng) {
        double deviation = matrix.norm() / Math.sqrt(matrix.size());
        float[] start = rng.normal(other.size(), size).mul(deviation).data();
        for (int i = 0; i < other.size(); i++) {
            String word = other.symbol(i);
            float[] own = has(word) ? vector(word) : unseen.apply(word);
            if (own != null) System.arraycopy(own, 0, start, i * size, size);
        }
        return Tensor.of(start, other.size(), size);
    }

    private static double dot(float[] x, int at, float[] y, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double) x[at + j] * y[j];
        return sum;
    }

    /** To norm 1; zeros stay zeros. */
    private static void normalize(float[] x, int at, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double) x[at + j] * x[at + j];
        if (sum == 0) return;
        float by = (float) (1 / Math.sqrt(sum));
        for (int j = 0; j < n; j++) x[at + j] *= by;
    }

    /** The words that have vectors of their own. */
    public Vocabulary vocabulary() { return vocabulary; }

    /** All vectors, {@code [vocabulary().size(), size]}. */
    public Tensor matrix() { return matrix; }

    @Override public String toString() { return "WordVectors(" + vocabulary.size() + " words, size=" + size + ")"; }
}
