package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;

import unroll.data.Pronunciation;
import unroll.tensor.Interrupts;
import unroll.text.Vocabulary;

/**
 * Finds out which letter says which phonemes, from words and how they are said: letters say nothing, one phoneme or
 * two, in order, each by itself.
 *
 * <pre>{@code
 * P(phonemes | letters) = Σ over all ways to cut the phonemes into one piece (0, 1 or 2 phonemes) a letter of Π_i θ(piece_i | letter_i)
 *
 * var aligner = LetterAligner.fit(words, 10);
 * aligner.align(new Pronunciation("pate", 1, List.of("P", "EY", "T")));   // p:P a:EY t:T e:-
 * }</pre>
 *
 * θ is found by expectation-maximisation (Dempster, Laird and Rubin 1977) with the exact expected counts of the
 * forward-backward algorithm, so that the likelihood never falls. It starts with all pieces alike but for pairs, which
 * start rare. Probabilities are scaled for each letter, in double precision.
 */
public final class LetterAligner {
    /**
     * How likely a pair is at the start, beside one phoneme or none: else pairs take phonemes that a neighbour says.
     */
    private static final double PAIR = 0.001;
    /** What a piece counts when a best alignment is sought and its letter never said it in training. */
    private static final double UNSEEN = 1e-9;
    private final Vocabulary letters, phonemes;
    private final PieceTable theta;

    private LetterAligner(Vocabulary letters, Vocabulary phonemes, PieceTable theta) {
        this.letters = letters;
        this.phonemes = phonemes;
        this.theta = theta;
    }

    /** Learns from the words that can be aligned; the others are passed over. */
    public static LetterAligner fit(List<Pronunciation> words, int iterations) {
        return fit(words, iterations, mean -> {
        });
    }

    /**
     * The same, telling before each iteration and at the end the mean of log P(phonemes | letters) of a word, in nats.
     *
     * @throws IllegalArgumentException if no word can be aligned
     */
    public static LetterAligner fit(List<Pronunciation> words, int iterations, DoubleConsumer meanLogLikelihood) {
        if (iterations < 1)
            throw new IllegalArgumentException("LetterAligner: expected at least 1 iteration but got " + iterations);
        List<Pronunciation> usable = words.stream().filter(LetterAligner::canAlign).toList();
        if (usable.isEmpty())
            throw new IllegalArgumentException(
                    "LetterAligner: of " + words.size() + " words none has at most two phonemes a letter");
        LetterAligner aligner = start(usable);
        for (int i = 0; i < iterations; i++) {
            Expectation e = aligner.expectation(usable);
            meanLogLikelihood.accept(e.logLikelihood / usable.size());
            aligner = new LetterAligner(aligner.letters, aligner.phonemes, e.counts.normalized());
        }
        meanLogLikelihood.accept(aligner.expectation(usable).logLikelihood / usable.size());
        return aligner;
    }

    private static LetterAligner start(List<Pronunciation> words) {
        Vocabulary letters = Vocabulary.characters(String.join("", words.stream().map(Pronunciation::word).toList()));
        Vocabulary phonemes = Vocabulary.words(words.stream().map(Pronunciation::phonemes), 1);
        return new LetterAligner(letters, phonemes, PieceTable.start(letters.size(), phonemes.size(), PAIR));
    }

    /** Whether a word has at most two phonemes a letter. */
    public static boolean canAlign(Pronunciation word) {
        return word.phonemes().size() <= 2 * word.word().codePointCount(0, word.word().length());
    }

    /** Expected counts of the pieces of each letter, and the sum of log P(phonemes | letters). */
    record Expectation(PieceTable counts, double logLikelihood) {
    }

    Expectation expectation(List<Pronunciation> words) {
        PieceTable counts = PieceTable.zeros(letters.size(), phonemes.size());
        double sum = 0;
        for (Pronunciation word : words) sum += new Alignments(theta, ids(word), said(word)).addCounts(counts);
        return new Expectation(counts, sum);
    }

    private int[] ids(Pronunciation word) { return letters.encode(word.word()); }

    private int[] said(Pronunciation word) { return phonemes.encode(word.phonemes()); }

    /**
     * log P(phonemes | letters) in nats; negative infinity where it is 0. Letters and phonemes must have occurred in
     * training.
     */
    public double logLikelihood(Pronunciation word) {
        return new Alignments(theta, ids(word), said(word)).logLikelihood();
    }

