package unroll.statespace;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Tensor;

/**
 * The diagonal systems of all channels in steps, from the parameters of {@link S4d}: for each channel h and state n,
 * computed in double precision,
 *
 * <pre>{@code
 * A = -exp(logDecay) + i frequency,   Δ = exp(logStep),   Ā = exp(λ) and B̄ by zero-order hold or bilinear rule,   B = 1
 * }</pre>
 *
 * and how gradients of λ, B̄ and C become those of the parameters. A gradient of a complex number z = x + iy is ∂L/∂x +
 * i ∂L/∂y; through a differentiable f it goes back times the conjugate of f'.
 */
final class DiagonalModes {
    private static final Complex ONE = new Complex(1, 0);

    final int H, M;                                                        // channels, states of a channel
    final double[] re, im;                                                 // Ā, [H M]
    final double[] bRe, bIm, cRe, cIm;                                     // B̄ and C, [H M]
    // logStep [H], logDecay, frequency, cRe, cIm [H, M]
    private final Tensor[] parameters;
    private final DiscretizationRule rule;

    DiagonalModes(Tensor logStep, Tensor logDecay, Tensor frequency, Tensor cRe, Tensor cIm, DiscretizationRule rule) {
        parameters = new Tensor[] {logStep, logDecay, frequency, cRe, cIm};
        this.rule = rule;
        H = logDecay.size(0);
        M = logDecay.size(1);
        int n = H * M;
        re = new double[n];
        im = new double[n];
        bRe = new double[n];
        bIm = new double[n];
        this.cRe = doubles(cRe);
        this.cIm = doubles(cIm);
        float[] steps = logStep.data(), decays = logDecay.data(), frequencies = frequency.data();
        for (int q = 0; q < n; q++) {
            double step = Math.exp(steps[q / M]);
            Complex a = new Complex(-Math.exp(decays[q]), frequencies[q]), w = rule.state(a, step),
                    b = rule.input(a, step);
            re[q] = w.re();
            im[q] = w.im();
            bRe[q] = b.re();
            bIm[q] = b.im();
        }
    }

    private static double[] doubles(Tensor t) {
        float[] f = t.data();
        double[] d = new double[f.length];
        for (int q = 0; q < d.length; q++) d[q] = f[q];
        return d;
    }

    Tensor[] parameters() { return parameters.clone(); }

    /** Those, and one more input of an operation. */
    Tensor[] parametersAnd(Tensor... more) {
        Tensor[] all = java.util.Arrays.copyOf(parameters, parameters.length + more.length);
        System.arraycopy(more, 0, all, parameters.length, more.length);
        return all;
    }

    Complex pole(int q) { return new Complex(re[q], im[q]); }

    Complex input(int q) { return new Complex(bRe[q], bIm[q]); }

    Complex output(int q) { return new Complex(cRe[q], cIm[q]); }

    /** What has arrived at λ, B̄ and C, {@code [H M]}; parts that treat different channels may add at once. */
    final class Gradients {
        private final double[] lambdaRe = new double[H * M], lambdaIm = new double[H * M], bRe = new double[H * M],
                bIm = new double[H * M],
                cRe = new double[H * M], cIm = new double[H * M];

        void lambda(int q, Complex g) {
            lambdaRe[q] += g.re();
            lambdaIm[q] += g.im();
        }

        void input(int q, Complex g) {
            bRe[q] += g.re();
            bIm[q] += g.im();
        }

        void output(int q, Complex g) {
            cRe[q] += g.re();
            cIm[q] += g.im();
        }

        /** Adds to the gradients of the parameters. */
        void send() {
            float[] logStep = new float[H], logDecay = new float[H * M], frequency = new float[H * M];
            float[] steps = parameters[0].data(), decays = parameters[1].data(), frequencies = parameters[2].data();
            for (int h = 0; h < H; h++) {
                double step = Math.exp(steps[h]), sum = 0;
                for (int q = h * M; q < (h + 1) * M; q++) {
                    Complex a = new Complex(-Math.exp(decays[q]), frequencies[q]),
                            gLambda = new Complex(lambdaRe[q], lambdaIm[q]);
                    Complex gB = new Complex(bRe[q], bIm[q]), slope = slope(a, step);
                    Complex gA = gLambda.times(slope.times(step).conjugate())
                            .plus(gB.times(inputByPole(q, a, step).conjugate()));
                    sum += gLambda.times(slope.times(a).conjugate()).re()
                            + gB.times(inputByStep(q, a, step).conjugate()).re();
                    logDecay[q] = (float) (gA.re() * a.re());
                    frequency[q] = (float) gA.im();
                }
                logStep[h] = (float) (sum * step);
            }
            take(0, logStep);
            take(1, logDecay);
            take(2, frequency);
            take(3, floats(cRe));
            take(4, floats(cIm));
        }

        private void take(int parameter, float[] g) {
            if (parameters[parameter].requiresGradient()) parameters[parameter].take(g);
        }

        private float[] floats(double[] d) {
            float[] f = new float[d.length];
            for (int q = 0; q < f.length; q++) f[q] = (float) d[q];
            return f;
        }
    }

    /** dλ / d(Δ A). */
    private Complex slope(Complex a, double step) {
        if (rule == DiscretizationRule.ZERO_ORDER_HOLD) return ONE;
        Complex half = a.times(step / 2);
        return ONE.over(ONE.minus(half.times(half)));
    }

    /** dB̄ / dA. */
    private Complex inputByPole(int q, Complex a, double step) {
        if (rule == DiscretizationRule.ZERO_ORDER_HOLD) return pole(q).times(step).minus(input(q)).over(a);
        Complex b = input(q);
        return b.times(b).times(.5);
    }

    /** dB̄ / dΔ. */
    private Complex inputByStep(int q, Complex a, double step) {
        if (rule == DiscretizationRule.ZERO_ORDER_HOLD) return pole(q);
        Complex b = input(q).times(1 / step);
        return b.times(b);
    }
}
