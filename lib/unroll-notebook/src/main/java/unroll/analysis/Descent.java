package unroll.analysis;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.DoubleStream;

import unroll.tensor.Parameter;
import unroll.tensor.Tensor;
import unroll.train.Clip;
import unroll.train.Sgd;

/**
 * Plain gradient descent of two parameters, to be drawn over a {@link LossSurface}.
 *
 * <pre>{@code
 * var descent = Descent.from(4, -2).rate(0.1).steps(100);
 * DescentPath plain = descent.on("plain", rnn::losses), clipped = descent.clip(0.5).on("clipped at 0.5", rnn::losses);
 * }</pre>
 *
 * @param a     where the first parameter starts
 * @param b     where the second parameter starts
 * @param rate  the learning rate
 * @param steps how many steps at most
 * @param clip  the largest norm of the gradient; ∞ for no clipping
 */
public record Descent(double a, double b, double rate, int steps, double clip) {
    public Descent {
        if (!(rate > 0))
            throw new IllegalArgumentException("Descent: expected a learning rate above 0 but got " + rate);
        if (steps < 1) throw new IllegalArgumentException("Descent: expected at least one step but got " + steps);
        if (!(clip > 0)) throw new IllegalArgumentException("Descent: expected a norm above 0 but got " + clip);
    }

    /** From a point, with rate 0.1, 100 steps, no clipping. */
    public static Descent from(double a, double b) {
        return new Descent(a, b, 0.1, 100, Double.POSITIVE_INFINITY);
    }

    public Descent rate(double rate) { return new Descent(a, b, rate, steps, clip); }

    public Descent steps(int steps) { return new Descent(a, b, rate, steps, clip); }

    /** Gradients longer than this are cut to this norm: {@link Clip#byGlobalNorm}. */
    public Descent clip(double norm) {
        return new Descent(a, b, rate, steps, norm);
    }

    /** Descends on losses {@code [P]} of {@code (a [P], b [P])}, as {@link LossSurface#batched} takes them. */
    public DescentPath on(String name, BinaryOperator<Tensor> losses) {
        Parameter point = new Parameter("point", Tensor.of(new double[] {a, b}, 2));
        Sgd sgd = new Sgd(List.of(point), rate);
        DoubleStream.Builder as = DoubleStream.builder(), bs = DoubleStream.builder(), values = DoubleStream.builder(),
                norms = DoubleStream.builder();
        for (int s = 0;; s++) {
            Parameter x = new Parameter("a", Tensor.of(new float[] {point.get(0)}, 1)),
                    y = new Parameter("b", Tensor.of(new float[] {point.get(1)}, 1));
            Tensor loss = losses.apply(x, y).sum();
            loss.backward();
            float[] gradient = {element(x), element(y)};
            double norm = Math.hypot(gradient[0], gradient[1]);
            as.add(point.get(0));
            bs.add(point.get(1));
            values.add(loss.item());
            norms.add(norm);
            if (s == steps || !Double.isFinite(loss.item()) || !Double.isFinite(norm))
                return new DescentPath(name, this, as.build().toArray(), bs.build().toArray(),
                        values.build().toArray(), norms.build().toArray());
            sgd.zeroGrad();
            point.accumulate(gradient);
            if (clip < Double.POSITIVE_INFINITY) Clip.byGlobalNorm(List.of(point), clip);
            sgd.step();
        }
    }

    private static float element(Parameter w) { return w.gradientData() == null ? 0 : w.gradientData()[0]; }
}
