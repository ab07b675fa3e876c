package unroll.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Goldens.assertGolden;
import static unroll.Goldens.assertGoldenShape;

import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import unroll.Close;
import unroll.Goldens;
import unroll.Goldens.Array;
import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.tensor.DivergedException;
import unroll.tensor.IntTensor;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

class CrfTest {
    private static final List<String> NAMES = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");

    /** The golden gives the sum over its sequences; ours is the mean. */
    @TestFactory Stream<DynamicTest> theGoldenCase() {
        return Goldens.tests("linear-chain-crf-sum", c -> c.name().equals("linear-chain-crf-sum"), c -> {
            Array e = c.array("emissions");                                // [B, T, K]
            int B = e.shape()[0], T = e.shape()[1], K = e.shape()[2];
            int[] lengths = c.array("lengths").integers().data(), tags = new int[T * B];
            Crf crf = new Crf(K);
            crf.transitions().set(c.tensor("transitions"));
            crf.start().set(c.tensor("start"));
            crf.end().set(c.tensor("end"));
            Arrays.fill(tags, Losses.IGNORE);
            for (int b = 0; b < B; b++)
                for (int t = 0; t < lengths[b]; t++) tags[t * B + b] = c.integer("tags." + b + "." + t);
            Tensor x = e.tensor().permute(1, 0, 2).detach().tracked(),
                    loss = crf.loss(x, IntTensor.of(tags, T, B), Lengths.of(lengths)).mul(B);
            loss.backward();
            assertEquals(c.number("negative_log_likelihood"), loss.item(), 1e-5);
            assertGoldenShape("gradient of emissions", c.array("grad_emissions"), x.gradient().permute(1, 0, 2));
            assertGoldenShape("gradient of transitions", c.array("grad_transitions"), crf.transitions().gradient());
            assertGolden("gradient of start", c.array("grad_start"), crf.start().gradient());
            assertGolden("gradient of end", c.array("grad_end"), crf.end().gradient());
            IntTensor best = crf.decode(x, Lengths.of(lengths));
            for (int b = 0; b < B; b++)
                for (int t = 0; t < lengths[b]; t++) assertEquals(c.integer("viterbi." + b + "." + t), best.get(t, b));
        });
    }

    @Test void gradientsAgreeWithDifferences() {
        Rng rng = Rng.seed(1);
        Crf crf = Sequences.random(TagRules.bio(NAMES), 0.5, rng);
        Parameter emissions = new Parameter("emissions", rng.normal(4, 2, 5));
        IntTensor tags = IntTensor.of(new int[] {0, 1, 1, 2, 2, -1, 0, -1}, 4, 2);
        Close.assertGradient(() -> crf.loss(emissions, tags, Lengths.of(4, 2)), emissions, crf.transitions(),
                crf.start(), crf.end());
    }

    @Test void atTheBeginningItIsASoftmaxForEachStep() {
        Tensor emissions = Rng.seed(1).normal(6, 3, 4);
        IntTensor tags = IntTensor.of(Rng.seed(2).permutation(18), 6, 3);
        for (int i = 0; i < 18; i++) tags.data()[i] %= 4;
        assertEquals(6 * Losses.crossEntropy(emissions, tags).item(),
                new Crf(4).loss(emissions, tags, Lengths.of(6, 6, 6)).item(), 1e-5);
    }

    /** Whatever stands in the padding, and in sequences without tags. */
    @Test void whatDoesNotCountIsNeverSeen() {
        Crf crf = Sequences.random(TagRules.any(3), 1, Rng.seed(1));
        Tensor clean = Rng.seed(2).normal(4, 3, 3);
        float[] dirty = clean.data().clone();
        Arrays.fill(dirty, 2 * 9 + 3, 2 * 9 + 6, Float.NaN);               // sequence 1 ends after two steps
        Arrays.fill(dirty, 3 * 9 + 3, 3 * 9 + 6, Float.POSITIVE_INFINITY);
        IntTensor tags = IntTensor.of(new int[] {0, 1, -1, 2, 0, -1, 1, 77, -1, 1, 88, -1}, 4, 3);
        int[] lengths = {4, 2, 4};
        Tensor x = Tensor.of(dirty, 4, 3, 3).tracked(), loss = crf.loss(x, tags, Lengths.of(lengths));
        loss.backward();
        assertEquals((alone(crf, clean, tags, 0, 4) + alone(crf, clean, tags, 1, 2)) / 2, loss.item(), 1e-5);
        assertTrue(x.gradient().isFinite());
        for (int t = 0; t < 4; t++) for (int k = 0; k < 3; k++) assertEquals(0, x.gradient().get(t, 2, k));
        assertTrue(crf.marginals(x, Lengths.of(lengths)).isFinite());
        assertEquals(Losses.IGNORE, crf.decode(x, Lengths.of(lengths)).get(3, 1));
    }

