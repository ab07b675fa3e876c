package unroll.statespace;

import java.util.Arrays;
import java.util.stream.Stream;

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
    final ComplexVector pole, input, output;                               // Ā, B̄ and C, [H M]
    // logStep [H], logDecay, frequency, cRe, cIm [H, M]
    private final Tensor[] parameters;
    private final Discretization.Rule rule;

    DiagonalModes(Tensor logStep, Tensor logDecay, Tensor frequency, Tensor cRe, Tensor cIm, Discretization.Rule rule) {
        parameters = new Tensor[] {logStep, logDecay, frequency, cRe, cIm};
        this.rule = rule;
        H = logDecay.size(0);
        M = logDecay.size(1);
        pole = new ComplexVector(H * M);
        input = new ComplexVector(H * M);
        output = new ComplexVector(H * M);
        float[] re = cRe.data(), im = cIm.data();
        for (int q = 0; q < H * M; q++) {
            Complex a = a(q);
            pole.set(q, rule.state(a, step(q / M)));
            input.set(q, rule.input(a, step(q / M)));
            output.set(q, new Complex(re[q], im[q]));
        }
    }

    private double step(int h) { return Math.exp(parameters[0].data()[h]); }

    private Complex a(int q) { return new Complex(-Math.exp(parameters[1].data()[q]), parameters[2].data()[q]); }

    /** What an operation reads: the parameters and {@code more}. */
    Tensor[] parametersAnd(Tensor... more) {
        return Stream.concat(Arrays.stream(parameters), Arrays.stream(more)).toArray(Tensor[]::new);
    }

    /** What has arrived at λ, B̄ and C, {@code [H M]}; parts that treat different channels may add at once. */
    final class Gradients {
        final ComplexVector lambda = new ComplexVector(H * M), input = new ComplexVector(H * M),
                output = new ComplexVector(H * M);

        /** Adds to the gradients of the parameters. */
        void send() {
            float[] logStep = new float[H], logDecay = new float[H * M], frequency = new float[H * M],
                    cRe = new float[H * M], cIm = new float[H * M];
            for (int h = 0; h < H; h++) {
                double step = step(h), sum = 0;
                for (int q = h * M; q < (h + 1) * M; q++) {
                    Complex a = a(q), gLambda = lambda.get(q), gB = input.get(q), slope = slope(a, step);
                    Complex gA = gLambda.times(slope.times(step).conjugate())
                            .plus(gB.times(inputByPole(q, a, step).conjugate()));
                    sum += gLambda.times(slope.times(a).conjugate()).re()
                            + gB.times(inputByStep(q, step).conjugate()).re();
                    logDecay[q] = (float) (gA.re() * a.re());
                    frequency[q] = (float) gA.im();
                    cRe[q] = (float) output.re[q];
                    cIm[q] = (float) output.im[q];
                }
                logStep[h] = (float) (sum * step);
            }
            float[][] all = {logStep, logDecay, frequency, cRe, cIm};
            for (int p = 0; p < all.length; p++) if (parameters[p].requiresGradient()) parameters[p].take(all[p]);
        }
    }

    /** dλ / d(Δ A). */
    private Complex slope(Complex a, double step) {
        if (rule == Discretization.Rule.ZERO_ORDER_HOLD) return ONE;
        Complex half = a.times(step / 2);
        return ONE.over(ONE.minus(half.times(half)));
    }

    /** dB̄ / dA. */
    private Complex inputByPole(int q, Complex a, double step) {
        if (rule == Discretization.Rule.ZERO_ORDER_HOLD) return pole.get(q).times(step).minus(input.get(q)).over(a);
        Complex b = input.get(q);
        return b.times(b).times(.5);
    }

    /** dB̄ / dΔ. */
    private Complex inputByStep(int q, double step) {
        if (rule == Discretization.Rule.ZERO_ORDER_HOLD) return pole.get(q);
        Complex b = input.get(q).times(1 / step);
        return b.times(b);
    }
}
