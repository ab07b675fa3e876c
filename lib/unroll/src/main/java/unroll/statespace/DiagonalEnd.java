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
 * ∂L/∂x_0 = g conj(Ā^T)      ∂L/∂B̄ = g conj(P)      ∂L/∂λ = g conj(B̄ Q + T Ā^T x_0)
 * ∂L/∂u_{T-1-l} = Re(sum over n of conj(g) B̄ Ā^l)
 * }</pre>
 */
record DiagonalEnd(DiagonalModes modes, Tensor u, ComplexState start, Lengths lengths) {
    private static final String NAME = "state after the last step";

    /** Real and imaginary part, each {@code [B, H, M]}. */
    List<Tensor> apply() {
        int[] shape = {u.size(1), modes.H, modes.M};
        float[] re = Shape.room(NAME, shape, u), im = new float[re.length], values = u.data();
        ComplexVector x = start == null ? null : ComplexVector.of(start.re(), start.im());
        Parallel.run(modes.H, h -> forward(h, values, x, re, im));
        return Tape.record("diagonalEnd", List.of(re, im), List.of(shape, shape), g -> back(g.get(0), g.get(1)),
                start == null ? modes.parametersAnd(u) : modes.parametersAnd(u, start.re(), start.im()));
    }

    /** The sequences of one channel, each from its end to its beginning. */
    private float[] reversed(float[] values, int h, int row) {
        int B = u.size(1), H = modes.H;
        float[] v = Shape.room(NAME, new int[] {B, row}, u);
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

    private void forward(int h, float[] values, ComplexVector before, float[] re, float[] im) {
        int B = u.size(1), H = modes.H, M = modes.M;
        ModePowers powers = new ModePowers(modes, h, u.size(0));
        ModePowers.Moments m = powers.moments(reversed(values, h, powers.row()), false);
        for (int b = 0; b < B; b++)
            for (int n = 0; n < M; n++) {
                int q = h * M + n, at = (b * H + h) * M + n;
                Complex x = modes.input.get(q).times(m.sums()[b].get(n));
                if (before != null) x = x.plus(decayed(q, lengths.get(b)).times(before.get(at)));
                re[at] = (float) x.re();
                im[at] = (float) x.im();
            }
    }

    private void back(float[] gRe, float[] gIm) {
        int T = u.size(0), B = u.size(1), H = modes.H, M = modes.M;
        float[] values = u.data(), du = new float[values.length];
        ComplexVector dx = new ComplexVector(gRe.length);
        ComplexVector before = start == null ? null : ComplexVector.of(start.re(), start.im());
        DiagonalModes.Gradients all = modes.new Gradients();
        Parallel.run(H, h -> {
            ModePowers powers = new ModePowers(modes, h, T);
            ModePowers.Moments m = powers.moments(reversed(values, h, powers.row()), true);
            ComplexVector[] c = ComplexVector.rows(B, M);
            for (int b = 0; b < B; b++)
                for (int n = 0; n < M; n++) {
                    int q = h * M + n, at = (b * H + h) * M + n;
                    Complex g = new Complex(gRe[at], gIm[at]), bar = modes.input.get(q),
                            byLambda = bar.times(m.weighted()[b].get(n));
                    if (before != null) {
                        Complex w = decayed(q, lengths.get(b));
                        byLambda = byLambda.plus(w.times(before.get(at)).times(lengths.get(b)));
                        dx.set(at, g.times(w.conjugate()));
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
        });
        all.send();
        if (u.requiresGradient()) u.take(du);
        if (start != null) start.take(dx);
    }
}
