package unroll.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleConsumer;

import unroll.nn.Configuration;
import unroll.tensor.Interrupts;
import unroll.tensor.LoopInterruptedException;
import unroll.text.Vocabulary;
import unroll.tensor.DivergedException;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * Learns word vectors from a text: each word predicts the words around it, told from words drawn as noise (skip-gram
 * with negative sampling, Mikolov et al. 2013). With {@link #subwords} the vector of a word is made of those of its
 * parts, so that words never seen get vectors too (Bojanowski et al. 2017).
 *
 * <pre>{@code
 * WordVectors vectors = SkipGram.of(100).window(5).negatives(5).epochs(5).train(sentences, vocabulary, Rng.seed(1));
 * vectors.nearest("paris", 5);
 * WordVectors parts = SkipGram.of(100).subwords(3, 6, 50_000).train(sentences, vocabulary, Rng.seed(1));
 * parts.nearest("climbing", 3);                                  // though no sentence has it
 * }</pre>
 *
 * The distance up to which words count as near is drawn anew for each word, uniform over 1 .. window. Plain gradient
 * descent, one pair of words at a time, with a rate that falls linearly to zero. Immutable: each setting gives a new
 * one. One thread, so equal seeds give equal vectors.
 */
public final class SkipGram extends Configuration<SkipGram> {
    private static final int MOST = 1_000_000;

    /**
     * The parts of a word that share vectors with other words: all strings of {@code shortest} to {@code longest}
     * characters of {@code <word>}, numbered by a hash (Bojanowski et al. 2017). Parts with one number share a vector,
     * whether alike or not.
     */
    record Subwords(int shortest, int longest, int buckets) {
        Subwords {
            if (shortest < 1 || longest < shortest || buckets < 1)
                throw new IllegalArgumentException(
                        "SkipGram: expected subwords of 1 <= shortest <= longest characters in at least 1 bucket but got "
                                + shortest + " to " + longest + " in " + buckets);
        }

        /** The numbers of the parts, 0 .. buckets - 1. */
        int[] of(String word) {
            int[] characters = ("<" + word + ">").codePoints().toArray();
            int n = 0, at = 0;
            for (int length = shortest; length <= longest; length++) n += Math.max(0, characters.length - length + 1);
            int[] numbers = new int[n];
            for (int length = shortest; length <= longest; length++)
                for (int i = 0; i + length <= characters.length; i++)
                    numbers[at++] = Integer.remainderUnsigned(hash(new String(characters, i, length)), buckets);
            return numbers;
        }

        /** FNV-1a over the bytes in UTF-8. */
        private static int hash(String part) {
            int h = 0x811c9dc5;
            for (byte b : part.getBytes(StandardCharsets.UTF_8)) h = (h ^ (b & 0xff)) * 0x01000193;
            return h;
        }

        @Override public String toString() { return shortest + " to " + longest + " in " + buckets; }
    }

    private final int size;
    private int window = 5, negatives = 5, epochs = 5;
    private double subsample, rate = 0.025;
    private Subwords subwords;                                             // null where words have no parts

    private SkipGram(int size) { this.size = size; }

    /** Vectors of so many numbers; window 5, 5 noise words, 5 epochs from rate 0.025, no subsampling, no subwords. */
    public static SkipGram of(int size) {
        return new SkipGram(atMost("size", positive("size", size)));
    }

    /** The largest distance between two words that count as near. */
    public SkipGram window(int words) {
        positive("window", words);
        return with(copy -> copy.window = words);
    }

    /** How many words are drawn as noise for each pair, in proportion to count^0.75. */
    public SkipGram negatives(int words) {
        atMost("number of noise words", positive("number of noise words", words));
        return with(copy -> copy.negatives = words);
    }

    /**
     * Leaves a word out, each time anew, with probability 1 - √(t / f), where f is its share of the text: 1e-3 to 1e-5
     * for large texts.
     */
    public SkipGram subsample(double t) {
        if (!(t > 0 && t <= 1))
            throw new IllegalArgumentException("SkipGram: expected a share in (0, 1] to subsample by but got " + t);
        return with(copy -> copy.subsample = t);
    }

    /**
     * Adds vectors for all strings of {@code shortest} to {@code longest} characters of {@code <word>}, hashed into so
     * many buckets.
     */
    public SkipGram subwords(int shortest, int longest, int buckets) {
        Subwords parts = new Subwords(shortest, longest, buckets);
        return with(copy -> copy.subwords = parts);
    }

    /** How often to go through the text. */
    public SkipGram epochs(int epochs) {
        positive("number of epochs", epochs);
        return with(copy -> copy.epochs = epochs);
    }

    /** The rate of the first step. */
    public SkipGram rate(double rate) {
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("SkipGram: expected a rate above 0 but got " + rate);
        return with(copy -> copy.rate = rate);
    }

    private static int atMost(String what, int n) {
        if (n > MOST)
            throw new IllegalArgumentException(
                    Message.of("SkipGram: expected a " + what + " of at most " + MOST + " but got " + n));
        return n;
    }

    private static int positive(String what, int n) {
        if (n < 1)
            throw new IllegalArgumentException(
                    Message.of("SkipGram: expected a " + what + " of at least 1 but got " + n));
        return n;
    }

    /** Vectors for the words of the vocabulary that occur in the sentences; other words are passed over. */
    public WordVectors train(List<List<String>> sentences, Vocabulary vocabulary, Rng rng) {
        return train(sentences, vocabulary, rng, loss -> {
        });
    }

    /**
     * The same, telling after each epoch the mean loss of a pair of words, in nats; it starts at (1 + negatives) log 2.
     *
     * @throws DivergedException        if that loss is not finite
     * @throws LoopInterruptedException at the next sentence, when its thread is interrupted
     */
    public WordVectors train(List<List<String>> sentences, Vocabulary vocabulary, Rng rng, DoubleConsumer afterEpoch) {
        Run run = new Run(sentences, vocabulary, rng);
        for (int e = 0; e < epochs; e++) {
            double loss = run.epoch(e);
            if (!Double.isFinite(loss))
                throw new DivergedException(this + ": the mean loss of epoch " + (e + 1) + " is " + loss
                        + ", so the vectors mean nothing. Try a lower rate");
            afterEpoch.accept(loss);
        }
        return run.vectors();
    }

    /** One training: what is drawn, and what is learned. */
    private final class Run {
        private final Vocabulary words;
        private final int[][] text;
        private final int[][] rows;                                        // of each word
        private final float[] keep;                                        // the probability that a word is kept
        private final NegativeSampling.Noise noise;
        private final NegativeSampling weights;
        private final Rng rng;
        private final int[] drawn = new int[negatives];
        private final long all;

        Run(List<List<String>> sentences, Vocabulary vocabulary, Rng rng) {
            Set<String> known = new HashSet<>(vocabulary.symbols()), seen = new HashSet<>();
            for (List<String> sentence : sentences)
                for (String word : sentence) if (known.contains(word)) seen.add(word);
            if (seen.size() < 2)
                throw new IllegalArgumentException(Message.of(SkipGram.this
                        + ": expected sentences with at least two words of the vocabulary but found " + seen));
            words = Vocabulary.of(vocabulary.symbols().stream().filter(seen::contains).toList(), vocabulary.kind());
            text = sentences.stream().map(sentence -> words.encode(sentence.stream().filter(seen::contains).toList()))
                    .toArray(int[][]::new);
            long[] counts = new long[words.size()];
            long total = 0;
            for (int[] sentence : text) for (int word : sentence) counts[word]++;
            for (long c : counts) total += c;
            all = total;
            keep = new float[counts.length];
            for (int w = 0; w < keep.length; w++)
                keep[w] = subsample == 0 ? 1 : (float) Math.sqrt(subsample * all / counts[w]);
            noise = new NegativeSampling.Noise(counts);
            int buckets = subwords == null ? 0 : subwords.buckets();
            rows = new int[words.size()][];
            for (int w = 0; w < rows.length; w++) rows[w] = rowsOf(w);
            if ((words.size() + (long) buckets) * size > Integer.MAX_VALUE - 8)
                throw new IllegalArgumentException(
                        Message.of(SkipGram.this + ": " + words.size() + " words and " + buckets + " buckets of " + size
                                + " numbers are more than one array holds; choose a smaller size or fewer buckets"));
            weights = new NegativeSampling(words.size() + buckets, words.size(), size, rng.split());
            this.rng = rng.split();
        }

        private int[] rowsOf(int word) {
            int[] parts = subwords == null ? new int[0] : parts(words.symbol(word)), own = new int[parts.length + 1];
            own[0] = word;
            System.arraycopy(parts, 0, own, 1, parts.length);
            return own;
        }

        private int[] parts(String word) {
            return Arrays.stream(subwords.of(word)).map(b -> words.size() + b).toArray();
        }

        /** The mean loss of a pair. */
        double epoch(int epoch) {
            double loss = 0;
            long pairs = 0, read = all * epoch;
            int[] order = rng.permutation(text.length),
                    kept = new int[Arrays.stream(text).mapToInt(t -> t.length).max().orElse(0)];
            for (int number : order) {
                Interrupts.check("SkipGram", "the end of epoch", epoch, epochs);
                float step = (float) (rate * Math.max(1e-4, 1 - (double) read / ((double) all * epochs)));
                int n = 0;
                for (int word : text[number]) if (keep[word] >= 1 || rng.nextDouble() < keep[word]) kept[n++] = word;
                for (int i = 0; i < n; i++) {
                    Interrupts.check("SkipGram", "the end of epoch", epoch, epochs);
                    int reach = Math.min(n, 1 + rng.nextInt(window));
                    for (int j = Math.max(0, i - reach); j <= Math.min(n - 1, i + reach); j++) {
                        if (j == i) continue;
                        loss += weights.step(rows[kept[i]], kept[j], drawn, draw(kept[j]), step);
                        pairs++;
                    }
                }
                read += text[number].length;
            }
            return pairs == 0 ? 0 : loss / pairs;
        }

        /** Draws noise; the word that is to be told from it does not count. */
        private int draw(int near) {
            int n = 0;
            for (int k = 0; k < negatives; k++) {
                int word = noise.draw(rng);
                if (word != near) drawn[n++] = word;
            }
            return n;
        }

        WordVectors vectors() {
            float[] matrix = Shape.room("SkipGram", new int[] {words.size(), size}), h = new float[size];
            for (int w = 0; w < rows.length; w++) {
                weights.read(rows[w], h);
                System.arraycopy(h, 0, matrix, w * size, size);
            }
            return new WordVectors(words, Tensor.of(matrix, words.size(), size), this::ofParts);
        }

        /** The vector of a word that was never seen, or null where it has no parts. */
        private float[] ofParts(String word) {
            int[] parts = subwords == null ? new int[0] : parts(word);
            if (parts.length == 0) return null;
            float[] h = new float[size];
            weights.read(parts, h);
            return h;
        }
    }

    @Override public String toString() {
        return "SkipGram(size=" + size + ", window=" + window + ", negatives=" + negatives
                + (subsample > 0 ? ", subsample=" + subsample : "") + (subwords == null ? "" : ", subwords=" + subwords)
                + ", epochs=" + epochs + ", rate=" + rate + ")";
    }
}
