package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Shape;

/** What a decoder reads and is to write, {@code [T, B]} both, padded to the longest sequence. */
record WrittenSide(IntTensor inputs, IntTensor targets) {
    static WrittenSide of(List<int[]> sequences, Ends ends) {
        int B = sequences.size(), T = 1;
        for (int[] sequence : sequences) T = Math.max(T, sequence.length + 1);
        int[] inputs = new int[Shape.size("WrittenSide", new int[] {T, B})], targets = new int[T * B];
        Arrays.fill(inputs, ends.begin());
        Arrays.fill(targets, Losses.IGNORE);
        for (int b = 0; b < B; b++) {
            int[] sequence = sequences.get(b);
            for (int t = 0; t < sequence.length; t++) {
                if (sequence[t] == ends.end())
                    throw new IllegalArgumentException("sequence " + b + " to be written has EOS, symbol " + ends.end()
                            + ", at place " + t
                            + ": its text holds the very word or character that stands for the end. Take it out of "
                            + "the text; each sequence gets its own");
                inputs[(t + 1) * B + b] = targets[t * B + b] = sequence[t];
            }
            targets[sequence.length * B + b] = ends.end();
        }
        return new WrittenSide(IntTensor.of(inputs, T, B), IntTensor.of(targets, T, B));
    }
}
