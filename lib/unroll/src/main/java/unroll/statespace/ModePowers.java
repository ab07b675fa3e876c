package unroll.statespace;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;

/**
 * Powers Ā^l of the states of a channel, l = 0 .. L - 1, as products Ā^(R i) Ā^j with R about √L: so that a sum over
 * states with all powers, and a sum over time with all powers (the Vandermonde matrix of {@link S4d} and its
 * transpose), are a matrix product with the powers up to R, {@code [R, 2 M]}, and a few multiplications by Ā^R. Those
 * are done in double precision.
 *
 * <p>It works on a few neighbouring channels, one after another in the same memory, whose sequences it takes from
 * arrays over time and puts there together: a line of the cache holds a number of each.
 */
final class ModePowers {
    private static final String NAME = "powers of states";
    private static final int CHANNELS = 8, MOST = 1 << 20;

    private final DiagonalModes modes;
    private final int R, I, M, G, L, row;
    private final ComplexVector pole, power, coarse, spare, x;             // Ā, Ā^j, Ā^R
    private final float[] staged;                                          // what goes to the matrices and comes back
    // [R, 2 M]; over states, [2 G I, 2 M]; over time, [2 G I, R]
    private final Matrix fine, states, time;
    private final float[][] rows;                                          // of each channel [G][I R]
    /** What {@link #evaluate} reads, {@code [G][M]}. */
    final ComplexVector[] c;
    /** The sums over l of v_l Ā^l, and of l v_l Ā^l: what {@link #moments} gives, {@code [G][M]}. */
    final ComplexVector[] sums, weighted;

    private ModePowers(DiagonalModes modes, int sequences, int length, int channels) {
        this.modes = modes;
        M = modes.M;
        G = sequences;
        L = length;
        int r = 1;
        while ((long) r * r < length) r *= 2;
        R = r;
        I = (length - 1) / R + 1;
        row = I * R;
        pole = new ComplexVector(M);
        power = new ComplexVector(M);
        coarse = new ComplexVector(M);
        spare = new ComplexVector(M);
        x = new ComplexVector(M);
        c = ComplexVector.rows(G, M);
        sums = ComplexVector.rows(G, M);
        weighted = ComplexVector.rows(G, M);
        rows = new float[channels][];
        for (int h = 0; h < channels; h++) rows[h] = Shape.room(NAME, new int[] {G, row});
        staged = Shape.room(NAME, new int[] {Math.max(2 * G * I, R), Math.max(R, 2 * M)});
        fine = Matrix.room(R, 2 * M);
        states = Matrix.room(2L * G * I, 2 * M);
        time = Matrix.room(2L * G * I, R);
    }

    /** What is done for the channels from .. to - 1. */
    interface Work {
        void accept(ModePowers powers, int from, int to);
    }

    /** All channels, up to {@value #CHANNELS} at once: fewer where the sequences of so many would be long. */
    static void run(DiagonalModes modes, int sequences, int length, Work work) {
        int together = (int) Math.max(1, Math.min(CHANNELS, MOST / ((long) sequences * length)));
        Parallel.run((modes.H - 1) / together + 1, part -> {
            int from = part * together, to = Math.min(modes.H, from + together);
            ModePowers powers = new ModePowers(modes, sequences, length, to - from);
            try {
                work.accept(powers, from, to);
            } finally {
                powers.fine.free();
                powers.states.free();
                powers.time.free();
            }
        });
    }

    /**
     * Takes the sequences of the channels from .. to - 1.
     *
     * @param values {@code [L, G, H]}
     * @param lengths null, or those of the sequences, which are then read from their ends to their beginnings
     */
    void take(float[] values, int from, int to, Lengths lengths) {
        for (int g = 0; g < G; g++) {
            int steps = lengths == null ? L : lengths.get(g);
            for (int l = 0; l < steps; l++) {
                int t = lengths == null ? l : steps - 1 - l, at = (t * G + g) * modes.H;
                for (int h = from; h < to; h++) rows[h - from][g * row + l] = values[at + h];
            }
        }
    }

    /** The other way round; what lies beyond the lengths stays as it is. */
    void give(float[] values, int from, int to, Lengths lengths) {
        for (int g = 0; g < G; g++) {
            int steps = lengths == null ? L : lengths.get(g);
            for (int l = 0; l < steps; l++) {
                int t = lengths == null ? l : steps - 1 - l, at = (t * G + g) * modes.H;
                for (int h = from; h < to; h++) values[at + h] = rows[h - from][g * row + l];
            }
        }
    }

    /** From here on the powers are those of this channel. */
    void channel(int h) {
        System.arraycopy(modes.pole.re, h * M, pole.re, 0, M);
        System.arraycopy(modes.pole.im, h * M, pole.im, 0, M);
        Arrays.fill(power.re, 1);
        Arrays.fill(power.im, 0);
        for (int j = 0; j < R; j++) {
            power.write(staged, j * 2 * M, 1, 1);
            power.multiply(pole, spare);
        }
        coarse.set(power);
        fine.put(0, R, 0, 2 * M, staged, 0);
    }

    /** The sequences of a channel become 2 Re(sum over n of c_n Ā_n^l), which changes c. */
    void evaluate(int channel) {
        for (int g = 0; g < G; g++)
            for (int i = 0; i < I; i++) {
                c[g].write(staged, (g * I + i) * 2 * M, 2, -2);
                c[g].multiply(coarse, spare);
            }
        states.put(0, G * I, 0, 2 * M, staged, 0);
        time.multiplyByTransposed(0, G * I, 0, R, states, 0, fine, false);
        time.get(0, G * I, 0, R, rows[channel], 0);
    }

    /** Both sums over the sequences of a channel, the second one where {@code second}, by Horner's rule. */
    void moments(int channel, boolean second) {
        float[] v = rows[channel];
        int count = second ? 2 * G * I : G * I;
        time.put(0, G * I, 0, R, v, 0);
        if (second) {
            for (int q = 0; q < v.length; q += R) for (int j = 0; j < R; j++) staged[q + j] = v[q + j] * j;
            time.put(G * I, G * I, 0, R, staged, 0);
        }
        states.multiply(0, count, time, 0, fine, false);
        states.get(0, count, 0, 2 * M, staged, 0);
        for (int g = 0; g < G; g++) {
            ComplexVector sum = sums[g], all = weighted[g];
            sum.clear();
            all.clear();
            for (int i = I - 1; i >= 0; i--) {
                int at = (g * I + i) * 2 * M;
                if (second) {
                    all.add(R, sum);
                    x.read(staged, at + G * I * 2 * M);
                    all.multiplyAndAdd(coarse, x, spare);
                }
                x.read(staged, at);
                sum.multiplyAndAdd(coarse, x, spare);
            }
        }
    }
}
