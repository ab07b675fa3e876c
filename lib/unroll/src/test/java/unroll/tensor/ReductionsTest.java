package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.Close;

/** Sums, means, maxima over all elements and along every axis. */
class ReductionsTest {
    private record Along(int[] shape, int axis) {
        int[] reduced() {
            return IntStream.range(0, shape.length).filter(i -> i != Math.floorMod(axis, shape.length))
                    .map(i -> shape[i]).toArray();
        }

        @Override public String toString() { return "axis " + axis + " of " + Arrays.toString(shape); }
    }

    static Stream<Along> every() {
        List<Along> all = new ArrayList<>();
        for (int[] shape : List.of(new int[] {7}, new int[] {3, 5}, new int[] {2, 3, 4}, new int[] {3, 1, 2, 5},
                new int[] {1, 1}))
            for (int axis = -shape.length; axis < shape.length; axis++) all.add(new Along(shape, axis));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("every") void sum(Along c) {
        Tensor x = Naive.random(1, c.shape());
        double[] expected = new double[Shape.size(c.reduced())];
        Naive.each(c.shape(), i -> expected[place(i, c)] += x.get(i));
        Close.assertClose("sum", Tensor.of(expected, c.reduced()), x.sum(c.axis()), 1e-6);
        Close.assertClose("mean", Arrays.stream(expected).map(v -> v / x.size(c.axis())).toArray(), x.mean(c.axis()),
                1e-6);
    }

    @ParameterizedTest
    @MethodSource("every") void maxAndArgmax(Along c) {
        Tensor x = Naive.random(2, c.shape());
        double[] expected = new double[Shape.size(c.reduced())];
        int[] where = new int[expected.length];
        Arrays.fill(expected, -100);
        Naive.each(c.shape(), i -> {
            int p = place(i, c);
            if (x.get(i) > expected[p]) {
                expected[p] = x.get(i);
                where[p] = i[Math.floorMod(c.axis(), i.length)];
            }
        });
        Close.assertClose("max", Tensor.of(expected, c.reduced()), x.max(c.axis()), 0);
        assertArrayEquals(where, x.argmax(c.axis()).data());
        assertArrayEquals(c.reduced(), x.argmax(c.axis()).shape());
    }

    @ParameterizedTest
    @MethodSource("every") void gradients(Along c) {
        // Elements differ by at least 0.1, so that a difference of 0.01 does not change which is the largest.
        int[] order = Rng.seed(3).permutation(Shape.size(c.shape()));
        Parameter x = new Parameter("x", Tensor.of(Arrays.stream(order).mapToDouble(i -> .1 * i).toArray(), c.shape()));
        Close.assertGradient(() -> x.sum(c.axis()).square().mul(.01), x);
        Close.assertGradient(() -> x.mean(c.axis()).square(), x);
        Close.assertGradient(() -> x.max(c.axis()).square().mul(.1), x);
    }

    private static int place(int[] index, Along c) {
        int axis = Math.floorMod(c.axis(), index.length);
        int[] rest = IntStream.range(0, index.length).filter(i -> i != axis).map(i -> index[i]).toArray();
        return Naive.offset(rest, c.reduced());
    }

    @Test void sumOfAll() {
        Parameter x = Naive.parameter("x", 4, 3, 4);
        assertEquals(Arrays.stream(Close.doubles(x)).sum(), x.sum().item(), 1e-6);
        assertEquals(Arrays.stream(Close.doubles(x)).sum() / 12, x.mean().item(), 1e-6);
        Close.assertGradient(() -> x.sum().square().mul(.1), x);
        Close.assertGradient(() -> x.mean().square(), x);
    }

    /** A sum in float would stop growing at 2^24. */
    @Test void sumOfManyIsExact() {
        assertEquals(20_000_001f, Tensor.ones(20_000_001).sum().item(), 1);
    }

    @Test void meanOfNothingIsZero() { assertEquals(0, Tensor.zeros(0, 3).mean().item()); }

    @Test void theFirstOfEqualMaximaCounts() {
        Tensor x = Tensor.of(new float[] {1, 5, 5}, 3).tracked();
        assertEquals(1, x.argmax(0).get());
        x.max(0).backward();
        assertArrayEquals(new float[] {0, 1, 0}, x.gradient().data());
    }

    @Test void nanIsTheLargest() {
        assertEquals(1, Tensor.of(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY}, 3).argmax(0).get());
    }

