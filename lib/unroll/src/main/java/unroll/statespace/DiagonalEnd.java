package unroll.statespace;

import java.util.List;

import unroll.nn.Lengths;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The state of diagonal systems after the last step of each sequence, as one operation: x = Ā^T x_0 + B̄ sum over l of
 * Ā^l u_{T-1-l}. With g its gradient, P the sum and Q the same with l Ā^l:
 *
 * <pre>{@code
 * ∂L/∂x_0 = g conj(Ā^T)      ∂L/∂B̄ = g conj(P)      ∂L/∂λ = g conj(B̄ Q + T Ā^T x_0)      ∂L/∂u_{T-1-l} = Re(sum over n of conj(g) B̄ Ā^l)
 * }</pre>
 */
final class DiagonalEnd {
    private final DiagonalModes modes;
    // u [T, B, H]; the state before it [B, H, M], or null
    private final Tensor u, xRe, xIm;
    private final Lengths lengths;
    private final int T, B, H, M;
    private final float[] values, startRe, startIm;

    private DiagonalEnd(DiagonalModes modes, Tensor u, Tensor xRe, Tensor xIm, Lengths lengths) {
        this.modes = modes;
        this.u = u;
        this.xRe = xRe;
        this.xIm = xIm;
        this.lengths = lengths;
        T = u.size(0);
        B = u.size(1);
        H = modes.H;
        M = modes.M;
        values = u.data();
        startRe = xRe == null ? null : xRe.data();
        startIm = xRe == null ? null : xIm.data();
    }

    /** Real and imaginary part, each {@code [B, H, M]}; lengths are null where all are T. */
    static List<Tensor> apply(DiagonalModes modes, Tensor u, Tensor xRe, Tensor xIm, Lengths lengths) {
        DiagonalEnd end = new DiagonalEnd(modes, u, xRe, xIm, lengths);
        float[] re = Shape.room("state after the last step", new int[] {end.B, end.H, end.M}, u),
                im = new float[re.length];
        Parallel.run(end.H, h -> end.forward(h, re, im));
        int[] shape = {end.B, end.H, end.M};
        return Tape.record("diagonalEnd", List.of(re, im), List.of(shape, shape), g -> end.back(g.get(0), g.get(1)),
                xRe == null ? modes.parametersAnd(u) : modes.parametersAnd(u, xRe, xIm));
    }

    private int length(int b) { return lengths.get(b); }

    /** The sequences of one channel, each from its end to its beginning. */
    private float[] reversed(int h, int row) {
        float[] v = Shape.room("state after the last step", new int[] {B, row}, u);
        for (int b = 0; b < B; b++) {
            int last = length(b) - 1;
            for (int l = 0; l <= last; l++) v[b * row + l] = values[((last - l) * B + b) * H + h];
        }
        return v;
    }

    private Complex start(int at) {
        return startRe == null ? new Complex(0, 0) : new Complex(startRe[at], startIm[at]);
    }

    /** Ā^T. */
    private Complex decayed(int q, int steps) {
        Complex w = modes.pole(q);
        double size = Math.pow(w.abs(), steps), angle = Math.atan2(w.im(), w.re()) * steps;
        return new Complex(size * Math.cos(angle), size * Math.sin(angle));
    }

    private void forward(int h, float[] re, float[] im) {
        ModePowers powers = new ModePowers(modes, h, T);
        ModePowers.Moments m = powers.moments(reversed(h, powers.row()), false);
        for (int b = 0; b < B; b++)
            for (int n = 0; n < M; n++) {
                int q = h * M + n, at = (b * H + h) * M + n;
                Complex x = modes.input(q).times(new Complex(m.re()[b][n], m.im()[b][n]));
                if (startRe != null) x = x.plus(decayed(q, length(b)).times(start(at)));
                re[at] = (float) x.re();
                im[at] = (float) x.im();
            }
    }

    private void back(float[] gRe, float[] gIm) {
        float[] du = new float[values.length], dRe = new float[gRe.length], dIm = new float[gRe.length];
        DiagonalModes.Gradients all = modes.new Gradients();
        Parallel.run(H, h -> back(h, gRe, gIm, all, du, dRe, dIm));
        all.send();
        if (u.requiresGradient()) u.take(du);
        if (xRe != null && xRe.requiresGradient()) xRe.take(dRe);
        if (xRe != null && xIm.requiresGradient()) xIm.take(dIm);
    }

    private void back(int h, float[] gRe, float[] gIm, DiagonalModes.Gradients all, float[] du, float[] dRe,
            float[] dIm) {
        ModePowers powers = new ModePowers(modes, h, T);
        ModePowers.Moments m = powers.moments(reversed(h, powers.row()), true);
        double[][] cRe = new double[B][M], cIm = new double[B][M];
        for (int b = 0; b < B; b++)
            for (int n = 0; n < M; n++) {
                int q = h * M + n, at = (b * H + h) * M + n;
                Complex g = new Complex(gRe[at], gIm[at]), bar = modes.input(q),
                        p = new Complex(m.re()[b][n], m.im()[b][n]);
                Complex byLambda = bar.times(new Complex(m.weightedRe()[b][n], m.weightedIm()[b][n]));
                if (startRe != null) {
                    Complex w = decayed(q, length(b)), d = g.times(w.conjugate());
                    byLambda = byLambda.plus(w.times(start(at)).times(length(b)));
                    dRe[at] = (float) d.re();
                    dIm[at] = (float) d.im();
                }
                all.input(q, g.times(p.conjugate()));
                all.lambda(q, g.times(byLambda.conjugate()));
                Complex c = g.conjugate().times(bar).times(.5);
                cRe[b][n] = c.re();
                cIm[b][n] = c.im();
            }
        float[] rows = powers.evaluate(cRe, cIm);
        for (int b = 0; b < B; b++) {
            int last = length(b) - 1;
            for (int l = 0; l <= last; l++) du[((last - l) * B + b) * H + h] = rows[b * powers.row() + l];
        }
    }
}
