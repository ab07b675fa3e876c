package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * Powers Ā^l of the states of one channel, l = 0 .. L - 1, as products Ā^(R i) Ā^j with R about √L: so that a sum over
 * states with all powers, and a sum over time with all powers (the Vandermonde matrix of {@link S4d} and its
 * transpose), are matrix products of two small factors. The factors are computed in double precision.
 */
final class ModePowers {
    private static final String NAME = "powers of states";

    private final int R, I, M;
    private final ComplexVector[] fine, coarse;                            // Ā^j [R + 1][M], Ā^(R i) [I][M]

    ModePowers(DiagonalModes modes, int channel, int length) {
        M = modes.M;
        int r = 1;
        while ((long) r * r < length) r *= 2;
        R = r;
        I = (length - 1) / R + 1;
        ComplexVector pole = new ComplexVector(M);
        System.arraycopy(modes.pole.re, channel * M, pole.re, 0, M);
        System.arraycopy(modes.pole.im, channel * M, pole.im, 0, M);
        fine = powers(pole, R + 1);
        coarse = powers(fine[R], I);
    }

    private static ComplexVector[] powers(ComplexVector base, int count) {
        ComplexVector[] all = ComplexVector.rows(count, base.size());
        Arrays.fill(all[0].re, 1);
        for (int j = 1; j < count; j++) all[j].product(all[j - 1], base);
        return all;
    }

    /**
     * 2 Re(sum over n of c_n Ā_n^l) for each of several c.
     *
     * @param c {@code [G][M]}
     * @return {@code [G][I R]}, row-major, of which the first L of each row count
     */
    float[] evaluate(ComplexVector[] c) {
        int G = c.length;
        float[] left = Shape.room(NAME, new int[] {G, I, 2, M}), right = Shape.room(NAME, new int[] {2, M, R});
        ComplexVector product = new ComplexVector(M);
        for (int q = 0; q < G * I; q++) {
            product.product(c[q / I], coarse[q % I]);
            int at = q * 2 * M;
            for (int n = 0; n < M; n++) left[at + n] = (float) (2 * product.re[n]);
            for (int n = 0; n < M; n++) left[at + M + n] = (float) (-2 * product.im[n]);
        }
        for (int j = 0; j < R; j++)
            for (int n = 0; n < M; n++) {
                right[n * R + j] = (float) fine[j].re[n];
                right[(M + n) * R + j] = (float) fine[j].im[n];
            }
        return Tensor.of(left, G * I, 2 * M).matmul(Tensor.of(right, 2 * M, R)).data();
    }

    /** The length of a row that {@link #evaluate} gives and {@link #moments} reads. */
    int row() { return I * R; }

    /** The sums over l of v_l Ā^l, and of l v_l Ā^l. */
    record Moments(ComplexVector[] sums, ComplexVector[] weighted) {
    }

    /**
     * Both sums, the second one where {@code weighted}, for each of several sequences.
     *
     * @param v {@code [G][I R]}, row-major, zeros after the first L of each row
     * @return numbers {@code [G][M]}
     */
    Moments moments(float[] v, boolean weighted) {
        int G = v.length / row(), rows = G * I;
        float[] right = Shape.room(NAME, new int[] {R, 2, M});
        for (int j = 0; j < R; j++)
            for (int n = 0; n < M; n++) {
                right[j * 2 * M + n] = (float) fine[j].re[n];
                right[j * 2 * M + M + n] = (float) fine[j].im[n];
            }
        float[] left = weighted ? Shape.room(NAME, new int[] {2, v.length}) : v;
        if (weighted) {
            System.arraycopy(v, 0, left, 0, v.length);
            for (int q = 0; q < v.length; q++) left[v.length + q] = v[q] * (q % R);
        }
        float[] s = Tensor.of(left, left.length / R, R).matmul(Tensor.of(right, R, 2 * M)).data();
        Moments m = new Moments(ComplexVector.rows(G, M), ComplexVector.rows(G, M));
        ComplexVector x = new ComplexVector(M), y = new ComplexVector(M), product = new ComplexVector(M);
        for (int q = 0; q < rows; q++) {
            int g = q / I, i = q % I;
            x.read(s, q * 2 * M);
            product.product(x, coarse[i]);
            m.sums[g].add(1, product);
            if (!weighted) continue;
            y.read(s, (rows + q) * 2 * M);
            y.add(R * i, x);
            product.product(y, coarse[i]);
            m.weighted[g].add(1, product);
        }
        return m;
    }
}
