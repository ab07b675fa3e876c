package unroll.model;

import java.util.List;
import java.util.function.Supplier;

import unroll.data.LabelledBatch;
import unroll.data.SequenceBatch;
import unroll.metrics.Accuracy;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Reads a sequence of vectors and chooses one class for it, p = softmax(h_T V + b), from the last state of any sequence layer; or, where a batch has a
 * label for each step, one class a step from each state.
 *
 * <pre>{@code
 * var model = new SequenceClassifier(Gru.of(28, 64), 10, Rng.seed(42));
 * Tensor loss = model.loss(batch);                                 // mean cross-entropy, nats a label
 * model.accuracy(held).rate();
 * }</pre>
 *
 * In a batch of sequences of different lengths the last state is that at the end of each.
 */
public final class SequenceClassifier extends Module {
    private final SequenceLayer recurrent;
    private final Linear output;
    private final String description;

    public SequenceClassifier(SequenceLayer.Spec layer, int classes, Rng rng) {
        if (classes < 2) throw new IllegalArgumentException("SequenceClassifier: expected at least 2 classes but got " + classes);
        recurrent = child("recurrent", layer.build(rng.split()));
        output = child("output", new Linear(recurrent.outputSize(), classes, rng.split()));
        description = "SequenceClassifier(" + layer + ", classes=" + classes + ")";
    }

    /** What goes into the softmax: {@code [B, classes]}, or {@code [T, B, classes]} where each step has a label. */
    public Tensor logits(LabelledBatch batch) {
        SequenceLayer.Output out = recurrent.apply(batch.inputs(), batch.lengths());
        return output.apply(batch.everyStep() ? out.states() : out.last().h());
    }

    /** The mean cross-entropy of a batch, in nats a label. */
    public Tensor loss(LabelledBatch batch) {
        return Losses.crossEntropy(logits(batch), batch.labels());
    }

    /** How many labels have the largest probability; in evaluation mode, without recording. */
    public Accuracy accuracy(LabelledBatch batch) {
        return accuracy(List.of(batch));
    }

    /** The same over several batches; memory is taken for one batch. */
    public Accuracy accuracy(Iterable<LabelledBatch> batches) {
        return quietly(() -> {
            Accuracy sum = Accuracy.none();
            for (LabelledBatch batch : batches)
                sum = sum.add(Accuracy.of(logits(batch).argmax(-1).data(), batch.labels().data(), SequenceBatch.IGNORE));
            return sum;
        });
    }

    /** The loss in evaluation mode, without recording. */
    public double evaluate(LabelledBatch batch) {
        return quietly(() -> (double) loss(batch).item());
    }

    private <R> R quietly(Supplier<R> work) {
        boolean wasTraining = training();
        eval();
        try {
            return Tape.noGrad(work);
        } finally {
            if (wasTraining) train();
        }
    }

    public SequenceLayer recurrent() { return recurrent; }

    public Linear output() { return output; }

    @Override public String toString() { return description; }
}
