package unroll.statespace;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * What a state before the first step still gives to the outputs, as one operation: y_t = 2 Re(sum over n of C_n x_n
 * Ā_n^(t+1)). Its way back is that of {@link DiagonalKernel} with C Ā x for C B̄.
 */
final class DiagonalStart {
    private DiagonalStart() {
    }

    /**
     * The outputs, {@code [T, B, H]}.
     *
     * @param xRe {@code [B, H, M]}
     */
    static Tensor apply(DiagonalModes modes, Tensor xRe, Tensor xIm, int T) {
        int B = xRe.size(0), H = modes.H, M = modes.M;
        float[] y = Shape.room("state before the first step", new int[] {T, B, H}, xRe), re = xRe.data(),
                im = xIm.data();
        Parallel.run(H, h -> {
            double[][] cRe = new double[B][M], cIm = new double[B][M];
            for (int b = 0; b < B; b++)
                for (int n = 0; n < M; n++) {
                    int q = h * M + n, at = (b * H + h) * M + n;
                    Complex c = modes.output(q).times(modes.pole(q)).times(new Complex(re[at], im[at]));
                    cRe[b][n] = c.re();
                    cIm[b][n] = c.im();
                }
            ModePowers powers = new ModePowers(modes, h, T);
            float[] rows = powers.evaluate(cRe, cIm);
            for (int t = 0; t < T; t++) for (int b = 0; b < B; b++) y[(t * B + b) * H + h] = rows[b * powers.row() + t];
        });
        return Tape.record("diagonalStart", y, new int[] {T, B, H}, gradients -> {
            float[] dy = gradients.get(0), dRe = new float[re.length], dIm = new float[im.length];
            DiagonalModes.Gradients all = modes.new Gradients();
            Parallel.run(H, h -> {
                ModePowers powers = new ModePowers(modes, h, T);
                float[] v = new float[Shape.size("state before the first step", new int[] {B, powers.row()}, xRe)];
                for (int t = 0; t < T; t++)
                    for (int b = 0; b < B; b++) v[b * powers.row() + t] = dy[(t * B + b) * H + h];
                ModePowers.Moments m = powers.moments(v, true);
                for (int b = 0; b < B; b++)
                    for (int n = 0; n < M; n++) {
                        int q = h * M + n, at = (b * H + h) * M + n;
                        Complex x = new Complex(re[at], im[at]), c = modes.output(q), w = modes.pole(q);
                        Complex p = new Complex(m.re()[b][n], m.im()[b][n]).times(w).times(2);
                        Complex weighted = new Complex(m.weightedRe()[b][n], m.weightedIm()[b][n]).times(w).times(2)
                                .plus(p);
                        all.output(q, x.times(p).conjugate());
                        all.lambda(q, c.times(x).times(weighted).conjugate());
                        Complex dx = c.times(p).conjugate();
                        dRe[at] = (float) dx.re();
                        dIm[at] = (float) dx.im();
                    }
            });
            all.send();
            if (xRe.requiresGradient()) xRe.take(dRe);
            if (xIm.requiresGradient()) xIm.take(dIm);
        }, modes.parametersAnd(xRe, xIm));
    }
}
