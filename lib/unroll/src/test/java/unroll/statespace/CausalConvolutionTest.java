package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import unroll.Close;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** The convolution by transforms is the sum that defines it, forward and back. */
class CausalConvolutionTest {
    private static double[] direct(Tensor u, Tensor k) {
        int T = u.size(0), B = u.size(1), H = u.size(2);
        double[] y = new double[u.size()];
        for (int t = 0; t < T; t++)
            for (int l = 0; l <= t && l < k.size(0); l++)
                for (int b = 0; b < B; b++)
                    for (int h = 0; h < H; h++) y[(t * B + b) * H + h] += (double) k.get(l, h) * u.get(t - l, b, h);
        return y;
    }

    @Property(tries = 60, seed = "2") void equalsTheSum(@ForAll @IntRange(min = 1, max = 70) int T,
            @ForAll @IntRange(min = 1, max = 70) int L,
            @ForAll @IntRange(min = 1, max = 5) int B, @ForAll @IntRange(min = 1, max = 35) int H) {
        Rng rng = Rng.seed(T * 100L + L);
        Tensor u = rng.normal(T, B, H), k = rng.normal(L, H);
        Close.assertClose("y", direct(u, k), CausalConvolution.apply(u, k), 1e-5);
    }

    @Example void gradientsAreThoseOfDifferences() {
        Parameter u = new Parameter("u", Rng.seed(1).normal(9, 3, 2)), k = new Parameter("k", Rng.seed(2).normal(7, 2));
        Close.assertGradient(() -> CausalConvolution.apply(u, k), u, k);
        Parameter longer = new Parameter("k", Rng.seed(3).normal(12, 2));
        Close.assertGradient(() -> CausalConvolution.apply(u, longer), u, longer);
    }

    @Example void bitEqualForAnyNumberOfThreads() {
        for (int H : new int[] {3, 40, 130}) {
            List<float[]> one = Parallel.withThreads(1, () -> all(H));
            for (int threads : new int[] {2, 3, 4, 8}) {
                List<float[]> more = Parallel.withThreads(threads, () -> all(H));
                for (int i = 0; i < one.size(); i++) assertArrayEquals(one.get(i), more.get(i));
            }
        }
    }

    private static List<float[]> all(int H) {
        Tensor u = Rng.seed(4).normal(60, 9, H).tracked(), k = Rng.seed(5).normal(60, H).tracked();
        Tensor y = CausalConvolution.apply(u, k);
        Close.weighted(y).backward();
        return List.of(y.data(), u.gradientData(), k.gradientData());
    }

    /** Long rows go through their levels in blocks of columns. */
    @Example void manySteps() {
        Tensor u = Rng.seed(6).normal(3000, 1, 2).tracked(), k = Rng.seed(7).normal(2500, 2).tracked();
        Tensor y = CausalConvolution.apply(u, k);
        Close.assertClose("y", direct(u, k), y, 1e-5);
        Tensor e = Rng.seed(8).normal(3000, 1, 2);
        y.backward(e);
        // what a correlation gives, read from its end, is a convolution
        double[] du = new double[6000], dk = new double[5000];
        for (int t = 0; t < 3000; t++)
            for (int l = 0; l <= t && l < 2500; l++)
                for (int h = 0; h < 2; h++) {
                    du[(t - l) * 2 + h] += (double) k.get(l, h) * e.get(t, 0, h);
                    dk[l * 2 + h] += (double) u.get(t - l, 0, h) * e.get(t, 0, h);
                }
        Close.assertClose("u", du, u.gradient(), 1e-5);
        Close.assertClose("k", dk, k.gradient(), 1e-5);
    }

    @Example void wrongShapesAreNamed() {
        var e = assertThrows(ShapeException.class,
                () -> CausalConvolution.apply(Tensor.ones(5, 2, 3), Tensor.ones(5, 4)));
        assertTrue(e.getMessage().contains("[5, 2, 3]") && e.getMessage().contains("[5, 4]"), e.getMessage());
    }
}
