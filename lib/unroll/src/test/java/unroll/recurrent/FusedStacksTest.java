package unroll.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import unroll.nn.SequenceLayer;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;

/**
 * Whatever is built of layers with a backward pass of their own is the same function as its cells, unrolled: outputs,
 * last states, and the gradients of inputs, initial states and weights.
 */
class FusedStacksTest {
    private static final int T = 7, I = 3, H = 4;
    private static final int[] EQUAL = {7, 7, 7, 7, 7}, MIXED = {7, 2, 5, 1, 7};

    private static Map<String, RecurrentSpec<?>> kinds() {
        Map<String, RecurrentSpec<?>> kinds = new LinkedHashMap<>();
        kinds.put("RNN, tanh", Rnn.of(I, H).tanh());
        kinds.put("RNN, ReLU", Rnn.of(I, H).relu());
        kinds.put("RNN, logistic", Rnn.of(I, H).logistic());
        kinds.put("LSTM", Lstm.of(I, H));
        for (GruConvention convention : GruConvention.values())
            kinds.put("GRU, " + convention, Gru.of(I, H).convention(convention));
        return kinds;
    }

    @TestFactory Stream<DynamicTest> fusedEqualsUnrolled() {
        List<DynamicTest> all = new ArrayList<>();
        kinds().forEach((name, kind) -> {
            for (boolean learned : new boolean[] {false, true})
                for (int layers : new int[] {1, 3})
                    for (boolean both : new boolean[] {false, true})
                        for (int[] lengths : new int[][] {EQUAL, MIXED}) {
                            RecurrentSpec<?> deep = kind.layers(layers),
                                    start = learned ? deep.learnedInitialState() : deep;
                            RecurrentSpec<?> spec = both ? start.bidirectional() : start;
                            all.add(DynamicTest.dynamicTest(
                                    spec + (lengths == EQUAL ? ", equal" : ", mixed") + " lengths",
                                    () -> compare(spec, lengths)));
                        }
        });
        return all.stream();
    }

    private static void compare(RecurrentSpec<?> spec, int[] lengths) {
        SequenceLayer fused = spec.build(Rng.seed(3));
        for (Parameter p : fused.parameters()) if (p.name().startsWith("initial")) p.set(Rng.seed(4).normal(p.shape()));
        FusedLayersTest.close(FusedLayersTest.all(unrolled(fused), T, lengths.length, lengths),
                FusedLayersTest.all(fused, T, lengths.length, lengths),
                1e-5);
    }

    /** The same weights in the same places, run by {@link Unrolled}. */
    private static SequenceLayer unrolled(SequenceLayer layer) {
        if (layer instanceof Stacked s)
            return new Stacked(s.layers().stream().map(FusedStacksTest::unrolled).toList(), 0, Rng.seed(1));
        if (layer instanceof Bidirectional b)
            return new Bidirectional(unrolled(b.forward()), unrolled(b.backward()),
                    Bidirectional.Combination.CONCATENATED);
        return new Unrolled<>(((FusedLayer<?>) layer).cell());
    }
}
