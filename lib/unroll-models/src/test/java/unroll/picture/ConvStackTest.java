package unroll.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unroll.Close;
import unroll.nn.Module;
import unroll.tensor.Blas;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Layers over pictures in one operation give what they give one by one. */
class ConvStackTest {
    /** "8/3/2/1" is a convolution to 8 channels by a kernel of 3, stride 2 and padding 1; "max2/2/0" a pooling. */
    private static Module[] layers(int in, String text, boolean oneDnn) {
        Rng rng = Rng.seed(1);
        List<Module> layers = new ArrayList<>();
        int channels = in;
        for (String layer : text.split(" ")) {
            boolean pools = layer.startsWith("max");
            String[] part = layer.substring(pools ? 3 : 0).split("/");
            int[] n = new int[part.length];
            for (int i = 0; i < n.length; i++) n[i] = Integer.parseInt(part[i]);
            if (pools) layers.add(new MaxPool2d(n[0], n[1], n[2]));
            else {
                layers.add(new Conv2d(channels, n[0], n[1], n[2], n[3], rng.split(), oneDnn));
                channels = n[0];
            }
        }
        return layers.toArray(new Module[0]);
    }

    private static Tensor oneByOne(Module[] layers, Tensor x) {
        Tensor y = x;
        for (Module layer : layers)
            y = layer instanceof Conv2d conv ? conv.apply(y).relu() : ((MaxPool2d) layer).apply(y);
        return y;
    }

    /** The output and all gradients. */
    private static List<Tensor> run(Module[] layers, Function<Tensor, Tensor> work, Tensor values) {
        Tensor x = values.tracked(), y = work.apply(x);
        Close.weighted(y).backward();
        List<Tensor> all = new ArrayList<>(List.of(y.detach(), x.gradient()));
        for (Module layer : layers) layer.parameters().forEach(p -> all.add(p.gradient()));
        return all;
    }

    /** Also batches that are no multiple of a group, odd sizes, several poolings in a row, before and after all. */
    @ParameterizedTest
    @CsvSource({"3,3,9,8,8/3/1/1", "5,3,16,16,8/3/1/1 max2/2/0 16/3/1/1 max2/2/0", "2,3,17,13,32/3/2/1 33/3/2/1",
            "1,1,12,12,4/5/1/2 max3/2/1 5/1/1/0 6/3/1/0", "9,2,11,10,max2/2/0 7/3/1/1 max2/1/0 max3/3/1",
            "4,16,20,20,16/3/1/1 16/3/1/1 max2/2/0 max2/2/0 20/3/1/1",
            "37,3,64,64,32/3/1/1 max2/2/0 64/3/1/1 max2/2/0 64/3/1/1 max2/2/0"}) void isTheSameAsItsLayersOneByOne(
                    int images, int in, int height, int width, String text) {
        Tensor x = Rng.seed(2).normal(images, in, height, width);
        Module[] layers = layers(in, text, Blas.isOneDnn()), twins = layers(in, text, Blas.isOneDnn()),
                plain = layers(in, text, false);
        List<Tensor> fused = run(layers, new ConvStack(layers)::apply, x),
                single = run(twins, v -> oneByOne(twins, v), x), products = run(plain, v -> oneByOne(plain, v), x);
        for (int i = 0; i < fused.size(); i++) {
            Close.assertClose("layers one by one, result " + i, single.get(i), fused.get(i), 2e-6);
            // among very many numbers some are so near that rounding decides which is the largest
            if (i == 0 || x.size() < 20_000)
                Close.assertClose("products, result " + i, products.get(i), fused.get(i), 1e-5);
        }
    }

    /** Where several numbers of a window are the largest, the gradient goes to the first, and none where ReLU is 0. */
    @Test void tiesGoToTheFirst() {
        Module[] layers = layers(1, "2/3/1/1 max2/2/0 3/3/1/1 max2/2/0", Blas.isOneDnn());
        for (Module layer : layers) for (Parameter p : layer.parameters()) {
            float[] v = p.data();
            for (int i = 0; i < v.length; i++) v[i] = i * 7 % 5 - 2;
            p.set(Tensor.of(v, p.shape()));
        }
        float[] v = new float[2 * 16 * 16];
        for (int i = 0; i < v.length; i++) v[i] = i * 37 % 101 % 3 - 1;
        Tensor x = Tensor.of(v, 2, 1, 16, 16);
        List<Tensor> fused = run(layers, new ConvStack(layers)::apply, x);
        for (Module layer : layers) layer.zeroGradients();
        List<Tensor> single = run(layers, t -> oneByOne(layers, t), x);
        for (int i = 0; i < fused.size(); i++)
            Close.assertClose("result " + i, single.get(i), fused.get(i), 1e-6);
    }

