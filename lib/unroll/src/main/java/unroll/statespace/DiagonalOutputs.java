package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * What states of diagonal systems give to the outputs, as one operation: y_l = 2 Re(sum over n of C_n x_n Ā_n^l), where
 * x is what an impulse leaves, B̄, or Ā times the state before the first step; and its way back. With P = sum over l of
 * Ā^l ∂L/∂y_l and Q the same with l Ā^l:
 *
 * <pre>{@code
 * ∂L/∂C = 2 conj(x P)      ∂L/∂x = 2 conj(C P)      ∂L/∂λ = 2 conj(C x Q)
 * }</pre>
 */
record DiagonalOutputs(DiagonalModes modes, ComplexState state, int T) {
    /**
     * The kernel K_l of an impulse, {@code [T, H]}.
     *
     * @param d {@code [H]}, added at l = 0, or null
     */
    static Tensor kernel(DiagonalModes modes, Tensor d, int T) {
        DiagonalOutputs outputs = new DiagonalOutputs(modes, null, T);
        float[] k = outputs.forward(1, Shape.room("kernel", new int[] {T, modes.H}));
        float[] through = d == null ? new float[0] : d.data();
        for (int h = 0; h < through.length; h++) k[h] += through[h];
        return Tape.record("diagonalKernel", k, new int[] {T, modes.H}, gradients -> {
            float[] dk = gradients.get(0);
            outputs.back(1, dk);
            if (d != null && d.requiresGradient()) d.accumulate(Arrays.copyOf(dk, modes.H));
        }, d == null ? modes.parametersAnd() : modes.parametersAnd(d));
    }

    /** What a state before the first step gives, {@code [T, B, H]}. */
    static Tensor ofState(DiagonalModes modes, ComplexState state, int T) {
        int B = state.re().size(0);
        int[] shape = {T, B, modes.H};
        DiagonalOutputs outputs = new DiagonalOutputs(modes, state, T);
        float[] y = outputs.forward(B, Shape.room("state before the first step", shape, state.re()));
        return Tape.record("diagonalStart", y, shape, gradients -> outputs.back(B, gradients.get(0)),
                modes.parametersAnd(state.re(), state.im()));
    }

    /** What the powers of Ā begin with: 1, or Ā for a state, whose first step lies behind an impulse's by one. */
    private ComplexVector first() {
        return state == null ? ComplexVector.ones(modes.H * modes.M) : modes.pole;
    }

    /** B̄, which has a number for each of one sequence, or the state. */
    private ComplexVector x() {
        return state == null ? modes.input : ComplexVector.of(state.re(), state.im());
    }

    private float[] forward(int B, float[] y) {
        int H = modes.H, M = modes.M;
        ComplexVector x = x(), first = first();
        ModePowers.run(modes, B, T, (powers, from, to) -> {
            for (int h = from; h < to; h++) {
                for (int b = 0; b < B; b++)
                    for (int n = 0; n < M; n++) {
                        int q = h * M + n;
                        powers.c[b].set(n, modes.output.get(q).times(first.get(q)).times(x.get((b * H + h) * M + n)));
                    }
                powers.channel(h);
                powers.evaluate(h - from);
            }
            powers.give(y, from, to, null);
        });
        return y;
    }

    private void back(int B, float[] dy) {
        int H = modes.H, later = state == null ? 0 : 1;
        ComplexVector x = x(), first = first();
        DiagonalModes.Gradients all = modes.new Gradients();
        ComplexVector dx = state == null ? all.input : new ComplexVector(B * H * modes.M);
        ModePowers.run(modes, B, T, (powers, from, to) -> {
            powers.take(dy, from, to, null);
            for (int h = from; h < to; h++) {
                powers.channel(h);
                powers.moments(h - from, true);
                for (int b = 0; b < B; b++) back(powers.sums[b], powers.weighted[b], h, b, x, first, later, all, dx);
            }
        });
        all.send();
        if (state != null) state.take(dx);
    }

    /** The gradients that a channel of one sequence gives. */
    private void back(ComplexVector sums, ComplexVector weighted, int h, int b, ComplexVector x, ComplexVector first,
            int later, DiagonalModes.Gradients all, ComplexVector dx) {
        for (int n = 0; n < modes.M; n++) {
            int q = h * modes.M + n, at = (b * modes.H + h) * modes.M + n;
            Complex c = modes.output.get(q), p = sums.get(n).times(first.get(q)).times(2),
                    byPower = weighted.get(n).times(first.get(q)).times(2).plus(p.times(later));
            all.output.add(q, x.get(at).times(p).conjugate());
            all.lambda.add(q, c.times(x.get(at)).times(byPower).conjugate());
            dx.add(at, c.times(p).conjugate());
        }
    }
}
