package unroll.nn;

import static unroll.Goldens.assertGolden;
import static unroll.Goldens.assertGoldenShape;

import java.util.function.BiFunction;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Array;
import unroll.Goldens.Case;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Layers, losses and softmax give PyTorch's outputs and gradients. */
class LayerGoldenTest {
    @TestFactory Stream<DynamicTest> linear() {
        return Goldens.tests("linear", c -> c.name().startsWith("linear") && c.has("inputs.2"), c -> {
            Array w = c.array("inputs.1");
            Linear linear = new Linear(w.shape()[1], w.shape()[0], Rng.seed(1));
            linear.w().set(w.transposed().tensor());
            linear.b().set(c.tensor("inputs.2"));
            compareInput(c, (x, test) -> linear.apply(x));
            assertGoldenShape("gradient of w", c.array("grads.1").transposed(), linear.w().gradient());
            assertGoldenShape("gradient of b", c.array("grads.2"), linear.b().gradient());
        });
    }

    @TestFactory Stream<DynamicTest> meanCrossEntropy() { return crossEntropy("cross-entropy-mean"); }

    @TestFactory Stream<DynamicTest> crossEntropyThatIgnores() {
        return crossEntropy("cross-entropy-ignore-index-minus-1");
    }

    private static Stream<DynamicTest> crossEntropy(String name) {
        return Goldens.tests(name, c -> c.name().startsWith(name),
                golden -> compareInput(golden, (x, c) -> Losses.crossEntropy(x, c.array("inputs.1").integers())));
    }

    @TestFactory Stream<DynamicTest> softmax() {
        return Goldens.tests("softmax", c -> c.name().startsWith("softmax"),
                golden -> compareInput(golden, (x, c) -> x.softmax()));
    }

    @TestFactory Stream<DynamicTest> logSoftmax() {
        return Goldens.tests("log-softmax", c -> c.name().startsWith("log-softmax"),
                golden -> compareInput(golden, (x, c) -> x.logSoftmax()));
    }

    @TestFactory Stream<DynamicTest> embedding() {
        return Goldens.tests("embedding", c -> c.name().startsWith("embedding"), c -> {
            Array table = c.array("inputs.0");
            Embedding embedding = new Embedding(table.shape()[0], table.shape()[1], Rng.seed(1));
            embedding.w().set(table.tensor());
            Tensor y = embedding.apply(c.array("inputs.1").integers());
            y.backward(c.tensor("cotangent"));
            assertGoldenShape("output", c.array("output"), y);
            assertGoldenShape("gradient", c.array("grads.0"), embedding.w().gradient());
        });
    }

    @TestFactory Stream<DynamicTest> layerNorm() {
        return Goldens.tests("layer-norm", c -> c.name().startsWith("layer-norm"), c -> {
            LayerNorm norm = new LayerNorm(c.array("inputs.1").shape()[0]);
            Parameter gain = norm.namedParameters().get("gain"), bias = norm.namedParameters().get("bias");
            gain.set(c.tensor("inputs.1"));
            bias.set(c.tensor("inputs.2"));
            compareInput(c, (x, test) -> norm.apply(x));
            assertGoldenShape("gradient of gain", c.array("grads.1"), gain.gradient());
            assertGoldenShape("gradient of bias", c.array("grads.2"), bias.gradient());
        });
    }

    /** The output, and the gradient of the first input. */
    private static void compareInput(Case c, BiFunction<Tensor, Case, Tensor> layer) {
        Tensor x = c.tensor("inputs.0").tracked(), y = layer.apply(x, c);
        y.backward(c.tensor("cotangent"));
        assertGolden("output", c.array("output"), y);
        assertGoldenShape("gradient of x", c.array("grads.0"), x.gradient());
    }
}
