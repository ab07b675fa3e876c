package unroll.statespace;

import java.util.List;

import unroll.nn.Lengths;
import unroll.tensor.LinearAlgebra.Complex;
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
        ModePowers.run(modes, u.size(1), u.size(0), (powers, from, to) -> {
            powers.take(values, from, to, lengths);
            for (int h = from; h < to; h++) {
                powers.channel(h);
                powers.moments(h - from, false);
                forward(h, powers.sums, x, re, im);
            }
        });
        return Tape.record("diagonalEnd", List.of(re, im), List.of(shape, shape), g -> back(g.get(0), g.get(1)),
                start == null ? modes.parametersAnd(u) : modes.parametersAnd(u, start.re(), start.im()));
    }

    /** Ā^T. */
    private Complex decayed(int q, int steps) {
        Complex w = modes.pole.get(q);
        double size = Math.pow(w.abs(), steps), angle = Math.atan2(w.im(), w.re()) * steps;
        return new Complex(size * Math.cos(angle), size * Math.sin(angle));
    }

    private void forward(int h, ComplexVector[] sums, ComplexVector before, float[] re, float[] im) {
        for (int b = 0; b < sums.length; b++)
            for (int n = 0; n < modes.M; n++) {
                int q = h * modes.M + n, at = (b * modes.H + h) * modes.M + n;
                Complex x = modes.input.get(q).times(sums[b].get(n));
                if (before != null) x = x.plus(decayed(q, lengths.get(b)).times(before.get(at)));
                re[at] = (float) x.re();
                im[at] = (float) x.im();
            }
    }

    private void back(float[] gRe, float[] gIm) {
        float[] values = u.data(), du = new float[values.length];
        ComplexVector dx = new ComplexVector(gRe.length);
        ComplexVector before = start == null ? null : ComplexVector.of(start.re(), start.im());
        DiagonalModes.Gradients all = modes.new Gradients();
        ModePowers.run(modes, u.size(1), u.size(0), (powers, from, to) -> {
            powers.take(values, from, to, lengths);
            for (int h = from; h < to; h++) {
                powers.channel(h);
                powers.moments(h - from, true);
                for (int b = 0; b < u.size(1); b++) back(powers, h, b, gRe, gIm, before, all, dx);
                powers.evaluate(h - from);
            }
            powers.give(du, from, to, lengths);
        });
        all.send();
        if (u.requiresGradient()) u.take(du);
        if (start != null) start.take(dx);
    }

    /** The gradients that a channel of one sequence gives, but for those of u: they are evaluated from c. */
    private void back(ModePowers powers, int h, int b, float[] gRe, float[] gIm, ComplexVector before,
            DiagonalModes.Gradients all, ComplexVector dx) {
        for (int n = 0; n < modes.M; n++) {
            int q = h * modes.M + n, at = (b * modes.H + h) * modes.M + n;
            Complex g = new Complex(gRe[at], gIm[at]), bar = modes.input.get(q),
                    byLambda = bar.times(powers.weighted[b].get(n));
            if (before != null) {
                Complex w = decayed(q, lengths.get(b));
                byLambda = byLambda.plus(w.times(before.get(at)).times(lengths.get(b)));
                dx.set(at, g.times(w.conjugate()));
            }
            all.input.add(q, g.times(powers.sums[b].get(n).conjugate()));
            all.lambda.add(q, g.times(byLambda.conjugate()));
            powers.c[b].set(n, g.conjugate().times(bar).times(.5));
        }
    }
}