    @Test void norm() { assertEquals(5, Tensor.of(new float[] {3, 0, -4}, 3).norm(), 1e-12); }

    @Test void softmaxAndItsLogarithm() {
        Parameter x = Naive.parameter("x", 6, 2, 3, 5);
        double[] expected = new double[x.size()];
        for (int r = 0; r < 6; r++) {
            double sum = 0;
            for (int j = 0; j < 5; j++) sum += expected[r * 5 + j] = Math.exp(x.data()[r * 5 + j]);
            for (int j = 0; j < 5; j++) expected[r * 5 + j] /= sum;
        }
        Close.assertClose("softmax", Tensor.of(expected, 2, 3, 5), x.softmax(), 1e-6);
        Close.assertClose("log-softmax", Tensor.of(Arrays.stream(expected).map(Math::log).toArray(), 2, 3, 5),
                x.logSoftmax(), 1e-6);
        Close.assertGradient(x::softmax, x);
        Close.assertGradient(x::logSoftmax, x);
    }

    @Test void softmaxOfExtremesIsFinite() {
        Tensor x = Tensor.of(new float[] {1e4f, -1e4f, 1e4f}, 1, 3);
        assertArrayEquals(new float[] {.5f, 0, .5f}, x.softmax().data(), 1e-6f);
        assertArrayEquals(new float[] {(float) -Math.log(2), (float) (-2e4 - Math.log(2)), (float) -Math.log(2)},
                x.logSoftmax().data(), 1e-3f);
    }

    @Test void softmaxesDoNotDependOnTheNumberOfThreads() {
        for (int[] shape : new int[][] {{9000, 15}, {3000, 65}, {70, 4000}, {3, 70_000}, {5, 16}}) {
            Tensor x = Rng.seed(6).normal(shape).mul(3).tracked();
            List<float[]> one = softmaxes(1, x);
            for (int threads : new int[] {2, 3, 4, 8}) {
                List<float[]> more = softmaxes(threads, x);
                for (int i = 0; i < one.size(); i++) assertArrayEquals(one.get(i), more.get(i));
            }
            for (int r = 0, n = shape[1]; r < shape[0]; r += 1 + shape[0] / 7) {
                double sum = 0;
                for (int j = 0; j < n; j++) sum += Math.exp(x.data()[r * n + j]);
                for (int j = 0; j < n; j += 1 + n / 9) {
                    double p = Math.exp(x.data()[r * n + j]) / sum;
                    assertEquals(p, one.get(0)[r * n + j], 1e-7 * p);
                    assertEquals(Math.log(p), one.get(1)[r * n + j], 1e-7 * (1 - Math.log(p)));
                }
            }
        }
    }

    private static List<float[]> softmaxes(int threads, Tensor x) {
        return Parallel.withThreads(threads, () -> {
            Tensor p = x.softmax(), log = x.logSoftmax(), weight = Rng.seed(7).normal(x.shape());
            x.zeroGradient();
            p.add(log).mul(weight).sum().backward();
            return List.of(p.data(), log.data(), x.gradientData());
        });
    }

    /** Added one after the other in float, a million times 0.1 gives 100,958. */
    @Test void sumsAlongAnAxisAreAccurate() {
        int n = 1_000_000;
        assertEquals(100_000, Tensor.full(.1, n, 2).sum(0).get(1), .1);
        assertEquals(100_000, Tensor.full(.1, 2, n).sum(1).get(1), .1);
        Tensor row = Tensor.zeros(2).tracked();
        Tensor.zeros(n, 2).add(row).sum().mul(.1).backward();
        assertEquals(100_000, row.gradientData()[1], .1);
    }

    @Test void aSumAlongAnEmptyAxisIsZero() {
        assertArrayEquals(new float[3], Tensor.zeros(0, 3).sum(0).data());
        assertArrayEquals(new float[2], Tensor.zeros(2, 0).sum(1).data());
        assertArrayEquals(new int[] {2, 4}, Tensor.zeros(2, 0, 4).sum(1).shape());
        assertArrayEquals(new float[3], Tensor.zeros(0, 3).mean(0).data());
        assertTrue(assertThrows(ShapeException.class, () -> Tensor.zeros(0, 3).max(0)).getMessage()
                .contains("[0, 3] is empty"));
    }
}
