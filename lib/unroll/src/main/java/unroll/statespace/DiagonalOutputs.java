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
final class DiagonalOutputs {
    private final String what;
    private final DiagonalModes modes;
    private final Tensor stateRe, stateIm;                                 // [B, H, M], null for an impulse
    private final float[] re, im;                                          // their numbers
    private final int T, B, H, M;

    private DiagonalOutputs(String what, DiagonalModes modes, Tensor stateRe, Tensor stateIm, int T) {
        this.what = what;
        this.modes = modes;
        this.stateRe = stateRe;
        this.stateIm = stateIm;
        this.T = T;
        re = stateRe == null ? null : stateRe.data();
        im = stateRe == null ? null : stateIm.data();
        B = stateRe == null ? 1 : stateRe.size(0);
        H = modes.H;
        M = modes.M;
    }

    /**
     * The kernel K_l of an impulse, {@code [T, H]}.
     *
     * @param d {@code [H]}, added at l = 0, or null
     */
    static Tensor kernel(DiagonalModes modes, Tensor d, int T) {
        DiagonalOutputs outputs = new DiagonalOutputs("kernel", modes, null, null, T);
        float[] k = outputs.forward();
        for (int h = 0; d != null && h < modes.H; h++) k[h] += d.data()[h];
        return Tape.record("diagonalKernel", k, new int[] {T, modes.H}, gradients -> {
            float[] dk = gradients.get(0);
            outputs.back(dk);
            if (d != null && d.requiresGradient()) d.accumulate(Arrays.copyOf(dk, modes.H));
        }, d == null ? modes.parametersAnd() : modes.parametersAnd(d));
    }

    /**
     * What a state before the first step gives, {@code [T, B, H]}.
     *
     * @param re {@code [B, H, M]}
     */
    static Tensor ofState(DiagonalModes modes, Tensor re, Tensor im, int T) {
        DiagonalOutputs outputs = new DiagonalOutputs("state before the first step", modes, re, im, T);
        return Tape.record("diagonalStart", outputs.forward(), new int[] {T, outputs.B, modes.H},
                gradients -> outputs.back(gradients.get(0)), modes.parametersAnd(re, im));
    }

    private Complex state(int at) { return new Complex(re[at], im[at]); }

    private float[] forward() {
        float[] y = stateRe == null
                ? Shape.room(what, new int[] {T, H})
                : Shape.room(what, new int[] {T, B, H}, stateRe);
        Parallel.run(H, h -> {
            ComplexVector[] all = ComplexVector.rows(B, M);
            for (int b = 0; b < B; b++)
                for (int n = 0; n < M; n++) {
                    int q = h * M + n;
                    Complex c = modes.output.get(q);
                    all[b].set(n, stateRe == null
                            ? c.times(modes.input.get(q))
                            : c.times(modes.pole.get(q)).times(state((b * H + h) * M + n)));
                }
            ModePowers powers = new ModePowers(modes, h, T);
            float[] rows = powers.evaluate(all);
            for (int t = 0; t < T; t++) for (int b = 0; b < B; b++) y[(t * B + b) * H + h] = rows[b * powers.row() + t];
        });
        return y;
    }

    private void back(float[] dy) {
        float[] dRe = new float[B * H * M], dIm = new float[B * H * M];
        DiagonalModes.Gradients all = modes.new Gradients();
        Parallel.run(H, h -> {
            ModePowers powers = new ModePowers(modes, h, T);
            float[] v = Shape.room(what, new int[] {B, powers.row()});
            for (int t = 0; t < T; t++) for (int b = 0; b < B; b++) v[b * powers.row() + t] = dy[(t * B + b) * H + h];
            ModePowers.Moments m = powers.moments(v, true);
            for (int b = 0; b < B; b++)
                for (int n = 0; n < M; n++) {
                    int q = h * M + n, at = (b * H + h) * M + n;
                    Complex c = modes.output.get(q), x = modes.input.get(q), p = m.sums()[b].get(n).times(2),
                            weighted = m.weighted()[b].get(n).times(2);
                    if (stateRe != null) {                                 // one step later: Ā^(l+1)
                        x = state(at);
                        p = p.times(modes.pole.get(q));
                        weighted = weighted.times(modes.pole.get(q)).plus(p);
                    }
                    all.output.add(q, x.times(p).conjugate());
                    all.lambda.add(q, c.times(x).times(weighted).conjugate());
                    Complex dx = c.times(p).conjugate();
                    if (stateRe == null) all.input.add(q, dx);
                    dRe[at] = (float) dx.re();
                    dIm[at] = (float) dx.im();
                }
        });
        all.send();
        if (stateRe != null && stateRe.requiresGradient()) stateRe.take(dRe);
        if (stateRe != null && stateIm.requiresGradient()) stateIm.take(dIm);
    }
}
