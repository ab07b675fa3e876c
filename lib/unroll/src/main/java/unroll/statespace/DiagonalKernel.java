package unroll.statespace;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The kernel of diagonal systems as one operation, K_l = 2 Re(sum over n of C_n B̄_n Ā_n^l), and its way back. With P =
 * sum over l of Ā^l ∂L/∂K_l and Q the same with l Ā^l:
 *
 * <pre>{@code
 * ∂L/∂C = 2 conj(B̄ P)      ∂L/∂B̄ = 2 conj(C P)      ∂L/∂λ = 2 conj(C B̄ Q)
 * }</pre>
 */
final class DiagonalKernel {
    private DiagonalKernel() {
    }

    /**
     * The kernel, {@code [L, H]}.
     *
     * @param d {@code [H]}, added at l = 0, or null
     */
    static Tensor apply(DiagonalModes modes, Tensor d, int length) {
        int H = modes.H, M = modes.M;
        float[] k = Shape.room("kernel", new int[] {length, H});
        Parallel.run(H, h -> {
            double[][] re = new double[1][M], im = new double[1][M];
            for (int n = 0; n < M; n++) {
                Complex c = modes.output(h * M + n).times(modes.input(h * M + n));
                re[0][n] = c.re();
                im[0][n] = c.im();
            }
            float[] row = new ModePowers(modes, h, length).evaluate(re, im);
            for (int l = 0; l < length; l++) k[l * H + h] = row[l];
        });
        if (d != null) {
            float[] through = d.data();
            for (int h = 0; h < H; h++) k[h] += through[h];
        }
        return Tape.record("diagonalKernel", k, new int[] {length, H}, gradients -> {
            float[] dk = gradients.get(0);
            DiagonalModes.Gradients all = modes.new Gradients();
            Parallel.run(H, h -> {
                ModePowers powers = new ModePowers(modes, h, length);
                float[] v = new float[powers.row()];
                for (int l = 0; l < length; l++) v[l] = dk[l * H + h];
                ModePowers.Moments m = powers.moments(v, true);
                for (int n = 0; n < M; n++) {
                    int q = h * M + n;
                    Complex b = modes.input(q), c = modes.output(q), p = new Complex(m.re()[0][n], m.im()[0][n]);
                    Complex weighted = new Complex(m.weightedRe()[0][n], m.weightedIm()[0][n]);
                    all.output(q, b.times(p).conjugate().times(2));
                    all.input(q, c.times(p).conjugate().times(2));
                    all.lambda(q, c.times(b).times(weighted).conjugate().times(2));
                }
            });
            all.send();
            if (d != null && d.requiresGradient()) d.accumulate(java.util.Arrays.copyOf(dk, H));
        }, d == null ? modes.parameters() : modes.parametersAnd(d));
    }
}
