package unroll.model;

import java.util.List;
import java.util.Objects;

import unroll.metrics.Accuracy;
import unroll.nn.AttentionPooling;
import unroll.nn.Diverged;
import unroll.nn.Dropout;
import unroll.nn.Lengths;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.OverTime;
import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.LabelledBatch;

/**
 * Reads a sequence of vectors and chooses one class for it, p = softmax(h V + b), where h is the last state of any
 * sequence layer, or the mean, the maximum or a learned mean of its states ({@link Pooling}); or, where a batch has a
 * label for each step, one class a step from each state.
 *
 * <pre>{@code
 * var model = new SequenceClassifier(Gru.of(28, 64), 10, Rng.seed(42));
 * Tensor loss = model.loss(batch);                                 // mean cross-entropy, nats a label
 * model.accuracy(held).rate();
 *
 * var pooled = new SequenceClassifier(Lstm.of(28, 64).bidirectional(), Pooling.MAX, 0.5, 10, Rng.seed(42));
 * }</pre>
 *
 * {@link TextClassifier} reads words. In a batch of sequences of different lengths the last state is that at the end of
 * each.
 */
public final class SequenceClassifier extends Module {
    private final SequenceLayer recurrent;
    private final Linear output;
    private final Pooling pooling;
    private final AttentionPooling attention;                              // null where the pooling is another one
    private final Dropout dropout;                                         // null where there is none
    private final String description;

    /** Decides by the last state. */
    public SequenceClassifier(SequenceLayer.Spec layer, int classes, Rng rng) {
        this(layer, Pooling.LAST, 0, classes, rng);
    }

    /** @param dropout the probability of dropout before the output */
    public SequenceClassifier(SequenceLayer.Spec layer, Pooling pooling, double dropout, int classes, Rng rng) {
        if (classes < 2)
            throw new IllegalArgumentException("SequenceClassifier: expected at least 2 classes but got " + classes);
        this.pooling = Objects.requireNonNull(pooling, "pooling");
        recurrent = child("recurrent", layer.build(rng.split()));
        int H = recurrent.outputSize();
        output = child("output", new Linear(H, classes, rng.split()));
        attention = pooling == Pooling.ATTENTION ? child("attention", new AttentionPooling(H, H, rng.split())) : null;
        this.dropout = dropout == 0 ? null : child("dropout", new Dropout(dropout, rng.split()));
        description = "SequenceClassifier(" + layer + (pooling == Pooling.LAST ? "" : ", pooling=" + pooling)
                + (dropout == 0 ? "" : ", dropout=" + dropout) + ", classes=" + classes + ")";
    }

    /** What goes into the softmax: {@code [B, classes]}, or {@code [T, B, classes]} where each step has a label. */
    public Tensor logits(LabelledBatch batch) {
        if (!batch.everyStep()) return logits(batch.inputs(), batch.lengths());
        return decide(recurrent.apply(batch.inputs(), batch.lengths()).states());
    }

    /** The logits {@code [B, classes]} of sequences {@code x [T, B, I]}. */
    Tensor logits(Tensor x, Lengths lengths) {
        SequenceLayer.Output out = recurrent.apply(x, lengths);
        return decide(switch (pooling) {
            case LAST -> out.last().h();
            case MEAN -> OverTime.mean(out.states(), lengths);
            case MAX -> OverTime.max(out.states(), lengths);
            case ATTENTION -> attention.apply(out.states(), lengths);
        });
    }

    private Tensor decide(Tensor features) {
        return output.apply(dropout == null ? features : dropout.apply(features));
    }

    /** How much each step of {@code x [T, B, I]} counts, {@code [T, B]}. */
    Tensor attention(Tensor x, Lengths lengths) {
        if (attention == null)
            throw new IllegalStateException(Message.of(this + ": has no attention to look at, since its pooling is "
                    + pooling + "; choose Pooling.ATTENTION"));
        return attention.weights(recurrent.apply(x, lengths).states(), lengths);
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
        return quietly(() -> Accuracy.over(batches, batch -> Accuracy
                .of(Diverged.check(this, logits(batch)).argmax(-1).data(), batch.labels().data(), Losses.IGNORE)));
    }

    /** The loss in evaluation mode, without recording. */
    public double evaluate(LabelledBatch batch) {
        return quietly(() -> (double) Diverged.check(this, loss(batch)).item());
    }

    public SequenceLayer recurrent() { return recurrent; }

    public Linear output() { return output; }

    public Pooling pooling() { return pooling; }

    @Override public String toString() { return description; }
}
