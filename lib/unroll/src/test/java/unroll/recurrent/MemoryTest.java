package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.IntTensor;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** 2,000 training steps with a state that is carried over keep nothing: neither in the heap nor outside it. */
class MemoryTest {
    private static final long FEW = 3 << 20;

    @Test void unrolled() { stays(new Unrolled<>(new LstmCell(16, 32, Rng.seed(1)))); }

    @Test void wholeSequences() { stays(Lstm.of(16, 32).layers(2).dropout(.1).build(Rng.seed(1))); }

    private static void stays(SequenceLayer layer) {
        Linear output = new Linear(32, 20, Rng.seed(2));
        State state = layer.initialState(8);
        long heap = 0, outside = 0;
        for (int step = 1; step <= 2000; step++) {
            Rng rng = Rng.seed(step);
            int[] targets = new int[10 * 8];
            for (int i = 0; i < targets.length; i++) targets[i] = rng.nextInt(20);
            SequenceLayer.Output out = layer.apply(rng.normal(10, 8, 16), state);
            Losses.crossEntropy(output.apply(out.states()), IntTensor.of(targets, 10, 8)).backward();
            state = out.last().detach();
            for (Module module : new Module[] {layer, output}) module.parameters().forEach(MemoryTest::descend);
            if (step == 200) {
                heap = usedHeap();
                outside = Pointer.totalBytes();
            }
        }
        long moreHeap = usedHeap() - heap, moreOutside = Pointer.totalBytes() - outside;
        assertTrue(moreHeap < FEW, "the heap grew by " + moreHeap + " bytes");
        assertTrue(moreOutside < FEW, "memory outside the heap grew by " + moreOutside + " bytes");
    }

    private static void descend(Parameter p) {
        float[] gradient = p.gradientData();
        p.update(v -> {
            for (int i = 0; i < v.length; i++) v[i] -= .01f * gradient[i];
        });
        p.zeroGradient();
    }

    /** The least of some collections: what is still reachable. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    /** A graph is freed while backward walks it, even if its result is kept. */
    @Test void keptLossesHoldNoGraph() {
        Parameter w = new Parameter("w", Rng.seed(1).normal(100, 100));
        long before = usedHeap();
        Tensor[] losses = new Tensor[200];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = Tensor.ones(500, 100).matmul(w).tanh().square().sum();      // 600 kB of values
            losses[i].backward();
        }
        long more = usedHeap() - before;
        assertTrue(more < FEW, "200 losses hold " + more + " bytes");
        assertTrue(losses[199].isFinite());
    }
}
