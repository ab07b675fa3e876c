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
    private static final String NAME = "state after the last step";

    private final DiagonalModes modes;
    private final Tensor u, startRe, startIm;                              // [T, B, H]; [B, H, M], or null for zeros
    private final float[] re, im;                                          // the numbers of the start
    private final Lengths lengths;
    private final int T, B, H, M;

    private DiagonalEnd(DiagonalModes modes, Tensor u, Tensor startRe, Tensor startIm, Lengths lengths) {
        this.modes = modes;
        this.u = u;
        this.startRe = startRe;
        this.startIm = startIm;
        this.lengths = lengths;
        re = startRe == null ? null : startRe.data();
        im = startRe == null ? null : startIm.data();
        T = u.size(0);
        B = u.size(1);
        H = modes.H;
        M = modes.M;
    }

    /** Real and imaginary part, each {@code [B, H, M]}. */
    static List<Tensor> apply(DiagonalModes modes, Tensor u, Tensor startRe, Tensor startIm, Lengths lengths) {
        DiagonalEnd end = new DiagonalEnd(modes, u, startRe, startIm, lengths);
        int[] shape = {end.B, end.H, end.M};
        float[] re = Shape.room(NAME, shape, u), im = new float[re.length];
        Parallel.run(end.H, h -> end.forward(h, re, im));
        return Tape.record("diagonalEnd", List.of(re, im), List.of(shape, shape), g -> end.back(g.get(0), g.get(1)),
                startRe == null ? modes.parametersAnd(u) : modes.parametersAnd(u, startRe, startIm));
    }

    /** The sequences of one channel, each from its end to its beginning. */
    private float[] reversed(int h, int row) {
        float[] v = Shape.room(NAME, new int[] {B, row}, u), values = u.data();
        for (int b = 0; b < B; b++) {
            int last = lengths.get(b) - 1;
            for (int l = 0; l <= last; l++) v[b * row + l] = values[((last - l) * B + b) * H + h];
        }
        return v;
    }

    /** Ā^T. */
    private Complex decayed(int q, int steps) {
        Complex w = modes.pole.get(q);
        double size = Math.pow(w.abs(), steps), angle = Math.atan2(w.im(), w.re()) * steps;
        return new Complex(size * Math.cos(angle), size * Math.sin(angle));
    }

    private void forward(int h, float[] toRe, float[] toIm) {
        ModePowers powers = new ModePowers(modes, h, T);
        ModePowers.Moments m = powers.moments(reversed(h, powers.row()), false);
        for (int b = 0; b < B; b++)
            for (int n = 0; n < M; n++) {
                int q = h * M + n, at = (b * H + h) * M + n;
                Complex x = modes.input.get(q).times(m.sums()[b].get(n));
                if (re != null) x = x.plus(decayed(q, lengths.get(b)).times(new Complex(re[at], im[at])));
                toRe[at] = (float) x.re();
                toIm[at] = (float) x.im();
            }
    }

    private void back(float[] gRe, float[] gIm) {
        float[] du = new float[u.size()], dRe = new float[gRe.length], dIm = new float[gRe.length];
        DiagonalModes.Gradients all = modes.new Gradients();
        Parallel.run(H, h -> back(h, gRe, gIm, all, du, dRe, dIm));
        all.send();
        if (u.requiresGradient()) u.take(du);
        if (re != null && startRe.requiresGradient()) startRe.take(dRe);
        if (re != null && startIm.requiresGradient()) startIm.take(dIm);
    }

    private void back(int h, float[] gRe, float[] gIm, DiagonalModes.Gradients all, float[] du, float[] dRe,
            float[] dIm) {
        ModePowers powers = new ModePowers(modes, h, T);
        ModePowers.Moments m = powers.moments(reversed(h, powers.row()), true);
        ComplexVector[] c = ComplexVector.rows(B, M);
        for (int b = 0; b < B; b++)
            for (int n = 0; n < M; n++) {
                int q = h * M + n, at = (b * H + h) * M + n;
                Complex g = new Complex(gRe[at], gIm[at]), bar = modes.input.get(q),
                        byLambda = bar.times(m.weighted()[b].get(n));
                if (re != null) {
                    Complex w = decayed(q, lengths.get(b)), d = g.times(w.conjugate());
                    byLambda = byLambda.plus(w.times(new Complex(re[at], im[at])).times(lengths.get(b)));
                    dRe[at] = (float) d.re();
                    dIm[at] = (float) d.im();
                }
                all.input.add(q, g.times(m.sums()[b].get(n).conjugate()));
                all.lambda.add(q, g.times(byLambda.conjugate()));
                c[b].set(n, g.conjugate().times(bar).times(.5));
            }
        float[] rows = powers.evaluate(c);
        for (int b = 0; b < B; b++) {
            int last = lengths.get(b) - 1;
            for (int l = 0; l <= last; l++) du[((last - l) * B + b) * H + h] = rows[b * powers.row() + l];
        }
    }
}
