package unroll.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import unroll.Close;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** The largest and the mean of windows. */
class PoolingTest {
    private static Parameter picture() { return new Parameter("x", Rng.seed(2).normal(2, 3, 7, 5)); }

    @Test void gradients() {
        Parameter x = picture();
        Close.assertGradient(() -> new MaxPool2d(3, 2, 1).apply(x), x);
        Close.assertGradient(() -> new AdaptiveAvgPool2d(3, 4).apply(x), x);
    }

    @Test void aTieGoesToTheFirst() {
        Tensor x = Tensor.ones(1, 1, 2, 2).tracked();
        new MaxPool2d(2).apply(x).sum().backward();
        assertArrayEquals(new float[] {1, 0, 0, 0}, x.gradientData());
    }

    /** Padding is not zeros: among negative numbers the largest is negative. */
    @Test void whatLiesOutsideDoesNotCount() {
        Tensor y = new MaxPool2d(3, 2, 1).apply(Tensor.full(-5, 1, 1, 4, 4));
        assertArrayEquals(new float[] {-5, -5, -5, -5}, y.data());
    }

    @Test void notANumberIsNotHidden() {
        float[] v = {1, Float.NaN, 3, 4};
        assertTrue(Float.isNaN(new MaxPool2d(2).apply(Tensor.of(v, 1, 1, 2, 2)).item()));
        Tensor low = Tensor.full(Double.NEGATIVE_INFINITY, 1, 1, 2, 2);
        assertEquals(Float.NEGATIVE_INFINITY, new MaxPool2d(2).apply(low).item());
    }

    @Test void oneWindowIsTheMeanOfTheChannel() {
        Tensor x = picture().detach(), y = new AdaptiveAvgPool2d(1, 1).apply(x);
        assertArrayEquals(new int[] {2, 3, 1, 1}, y.shape());
        Close.assertClose("mean", x.reshape(6, 35).mean(1), y.reshape(6), 1e-6);
        assertArrayEquals(x.data(), new AdaptiveAvgPool2d(7, 5).apply(x).data(), "as many windows as pixels");
    }

    /**
     * The window of four numbers has a way of its own; every order of four numbers, with ties, and windows that
     * overlap.
     */
    @Test void windowsOfTwoAreThoseOfTheDefinition() {
        for (int stride : new int[] {1, 2, 3}) {
            float[] v = new float[2 * 3 * 9 * 8];
            for (int i = 0; i < v.length; i++) v[i] = i * 37 % 101 % 5;
            v[50] = Float.NaN;
            v[100] = Float.NEGATIVE_INFINITY;
            v[101] = Float.POSITIVE_INFINITY;
            Tensor x = Tensor.of(v, 2, 3, 9, 8).tracked(), y = new MaxPool2d(2, stride, 0).apply(x);
            int height = (9 - 2) / stride + 1, width = (8 - 2) / stride + 1;
            float[] expected = new float[6 * height * width], slopes = new float[v.length];
            for (int i = 0; i < expected.length; i++) {
                int at = i / (height * width) * 72 + i / width % height * stride * 8 + i % width * stride, best = at;
                for (int k : new int[] {at + 1, at + 8, at + 9}) if (Float.compare(v[k], v[best]) > 0) best = k;
                expected[i] = v[best];
                slopes[best]++;
            }
            assertArrayEquals(new int[] {2, 3, height, width}, y.shape());
            assertArrayEquals(expected, y.data());
            y.backward(Tensor.ones(y.shape()));
            assertArrayEquals(slopes, x.gradientData());
        }
    }

    /** Many numbers go another way than few, and as few again where one of them is NaN. */
    @Test void manyPicturesGiveWhatEachGives() {
        for (int[] window : new int[][] {{2, 2, 0}, {3, 2, 1}, {2, 1, 1}, {5, 3, 2}})
            for (float odd : new float[] {0, Float.NaN, Float.NEGATIVE_INFINITY}) {
                MaxPool2d pool = new MaxPool2d(window[0], window[1], window[2]);
                float[] v = Rng.seed(3).normal(11, 17, 21, 19).mul(3).data();
                for (int i = 0; i < v.length; i++) v[i] = Math.round(v[i]);                // many ties
                v[1000] = odd;
                Tensor x = Tensor.of(v, 11, 17, 21, 19).tracked(), y = pool.apply(x),
                        weights = Rng.seed(4).normal(y.shape());
                y.backward(weights);
                for (int n = 0; n < 11; n++) {
                    Tensor one = Tensor.of(Arrays.copyOfRange(v, n * 6783, n * 6783 + 6783), 1, 17, 21, 19).tracked(),
                            z = pool.apply(one);
                    z.backward(weights.slice(0, n, n + 1));
                    assertArrayEquals(z.data(), y.slice(0, n, n + 1).data());
                    Close.assertClose("gradient", one.gradient(), x.gradient().slice(0, n, n + 1), 1e-6);
                }
            }
    }

    @Test void emptyBatches() {
        for (int[] shape : new int[][] {{0, 3, 4, 4}, {2, 0, 4, 4}})
            assertEquals("[" + shape[0] + ", " + shape[1] + ", 2, 2]",
                    Arrays.toString(new MaxPool2d(2).apply(Tensor.zeros(shape)).shape()));
    }

    @Test void errorsNameTheLayerAndTheShapes() {
        assertSays(() -> new MaxPool2d(2).apply(Tensor.zeros(3, 4, 4)), "MaxPool2d(kernel=2, stride=2, padding=0)",
                "[B, C, H, W]", "[3, 4, 4]");
        assertSays(() -> new MaxPool2d(3, 1, 0).apply(Tensor.zeros(1, 1, 2, 4)), "kernel of 3 x 3", "2 x 4");
        assertSays(() -> new MaxPool2d(2, 1, 1).apply(Tensor.zeros(1, 1, 0, 4)), "not empty", "[1, 1, 0, 4]");
        assertSays(() -> new MaxPool2d(3, 1, 2), "half the kernel", "padding=2");
        assertSays(() -> new MaxPool2d(0), "MaxPool2d: ", "kernel=0");
        assertSays(() -> new AdaptiveAvgPool2d(1, 0), "width=0");
        assertSays(() -> new AdaptiveAvgPool2d(1, 2).apply(Tensor.zeros(1, 1, 0, 3)),
                "AdaptiveAvgPool2d(height=1, width=2)", "[1, 1, 0, 3]");
    }
}
