package unroll.analysis;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

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
        Parameter x = new Parameter("a", Tensor.of(new double[] {a}, 1)),
                y = new Parameter("b", Tensor.of(new double[] {b}, 1));
        return on(name, Weight.of(x, 0), Weight.of(y, 0), () -> losses.apply(x, y).sum());
    }

    /** Descends on the loss of a model in two of its weights, all others fixed; afterwards the two are as they were. */
    public DescentPath on(String name, Weight first, Weight second, Supplier<Tensor> loss) {
        Weight.requireTwo("Descent", first, second);
        double beforeA = first.value(), beforeB = second.value();
        try {
            return Aside.from(Aside.parametersOf(loss.get()), () -> descend(name, first, second, loss));
        } finally {
            first.set(beforeA);
            second.set(beforeB);
        }
    }

    private DescentPath descend(String name, Weight first, Weight second, Supplier<Tensor> loss) {
        Parameter point = new Parameter("point", Tensor.of(new double[] {a, b}, 2));
        Sgd sgd = new Sgd(List.of(point), rate);
        DescentPath.Builder path = new DescentPath.Builder(name, this);
        for (int s = 0;; s++) {
            first.set(point.get(0));
            second.set(point.get(1));
            first.parameter().zeroGradient();
            second.parameter().zeroGradient();
            Tensor value = loss.get();
            value.backward();
            float[] gradient = {element(first), element(second)};
            double norm = Math.hypot(gradient[0], gradient[1]);
            path.add(point.get(0), point.get(1), value.item(), norm);
            if (s == steps || !Double.isFinite(value.item()) || !Double.isFinite(norm)) return path.build();
            sgd.zeroGrad();
            point.accumulate(gradient);
            if (clip < Double.POSITIVE_INFINITY) Clip.byGlobalNorm(List.of(point), clip);
            sgd.step();
        }
    }

    private static float element(Weight w) {
        float[] g = w.parameter().gradientData();
        return g == null ? 0 : g[w.index()];
    }
}
