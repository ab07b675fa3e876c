package unroll.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.tensor.IntTensor;

/** What a decoder reads and is to write, {@code [T, B]} both, padded to the longest sequence. */
record WrittenSide(IntTensor inputs, IntTensor targets) {
    static WrittenSide of(List<int[]> sequences, Ends ends) {
        for (int b = 0; b < sequences.size(); b++)
            for (int t = 0; t < sequences.get(b).length; t++)
                if (sequences.get(b)[t] == ends.end())
                    throw new IllegalArgumentException("sequence " + b + " to be written has EOS, symbol " + ends.end()
                            + ", at place " + t + ": its text holds the very word or character that stands for the "
                            + "end. Take it out of the text; each sequence gets its own");
        return new WrittenSide(
                Lengths.padded(sequences.stream().map(s -> joined(new int[] {ends.begin()}, s)).toList(), ends.begin()),
                Lengths.padded(sequences.stream().map(s -> joined(s, new int[] {ends.end()})).toList(), Losses.IGNORE));
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /** How many symbols are to be written, each EOS too. */
    static int symbols(IntTensor targets) {
        return (int) Arrays.stream(targets.data()).filter(t -> t != Losses.IGNORE).count();
    }
}
