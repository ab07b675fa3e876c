package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unroll.Close;

/** Matrix products of all kinds of shapes, below and above the size where the native library takes over. */
class MatmulTest {
    /** Two operands, and the shape of their product. */
    private record Operands(int[] a, int[] b, int[] result) {
        @Override public String toString() { return Arrays.toString(a) + " times " + Arrays.toString(b); }
    }

    private static Operands of(int[] a, int[] b, int... result) { return new Operands(a, b, result); }

    private static int[] shape(int... lengths) { return lengths; }

    private static final List<Operands> ALL = List.of(of(shape(3), shape(3)), of(shape(3), shape(3, 4), 4),
            of(shape(2, 3), shape(3), 2),
            of(shape(2, 3), shape(3, 4), 2, 4), of(shape(5, 2, 3), shape(3, 4), 5, 2, 4),
            of(shape(5, 2, 3), shape(5, 3, 4), 5, 2, 4),
            of(shape(2, 3), shape(5, 3, 4), 5, 2, 4), of(shape(1, 2, 3), shape(5, 3, 4), 5, 2, 4),
            of(shape(5, 2, 3), shape(1, 3, 4), 5, 2, 4),
            of(shape(2, 1, 2, 3), shape(5, 3, 4), 2, 5, 2, 4), of(shape(2, 2, 2, 3), shape(2, 1, 3, 2), 2, 2, 2, 2),
            of(shape(3), shape(5, 3, 4), 5, 4),
            of(shape(5, 2, 3), shape(3), 5, 2), of(shape(1, 1), shape(1, 1), 1, 1),
            // native, in one and in several parts, on both sides of lengths that are padded
            of(shape(17, 19), shape(19, 23), 17, 23), of(shape(1, 256), shape(256, 128), 1, 128),
            of(shape(3, 40, 33), shape(3, 33, 20), 3, 40, 20),
            of(shape(4, 8, 64), shape(64, 65), 4, 8, 65), of(shape(200, 128), shape(128, 200), 200, 200),
            of(shape(1000, 70), shape(70, 130), 1000, 130));

