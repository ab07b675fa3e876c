package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.text.Batches;
import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;

/**
 * Pairs of sequences that are read together, time-major.
 *
 * <pre>{@code
 * TranslationBatch batch = TranslationBatch.of(sources, targets, Ends.of(vocabulary));
 * }</pre>
 *
 * @param source  ids, {@code [S, B]}; what stands in the padding is never looked at
 * @param lengths of the sources
 * @param inputs  what a decoder reads, BOS and then the target, {@code [T, B]}
 * @param targets what it is to write, the target and then EOS, {@code [T, B]}; {@link Losses#IGNORE} in the padding
 */
public record TranslationBatch(IntTensor source, Lengths lengths, IntTensor inputs, IntTensor targets) {
    public TranslationBatch {
        if (source.shape().length != 2 || inputs.shape().length != 2 || inputs.size(1) != source.size(1)
                || !Arrays.equals(inputs.shape(), targets.shape()))
            throw new ShapeException(
                    "TranslationBatch: expected source [S, B], inputs [T, B] and targets [T, B] but got "
                            + Arrays.toString(source.shape()) + ", " + Arrays.toString(inputs.shape()) + " and "
                            + Arrays.toString(targets.shape()));
        lengths = lengths.in("TranslationBatch", source.size(0), source.size(1));
    }

    /**
     * Encoded pairs side by side, padded to the longest.
     *
     * @param sources each of at least one symbol
     * @param targets without BOS and EOS; may be empty
     */
    public static TranslationBatch of(List<int[]> sources, List<int[]> targets, Ends ends) {
        if (sources.size() != targets.size())
            throw new IllegalArgumentException(
                    "TranslationBatch: " + sources.size() + " sources but " + targets.size() + " targets");
        WrittenSide written = WrittenSide.of(targets, ends);
        return new TranslationBatch(padded(sources), Lengths.of(sources), written.inputs(), written.targets());
    }

    /**
     * Batches in which sources have about the same length, in another order each epoch: {@link Batches#byLength}.
     *
     * <pre>{@code
     * for (TranslationBatch batch : TranslationBatch.batches(sources, targets, model.ends(), 64, Rng.seed(1))) …
     * }</pre>
     */
    public static Batches<TranslationBatch> batches(List<int[]> sources, List<int[]> targets, Ends ends, int batchSize,
            Rng rng) {
        if (sources.size() != targets.size())
            throw new IllegalArgumentException(
                    "TranslationBatch: " + sources.size() + " sources but " + targets.size() + " targets");
        List<int[]> s = List.copyOf(sources), t = List.copyOf(targets);
        return Batches.byLength(s.stream().mapToInt(x -> x.length).toArray(), batchSize, rng,
                numbers -> of(chosen(s, numbers), chosen(t, numbers), ends));
    }

    private static List<int[]> chosen(List<int[]> all, int[] numbers) {
        return Arrays.stream(numbers).mapToObj(all::get).toList();
    }

    /** Sources side by side, padded with id 0: {@code [S, B]}. */
    static IntTensor padded(List<int[]> sources) {
        int B = sources.size(), S = 0;
        if (B == 0)
            throw new IllegalArgumentException("TranslationBatch: expected at least one source but the list is empty");
        for (int b = 0; b < B; b++) {
            if (sources.get(b).length == 0)
                throw new IllegalArgumentException("TranslationBatch: source " + b + " is empty; leave such pairs out");
            S = Math.max(S, sources.get(b).length);
        }
        int[] ids = new int[Shape.size("TranslationBatch", new int[] {S, B})];
        for (int b = 0; b < B; b++) for (int s = 0; s < sources.get(b).length; s++) ids[s * B + b] = sources.get(b)[s];
        return IntTensor.of(ids, S, B);
    }

    /** How many symbols are to be written, each EOS too. */
    public int symbols() {
        int n = 0;
        for (int t : targets.data()) if (t != Losses.IGNORE) n++;
        return n;
    }

    public int batchSize() { return lengths.batchSize(); }
}
