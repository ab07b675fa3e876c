package unroll.model;

import java.util.List;

import unroll.nn.Diverged;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.VectorBatch;

/**
 * Reads a sequence of vectors and gives numbers at its end: y = h_T V + b, from the last state of any sequence layer.
 *
 * <pre>{@code
 * var model = new SequenceRegressor(Lstm.of(2, 32).forgetBias(1), 1, Rng.seed(42));
 * Tensor loss = model.loss(task.batch(50, rng));                   // mean squared error
 * model.predict(x);                                                // x: [T, B, 2] → [B, 1]
 * }</pre>
 */
public final class SequenceRegressor extends Module {
    private final SequenceLayer recurrent;
    private final Linear output;
    private final String description;

    public SequenceRegressor(SequenceLayer.Spec layer, int outputs, Rng rng) {
        recurrent = child("recurrent", layer.build(rng.split()));
        output = child("output", new Linear(recurrent.outputSize(), outputs, rng.split()));
        description = "SequenceRegressor(" + layer + ", outputs=" + outputs + ")";
    }

    /** The numbers after the last step of {@code x [T, B, I]}: {@code [B, outputs]}. */
    public Tensor predict(Tensor x) {
        Tensor y = output.apply(recurrent.apply(x).last().h());
        return training() ? y : Diverged.check(this, y);                    // in training the trainer looks at the loss
    }

    /** The mean squared error of a batch. */
    public Tensor loss(VectorBatch batch) {
        return Losses.meanSquaredError(predict(batch.inputs()), batch.targets());
    }

    /** In evaluation mode, unrecorded. */
    public double evaluate(VectorBatch batch) { return evaluate(List.of(batch)); }

    /** The same over all sequences of several batches; memory is taken for one batch. */
    public double evaluate(Iterable<VectorBatch> batches) {
        return quietly(() -> {
            double sum = 0;
            long sequences = 0;
            for (VectorBatch batch : batches) {
                sum += (double) loss(batch).item() * batch.batchSize();
                sequences += batch.batchSize();
            }
            Message.require(sequences != 0, this + ": there are no batches to evaluate");
            return sum / sequences;
        });
    }

    public SequenceLayer recurrent() { return recurrent; }

    public Linear output() { return output; }

    @Override public String toString() { return description; }
}
