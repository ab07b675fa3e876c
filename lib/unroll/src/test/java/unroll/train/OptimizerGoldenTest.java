package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static unroll.Goldens.assertGolden;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Array;
import unroll.Goldens.Case;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * Every optimizer, and clipping, walks as PyTorch's does down f(w) = Σ a (w - b)² + Σ sin w. A case's name says its
 * settings.
 */
class OptimizerGoldenTest {
    private static final Pattern NAME = Pattern.compile("(sgd|adamw|adam|rmsprop)-.*");

    @TestFactory Stream<DynamicTest> walksAsPyTorchDoes() {
        return Goldens.tests("optimizers", c -> NAME.matcher(c.name()).matches() && c.has("trace"),
                OptimizerGoldenTest::walk);
    }

    private static void walk(Case c) {
        Tensor a = c.tensor("a"), b = c.tensor("b");
        Parameter w = new Parameter("w", c.tensor("start"));
        Optimizer optimizer = optimizer(c.name(), List.of(w));
        double clip = setting(c.name(), "clip-norm-", 0), clipValue = setting(c.name(), "clip-value-", 0);
        Array trace = c.array("trace"), norms = c.array("grad_norms_before_clipping");
        for (int step = 0; step < trace.shape()[0]; step++) {
            optimizer.zeroGrad();
            a.mul(w.sub(b).square()).sum().add(w.sin().sum()).backward();
            if (clip > 0)
                assertEquals(1, Clip.byGlobalNorm(List.of(w), clip) / norms.values()[step], 1e-5,
                        "norm before clipping, step " + step);
            if (clipValue > 0) Clip.byValue(List.of(w), clipValue);
            optimizer.step();
            assertGolden("weights after step " + (step + 1), trace.at(step), w);
        }
    }

    private static Optimizer optimizer(String name, List<Parameter> w) {
        Matcher kind = NAME.matcher(name);
        if (!kind.matches()) throw new IllegalArgumentException(name);
        double rate = setting(name, "lr", Double.NaN), decay = setting(name, "wd", 0),
                momentum = setting(name, "momentum", 0),
                nesterov = setting(name, "nesterov", 0);
        return switch (kind.group(1)) {
            case "adam" -> new Adam(w, rate);
            case "adamw" -> new Adam(w, rate).decoupledWeightDecay(decay);
            case "rmsprop" -> new RmsProp(w, rate);
            default -> {
                Sgd sgd = new Sgd(w, rate).weightDecay(decay);
                yield nesterov > 0 ? sgd.momentum(nesterov).nesterov() : sgd.momentum(momentum);
            }
        };
    }

    /** The number that follows {@code "-key"} in a case's name. */
    private static double setting(String name, String key, double otherwise) {
        Matcher m = Pattern.compile("-" + key + "([0-9.]+(?:e-?[0-9]+)?)").matcher(name);
        return m.find() ? Double.parseDouble(m.group(1)) : otherwise;
    }
}