    /** Its weights get the gradients of both places. */
    @Test void aLayerMayBeThereTwice() {
        Conv2d twice = new Conv2d(4, 4, 3, 1, 1, Rng.seed(7));
        Module[] layers = {twice, new MaxPool2d(2), twice};
        Tensor x = Rng.seed(8).normal(5, 4, 8, 8);
        List<Tensor> fused = run(layers, new ConvStack(layers)::apply, x);
        twice.zeroGradients();
        List<Tensor> single = run(layers, v -> oneByOne(layers, v), x);
        for (int i = 0; i < fused.size(); i++)
            Close.assertClose("result " + i, single.get(i), fused.get(i), 2e-6);
    }

    /** With numbers that are not near where ReLU bends or where two numbers of a window are equal. */
    @Test void gradients() {
        Rng rng = Rng.seed(24);
        Conv2d first = new Conv2d(2, 3, 3, 1, 1, rng.split()), second = new Conv2d(3, 4, 3, 1, 1, rng.split());
        ConvStack stack = new ConvStack(first, new MaxPool2d(2), second);
        Parameter x = new Parameter("x", Rng.seed(124).normal(2, 2, 4, 4));
        Close.assertGradient(() -> stack.apply(x), x, first.w(), first.b(), second.w(), second.b());
    }

    @Test void bitsDoNotDependOnTheNumberOfThreads() {
        Supplier<List<Tensor>> work = () -> {
            Module[] layers = layers(3, "32/3/1/1 max2/2/0 40/3/1/1 max2/2/0 24/3/2/1", Blas.isOneDnn());
            return run(layers, new ConvStack(layers)::apply, Rng.seed(3).normal(37, 3, 40, 36));
        };
        List<Tensor> one = Parallel.withThreads(1, work);
        for (int threads : new int[] {2, 3, 4, 8}) {
            List<Tensor> more = Parallel.withThreads(threads, work);
            for (int i = 0; i < one.size(); i++)
                assertArrayEquals(one.get(i).data(), more.get(i).data(), "array " + i + " with " + threads);
        }
    }

