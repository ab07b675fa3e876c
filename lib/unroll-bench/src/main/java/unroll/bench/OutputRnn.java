package unroll.bench;

import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Rnn;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A plain recurrent network with an output at every step, whose cost in the lecture is O(Tmd + Tkm + Tm²): h_t = tanh(W
 * x_t + U h_{t-1} + b), logits V h_t + c, mean cross-entropy.
 */
final class OutputRnn {
    private final SequenceLayer rnn;
    private final Linear output;
    private final Tensor x;
    private final IntTensor targets;

    /** B sequences of T steps, d inputs, m hidden units, k outputs. */
    OutputRnn(int B, int T, int d, int m, int k) {
        rnn = Rnn.of(d, m).build(Rng.seed(1));
        output = new Linear(m, k, Rng.seed(2));
        x = Rng.seed(3).normal(T, B, d);
        Rng rng = Rng.seed(4);
        int[] classes = new int[T * B];
        for (int i = 0; i < classes.length; i++) classes[i] = rng.nextInt(k);
        targets = IntTensor.of(classes, T, B);
    }

    /** The forward pass; the result holds all that the backward pass needs. */
    Tensor loss() {
        return Losses.crossEntropy(output.apply(rnn.apply(x).states()), targets);
    }

    /** Forward and backward, with fresh gradients. */
    void step() {
        rnn.zeroGradients();
        output.zeroGradients();
        loss().backward();
    }
}
