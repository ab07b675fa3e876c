package unroll.analysis;

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
        return "DescentPath " + name + ": " + (size() - 1) + " steps from (" + Measurement.text(a[0]) + ", "
                + Measurement.text(b[0]) + ") to ("
                + Measurement.text(a[size() - 1]) + ", "
                + Measurement.text(b[size() - 1]) + "), loss " + Measurement.text(losses[0]) + " to "
                + Measurement.text(lastLoss())
                + ", longest step "
                + Measurement.text(longestStep());
    }
}
