package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.text.Batches;
import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
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
        requirePairs(sources, targets);
        Ends.Written written = ends.written(targets);
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
        requirePairs(sources, targets);
        List<int[]> s = List.copyOf(sources), t = List.copyOf(targets);
        return Batches.byLength(s.stream().mapToInt(x -> x.length).toArray(), batchSize, rng,
                numbers -> of(chosen(s, numbers), chosen(t, numbers), ends));
    }

    private static void requirePairs(List<int[]> sources, List<int[]> targets) {
        if (sources.size() != targets.size())
            throw new IllegalArgumentException(
                    "TranslationBatch: " + sources.size() + " sources but " + targets.size() + " targets");
    }

    private static List<int[]> chosen(List<int[]> all, int[] numbers) {
        return Arrays.stream(numbers).mapToObj(all::get).toList();
    }

    /** Sources side by side, padded with id 0: {@code [S, B]}. */
    static IntTensor padded(List<int[]> sources) {
        if (sources.isEmpty())
            throw new IllegalArgumentException("TranslationBatch: expected at least one source but the list is empty");
        for (int b = 0; b < sources.size(); b++)
            if (sources.get(b).length == 0)
                throw new IllegalArgumentException("TranslationBatch: source " + b + " is empty; leave such pairs out");
        return Lengths.padded(sources, 0);
    }

    /** How many symbols are to be written, each EOS too. */
    public int symbols() {
        return Ends.symbols(targets);
    }

    public int batchSize() { return lengths.batchSize(); }
}