    /**
     * The most probable alignment; empty for a word of more than two phonemes a letter. Letters and phonemes must have
     * occurred in training.
     */
    public Optional<AlignedWord> align(Pronunciation word) {
        if (!canAlign(word)) return Optional.empty();
        int[] sizes = new Alignments(theta, ids(word), said(word)).best(UNSEEN);
        List<String> sounds = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            sounds.add(size == 0 ? AlignedWord.SILENT : String.join(" ", word.phonemes().subList(from, from + size)));
            from += size;
        }
        return Optional.of(new AlignedWord(word.word(), sounds));
    }

    /** θ(sound | letter); 0 for what never occurred. The sound as in {@link AlignedWord}. */
    public double probability(String letter, String sound) {
        List<String> piece = AlignedWord.phonemes(List.of(sound));
        if (piece.size() > 2 || !letters.symbols().contains(letter) || !phonemes.symbols().containsAll(piece)) return 0;
        int[] ids = phonemes.encode(piece);
        return theta.get(letters.index(letter), ids, 0, ids.length);
    }

    /** All that a letter says with at least this probability, the most probable first. */
    public List<String> sounds(String letter, double atLeast) {
        List<String> all = new ArrayList<>(List.of(AlignedWord.SILENT));
        all.addAll(phonemes.symbols());
        for (String a : phonemes.symbols()) for (String b : phonemes.symbols()) all.add(a + " " + b);
        List<String> likely = new ArrayList<>(all.stream().filter(s -> probability(letter, s) >= atLeast).toList());
        likely.sort(Collections.reverseOrder((a, b) -> Double.compare(probability(letter, a), probability(letter, b))));
        return likely;
    }

    @Override public String toString() {
        return "LetterAligner(" + letters.size() + " letters, " + phonemes.size() + " phonemes)";
    }

    /** A number for each letter and each piece that it can say: nothing, each of P phonemes, each of P² pairs. */
    static final class PieceTable {
        private final int P;
        private final double[][] values;                                       // [letter][1 + P + P²]

        private PieceTable(int P, double[][] values) {
            this.P = P;
            this.values = values;
        }

        static PieceTable zeros(int letters, int P) {
            return new PieceTable(P, new double[letters][Math.addExact(1 + P, Math.multiplyExact(P, P))]);
        }

        /**
         * The same probabilities for each letter: nothing and one phoneme all alike, each pair so many times as likely.
         */
        static PieceTable start(int letters, int P, double pair) {
            PieceTable table = zeros(letters, P);
            for (double[] row : table.values) {
                Arrays.fill(row, 0, 1 + P, 1);
                Arrays.fill(row, 1 + P, row.length, pair);
            }
            return table.normalized();
        }

        private int at(int[] phonemes, int from, int size) {
            return size == 0 ? 0 : size == 1 ? 1 + phonemes[from] : 1 + P + phonemes[from] * P + phonemes[from + 1];
        }

        double get(int letter, int[] phonemes, int from, int size) { return values[letter][at(phonemes, from, size)]; }

        void add(int letter, int[] phonemes, int from, int size, double count) {
            values[letter][at(phonemes, from, size)] += count;
        }

        /** Each letter's numbers divided by their sum. */
        PieceTable normalized() {
            double[][] shares = new double[values.length][];
            for (int i = 0; i < shares.length; i++) {
                double sum = Arrays.stream(values[i]).sum();
                shares[i] = Arrays.stream(values[i]).map(v -> v / sum).toArray();
            }
            return new PieceTable(P, shares);
        }
    }

    /**
     * All ways to cut the phonemes of one word into one piece a letter: place (i, j) is behind i letters and j
     * phonemes.
     */
    private static final class Alignments {
        private final PieceTable theta;
        private final int[] letters, phonemes;
        private final int n, m;

        Alignments(PieceTable theta, int[] letters, int[] phonemes) {
            this.theta = theta;
            this.letters = letters;
            this.phonemes = phonemes;
            n = letters.length;
            m = phonemes.length;
        }

        /**
         * P(the first j phonemes | the first i letters), each row divided by its sum; the logarithms of these sums go
         * into {@code scales}.
         */
        private double[][] forward(double[] scales) {
            double[][] alpha = new double[n + 1][m + 1];
            alpha[0][0] = 1;
            for (int i = 0; i < n; i++) {
                Interrupts.check("LetterAligner", "letter", i, n);
                double sum = 0;
                for (int j = 0; j <= m; j++) {
                    for (int size = 0; size <= Math.min(2, j); size++)
                        alpha[i + 1][j] += alpha[i][j - size] * theta.get(letters[i], phonemes, j - size, size);
                    sum += alpha[i + 1][j];
                }
                scales[i] = sum;
                if (sum > 0) for (int j = 0; j <= m; j++) alpha[i + 1][j] /= sum;
            }
            return alpha;
        }

        double logLikelihood() {
            double[] scales = new double[n];
            return log(forward(scales), scales);
        }

        private double log(double[][] alpha, double[] scales) {
            double log = Math.log(alpha[n][m]);
            for (double scale : scales) log += Math.log(scale);
            return log;
        }

        /** Adds how often each letter is expected to say each piece; gives log P(phonemes | letters). */
        double addCounts(PieceTable counts) {
            double[] scales = new double[n];
            double[][] alpha = forward(scales);
            // divided by the same sums, and by P, so that counts come out
            double[] beta = new double[m + 1];
            beta[m] = 1 / alpha[n][m];
            for (int i = n - 1; i >= 0; i--) {
                Interrupts.check("LetterAligner", "letter", i, n);
                double[] before = new double[m + 1];
                for (int j = 0; j <= m; j++)
                    for (int size = 0; size <= Math.min(2, m - j); size++) {
                        double way = theta.get(letters[i], phonemes, j, size) * beta[j + size] / scales[i];
                        before[j] += way;
                        counts.add(letters[i], phonemes, j, size, alpha[i][j] * way);
                    }
                beta = before;
            }
            return log(alpha, scales);
        }

        /**
         * The sizes of the pieces of the most probable way, where no piece counts less than the floor; of equals the
         * one that gives later letters less.
         */
        int[] best(double floor) {
            double[][] most = new double[n + 1][m + 1];                        // logarithms
            int[][] last = new int[n + 1][m + 1];
            for (double[] row : most) Arrays.fill(row, Double.NEGATIVE_INFINITY);
            most[0][0] = 0;
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= m; j++)
                    for (int size = 0; size <= Math.min(2, j); size++) {
                        double log = most[i][j - size]
                                + Math.log(Math.max(floor, theta.get(letters[i], phonemes, j - size, size)));
                        if (log > most[i + 1][j]) {
                            most[i + 1][j] = log;
                            last[i + 1][j] = size;
                        }
                    }
            int[] sizes = new int[n];
            for (int i = n, j = m; i > 0; j -= sizes[--i]) sizes[i - 1] = last[i][j];
            return sizes;
        }
    }
}
