package unroll.recurrent;

import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Turns sequences round in time, each within its own length; padding stays where it is. Turning twice gives the same
 * again.
 */
final class Reversal {
    private Reversal() {
    }

    /** @param x {@code [T, B, N]}; @param lengths null where all are T */
    static Tensor of(Tensor x, int[] lengths) {
        int T = x.size(0), B = x.size(1), n = x.size(2);
        return Tape.record("reverse", turned(x.data(), T, B, n, lengths), x.shape(),
                g -> x.take(turned(g.get(0), T, B, n, lengths)), x);
    }

    private static float[] turned(float[] v, int T, int B, int n, int[] lengths) {
        float[] y = new float[v.length];
        for (int b = 0; b < B; b++) {
            int length = lengths == null ? T : lengths[b];
            for (int t = 0; t < T; t++)
                System.arraycopy(v, ((t < length ? length - 1 - t : t) * B + b) * n, y, (t * B + b) * n, n);
        }
        return y;
    }
}