    @TestFactory Stream<DynamicTest> valuesAndGradients() {
        return ALL.stream().map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c, false)));
    }

    /** The same with parameters, which have native copies of their own. */
    @TestFactory Stream<DynamicTest> ofParameters() {
        return ALL.stream().map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c, true)));
    }

    /** A gradient over many rows is the sum of several parts; which thread makes which does not matter. */
    @Test void bitsDoNotDependOnTheNumberOfThreads() {
        List<float[]> found = new ArrayList<>();
        for (int threads : new int[] {1, 2, 3})
            found.add(Parallel.withThreads(threads, () -> {
                Parameter b = Naive.parameter("b", 1, 40, 33);
                Tensor y = Naive.random(2, 9001, 40).matmul(b);
                y.backward(Naive.random(3, 9001, 33));
                return Tensor.concat(0, List.of(y, b.gradient())).data();
            }));
        for (float[] other : found) assertArrayEquals(found.get(0), other);
    }

    private static void check(Operands c, boolean parameters) {
        Tensor a = leaf("a", Naive.random(1, c.a()), parameters), b = leaf("b", Naive.random(2, c.b()), parameters);
        Tensor y = a.matmul(b), weight = Naive.random(3, c.result());
        y.backward(weight);
        Tensor left = a.rank() == 1 ? a.detach().reshape(1, -1) : a.detach(),
                right = b.rank() == 1 ? b.detach().reshape(-1, 1) : b.detach();
        int[] lead = Shape.broadcast("test", Arrays.copyOf(left.shape(), left.rank() - 2),
                Arrays.copyOf(right.shape(), right.rank() - 2));
        int[] full = with(lead, left.size(-2), right.size(-1));
        assertArrayEquals(c.result(), y.shape());
        Close.assertClose("values", Naive.matmul(left, right, full), y, 2e-6);
        Tensor e = weight.reshape(full);
        Close.assertClose("gradient of a",
                reduced(Naive.matmul(e, right.transpose(), with(lead, left.size(-2), left.size(-1))), lead, left),
                a.gradient(), 3e-6);
        Close.assertClose("gradient of b",
                reduced(Naive.matmul(left.transpose(), e, with(lead, right.size(-2), right.size(-1))), lead, right),
                b.gradient(), 3e-6);
    }

    private static Tensor leaf(String name, Tensor t, boolean parameter) {
        return parameter ? new Parameter(name, t) : t.tracked();
    }

    private static int[] with(int[] lead, int m, int n) {
        int[] all = Arrays.copyOf(lead, lead.length + 2);
        all[lead.length] = m;
        all[lead.length + 1] = n;
        return all;
    }

    /** Adds up what broadcasting repeated. */
    private static double[] reduced(double[] full, int[] lead, Tensor operand) {
        double[] out = new double[operand.size()];
        int[] next = {0};
        Naive.each(with(lead, operand.size(-2), operand.size(-1)),
                i -> out[Naive.offset(Naive.source(i, operand.shape()), operand.shape())] += full[next[0]++]);
        return out;
    }

    /** All four transpositions, with and without adding, at sizes around the borders of the parts. */
    @TestFactory Stream<DynamicTest> blas() {
        int[][] sizes = {{1, 1, 1}, {16, 16, 16}, {16, 16, 17}, {33, 128, 64}, {150, 256, 128}, {1, 512, 300},
                {700, 128, 256}, {257, 129, 300},
                {40, 33, 9001}, {9001, 33, 40}};
        return Arrays.stream(sizes).map(s -> DynamicTest.dynamicTest("m, n, k = " + Arrays.toString(s), () -> {
            int m = s[0], n = s[1], k = s[2];
            for (int kind = 0; kind < 16; kind++) {
                boolean ta = (kind & 1) != 0, tb = (kind & 2) != 0, add = (kind & 4) != 0, weight = (kind & 8) != 0;
                float[] a = Naive.random(1, m * k).data(), c = Naive.random(2, m * n).data();
                Parameter b = Naive.parameter("b", 3, tb ? n : k, tb ? k : n);
                double[] expected = Naive.product(ta, tb, m, n, k, a, b.data());
                if (add) for (int i = 0; i < c.length; i++) expected[i] += c[i];
                Blas.multiply(ta, tb, m, n, k, a, b.data(), weight ? b : null, c, add);
                Close.assertClose("kind " + kind, expected, Tensor.of(c, c.length), 2e-6);
            }
        }));
    }

    /**
     * In plain Java a number of the result is summed in one order, however rows and columns are cut and whichever
     * operand is transposed: on both sides of where rows of b are copied, and of the blocks of sums.
     */
    @TestFactory Stream<DynamicTest> plainBitsDoNotDependOnTheCut() {
        int[][] sizes = {{3, 5, 7}, {4, 16, 4}, {4, 16, 3}, {9, 33, 64}, {7, 17, 65}, {20, 15, 131}, {5, 1030, 70},
                {33, 40, 1000}, {130, 100, 300}};
        return Arrays.stream(sizes).map(s -> DynamicTest.dynamicTest("m, n, k = " + Arrays.toString(s), () -> {
            int m = s[0], n = s[1], k = s[2];
            Tensor left = Naive.random(1, m, k), right = Naive.random(2, k, n);
            float[] a = left.data(), b = right.data(), ta = left.transpose().data(), tb = right.transpose().data();
            for (boolean add : new boolean[] {false, true}) {
                float[] start = Naive.random(3, m * n).data(), whole = start.clone();
                PlainProduct.multiply(m, n, k, a, 0, k, 1, b, 0, n, 1, whole, 0, n, add);
                for (int kind = 0; kind < 4; kind++)
                    for (int threads : new int[] {1, 3}) {
                        float[] c = start.clone();
                        boolean first = (kind & 1) != 0, second = (kind & 2) != 0;
                        Parallel.withThreads(threads, () -> {
                            PlainProduct.multiply(first, second, m, n, k, first ? ta : a, second ? tb : b, c, add);
                            return null;
                        });
                        assertArrayEquals(whole, c, "kind " + kind + " by " + threads + " threads");
                    }
                float[] rows = start.clone(), columns = start.clone(), dots = start.clone();
                for (int i = 0; i < m; i++) {
                    PlainProduct.multiply(1, n, k, a, i * k, k, 1, b, 0, n, 1, rows, i * n, n, add);
                    PlainProduct.multiplyRow(n, k, a, i * k, tb, 0, k, dots, i * n, add);
                }
                for (int from = 0; from < n; from += 19)
                    PlainProduct.multiply(m, Math.min(19, n - from), k, a, 0, k, 1, b, from, n, 1, columns, from, n,
                            add);
                assertArrayEquals(whole, rows, "row by row");
                assertArrayEquals(whole, columns, "19 columns at a time");
                assertArrayEquals(whole, dots, "number by number");
            }
        }));
    }

    /** As many products as a long text has: plain Java's sums stay as near as the native libraries'. */
    @Test void plainSumsOfManyProducts() {
        int m = 6, n = 40, k = 300_000;
        float[] a = Naive.random(1, m * k).data(), b = Naive.random(2, k * n).data(), c = new float[m * n];
        PlainProduct.multiply(false, false, m, n, k, a, b, c, false);
        Close.assertClose("product", Naive.product(false, false, m, n, k, a, b), Tensor.of(c, c.length), 3e-6);
    }

    /**
     * A weight that is used at many steps with few rows, whose gradient is put off to the end, gets the sum over the
     * steps.
     */
    @Test void oneWeightUsedManyTimes() {
        Parameter w = Naive.parameter("w", 1, 40, 30);
        double[] expected = new double[40 * 30];
        Tensor loss = Tensor.scalar(0);
        for (int t = 0; t < 9; t++) {
            int rows = t == 4 ? 300 : 1 + t;                               // 300 rows go the direct way
            Tensor x = Naive.random(10 + t, rows, 40), e = Naive.random(30 + t, rows, 30);
            loss = loss.add(x.matmul(w).mul(e).sum());
            double[] step = Naive.product(true, false, 40, 30, rows, x.data(), e.data());
            for (int i = 0; i < step.length; i++) expected[i] += step[i];
        }
        loss.backward();
        Close.assertClose("gradient", expected, w.gradient(), 2e-6);
    }

    /** More factors of a weight's gradient than are gathered at once: five products of 5, 5, 5, 5 and 4 uses. */
    @Test void manyUsesOfALongWeight() {
        Parameter w = new Parameter("w", Tensor.zeros(1 << 20, 2));
        Tensor loss = Tensor.scalar(0);
        for (int i = 0; i < 24; i++) {
            Tensor x = Tensor.full(i, 3, 1 << 20);
            loss = loss.add(x.matmul(w).sum());
        }
        loss.backward();
        float[] expected = new float[2 << 20];
        Arrays.fill(expected, 3 * 24 * 23 / 2);
        assertArrayEquals(expected, w.gradient().data());
    }

    @Test void squareOfAMatrix() {
        Parameter w = Naive.parameter("w", 1, 5, 5);
        Close.assertGradient(() -> w.matmul(w), w);
        Close.assertGradient(() -> w.matmul(w.transpose()), w);
    }

    @Test void emptyProducts() {
        assertArrayEquals(new int[] {0, 3}, Tensor.zeros(0, 2).matmul(Tensor.ones(2, 3)).shape());
        assertArrayEquals(new float[6], Tensor.zeros(2, 0).matmul(Tensor.zeros(0, 3)).data());
        assertArrayEquals(new int[] {2, 0}, Tensor.ones(2, 3).matmul(Tensor.zeros(3, 0)).shape());
    }

    /** What was gathered over the steps is one product of all rows, to the bit. */
    @Test void aWeightOfManyStepsGetsTheProductOfAllTheirRows() {
        for (int[] size : new int[][] {{70, 90}, {9, 200}, {200, 9}}) {
            Parameter one = Naive.parameter("w", 1, size), other = Naive.parameter("w", 1, size);
            List<Tensor> xs = new ArrayList<>(), weights = new ArrayList<>();
            Tensor loss = Tensor.scalar(0);
            for (int t = 0; t < 30; t++) {
                xs.add(Naive.random(t, 1 + t % 7, size[0]));
                weights.add(Naive.random(100 + t, 1 + t % 7, size[1]));
            }
            // the way back goes from the last use to the first one
            for (int t = 0; t < 30; t++) loss = loss.add(xs.get(t).matmul(one).mul(weights.get(t)).sum());
            loss.backward();
            Collections.reverse(xs);
            Collections.reverse(weights);
            Tensor.concat(0, xs).matmul(other).mul(Tensor.concat(0, weights)).sum().backward();
            assertArrayEquals(other.gradientData(), one.gradientData(), size[0] + " x " + size[1]);
        }
    }
}