    private static double alone(Crf crf, Tensor emissions, IntTensor tags, int b, int length) {
        int[] own = new int[length];
        for (int t = 0; t < length; t++) own[t] = tags.get(t, b);
        return crf.loss(emissions.slice(1, b, b + 1).slice(0, 0, length), IntTensor.of(own, length, 1),
                Lengths.of(length)).item();
    }

    @Test void aBatchWithoutAnyTagLosesNothing() {
        Crf crf = Sequences.random(TagRules.any(3), 1, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(2, 2, 3).tracked(),
                loss = crf.loss(x, IntTensor.of(new int[] {-1, -1, -1, -1}, 2, 2), Lengths.of(2, 1));
        loss.backward();
        assertEquals(0, loss.item());
        assertEquals(0, x.gradient().norm());
        crf.parameters().forEach(p -> assertEquals(0, p.gradient().norm()));
    }

    /** Products of exponentials and sums of logarithms are one function where both can be used. */
    @Test void bothWaysToSumAreEqual() {
        for (TagRules rules : List.of(TagRules.any(5), TagRules.bio(NAMES))) {
            Crf crf = Sequences.random(rules, 3, Rng.seed(1));
            CrfScores scores = crf.scores(Rng.seed(2).normal(40, 11, 5).mul(8),
                    Lengths.of(40, 1, 2, 3, 39, 40, 20, 17, 5, 8, 40));
            double[] weights = {1, 2, 3, 0, 1, .5, .5, 1, 1, 1, 1};
            Lattice scaled = Lattice.of(scores), logs = new Lattice.Log(scores);
            assertTrue(scaled instanceof Lattice.Scaled);
            for (int b = 0; b < 11; b++) logs.logPartition()[b] = logs.forward(b);
            assertArrayEquals(logs.logPartition(), scaled.logPartition(), 1e-4);
            Lattice.Expectations a = scaled.expectations(weights), b = logs.expectations(weights);
            assertArrayEquals(b.emissions(), a.emissions(), 1e-5f);
            assertArrayEquals(b.transitions(), a.transitions(), 1e-4f);
        }
    }

    @Test void anyNumberOfThreadsGivesTheSameBits() {
        Crf crf = Sequences.random(TagRules.any(17), 1, Rng.seed(1));
        int[] lengths = new int[50];
        for (int b = 0; b < 50; b++) lengths[b] = 1 + b % 20;
        List<List<float[]>> results = Stream.of(1, 2, 3, 4, 8).map(threads -> Parallel.withThreads(threads, () -> {
            crf.zeroGradients();
            Tensor emissions = Rng.seed(2).normal(20, 50, 17).tracked();
            Tensor loss = crf.loss(emissions, IntTensor.of(new int[1000], 20, 50), Lengths.of(lengths));
            loss.backward();
            List<float[]> all = new ArrayList<>(List.of(loss.data(), emissions.gradient().data(),
                    crf.logPartition(emissions, Lengths.of(lengths)).data(),
                    crf.marginals(emissions, Lengths.of(lengths)).data()));
            crf.parameters().forEach(p -> all.add(p.gradient().data()));
            return all;
        })).toList();
        for (List<float[]> more : results)
            for (int i = 0; i < more.size(); i++) assertArrayEquals(results.get(0).get(i), more.get(i), "array " + i);
    }

    @Test void forbiddenTransitionsGetNoGradientAndNoProbability() {
        Crf crf = Crf.bio(NAMES);
        Tensor wantsInside = Tensor.of(new float[] {0, 0, 9, 0, 0, 0, 0, 0, 0, 9}, 2, 1, 5);
        IntTensor best = crf.decode(wantsInside, Lengths.of(2));
        assertArrayEquals(new int[] {3, 4}, best.data());
        Tensor p = crf.marginals(wantsInside, Lengths.of(2));
        assertEquals(0, p.get(0, 0, 2));
        crf.loss(wantsInside, best, Lengths.of(2)).backward();
        assertEquals(0, crf.start().gradient().get(2));
        assertEquals(0, crf.transitions().gradient().get(0, 2));
        assertEquals(0, crf.transitions().gradient().get(1, 4));
        assertFalse(crf.transitions().gradient().get(1, 2) == 0);
        for (List<Crf.Path> paths : crf.kBest(wantsInside, Lengths.of(2), 100)) {
            assertEquals(3 * 3 + 2, paths.size());
            for (Crf.Path path : paths)
                assertTrue(
                        crf.rules().mayBegin(path.tags()[0]) && crf.rules().mayFollow(path.tags()[0], path.tags()[1]));
        }
    }

    @Test void aTableOfTransitionsIsLearned() {
        Crf crf = new Crf(2);
        Tensor silent = Tensor.zeros(6, 1, 2);
        IntTensor alternating = IntTensor.of(new int[] {0, 1, 0, 1, 0, 1}, 6, 1);
        for (int step = 0; step < 60; step++) {
            crf.zeroGradients();
            crf.loss(silent, alternating, Lengths.of(6)).backward();
            for (Parameter p : crf.parameters()) {
                float[] g = p.gradient().data();
                p.update(w -> {
                    for (int i = 0; i < w.length; i++) w[i] -= 0.5f * g[i];
                });
            }
        }
        assertArrayEquals(alternating.data(), crf.decode(silent, Lengths.of(6)).data());
        assertTrue(crf.loss(silent, alternating, Lengths.of(6)).item() < 0.1);
    }

    @Test void whatIsWrongIsNamed() {
        Crf crf = Crf.bio(NAMES);
        Tensor x = Tensor.zeros(2, 2, 5);
        int[] lengths = {2, 2};
        String follows = fails(IllegalArgumentException.class,
                () -> crf.loss(x, IntTensor.of(new int[] {0, 1, 0, 4}, 2, 2), Lengths.of(lengths)));
        assertEquals(
                "Crf(tags=5, BIO): I-LOC at step 1 of sequence 1 follows B-PER, which the rules forbid; correct the "
                        + "tags of the data",
                follows);
        assertTrue(fails(IllegalArgumentException.class,
                () -> crf.loss(x, IntTensor.of(new int[] {0, 2, 0, 0}, 2, 2), Lengths.of(lengths)))
                .contains("sequence 1 begins with I-PER"));
        assertTrue(fails(IndexOutOfBoundsException.class,
                () -> crf.loss(x, IntTensor.of(new int[] {0, 0, 5, 0}, 2, 2), Lengths.of(lengths)))
                .contains("got 5 at step 1 of sequence 0"));
        assertTrue(fails(IndexOutOfBoundsException.class,
                () -> crf.loss(x, IntTensor.of(new int[] {0, 0, -1, 0}, 2, 2), Lengths.of(lengths)))
                .contains("all of its tags or none"));
        assertTrue(fails(ShapeException.class, () -> crf.loss(x, IntTensor.of(new int[2], 1, 2), Lengths.of(lengths)))
                .contains("[2, 2] but got [1, 2]"));
        assertTrue(fails(ShapeException.class, () -> crf.decode(Tensor.zeros(2, 2, 4), Lengths.of(lengths)))
                .contains("[T, B, 5]"));
        assertTrue(fails(ShapeException.class, () -> crf.decode(x, Lengths.of(2, 0))).contains("sequence 1 has 0"));
        assertTrue(fails(ShapeException.class, () -> crf.marginals(x, Lengths.of(2)))
                .contains("expected 2 lengths, one for each sequence, but got 1"));
        Tensor broken = Tensor.of(new float[] {0, 0, 0, 0, 0, 0, 0, Float.NaN, 0, 0}, 1, 2, 5);
        assertTrue(fails(IllegalArgumentException.class, () -> crf.decode(broken, Lengths.of(1, 1)))
                .contains("the emission of I-PER at step 0 of sequence 1 is NaN"));
        assertThrows(IllegalArgumentException.class, () -> crf.kBest(x, Lengths.of(lengths), 0));
        assertThrows(IllegalArgumentException.class, () -> new Crf(0));
        assertTrue(fails(IllegalArgumentException.class, () -> Crf.bio(List.of("O", "PER"))).contains("\"PER\""));
        assertTrue(fails(IllegalArgumentException.class, () -> Crf.bio(List.of("I-A", "I-B")))
                .contains("no sequence can begin"));
    }

    private static String fails(Class<? extends RuntimeException> kind, Executable work) {
        return assertThrows(kind, work).getMessage();
    }

    /** Decoding with NaN would give tag 0 everywhere, which looks like a result. */
    @Test void scoresThatAreNoNumbersAreADivergedModel() {
        Tensor x = Tensor.zeros(2, 1, 3);
        int[] lengths = {2};
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
            for (int which = 0; which < 3; which++) {
                Crf crf = new Crf(3);
                List.of(crf.transitions(), crf.start(), crf.end()).get(which).update(v -> v[1] = broken);
                for (Executable use : List.<Executable>of(() -> crf.decode(x, Lengths.of(lengths)),
                        () -> crf.kBest(x, Lengths.of(lengths), 2),
                        () -> crf.marginals(x, Lengths.of(lengths)),
                        () -> crf.logPartition(x, Lengths.of(lengths))))
                    assertTrue(
                            assertThrows(DivergedException.class, use).getMessage().contains("training has diverged"));
            }
    }
}
