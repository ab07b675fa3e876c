package unroll.statespace;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parallel;
import unroll.tensor.Tensor;

/**
 * The diagonal systems of all channels in steps, from the parameters of {@link S4d}: for each channel h and state n,
 * computed in double precision,
 *
 * <pre>{@code
 * A = -exp(logDecay) + i frequency,  Δ = exp(logStep),  Ā = exp(λ) and B̄ by zero-order hold or bilinear rule,  B = 1
 * }</pre>
 *
 * and how gradients of λ, B̄ and C become those of the parameters. A gradient of a complex number z = x + iy is ∂L/∂x +
 * i ∂L/∂y; through a differentiable f it goes back times the conjugate of f'.
 */
final class DiagonalModes {
    private static final Complex ONE = new Complex(1, 0);
    private static final int MODES = 256;

    final int H, M;                                                        // channels, states of a channel
    final ComplexVector pole, input, output;                               // Ā, B̄ and C, [H M]
    private final ComplexVector a;                                         // A, [H M]
    private final double[] step;                                           // Δ, [H]
    // logStep [H], logDecay, frequency, cRe, cIm [H, M]
    private final Tensor[] parameters;
    private final Discretization.Rule rule;

    DiagonalModes(Tensor logStep, Tensor logDecay, Tensor frequency, Tensor cRe, Tensor cIm, Discretization.Rule rule) {
        parameters = new Tensor[] {logStep, logDecay, frequency, cRe, cIm};
        this.rule = rule;
        H = logDecay.size(0);
        M = logDecay.size(1);
        a = new ComplexVector(H * M);
        pole = new ComplexVector(H * M);
        input = new ComplexVector(H * M);
        output = ComplexVector.of(cRe, cIm);
        step = new double[H];
        float[] steps = logStep.data(), decays = logDecay.data(), frequencies = frequency.data();
        channels(h -> {
            step[h] = Math.exp(steps[h]);
            for (int q = h * M; q < (h + 1) * M; q++) {
                Complex a = new Complex(-Math.exp(decays[q]), frequencies[q]);
                this.a.set(q, a);
                pole.set(q, rule.state(a, step[h]));
                input.set(q, rule.input(a, step[h]));
            }
        });
    }

    /** Each channel, in parts of about {@value #MODES} states. */
    private void channels(IntConsumer work) {
        int together = Math.max(1, MODES / M);
        Parallel.run((H - 1) / together + 1, part -> {
            for (int h = part * together; h < Math.min(H, (part + 1) * together); h++) work.accept(h);
        });
    }

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
            float[] logStep = new float[H], logDecay = new float[H * M], frequency = new float[H * M];
            channels(h -> {
                double sum = 0;
                for (int q = h * M; q < (h + 1) * M; q++) {
                    Complex z = a.get(q), gLambda = lambda.get(q), gB = input.get(q), slope = slope(z, step[h]);
                    Complex gA = gLambda.times(slope.times(step[h]).conjugate())
                            .plus(gB.times(inputByPole(q, z, step[h]).conjugate()));
                    sum += gLambda.times(slope.times(z).conjugate()).re()
                            + gB.times(inputByStep(q, step[h]).conjugate()).re();
                    logDecay[q] = (float) (gA.re() * z.re());
                    frequency[q] = (float) gA.im();
                }
                logStep[h] = (float) (sum * step[h]);
            });
            float[][] all = {logStep, logDecay, frequency, ComplexVector.floats(output.re),
                    ComplexVector.floats(output.im)};
            for (int p = 0; p < all.length; p++) if (parameters[p].requiresGradient()) parameters[p].take(all[p]);
        }
    }

    /** dλ / d(Δ A). */
    private Complex slope(Complex a, double step) {
        Complex half = a.times(step / 2);
        return rule == Discretization.Rule.BILINEAR ? ONE.over(ONE.minus(half.times(half))) : ONE;
    }

    /** dB̄ / dA. */
    private Complex inputByPole(int q, Complex a, double step) {
        Complex b = input.get(q);
        return rule == Discretization.Rule.BILINEAR
                ? b.times(b).times(.5)
                : pole.get(q).times(step).minus(b).over(a);
    }

    /** dB̄ / dΔ. */
    private Complex inputByStep(int q, double step) {
        Complex b = input.get(q).times(1 / step);
        return rule == Discretization.Rule.BILINEAR ? b.times(b) : pole.get(q);
    }
}
