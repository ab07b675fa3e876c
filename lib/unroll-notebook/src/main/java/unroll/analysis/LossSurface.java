package unroll.analysis;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;

import unroll.tensor.Interrupts;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A loss over two parameters, on a grid.
 *
 * <pre>{@code
 * LossSurface.over(new Axis("w", 1, 7, 121), new Axis("b", -5, 0, 101), (w, b) -> …)  // any function of two numbers
 * LossSurface.batched(w, b, new OneUnitRnn(50, 0.5, 0.7)::losses)  // all points in one batch
 * }</pre>
 *
 * Losses that are not finite stay as they are.
 *
 * @param a      the first parameter
 * @param b      the second parameter
 * @param losses {@code [a.points()][b.points()]}
 */
public record LossSurface(Axis a, Axis b, double[][] losses) {
    public LossSurface {
        losses = Measurement.copy(losses);
        if (losses.length != a.points() || Arrays.stream(losses).anyMatch(row -> row.length != b.points()))
            throw new ShapeException(
                    "LossSurface: expected losses [" + a.points() + "][" + b.points() + "] for " + a + " and " + b);
    }

    /** Evaluates the loss at one point after the other. */
    public static LossSurface over(Axis a, Axis b, DoubleBinaryOperator loss) {
        double[][] losses = new double[a.points()][b.points()];
        for (int i = 0; i < a.points(); i++)
            for (int j = 0; j < b.points(); j++) {
                Interrupts.check("LossSurface", "row", i, a.points());
                losses[i][j] = loss.applyAsDouble(a.value(i), b.value(j));
            }
        return new LossSurface(a, b, losses);
    }

    /** Evaluates the losses {@code [P]} of all P = a.points() · b.points() points {@code (a [P], b [P])} at once. */
    public static LossSurface batched(Axis a, Axis b, BinaryOperator<Tensor> losses) {
        int n = a.points() * b.points();
        float[] as = new float[n], bs = new float[n];
        for (int p = 0; p < n; p++) {
            as[p] = (float) a.value(p / b.points());
            bs[p] = (float) b.value(p % b.points());
        }
        Tensor all = Tape.noGrad(() -> losses.apply(Tensor.of(as, n), Tensor.of(bs, n)));
        if (all.rank() != 1 || all.size() != n)
            throw new ShapeException(
                    "LossSurface: expected losses of shape [" + n + "], one for each point, but got "
                            + Arrays.toString(all.shape()));
        double[][] rows = new double[a.points()][b.points()];
        for (int p = 0; p < n; p++) rows[p / b.points()][p % b.points()] = all.data()[p];
        return new LossSurface(a, b, rows);
    }

    /** The smallest loss that is a finite number; NaN without one. */
    public double lowest() {
        return finite().min().orElse(Double.NaN);
    }

    /** The largest loss that is a finite number; NaN without one. */
    public double highest() {
        return finite().max().orElse(Double.NaN);
    }

    private DoubleStream finite() {
        return Arrays.stream(losses).flatMapToDouble(Arrays::stream).filter(Double::isFinite);
    }

    /** How many losses are not finite. */
    public long notFinite() {
        return (long) a.points() * b.points() - finite().count();
    }

    @Override public double[][] losses() { return Measurement.copy(losses); }

    @Override public String toString() {
        return "LossSurface over " + a + " and " + b + ": losses from " + Measurement.text(lowest()) + " to "
                + Measurement.text(highest())
                + (notFinite() == 0 ? "" : ", " + notFinite() + " not finite");
    }
}
