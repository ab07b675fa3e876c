package unroll.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import unroll.model.Seq2Seq;
import unroll.recurrent.Lstm;
import unroll.sequence.BeamSearch;
import unroll.tensor.Rng;
import unroll.text.LanguageModel;
import unroll.text.NGramModel;

/** What users wait for besides training: texts, translations, an evaluation, counts. */
final class Throughput {
    private static final Pattern GENERATE = Pattern.compile("generate-(?:(\\d+)-texts-)?(\\d+)-chars-H(\\d+)x(\\d+)"),
            BEAM = Pattern.compile("beam-(\\d+)-(\\d+)-sentences-GRU(\\d+)-T(\\d+)-V(\\d+)"),
            EVALUATE = Pattern.compile("evaluate-(\\d+)k-chars-H(\\d+)x(\\d+)"),
            COUNT = Pattern.compile("ngram-count-order(\\d+)-(\\d+)k-chars");
    private static final int LETTERS = 26, WORDS = 2000;

    private Throughput() {
    }

    /** The step of a workload, or null for one that is not here. */
    static Runnable of(String name) {
        Matcher m = GENERATE.matcher(name);
        if (m.matches()) {
            LanguageModel model = characters(Workloads.number(m, 3), Workloads.number(m, 4));
            int length = Workloads.number(m, 2), texts = m.group(1) == null ? 1 : Workloads.number(m, 1);
            return texts == 1
                    ? () -> model.generate("0", length, 1, 0, Rng.seed(2))
                    : () -> model.generateAll(Collections.nCopies(texts, new int[1]), length, 1, 0, Rng.seed(2));
        }
        m = BEAM.matcher(name);
        if (m.matches()) {
            int T = Workloads.number(m, 4), V = Workloads.number(m, 5);
            Seq2Seq model = Translation.model(Workloads.number(m, 3), V);
            List<int[]> sources = Translation.sequences(Rng.seed(2), Workloads.number(m, 2), T, V - 2);
            BeamSearch search = BeamSearch.of(Workloads.number(m, 1), T);
            return () -> model.translate(sources, search);
        }
        m = EVALUATE.matcher(name);
        if (m.matches()) {
            LanguageModel model = characters(Workloads.number(m, 2), Workloads.number(m, 3));
            int[] ids = ids(Rng.seed(2), 1000 * Workloads.number(m, 1), Workloads.CHARACTER_VOCABULARY);
            return () -> model.evaluate(ids);
        }
        m = COUNT.matcher(name);
        if (m.matches()) {
            int order = Workloads.number(m, 1);
            int[] text = words(1000 * Workloads.number(m, 2));
            return () -> NGramModel.count(order, text, LETTERS + 1);
        }
        return null;
    }

    private static LanguageModel characters(int H, int layers) {
        return new LanguageModel(Workloads.vocabulary(Workloads.CHARACTER_VOCABULARY), Lstm.of(64, H).layers(layers),
                Rng.seed(1));
    }

    private static int[] ids(Rng rng, int count, int symbols) {
        return IntStream.range(0, count).map(i -> rng.nextInt(symbols)).toArray();
    }

    /**
     * Words of 2 to 9 letters with spaces between them, few often and many rarely, as {@code torch_throughput.py} makes
     * them too.
     */
    static int[] words(int length) {
        Congruential random = new Congruential();
        List<int[]> known = new ArrayList<>();
        for (int w = 0; w < WORDS; w++) {
            int[] word = new int[3 + (int) (8 * random.next())];
            for (int i = 0; i < word.length - 1; i++) word[i] = (int) (LETTERS * random.next());
            word[word.length - 1] = LETTERS;
            known.add(word);
        }
        int[] text = new int[length];
        for (int at = 0; at < length;) {
            int[] word = known.get(place(random.next()));
            int count = Math.min(word.length, length - at);
            System.arraycopy(word, 0, text, at, count);
            at += count;
        }
        return text;
    }

    /** Low numbers are drawn more often. */
    private static int place(double u) { return (int) (WORDS * (u * u * u)); }

    /** x' = 1103515245 x + 12345 modulo 2^31. */
    private static final class Congruential {
        private long x = 42;

        double next() {
            x = x * 1103515245 + 12345 & 0x7fffffff;
            return x / (double) (1L << 31);
        }
    }
}
