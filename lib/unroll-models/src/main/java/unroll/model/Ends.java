package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.text.Vocabulary;

/**
 * The two symbols of a vocabulary between which every written sequence stands: the first is read before the sequence,
 * the second is written after it. Words have {@code <bos>} and {@code <eos>}, characters U+0002 and U+0003, the control
 * characters for start and end of a text.
 *
 * <pre>{@code
 * Vocabulary target = Ends.addTo(Vocabulary.characters(text));     // two symbols more
 * }</pre>
 *
 * @param begin the id of BOS
 * @param end   the id of EOS
 */
public record Ends(int begin, int end) {
    private static List<String> symbols(Vocabulary.Kind kind) {
        return kind == Vocabulary.Kind.CHARACTERS ? List.of("\u0002", "\u0003") : List.of("<bos>", "<eos>");
    }

    /** The vocabulary with the symbols that it lacks of the two, behind all others. */
    public static Vocabulary addTo(Vocabulary vocabulary) {
        List<String> all = new ArrayList<>(vocabulary.symbols());
        for (String end : symbols(vocabulary.kind())) if (!all.contains(end)) all.add(end);
        return Vocabulary.of(all, vocabulary.kind());
    }

    /**
     * Where they are in a vocabulary.
     *
     * @throws IllegalArgumentException if it lacks one
     */
    public static Ends of(Vocabulary vocabulary) {
        List<String> ends = symbols(vocabulary.kind());
        int begin = vocabulary.symbols().indexOf(ends.get(0)), end = vocabulary.symbols().indexOf(ends.get(1));
        if (begin < 0 || end < 0)
            throw new IllegalArgumentException(Message.of("Ends: " + vocabulary + " has no "
                    + (begin < 0 ? "BOS" : "EOS") + ", the symbol at which a sequence "
                    + (begin < 0 ? "begins" : "ends") + "; build the model with Ends.addTo(vocabulary)"));
        return new Ends(begin, end);
    }

    /** What a decoder reads and is to write, {@code [T, B]} both, padded to the longest sequence. */
    record Written(IntTensor inputs, IntTensor targets) {
    }

    /** These sequences behind BOS, to be read, and before EOS, to be written. */
    Written written(List<int[]> sequences) {
        for (int b = 0; b < sequences.size(); b++)
            for (int t = 0; t < sequences.get(b).length; t++)
                if (sequences.get(b)[t] == end)
                    throw new IllegalArgumentException("sequence " + b + " to be written has EOS, symbol " + end
                            + ", at place " + t + ": its text holds the very word or character that stands for the "
                            + "end. Take it out of the text; each sequence gets its own");
        return new Written(Lengths.padded(sequences.stream().map(s -> joined(new int[] {begin}, s)).toList(), begin),
                Lengths.padded(sequences.stream().map(s -> joined(s, new int[] {end})).toList(), Losses.IGNORE));
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /** How many symbols are to be written. */
    static int symbols(IntTensor targets) {
        return (int) Arrays.stream(targets.data()).filter(t -> t != Losses.IGNORE).count();
    }
}
