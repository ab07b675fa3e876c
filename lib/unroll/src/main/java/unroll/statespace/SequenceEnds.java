package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Sequences of different lengths, padded to T steps {@code [T, B, H]}. */
final class SequenceEnds {
    private SequenceEnds() {
    }

    /** y with zeros after the end of each sequence. */
    static Tensor clear(Tensor y, int[] lengths) {
        float[] values = clear(y.data().clone(), y, lengths);
        return Tape.record("clearPadding", values, y.shape(), g -> y.take(clear(g.get(0), y, lengths)), y);
    }

    private static float[] clear(float[] values, Tensor y, int[] lengths) {
        int T = y.size(0), B = y.size(1), H = y.size(2);
        for (int b = 0; b < B; b++)
            for (int t = lengths[b]; t < T; t++) Arrays.fill(values, (t * B + b) * H, (t * B + b + 1) * H, 0f);
        return values;
    }

    /** The last step of each sequence, {@code [B, H]}. */
    static Tensor last(Tensor y, int[] lengths) {
        int B = y.size(1), H = y.size(2);
        float[] all = y.data(), last = new float[B * H];
        for (int b = 0; b < B; b++) System.arraycopy(all, ((lengths[b] - 1) * B + b) * H, last, b * H, H);
        return Tape.record("lastOfEach", last, new int[] {B, H}, g -> {
            float[] d = y.gradientRoom(), e = g.get(0);
            for (int b = 0; b < B; b++)
                for (int h = 0; h < H; h++) d[((lengths[b] - 1) * B + b) * H + h] += e[b * H + h];
        }, y);
    }
}
