package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

import unroll.Close;

/** What the operations compute, written by the index and in double precision: slow, and plain enough to trust. */
final class Naive {
    private Naive() {
    }

    static Tensor random(long seed, int... shape) { return Rng.seed(seed).uniform(-2, 2, shape); }

    static Parameter parameter(String name, long seed, int... shape) {
        return new Parameter(name, random(seed, shape));
    }

    /** Each index of a shape, in row-major order. */
    static void each(int[] shape, Consumer<int[]> body) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        for (int i = 0; i < size; i++) {
            int[] index = new int[shape.length];
            for (int axis = shape.length - 1, rest = i; axis >= 0; rest /= shape[axis--])
                index[axis] = rest % shape[axis];
            body.accept(index);
        }
    }

    /** Where the element of a broadcast index lies: aligned at the last axis, 0 along axes of length 1. */
    static int[] source(int[] index, int[] shape) {
        int[] at = new int[shape.length];
        for (int i = 0; i < at.length; i++) at[i] = shape[i] == 1 ? 0 : index[index.length - at.length + i];
        return at;
    }

    static double[] broadcast(Tensor a, Tensor b, int[] shape, DoubleBinaryOperator operator) {
        double[] out = new double[Shape.size(shape)];
        int[] next = {0};
        each(shape,
                i -> out[next[0]++] = operator.applyAsDouble(a.get(source(i, a.shape())), b.get(source(i, b.shape()))));
        return out;
    }

    /**
     * The gradient of sum(weight * op(a, b)) for an operand, when {@code slope} is d op / d operand: summed over what
     * was repeated.
     */
    static double[] broadcastGradient(Tensor a, Tensor b, Tensor operand, Tensor weight, DoubleBinaryOperator slope) {
        double[] out = new double[operand.size()];
        each(weight.shape(), i -> out[offset(source(i, operand.shape()), operand.shape())] += weight.get(i)
                * slope.applyAsDouble(a.get(source(i, a.shape())), b.get(source(i, b.shape()))));
        return out;
    }

    static int offset(int[] index, int[] shape) {
        int at = 0;
        for (int i = 0; i < index.length; i++) at = at * shape[i] + index[i];
        return at;
    }

    /** [.., M, K] times [.., K, N]; what stands in front broadcasts. */
    static double[] matmul(Tensor a, Tensor b, int[] result) {
        double[] out = new double[Shape.size(result)];
        int[] next = {0};
        int k = a.size(-1);
        each(result, i -> {
            int[] lead = Arrays.copyOf(i, i.length - 2);
            int[] left = with(source(lead, Arrays.copyOf(a.shape(), a.rank() - 2)), i[i.length - 2], 0);
            int[] right = with(source(lead, Arrays.copyOf(b.shape(), b.rank() - 2)), 0, i[i.length - 1]);
            double sum = 0;
            for (int p = 0; p < k; p++) {
                left[left.length - 1] = p;
                right[right.length - 2] = p;
                sum += (double) a.get(left) * b.get(right);
            }
            out[next[0]++] = sum;
        });
        return out;
    }

    /** A matrix product, op(A) op(B), of arrays. */
    static double[] product(boolean ta, boolean tb, int m, int n, int k, float[] a, float[] b) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++)
            for (int p = 0; p < k; p++) {
                double x = ta ? a[p * m + i] : a[i * k + p];
                for (int j = 0; j < n; j++) c[i * n + j] += x * (tb ? b[j * k + p] : b[p * n + j]);
            }
        return c;
    }

    private static int[] with(int[] lead, int m, int n) {
        int[] all = Arrays.copyOf(lead, lead.length + 2);
        all[lead.length] = m;
        all[lead.length + 1] = n;
        return all;
    }

    /** y[i] is x[source(i)], and the gradient goes there and nowhere else. */
    static void assertGathers(Tensor x, Tensor y, int[] shape, Function<int[], int[]> source) {
        assertArrayEquals(shape, y.shape());
        Tensor weight = Naive.random(9, shape);
        y.backward(weight);
        double[] gradient = new double[x.size()];
        Naive.each(shape, i -> {
            assertEquals(x.get(source.apply(i)), y.get(i));
            gradient[Naive.offset(source.apply(i), x.shape())] += weight.get(i);
        });
        Close.assertClose("gradient", Tensor.of(gradient, x.shape()), x.gradient(), 1e-6);
    }
}
