package unroll.recurrent;

import unroll.tensor.Tensor;

/** Which steps belong to their sequence. */
final class Mask {
    private Mask() {
    }

    /** 1 where sequence b has a step t, 0 in the padding: {@code [T, B, 1]}. */
    static Tensor of(int[] lengths, int T) {
        int B = lengths.length;
        float[] runs = new float[T * B];
        for (int t = 0; t < T; t++) for (int b = 0; b < B; b++) runs[t * B + b] = t < lengths[b] ? 1 : 0;
        return Tensor.of(runs, T, B, 1);
    }
}
