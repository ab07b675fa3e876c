package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Close.assertClose;
import static unroll.Says.assertSays;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import unroll.tensor.GradientCheck;
import unroll.tensor.IntTensor;
import unroll.tensor.Parallel;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Logits that are never all there: the loss and the gradients are those of the logits at once. */
class LinearCrossEntropyTest {
    private final Rng rng = Rng.seed(4);

    private IntTensor targets(int rows, int classes, boolean ignore) {
        int[] ids = new int[rows];
        for (int i = 0; i < rows; i++) ids[i] = ignore && i % 3 == 0 ? Losses.IGNORE : rng.nextInt(classes);
        return IntTensor.of(ids, rows);
    }

    private static List<Tensor> gradients(Linear linear, Tensor x, Tensor loss) {
        loss.backward();
        List<Tensor> all = List.of(x.gradient(), linear.w().gradient(), linear.b().gradient());
        x.zeroGradient();
        linear.zeroGradients();
        return all;
    }

    @ParameterizedTest(name = "{0} rows, {1} inputs, {2} classes")
    @CsvSource({"1, 3, 2", "5, 4, 7", "33, 20, 65", "70, 16, 1500", "200, 8, 40"}) void equalsTheLossOfAllLogits(
            int rows, int in, int classes) {
        Linear linear = new Linear(in, classes, rng);
        Tensor x = rng.normal(rows, in).mul(3).tracked();
        for (boolean ignore : new boolean[] {false, true}) {
            IntTensor targets = targets(rows, classes, ignore && rows > 1);
            Tensor whole = Losses.crossEntropy(linear.apply(x), targets), streamed = linear.crossEntropy(x, targets);
            assertEquals(whole.item(), streamed.item(), 2e-6 * Math.max(1, whole.item()));
            assertEquals(streamed.item(), Tape.noGrad(() -> linear.crossEntropy(x, targets)).item());
            List<Tensor> expected = gradients(linear, x, whole.mul(2)), got = gradients(linear, x, streamed.mul(2));
            for (int i = 0; i < expected.size(); i++) assertClose("gradient " + i, expected.get(i), got.get(i), 1e-5);
        }
    }

    /** Whatever is made together, and on however many threads. */
    @ParameterizedTest(name = "{0} rows, {1} inputs, {2} classes")
    @CsvSource({"1, 3, 2", "33, 20, 65", "300, 40, 4000", "70, 8, 40000",
            "700, 64, 200"}) void logarithmsWithoutRecording(
                    int rows, int in, int classes) {
        Linear linear = new Linear(in, classes, rng);
        Tensor x = rng.normal(rows, in).mul(3);
        IntTensor targets = targets(rows, classes, rows > 1);
        float[] one = new float[rows * classes], again = new float[one.length];
        Parallel.withThreads(1, () -> logarithms(linear, x, one));
        assertClose("log-softmax", linear.apply(x).logSoftmax(), Tensor.of(one, rows, classes), 1e-5);
        double loss = linear.crossEntropy(x, targets).item();
        for (int threads : new int[] {1, 2, 3, 4, 8}) {
            Parallel.withThreads(threads, () -> logarithms(linear, x, again));
            assertArrayEquals(one, again);
            assertEquals(loss, Parallel.withThreads(threads,
                    () -> Tape.noGrad(() -> linear.crossEntropy(x, targets))).item());
        }
    }

    private static float[] logarithms(Linear linear, Tensor x, float[] to) {
        linear.logSoftmax(x, to);
        return to;
    }

    @Test void whatIsNotFiniteFillsItsRowOnly() {
        Linear linear = new Linear(4, 300, rng);
        Tensor x = rng.normal(3, 4);
        x.data()[5] = Float.NaN;
        float[] log = logarithms(linear, x, new float[900]);
        for (int i = 0; i < 900; i++) assertEquals(i / 300 == 1, Float.isNaN(log[i]), "place " + i);
        assertTrue(assertThrows(ShapeException.class, () -> linear.logSoftmax(x, new float[899])).getMessage()
                .contains("expected room for [3, 300] but got 899"));
    }

    @Test void gradientsAreThoseOfDifferences() {
        Linear linear = new Linear(5, 9, rng);
        Tensor x = rng.normal(2, 3, 5);
        IntTensor targets = IntTensor.of(new int[] {0, 8, -1, 3, 3, 1}, 2, 3);
        assertTrue(
                GradientCheck.of(() -> linear.crossEntropy(x, targets), linear.w(), linear.b()).maximumError() < 1e-2);
    }

    /** Memory is used again: two losses at a time must not share it, and sizes may change. */
    @Test void lossesSideBySide() {
        Linear linear = new Linear(6, 30, rng);
        Tensor x = rng.normal(40, 6).tracked(), y = rng.normal(12, 6).tracked();
        IntTensor s = targets(40, 30, false), t = targets(12, 30, false);
        List<Tensor> alone = gradients(linear, x, linear.crossEntropy(x, s));
        Tensor first = linear.crossEntropy(x, s), second = linear.crossEntropy(y, t);
        gradients(linear, y, second);
        assertArrayEquals(alone.get(1).data(), gradients(linear, x, first).get(1).data());
    }

    @Test void theNumberOfThreadsChangesNoBit() {
        Linear linear = new Linear(20, 300, rng);
        Tensor x = rng.normal(100, 20).tracked();
        IntTensor targets = targets(100, 300, true);
        List<Tensor> one = Parallel.withThreads(1, () -> gradients(linear, x, linear.crossEntropy(x, targets)));
        List<Tensor> four = Parallel.withThreads(4, () -> gradients(linear, x, linear.crossEntropy(x, targets)));
        for (int i = 0; i < 3; i++) assertArrayEquals(one.get(i).data(), four.get(i).data());
    }

    /** What is ignored may be NaN, as in the padding of a batch. */
    @Test void ignoredRowsReachNothing() {
        Linear linear = new Linear(3, 4, rng);
        float[] values = {1, 2, 3, Float.NaN, Float.NaN, Float.NaN};
        Tensor x = Tensor.of(values, 2, 3).tracked(),
                loss = linear.crossEntropy(x, IntTensor.of(new int[] {1, Losses.IGNORE}, 2));
        assertTrue(loss.isFinite());
        loss.backward();
        assertTrue(linear.b().gradient().isFinite());
        assertEquals(0, x.gradient().get(1, 0));
    }

    @Test void wrongArguments() {
        Linear linear = new Linear(3, 4, rng);
        assertSays(() -> linear.crossEntropy(Tensor.ones(2, 5), IntTensor.of(new int[2], 2)),
                "Linear(in=3, out=4)", "[2, 5]");
        assertSays(() -> linear.crossEntropy(Tensor.ones(2, 3), IntTensor.of(new int[3], 3)), "crossEntropy",
                "[2, 3]", "[3]");
        assertSays(() -> linear.crossEntropy(Tensor.ones(1, 3), IntTensor.of(new int[] {4}, 1)),
                "crossEntropy", "4", "0 to 3");
    }
}
