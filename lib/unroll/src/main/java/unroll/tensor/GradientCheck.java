package unroll.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Compares the gradients of {@link Tensor#backward()} with central differences (f(w + e) - f(w - e)) / 2e.
 *
 * <pre>{@code
 * GradientCheck.of(() -> x.matmul(w).tanh().square().sum(), w).maximumError();      // about 1e-4
 * }</pre>
 *
 * Values are floats, so differences are good to about three digits: an error below 1e-2 is right, a wrong formula gives
 * 0.1 and more.
 */
public record GradientCheck(List<Element> elements) {
    private static final double STEP = 1e-2;

    /** One element: where, what backward says, what the difference says. */
    public record Element(String parameter, int index, double gradient, double difference) {
        /** |gradient - difference| / (1 + |difference|). */
        public double error() {
            return Math.abs(gradient - difference) / (1 + Math.abs(difference));
        }
    }

    /** Up to 40 elements of each parameter, spread evenly; the loss must be computed anew, and the same, each time. */
    public static GradientCheck of(Supplier<Tensor> loss, Parameter... parameters) {
        for (Parameter p : parameters) p.zeroGradient();
        loss.get().backward();
        List<Element> elements = new ArrayList<>();
        for (Parameter p : parameters) {
            float[] gradient = p.gradientData() == null ? new float[p.size()] : p.gradientData().clone();
            int n = Math.min(40, p.size());
            for (int q = 0; q < n; q++) {
                int i = (int) ((long) q * p.size() / n);
                elements.add(new Element(p.name(), i, gradient[i], difference(loss, p, i)));
            }
        }
        for (Parameter p : parameters) p.zeroGradient();
        return new GradientCheck(List.copyOf(elements));
    }

    private static double difference(Supplier<Tensor> loss, Parameter p, int i) {
        float value = p.values()[i];
        float high = (float) (value + STEP), low = (float) (value - STEP);
        try {
            p.update(v -> v[i] = high);
            double above = Tape.noGrad(loss).item();
            p.update(v -> v[i] = low);
            double below = Tape.noGrad(loss).item();
            return (above - below) / ((double) high - low);
        } finally {
            p.update(v -> v[i] = value);
        }
    }

    /** The largest {@link Element#error()}. */
    public double maximumError() {
        return elements.stream().mapToDouble(Element::error).max().orElse(0);
    }

    @Override public String toString() {
        Element worst = elements.stream().max(Comparator.comparingDouble(Element::error)).orElse(null);
        if (worst == null) return "GradientCheck: no parameters";
        return String.format(Locale.ROOT,
                "GradientCheck: %d elements, largest error %.1e (%s[%d]: backward %.5f, difference %.5f)",
                elements.size(), worst.error(), worst.parameter, worst.index, worst.gradient, worst.difference);
    }
}
