package unroll.train;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.Rnn;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Runs a layer 5,000 times forward and back in a process of its own, each time another number of steps and other
 * lengths; prints its memory.
 */
final class LayerMemoryProcess {
    private static final int B = 6, I = 8, H = 24;

    private LayerMemoryProcess() {
    }

    /** @param arguments LSTM, GRU or RNN */
    public static void main(String[] arguments) {
        SequenceLayer layer = (switch (arguments[0]) {
            case "LSTM" -> Lstm.of(I, H);
            case "GRU" -> Gru.of(I, H);
            default -> Rnn.of(I, H);
        }).build(Rng.seed(1));
        Rng rng = Rng.seed(2);
        for (int step = 1; step <= 5000; step++) {
            int T = 1 + rng.nextInt(40);
            int[] lengths = new int[B];
            for (int b = 0; b < B; b++) lengths[b] = 1 + rng.nextInt(T);
            layer.zeroGradients();
            SequenceLayer.Output out = layer.apply(rng.normal(T, B, I).tracked(), Lengths.of(lengths));
            Tensor loss = out.states().square().sum();
            for (Tensor t : out.last().tensors()) loss = loss.add(t.sum());
            loss.backward();
            if (step == 1500 || step == 3250 || step == 5000) MemoryProcess.print(step);
        }
    }
}
