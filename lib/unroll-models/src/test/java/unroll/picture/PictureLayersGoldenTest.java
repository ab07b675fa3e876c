package unroll.picture;

import static unroll.Goldens.assertGoldenShape;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.tensor.Blas;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Layers over pictures give PyTorch's outputs and gradients. */
class PictureLayersGoldenTest {
    @TestFactory Stream<DynamicTest> convolution() { return convolution(Blas.isOneDnn()); }

    @TestFactory Stream<DynamicTest> convolutionByProducts() { return convolution(false); }

    private static Stream<DynamicTest> convolution(boolean oneDnn) {
        return Goldens.pictureTests("conv2d", c -> {
            int[] w = c.array("w").shape();
            Conv2d conv = new Conv2d(w[1], w[0], c.integer("kernel"), c.integer("stride"), c.integer("padding"),
                    Rng.seed(1), oneDnn);
            compare(c, conv::apply, Map.of("w", conv.w(), "b", conv.b()));
        });
    }

    @TestFactory Stream<DynamicTest> sharedCase() {
        return Goldens.tests("conv2d-stride2-pad1", c -> c.name().equals("conv2d-stride2-pad1"), c -> {
            int[] w = c.array("inputs.1").shape();
            Conv2d conv = new Conv2d(w[1], w[0], w[2], 2, 1, Rng.seed(1));
            conv.w().set(c.tensor("inputs.1"));
            conv.b().set(c.tensor("inputs.2"));
            Tensor x = c.tensor("inputs.0").tracked(), y = conv.apply(x);
            y.backward(c.tensor("cotangent"));
            assertGoldenShape("output", c.array("output"), y);
            assertGoldenShape("gradient of x", c.array("grads.0"), x.gradient());
            assertGoldenShape("gradient of w", c.array("grads.1"), conv.w().gradient());
            assertGoldenShape("gradient of b", c.array("grads.2"), conv.b().gradient());
        });
    }

    @TestFactory Stream<DynamicTest> maxPool() {
        return Goldens.pictureTests("max-pool",
                c -> compare(c, new MaxPool2d(c.integer("kernel"), c.integer("stride"), c.integer("padding"))::apply,
                        Map.of()));
    }

    @TestFactory Stream<DynamicTest> sharedMaxPool() {
        return Goldens.tests("max-pool2d-2", c -> c.name().equals("max-pool2d-2"), c -> {
            Tensor x = c.tensor("inputs.0").tracked(), y = new MaxPool2d(2).apply(x);
            y.backward(c.tensor("cotangent"));
            assertGoldenShape("output", c.array("output"), y);
            assertGoldenShape("gradient of x", c.array("grads.0"), x.gradient());
        });
    }

    @TestFactory Stream<DynamicTest> adaptivePool() {
        return Goldens.pictureTests("adaptive-avg-pool",
                c -> compare(c, new AdaptiveAvgPool2d(c.integer("height"), c.integer("width"))::apply, Map.of()));
    }

    @TestFactory Stream<DynamicTest> batchNorm() {
        return Goldens.pictureTests("batch-norm", c -> {
            BatchNorm2d norm = new BatchNorm2d(3);
            norm.restoreBuffers(Map.of("running_mean", c.tensor("mean"), "running_variance", c.tensor("variance")));
            if (c.name().endsWith("eval")) norm.eval();
            compare(c, norm::apply, Map.of("gain", norm.gain(), "bias", norm.bias()));
            assertGoldenShape("mean", c.array("mean_after"), norm.runningMean());
            assertGoldenShape("variance", c.array("variance_after"), norm.runningVariance());
        });
    }

    /** The output and all gradients, with the parameters of the case. */
    private static void compare(Case c, UnaryOperator<Tensor> layer, Map<String, Parameter> parameters) {
        parameters.forEach((name, p) -> p.set(c.tensor(name)));
        Tensor x = c.tensor("x").tracked(), y = layer.apply(x);
        y.backward(c.tensor("cotangent"));
        assertGoldenShape("output", c.array("output"), y);
        assertGoldenShape("gradient of x", c.array("dx"), x.gradient());
        parameters.forEach((name, p) -> assertGoldenShape("gradient of " + name, c.array("d" + name), p.gradient()));
    }
}
