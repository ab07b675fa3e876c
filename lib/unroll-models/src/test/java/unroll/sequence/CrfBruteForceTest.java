package unroll.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Partition, marginals, gradient, best and k best sequences equal those found by trying all, for small and huge scores,
 * with and without rules.
 */
class CrfBruteForceTest {
    private static final int STEPS = 5;

    /** A field and a batch of three sequences. */
    record Problem(Crf crf, Tensor emissions, int[] lengths) {
        Sequences all(int b) { return Sequences.of(crf, emissions, lengths[b], b); }

        @Override public String toString() { return crf + " " + Arrays.toString(lengths) + " " + emissions; }
    }

    @Provide Arbitrary<Problem> problems() {
        Arbitrary<TagRules> rules = Arbitraries.of(TagRules.any(1), TagRules.any(2), TagRules.any(4),
                TagRules.bio(List.of("O", "B-A", "I-A")),
                TagRules.bio(List.of("I-A", "B-B", "I-B", "B-A", "O")), TagRules.bio(List.of("B-A", "I-A")));
        return Combinators
                .combine(rules, Arbitraries.integers().between(1, STEPS).list().ofSize(3),
                        Arbitraries.of(0.0, 1.0, 5.0, 60.0, 1000.0),
                        Arbitraries.of(0.0, 1.0, 5.0, 60.0, 1000.0), Arbitraries.longs())
                .as((r, lengths, field, emission, seed) -> {
                    Rng rng = Rng.seed(seed);
                    return new Problem(Sequences.random(r, field, rng), rng.normal(STEPS, 3, r.tags()).mul(emission),
                            lengths.stream().mapToInt(n -> n).toArray());
                });
    }

    @Property(tries = 200) void partition(@ForAll("problems") Problem p) {
        Tensor ours = p.crf.logPartition(p.emissions, Lengths.of(p.lengths));
        for (int b = 0; b < 3; b++) assertNear(p.all(b).logPartition(), ours.get(b));
    }

    @Property(tries = 200) void marginals(@ForAll("problems") Problem p) {
        Tensor ours = p.crf.marginals(p.emissions, Lengths.of(p.lengths));
        for (int b = 0; b < 3; b++) {
            Sequences all = p.all(b);
            for (int t = 0; t < STEPS; t++)
                for (int k = 0; k < p.crf.rules().tags(); k++)
                    assertEquals(t < p.lengths[b] ? all.marginal(t, k) : 0, ours.get(t, b, k), 1e-5,
                            "step " + t + " of " + b + ", tag " + k);
        }
    }

    @Property(tries = 200) void bestAndKBest(@ForAll("problems") Problem p) {
        int k = 7;
        IntTensor best = p.crf.decode(p.emissions, Lengths.of(p.lengths));
        List<List<Crf.Path>> paths = p.crf.kBest(p.emissions, Lengths.of(p.lengths), k);
        for (int b = 0; b < 3; b++) {
            Sequences all = p.all(b);
            int[] tags = column(best, b);
            assertNear(all.scores()[0], Sequences.score(p.crf, p.emissions, Arrays.copyOf(tags, p.lengths[b]), b));
            for (int t = p.lengths[b]; t < STEPS; t++) assertEquals(Losses.IGNORE, tags[t]);
            assertEquals(Math.min(k, all.all().size()), paths.get(b).size());
            for (int i = 0; i < paths.get(b).size(); i++) {
                Crf.Path path = paths.get(b).get(i);
                assertNear(all.scores()[i], path.score());
                assertNear(path.score(), Sequences.score(p.crf, p.emissions, path.tags(), b));
            }
            assertEquals(paths.get(b).size(),
                    paths.get(b).stream().map(path -> Arrays.toString(path.tags())).distinct().count());
        }
    }

    /** The gradient is expected counts minus counts. */
    @Property(tries = 200) void gradient(@ForAll("problems") Problem p, @ForAll long seed) {
        Rng rng = Rng.seed(seed);
        int K = p.crf.rules().tags();
        int[][] wanted = new int[3][];
        int[] tags = new int[STEPS * 3];
        for (int b = 0; b < 3; b++) {
            List<int[]> all = p.all(b).all();
            wanted[b] = all.get(rng.nextInt(all.size()));
            for (int t = 0; t < p.lengths[b]; t++) tags[t * 3 + b] = wanted[b][t];
        }
        Tensor x = p.emissions.tracked(), loss = p.crf.loss(x, IntTensor.of(tags, STEPS, 3), Lengths.of(p.lengths));
        p.crf.zeroGradients();
        loss.backward();
        double nll = 0;
        double[] transitions = new double[K * K], start = new double[K], end = new double[K];
        for (int b = 0; b < 3; b++) {
            Sequences all = p.all(b);
            double whole = all.logPartition();
            nll += (whole - Sequences.score(p.crf, p.emissions, wanted[b], b)) / 3;
            for (int i = 0; i < all.all().size(); i++)
                count(all.all().get(i), Math.exp(all.scores()[i] - whole) / 3, transitions, start, end);
            count(wanted[b], -1.0 / 3, transitions, start, end);
            for (int t = 0; t < STEPS; t++)
                for (int k = 0; k < K; k++)
                    assertEquals(t < p.lengths[b] ? (all.marginal(t, k) - (wanted[b][t] == k ? 1 : 0)) / 3 : 0,
                            x.gradient().get(t, b, k), 1e-5);
        }
        assertNear(nll, loss.item());
        assertArrayEquals(floats(transitions), p.crf.transitions().gradient().data(), 2e-5f);
        assertArrayEquals(floats(start), p.crf.start().gradient().data(), 1e-5f);
        assertArrayEquals(floats(end), p.crf.end().gradient().data(), 1e-5f);
    }

    private static void count(int[] y, double weight, double[] transitions, double[] start, double[] end) {
        start[y[0]] += weight;
        end[y[y.length - 1]] += weight;
        for (int t = 1; t < y.length; t++) transitions[y[t - 1] * start.length + y[t]] += weight;
    }

    private static float[] floats(double[] x) { return Tensor.of(x, x.length).data(); }

    private static int[] column(IntTensor tags, int b) {
        return IntStream.range(0, STEPS).map(t -> tags.get(t, b)).toArray();
    }

    private static void assertNear(double expected, double actual) {
        assertEquals(expected, actual, 1e-5 * Math.max(1, Math.abs(expected)));
    }
}
