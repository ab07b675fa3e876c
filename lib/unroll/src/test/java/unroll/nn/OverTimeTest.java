package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.tensor.GradientCheck;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

class OverTimeTest {
    private static final int[] LENGTHS = {3, 1, 4};

    /** Its values are a hundredth apart and more, so that a small step makes no other one the largest. */
    private static Parameter states() {
        int[] order = Rng.seed(3).permutation(4 * 3 * 5);
        float[] values = new float[order.length];
        for (int i = 0; i < values.length; i++) values[i] = .05f * order[i] - 1.5f;
        return new Parameter("x", Tensor.of(values, 4, 3, 5));
    }

    private static void assertRight(GradientCheck check) { assertTrue(check.maximumError() < 1e-2, check.toString()); }

    @Test void gradientsOfTheMeanAndTheMaximumAgreeWithDifferences() {
        Parameter x = states();
        Tensor weight = Rng.seed(4).normal(3, 5);
        assertRight(GradientCheck.of(() -> OverTime.mean(x, Lengths.of(LENGTHS)).mul(weight).sum(), x));
        assertRight(GradientCheck.of(() -> OverTime.max(x, Lengths.of(LENGTHS)).mul(weight).sum(), x));
    }

    @Test void gradientsOfTheWeightsAndOfTheWeightedSumAgreeWithDifferences() {
        Parameter x = states(), scores = new Parameter("scores", Rng.seed(5).normal(4, 3));
        Tensor weight = Rng.seed(4).normal(3, 5);
        assertRight(GradientCheck.of(
                () -> OverTime.weightedSum(x, OverTime.softmax(scores, Lengths.of(LENGTHS)), Lengths.of(LENGTHS))
                        .mul(weight).sum(),
                x,
                scores));
    }

    @Test void gradientsOfAttentionAgreeWithDifferences() {
        Parameter x = states();
        AttentionPooling attention = new AttentionPooling(5, 4, Rng.seed(6));
        Tensor weight = Rng.seed(4).normal(3, 5);
        Parameter[] all = {x, attention.parameters().get(0), attention.parameters().get(1),
                attention.parameters().get(2)};
        assertRight(GradientCheck.of(() -> attention.apply(x, Lengths.of(LENGTHS)).mul(weight).sum(), all));
    }

    @Test void valuesAreThoseOfTheDefinition() {
        Tensor x = Tensor.of(new float[] {1, 5, 4, 2, -8, 9}, 3, 1, 2);
        assertArrayEquals(new float[] {2.5f, 3.5f}, OverTime.mean(x, Lengths.of(2)).data(), 1e-6f);
        assertArrayEquals(new float[] {4, 5}, OverTime.max(x, Lengths.of(2)).data());
        assertArrayEquals(new float[] {4, 9}, OverTime.max(x, Lengths.of(3)).data());
        Tensor weights = OverTime.softmax(Tensor.of(new float[] {0, (float) Math.log(3), 100}, 3, 1), Lengths.of(2));
        assertArrayEquals(new float[] {.25f, .75f, 0}, weights.data(), 1e-6f);
        assertArrayEquals(new float[] {3.25f, 2.75f}, OverTime.weightedSum(x, weights, Lengths.of(2)).data(), 1e-6f);
    }

    @Test void weightsOfAttentionSumToOneOverTheStepsOfEachSequence() {
        Tensor a = new AttentionPooling(5, 4, Rng.seed(6)).weights(states(), Lengths.of(LENGTHS));
        for (int b = 0; b < 3; b++) {
            double sum = 0;
            for (int t = 0; t < 4; t++) {
                sum += a.get(t, b);
                assertEquals(t < LENGTHS[b], a.get(t, b) > 0, "step " + t + " of sequence " + b);
            }
            assertEquals(1, sum, 1e-6);
        }
    }

    @Test void whatStandsInThePaddingIsNeverLookedAt() {
        float[] values = states().data();
        for (int t = 0; t < 4; t++)
            for (int b = 0; b < 3; b++)
                if (t >= LENGTHS[b]) for (int h = 0; h < 5; h++) values[(t * 3 + b) * 5 + h] = Float.NaN;
        Tensor broken = Tensor.of(values, 4, 3, 5).tracked();
        Tensor scores = Tensor
                .of(new float[] {0, 1, 2, 1, Float.NaN, 0, 3, Float.NaN, 1, Float.NaN, Float.NaN, 0}, 4, 3).tracked();
        Tensor a = OverTime.softmax(scores, Lengths.of(LENGTHS));
        Tensor all = OverTime.mean(broken, Lengths.of(LENGTHS)).add(OverTime.max(broken, Lengths.of(LENGTHS)))
                .add(OverTime.weightedSum(broken, a, Lengths.of(LENGTHS)));
        assertTrue(all.isFinite());
        all.sum().backward();
        assertTrue(broken.gradient().isFinite());
        assertTrue(scores.gradient().isFinite());
    }

    @Test void scoresTooLargeForAnExponentialStillGiveWeights() {
        assertArrayEquals(new float[] {0, 1},
                OverTime.softmax(Tensor.of(new float[] {-1000, 1000}, 2, 1), Lengths.of(2)).data());
    }

    @Test void aSequenceOfPaddingOnlyIsAnError() {
        Tensor x = Tensor.zeros(4, 3, 5);
        for (int[] lengths : new int[][] {{3, 0, 4}, {3, 5, 4}, {3, 4}, {}}) {
            assertThrows(ShapeException.class, () -> OverTime.mean(x, Lengths.of(lengths)));
            assertThrows(ShapeException.class, () -> OverTime.max(x, Lengths.of(lengths)));
            assertThrows(ShapeException.class, () -> OverTime.softmax(Tensor.zeros(4, 3), Lengths.of(lengths)));
        }
        String message = assertThrows(ShapeException.class, () -> OverTime.max(x, Lengths.of(3, 0, 4))).getMessage();
        assertTrue(message.contains("sequence 1 has 0"), message);
    }
}