    /** Kernels for ReLU and the maximum would make numbers of them. */
    @Test void notANumberIsNotHidden() {
        Module[] layers = layers(1, "2/3/1/1 max2/2/0 3/3/1/1 max2/2/0", Blas.isOneDnn());
        ConvStack stack = new ConvStack(layers);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3e38f}) {
            float[] v = new float[2 * 64];
            v[70] = bad;
            Tensor x = Tensor.of(v, 2, 1, 8, 8), y = stack.apply(x);
            assertArrayEquals(oneByOne(layers, x).data(), y.data(), "with " + bad);
        }
        layers[2].parameters().get(0).update(w -> w[5] = Float.NaN);
        Tensor x = Tensor.ones(2, 1, 8, 8), y = stack.apply(x);
        assertTrue(Float.isNaN(y.sum().item()), "a weight");
        layers[2].parameters().get(0).update(w -> w[5] = 0);
        assertTrue(!Float.isNaN(stack.apply(x).sum().item()), "it is gone");
    }

    /** Memory goes from one step to the next, but nothing that anybody can still see is written again. */
    @Test void whatWasGivenIsNotWrittenAgain() {
        Module[] layers = layers(3, "8/3/1/1 max2/2/0 8/3/1/1", Blas.isOneDnn());
        ConvStack stack = new ConvStack(layers);
        List<Tensor> kept = new ArrayList<>();
        List<float[]> copies = new ArrayList<>();
        Tensor x = Rng.seed(4).normal(7, 3, 12, 12), open = stack.apply(x);
        for (int step = 0; step < 6; step++) {
            Tensor images = Rng.seed(step).normal(5 + step % 3, 3, 12, 12).tracked(), y = stack.apply(images);
            if (step != 3) y.sum().backward();                             // one graph is dropped
            Tensor slope = step == 3 ? y.detach() : images.gradient();
            for (Tensor t : List.of(y, slope)) {
                kept.add(t);
                copies.add(t.data().clone());
            }
            Tape.noGrad(() -> stack.apply(images));
        }
        for (int i = 0; i < kept.size(); i++) assertArrayEquals(copies.get(i), kept.get(i).data(), "array " + i);
        // and a graph that waited goes back through its own numbers
        stack.zeroGradients();
        open.sum().backward();
        List<Tensor> late = stack.parameters().stream().map(Parameter::gradient).toList();
        stack.zeroGradients();
        stack.apply(x).sum().backward();
        for (int i = 0; i < late.size(); i++)
            assertArrayEquals(stack.parameters().get(i).gradientData(), late.get(i).data(), "gradient " + i);
    }

    @Test void weightsThatChangeAreSeen() {
        Module[] layers = layers(2, "4/3/1/1 max2/2/0 5/3/1/1", Blas.isOneDnn());
        ConvStack stack = new ConvStack(layers);
        for (int side : new int[] {8, 9, 8, 12, 16, 10, 8}) {
            for (Parameter p : stack.parameters()) p.update(v -> {
                for (int i = 0; i < v.length; i++) v[i] *= -1.1f;
            });
            Tensor x = Rng.seed(side).normal(3, 2, side, side);
            Close.assertClose("side " + side, oneByOne(layers, x), stack.apply(x), 2e-6);
        }
    }

    /** Layers that nobody holds any more give their native memory back, once the garbage collector has seen that. */
    @Test void layersThatAreDroppedLeaveNoNativeMemoryBehind() throws InterruptedException {
        Assumptions.assumeTrue(Blas.isOneDnn());
        long bytes = 0, count = 0;
        for (int i = 0; i < 5_000; i++) {
            if (i == 1_000) {
                settle();
                bytes = Pointer.totalBytes();
                count = Pointer.totalCount();
            }
            Conv2d first = new Conv2d(2, 3, 3, 1, 1, Rng.seed(i));
            ConvStack stack = new ConvStack(first, new MaxPool2d(2), new Conv2d(3, 4, 3, Rng.seed(i)));
            Tensor x = Tensor.ones(3, 2, 12, 12), y = stack.apply(x);
            if (i % 2 == 0) y.sum().backward();
            if (i % 500 == 499) System.gc();
        }
        settle();
        long more = Pointer.totalCount() - count, larger = Pointer.totalBytes() - bytes;
        assertTrue(more < 2_000 && larger < 2_000_000,
                more + " native objects and " + larger + " bytes more after 4,000 more layers");
    }

    /** Until the number of native objects falls no more. */
    private static void settle() throws InterruptedException {
        for (long before = Long.MAX_VALUE; Pointer.totalCount() < before;) {
            before = Pointer.totalCount();
            System.gc();
            Thread.sleep(200);
        }
    }

    @Test void anEmptyBatchGivesAnEmptyBatch() {
        ConvStack stack = new ConvStack(layers(2, "3/3/1/1 max2/2/0", Blas.isOneDnn()));
        Tensor y = stack.apply(Tensor.zeros(0, 2, 6, 6));
        assertArrayEquals(new int[] {0, 3, 3, 3}, y.shape());
        y.sum().backward();
        for (Parameter p : stack.parameters()) assertNotNull(p.gradientData());
    }

    @Test void errorsNameTheLayerAndBothShapes() {
        ConvStack stack = new ConvStack(layers(3, "4/3/1/0 max2/2/0 5/3/1/0", Blas.isOneDnn()));
        assertSays(() -> stack.apply(Tensor.zeros(1, 2, 9, 9)), "[B, 3, H, W]", "[1, 2, 9, 9]");
        assertSays(() -> stack.apply(Tensor.zeros(1, 3, 9)), "[B, 3, H, W]", "[1, 3, 9]");
        assertSays(() -> stack.apply(Tensor.zeros(1, 3, 4, 9)), "kernel of 3 x 3", "1 x 3");
        assertSays(() -> new ConvStack(), "at least one");
        assertSays(() -> new ConvStack(new BatchNorm2d(3)), "Conv2d and MaxPool2d", "BatchNorm2d");
        assertSays(() -> new ConvStack(new Conv2d(1, 2, 1, Rng.seed(1)), new Conv2d(3, 2, 1, Rng.seed(1))), "layer 1",
                "2 channels");
        assertEquals(List.of("layer0.w", "layer0.b", "layer2.w", "layer2.b"),
                List.copyOf(stack.namedParameters().keySet()));
    }
}
