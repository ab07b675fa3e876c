package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Losses;
import unroll.tensor.IntTensor;

/** What a decoder reads and is to write, {@code [T, B]} both, padded to the longest sequence. */
record WrittenSide(IntTensor inputs, IntTensor targets) {
    static WrittenSide of(List<int[]> sequences, Ends ends) {
        int B = sequences.size(), T = 1;
        for (int[] sequence : sequences) T = Math.max(T, sequence.length + 1);
        int[] inputs = new int[Math.multiplyExact(T, B)], targets = new int[T * B];
        Arrays.fill(inputs, ends.begin());
        Arrays.fill(targets, Losses.IGNORE);
        for (int b = 0; b < B; b++) {
            int[] sequence = sequences.get(b);
            for (int t = 0; t < sequence.length; t++) inputs[(t + 1) * B + b] = targets[t * B + b] = sequence[t];
            targets[sequence.length * B + b] = ends.end();
        }
        return new WrittenSide(IntTensor.of(inputs, T, B), IntTensor.of(targets, T, B));
    }
}
