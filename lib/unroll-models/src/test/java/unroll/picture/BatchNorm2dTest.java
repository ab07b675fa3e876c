package unroll.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static unroll.Says.assertSays;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import unroll.Close;
import unroll.nn.Module;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Statistics of the batch in training, running ones in evaluation, and buffers that a module keeps. */
class BatchNorm2dTest {
    @Test void gradients() {
        BatchNorm2d norm = new BatchNorm2d(3);
        norm.parameters().forEach(p -> p.set(Rng.seed(3).normal(3)));
        Parameter x = new Parameter("x", Rng.seed(2).normal(2, 3, 2, 2));
        Close.assertGradient(() -> norm.apply(x), x, norm.gain(), norm.bias());
        norm.eval();
        Close.assertGradient(() -> norm.apply(x), x, norm.gain(), norm.bias());
    }

    @Test void eachChannelHasMeanZeroAndVarianceOneInTraining() {
        Tensor y = new BatchNorm2d(2).apply(Rng.seed(1).normal(5, 2, 8, 8).mul(7).add(100)).permute(1, 0, 2, 3)
                .reshape(2, 320);
        for (int c = 0; c < 2; c++) {
            assertEquals(0, y.mean(1).get(c), 1e-4);
            assertEquals(1, y.square().mean(1).get(c), 1e-3);
        }
    }

    @Test void runningStatisticsReachThoseOfTheData() {
        BatchNorm2d norm = new BatchNorm2d(1);
        Rng rng = Rng.seed(1);
        for (int i = 0; i < 100; i++) norm.apply(rng.normal(40, 1, 10, 10).mul(3).add(5));
        assertEquals(5, norm.runningMean().item(), .1);
        assertEquals(9, norm.runningVariance().item(), .3);
        Tensor before = norm.runningMean();
        norm.eval();
        Tensor x = Tensor.full(8, 1, 1, 1, 1);
        assertEquals(1, norm.apply(x).item(), .05);
        assertArrayEquals(before.data(), norm.runningMean().data(), "evaluation does not move them");
    }

    @Test void buffersAreThoseOfWhatContainsThem() {
        class Net extends Module {
            final BatchNorm2d norm = child("norm", new BatchNorm2d(2));
        }
        Net net = new Net(), other = new Net();
        net.norm.apply(Rng.seed(1).normal(3, 2, 4, 4));
        assertEquals(Set.of("norm.running_mean", "norm.running_variance"), net.namedBuffers().keySet());
        assertEquals(2, net.parameters().size(), "buffers are not learned");
        other.restoreBuffers(net.namedBuffers());
        assertArrayEquals(net.norm.runningVariance().data(), other.norm.runningVariance().data());
        Map<String, Tensor> one = Map.of("norm.running_mean", Tensor.zeros(2));
        assertSays(() -> other.restoreBuffers(one), "norm.running_variance", "running_mean");
        Map<String, Tensor> longer = Map.of("norm.running_mean", Tensor.zeros(3), "norm.running_variance",
                Tensor.zeros(3));
        assertSays(() -> other.restoreBuffers(longer), "running_mean", "[2]", "[3]");
    }

    @Test void errorsNameTheLayerAndTheShapes() {
        BatchNorm2d norm = new BatchNorm2d(2);
        assertSays(() -> norm.apply(Tensor.zeros(1, 3, 4, 4)), "BatchNorm2d(channels=2)", "[B, 2, H, W]",
                "[1, 3, 4, 4]");
        assertSays(() -> norm.apply(Tensor.zeros(1, 2, 1, 1)), "at least 2 numbers", "[1, 2, 1, 1]", "eval()");
        assertSays(() -> new BatchNorm2d(0), "got 0");
    }
}
