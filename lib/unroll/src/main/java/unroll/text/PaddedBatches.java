package unroll.text;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

import unroll.nn.Configuration;
import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.text.DatasetException.Reason;

/**
 * Sequences of different length, padded to the longest of their batch.
 *
 * <pre>{@code
 * var batches = Batches.padded(sentences, 32, Rng.seed(1));  // next symbols: inputs s[0 .. n-2], targets s[1 .. n-1]
 * var tagged = PaddedBatches.of(words, tags, 32).shuffled(Rng.seed(1));  // one target a symbol
 * }</pre>
 *
 * Padding has input 0 and target {@link SequenceBatch#IGNORE}. Every sequence occurs once an epoch, the last batch may
 * be smaller. Without {@link #shuffled} or {@link #byLength} the order is that of the list; with them, that of epoch e
 * is drawn from {@code rng.split(e)}, so it depends on e alone.
 */
public final class PaddedBatches extends Configuration<PaddedBatches> implements Batches<SequenceBatch> {
    private final List<int[]> inputs;
    private final List<int[]> targets;
    private final int batchSize;
    private String order = "in order";
    private Batches<SequenceBatch> batches;

    private PaddedBatches(List<int[]> inputs, List<int[]> targets, int batchSize) {
        this.inputs = inputs;
        this.targets = targets;
        this.batchSize = batchSize;
        int n = inputs.size();
        batches = NumberedBatches.ordered(n, batchSize, epoch -> IntStream.range(0, n).toArray(), this::batch);
    }

    /** Each symbol's target is the next one of its sequence; sequences have at least two symbols. */
    public static PaddedBatches nextSymbols(List<int[]> sequences, int batchSize) {
        for (int i = 0; i < sequences.size(); i++)
            if (sequences.get(i).length < 2)
                throw new IllegalArgumentException("Batches: sequence " + i + " has " + sequences.get(i).length
                        + " symbols, but to predict the next one takes at least 2. Leave such sequences out, or put a "
                        + "start symbol before each.");
        return of(sequences.stream().map(s -> Arrays.copyOf(s, s.length - 1)).toList(),
                sequences.stream().map(s -> Arrays.copyOfRange(s, 1, s.length)).toList(), batchSize);
    }

    /** One target for each symbol: {@code targets.get(i)} is as long as {@code inputs.get(i)}. */
    public static PaddedBatches of(List<int[]> inputs, List<int[]> targets, int batchSize) {
        if (batchSize < 1)
            throw new IllegalArgumentException("Batches: the batch size must be at least 1 but is " + batchSize);
        if (inputs.isEmpty()) throw new DatasetException(Reason.EMPTY, "Batches: the list of sequences is empty");
        if (inputs.size() != targets.size())
            throw new IllegalArgumentException(
                    "Batches: " + inputs.size() + " input sequences but " + targets.size() + " target sequences");
        for (int i = 0; i < inputs.size(); i++)
            if (inputs.get(i).length != targets.get(i).length || inputs.get(i).length == 0)
                throw new IllegalArgumentException("Batches: sequence " + i + " has " + inputs.get(i).length
                        + " inputs and " + targets.get(i).length
                        + " targets; expected as many of both, and at least 1");
        return new PaddedBatches(inputs.stream().map(int[]::clone).toList(),
                targets.stream().map(int[]::clone).toList(), batchSize);
    }

    /** The same batches, in another order each epoch. */
    public PaddedBatches shuffled(Rng rng) {
        return with("shuffled", Batches.shuffled(inputs.size(), batchSize, rng, this::batch));
    }

    /**
     * The same, but sequences of about the same length come together, so that little is padding. See
     * {@link Batches#byLength}.
     */
    public PaddedBatches byLength(Rng rng) {
        int[] lengths = inputs.stream().mapToInt(s -> s.length).toArray();
        return with("shuffled by length", Batches.byLength(lengths, batchSize, rng, this::batch));
    }

    private PaddedBatches with(String order, Batches<SequenceBatch> batches) {
        return with(copy -> {
            copy.order = order;
            copy.batches = batches;
        });
    }

    @Override public int perEpoch() { return batches.perEpoch(); }

    @Override public Iterator<SequenceBatch> epoch(int epoch) { return batches.epoch(epoch); }

    private SequenceBatch batch(int[] members) {
        int B = members.length, T = 0;
        int[] lengths = new int[B];
        for (int b = 0; b < B; b++) {
            lengths[b] = inputs.get(members[b]).length;
            T = Math.max(T, lengths[b]);
        }
        int[] x = new int[Shape.size("PaddedBatches", new int[] {T, B})], y = new int[T * B];
        Arrays.fill(y, SequenceBatch.IGNORE);
        for (int b = 0; b < B; b++)
            for (int t = 0; t < lengths[b]; t++) {
                x[t * B + b] = inputs.get(members[b])[t];
                y[t * B + b] = targets.get(members[b])[t];
            }
        return new SequenceBatch(IntTensor.of(x, T, B), IntTensor.of(y, T, B), Lengths.of(lengths), false);
    }

    @Override public String toString() {
        return "PaddedBatches(" + inputs.size() + " sequences, batch size " + batchSize + ", " + perEpoch()
                + " batches an epoch, " + order + ")";
    }
}
