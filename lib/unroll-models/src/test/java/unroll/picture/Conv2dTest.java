package unroll.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.Close;
import unroll.nn.Module;
import unroll.tensor.Blas;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Convolution by its definition, in both ways that compute it. */
class Conv2dTest {
    @Test void isTheSumOfItsDefinition() {
        Conv2d conv = new Conv2d(2, 3, 3, 2, 1, Rng.seed(1));
        Tensor x = Rng.seed(2).normal(2, 2, 6, 5), y = conv.apply(x);
        assertArrayEquals(new int[] {2, 3, 3, 3}, y.shape());
        for (int n = 0; n < 2; n++)
            for (int o = 0; o < 3; o++)
                for (int i = 0; i < 3; i++)
                    for (int j = 0; j < 3; j++) assertEquals(at(conv, x, n, o, i, j), y.get(n, o, i, j), 1e-5);
    }

    private static double at(Conv2d conv, Tensor x, int n, int o, int i, int j) {
        double sum = conv.b().get(o);
        for (int c = 0; c < 2; c++)
            for (int u = 0; u < 3; u++)
                for (int v = 0; v < 3; v++) {
                    int row = 2 * i + u - 1, column = 2 * j + v - 1;
                    if (row >= 0 && row < 6 && column >= 0 && column < 5)
                        sum += (double) conv.w().get(o, c, u, v) * x.get(n, c, row, column);
                }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void gradient(boolean oneDnn) {
        Conv2d conv = new Conv2d(2, 3, 3, 2, 1, Rng.seed(1), oneDnn && Blas.isOneDnn());
        Parameter x = new Parameter("x", Rng.seed(2).normal(2, 2, 5, 4));
        Close.assertGradient(() -> conv.apply(x), x, conv.w(), conv.b());
    }

    /**
     * Also batches that are no multiple of a group, more channels than a block and odd ones, and pictures that the
     * kernel does not fit evenly.
     */
    @ParameterizedTest
    @CsvSource({"1,1,1,1,1,0,1,1", "9,3,32,3,2,1,16,16", "5,17,33,3,1,1,7,9", "4,16,16,5,2,2,11,6", "3,7,5,1,2,0,5,3",
            "2,3,4,3,3,5,4,4",
            "6,32,64,3,2,1,8,8", "2,1,2,4,3,1,9,10", "1,2,2,7,1,3,7,5",
            "2,3,4,2,5,0,13,12"}) void oneDnnGivesWhatProductsGive(
                    int images, int in, int out, int kernel, int stride, int padding, int height, int width) {
        Assumptions.assumeTrue(Blas.isOneDnn());
        List<List<Tensor>> results = new ArrayList<>();
        for (boolean oneDnn : new boolean[] {true, false}) {
            Conv2d conv = new Conv2d(in, out, kernel, stride, padding, Rng.seed(1), oneDnn);
            Tensor x = Rng.seed(2).normal(images, in, height, width).tracked(), y = conv.apply(x);
            Close.weighted(y).backward();
            results.add(List.of(y, x.gradient(), conv.w().gradient(), conv.b().gradient()));
        }
        for (int i = 0; i < 4; i++)
            Close.assertClose("result " + i, results.get(1).get(i), results.get(0).get(i), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void bitsDoNotDependOnTheNumberOfThreads(boolean oneDnn) {
        Supplier<List<float[]>> work = () -> {
            Conv2d first = new Conv2d(3, 32, 3, 2, 1, Rng.seed(1), oneDnn && Blas.isOneDnn());
            Conv2d second = new Conv2d(32, 40, 3, 1, 1, Rng.seed(2), oneDnn && Blas.isOneDnn());
            BatchNorm2d norm = new BatchNorm2d(32);
            Tensor x = Rng.seed(3).normal(37, 3, 20, 20).tracked();
            Tensor z = second.apply(new MaxPool2d(2).apply(norm.apply(first.apply(x)).relu())),
                    y = new AdaptiveAvgPool2d(3, 2).apply(z);
            Close.weighted(y).backward();
            List<float[]> all = new ArrayList<>(
                    List.of(y.data(), x.gradientData(), norm.runningMean().data(), norm.runningVariance().data()));
            for (Module m : List.of(first, norm, second)) m.parameters().forEach(p -> all.add(p.gradientData()));
            return all;
        };
        List<float[]> one = Parallel.withThreads(1, work);
        for (int threads : new int[] {2, 3, 4, 8}) {
            List<float[]> more = Parallel.withThreads(threads, work);
            for (int i = 0; i < one.size(); i++)
                assertArrayEquals(one.get(i), more.get(i), "array " + i + " with " + threads + " threads");
        }
    }

    /** The native copies of the weights follow them; gradients of two uses add up; sizes change from call to call. */
    @Test void withReluInOneOperationIsTheSame() {
        Conv2d conv = new Conv2d(2, 3, 3, 2, 1, Rng.seed(4));
        Tensor x = Rng.seed(5).normal(3, 2, 5, 6).tracked(), weights = Rng.seed(6).normal(3, 3, 3, 3);
        Tensor two = conv.apply(x).relu();
        two.mul(weights).sum().backward();
        float[] dx = x.gradientData().clone(), dw = conv.w().gradientData().clone(),
                db = conv.b().gradientData().clone();
        x.zeroGradient();
        conv.zeroGradients();
        Tensor one = conv.applyRelu(x);
        one.mul(weights).sum().backward();
        assertArrayEquals(two.data(), one.data());
        assertArrayEquals(dx, x.gradientData());
        assertArrayEquals(dw, conv.w().gradientData());
        assertArrayEquals(db, conv.b().gradientData());
    }

    @Test void weightsThatChangeAreSeen() {
        Conv2d conv = new Conv2d(2, 3, 3, Rng.seed(1));
        for (int side : new int[] {6, 9, 6, 7, 8, 5, 6}) {
            Tensor x = Rng.seed(side).normal(3, 2, side, side), before = conv.apply(x);
            conv.w().update(w -> {
                for (int i = 0; i < w.length; i++) w[i] *= 2;
            });
            conv.b().update(b -> {
                for (int i = 0; i < b.length; i++) b[i] *= 2;
            });
            Close.assertClose("side " + side, before.mul(2), conv.apply(x), 1e-6);
        }
        Tensor x = Rng.seed(9).normal(2, 2, 5, 5);
        conv.zeroGradients();
        Close.weighted(conv.apply(x)).backward();
        Tensor once = conv.w().gradient();
        conv.zeroGradients();
        Close.weighted(conv.apply(x)).add(Close.weighted(conv.apply(x))).backward();
        Close.assertClose("two uses", once.mul(2), conv.w().gradient(), 1e-6);
    }

    /** Primitives and their memory are kept for a few sizes of pictures only. */
    @Test void manySizesLeaveNoNativeMemoryBehind() {
        Assumptions.assumeTrue(Blas.isOneDnn());
        Conv2d conv = new Conv2d(2, 3, 3, 1, 1, Rng.seed(1));
        long count = 0, bytes = 0;
        for (int size = 0; size < 300; size++) {
            if (size == 20) {
                count = Pointer.totalCount();
                bytes = Pointer.totalBytes();
            }
            Tensor x = Tensor.ones(5, 2, 4 + size / 20, 4 + size % 20).tracked();
            conv.apply(x).sum().backward();
        }
        long more = Pointer.totalCount() - count, larger = Pointer.totalBytes() - bytes;
        assertTrue(more < 2_000 && larger < 2_000_000,
                more + " native objects and " + larger + " bytes more after 280 more sizes");
    }

    @Test void anEmptyBatchGivesAnEmptyBatch() {
        Conv2d conv = new Conv2d(2, 3, 3, Rng.seed(1));
        Tensor y = conv.apply(Tensor.zeros(0, 2, 5, 5));
        assertArrayEquals(new int[] {0, 3, 3, 3}, y.shape());
        y.sum().backward();
        assertArrayEquals(new float[3 * 2 * 9], conv.w().gradientData());
    }

    @Test void withoutARecordThereIsNoGraph() {
        Conv2d conv = new Conv2d(2, 3, 3, Rng.seed(1));
        Tensor x = Rng.seed(1).normal(1, 2, 5, 5);
        assertTrue(conv.apply(x).requiresGradient());
        Tape.noGrad(() -> assertTrue(!conv.apply(x).requiresGradient()));
    }

    @Test void startsWithinOneOverTheRootOfItsPatch() {
        for (Parameter p : new Conv2d(4, 300, 5, Rng.seed(1)).parameters()) {
            double largest = 0;
            for (float v : p.data()) largest = Math.max(largest, Math.abs(v));
            assertTrue(largest <= .1 && largest > .095, p.name() + ": " + largest);
        }
    }

    @Test void errorsNameTheLayerAndBothShapes() {
        Conv2d conv = new Conv2d(3, 32, 3, 2, 1, Rng.seed(1));
        assertEquals("Conv2d(in=3, out=32, kernel=3, stride=2, padding=1)", conv.toString());
        assertSays(() -> conv.apply(Tensor.zeros(2, 4, 8, 8)), conv.toString(), "[B, 3, H, W]", "[2, 4, 8, 8]");
        assertSays(() -> conv.apply(Tensor.zeros(3, 8, 8)), conv.toString(), "[B, 3, H, W]", "[3, 8, 8]");
        assertSays(() -> new Conv2d(3, 2, 5, 1, 1, Rng.seed(1)).apply(Tensor.zeros(1, 3, 9, 2)), "kernel of 5 x 5",
                "11 x 4", "[1, 3, 9, 2]");
        assertSays(() -> new Conv2d(0, 2, 3, Rng.seed(1)), "in=0", "out=2");
        assertSays(() -> new Conv2d(1, 2, 0, Rng.seed(1)), "Conv2d: ", "kernel=0");
        assertSays(() -> new Conv2d(1, 2, 3, 0, 0, Rng.seed(1)), "stride=0");
        assertSays(() -> new Conv2d(1, 2, 3, 1, -1, Rng.seed(1)), "padding=-1");
    }
}
