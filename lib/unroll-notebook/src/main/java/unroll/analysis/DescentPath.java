package unroll.analysis;

import java.util.stream.DoubleStream;

/**
 * Where a {@link Descent} went: its start, and the point after each step. It ends early where the loss or the gradient
 * is no longer finite.
 *
 * @param name          in the legend
 * @param descent       how it went
 * @param a             the first parameter
 * @param b             the second parameter
 * @param losses        at each point
 * @param gradientNorms at each point, before clipping
 */
public record DescentPath(String name, Descent descent, double[] a, double[] b, double[] losses,
        double[] gradientNorms) {
    public DescentPath {
        a = a.clone();
        b = b.clone();
        losses = losses.clone();
        gradientNorms = gradientNorms.clone();
    }

    static final class Builder {
        private final String name;
        private final Descent descent;
        private final DoubleStream.Builder a = DoubleStream.builder(), b = DoubleStream.builder(),
                losses = DoubleStream.builder(),
                norms = DoubleStream.builder();

        Builder(String name, Descent descent) {
            this.name = name;
            this.descent = descent;
        }

        void add(double x, double y, double loss, double norm) {
            a.add(x);
            b.add(y);
            losses.add(loss);
            norms.add(norm);
        }

        DescentPath build() {
            return new DescentPath(name, descent, a.build().toArray(), b.build().toArray(), losses.build().toArray(),
                    norms.build().toArray());
        }
    }

    /** The number of points: one more than steps. */
    public int size() { return a.length; }

    /** The first point outside the surface, or -1. */
    public int leaves(LossSurface surface) {
        for (int i = 0; i < a.length; i++) if (!surface.a().contains(a[i]) || !surface.b().contains(b[i])) return i;
        return -1;
    }

    /** The longest step. */
    public double longestStep() {
        double most = 0;
        for (int i = 1; i < a.length; i++) most = Math.max(most, Math.hypot(a[i] - a[i - 1], b[i] - b[i - 1]));
        return most;
    }

    public double lastLoss() { return losses[losses.length - 1]; }

    @Override public double[] a() { return a.clone(); }

    @Override public double[] b() { return b.clone(); }

    @Override public double[] losses() { return losses.clone(); }

    @Override public double[] gradientNorms() { return gradientNorms.clone(); }

    @Override public String toString() {
        return "DescentPath " + name + ": " + (size() - 1) + " steps from (" + Norms.text(a[0]) + ", "
                + Norms.text(b[0]) + ") to ("
                + Norms.text(a[size() - 1]) + ", "
                + Norms.text(b[size() - 1]) + "), loss " + Norms.text(losses[0]) + " to " + Norms.text(lastLoss())
                + ", longest step "
                + Norms.text(longestStep());
    }
}
