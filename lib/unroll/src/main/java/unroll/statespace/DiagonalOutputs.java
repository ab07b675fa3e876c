package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parallel;
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

    private float[] forward(int B, float[] y) {
        int H = modes.H, M = modes.M;
        ComplexVector x = state == null ? null : state.numbers();
        Parallel.run(H, h -> {
            ComplexVector[] all = ComplexVector.rows(B, M);
            for (int b = 0; b < B; b++)
                for (int n = 0; n < M; n++) {
                    int q = h * M + n;
                    Complex c = modes.output.get(q);
                    all[b].set(n, state == null
                            ? c.times(modes.input.get(q))
                            : c.times(modes.pole.get(q)).times(x.get((b * H + h) * M + n)));
                }
            ModePowers powers = new ModePowers(modes, h, T);
            float[] rows = powers.evaluate(all);
            for (int b = 0; b < B; b++) for (int t = 0; t < T; t++) y[(t * B + b) * H + h] = rows[b * powers.row() + t];
        });
        return y;
    }

    private void back(int B, float[] dy) {
        int H = modes.H, M = modes.M;
        ComplexVector start = state == null ? null : state.numbers();
        float[] dRe = new float[B * H * M], dIm = new float[B * H * M];
        DiagonalModes.Gradients all = modes.new Gradients();
        Parallel.run(H, h -> {
            ModePowers powers = new ModePowers(modes, h, T);
            float[] v = Shape.room("outputs of states", new int[] {B, powers.row()});
            for (int b = 0; b < B; b++) for (int t = 0; t < T; t++) v[b * powers.row() + t] = dy[(t * B + b) * H + h];
            ModePowers.Moments m = powers.moments(v, true);
            for (int b = 0; b < B; b++)
                for (int n = 0; n < M; n++) {
                    int q = h * M + n, at = (b * H + h) * M + n;
                    Complex c = modes.output.get(q), x = modes.input.get(q), p = m.sums()[b].get(n).times(2),
                            weighted = m.weighted()[b].get(n).times(2);
                    if (state != null) {                                 // one step later: Ā^(l+1)
                        x = start.get(at);
                        p = p.times(modes.pole.get(q));
                        weighted = weighted.times(modes.pole.get(q)).plus(p);
                    }
                    all.output.add(q, x.times(p).conjugate());
                    all.lambda.add(q, c.times(x).times(weighted).conjugate());
                    Complex dx = c.times(p).conjugate();
                    if (state == null) all.input.add(q, dx);
                    dRe[at] = (float) dx.re();
                    dIm[at] = (float) dx.im();
                }
        });
        all.send();
        if (state != null) state.take(dRe, dIm);
    }
}
