package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.analysis.DescentPath;
import unroll.analysis.GateMap;
import unroll.analysis.GradientFlow;
import unroll.analysis.Jacobian;
import unroll.analysis.JacobianProducts;
import unroll.analysis.LossSurface;
import unroll.analysis.MatrixPowers;
import unroll.analysis.Perturbations;
import unroll.analysis.Spectrum;
import unroll.analysis.Trajectory;
import unroll.analysis.TruncationError;
import unroll.metrics.Calibration;
import unroll.tensor.Tensor;

/**
 * Charts of what {@code unroll.analysis} measures. As the last expression of a cell a result shows itself; to compare
 * several, or to add to the chart:
 *
 * <pre>{@code
 * GradientFlow.of("LSTM", gradients)                               // shows itself
 * Figures.of(flowOfRnn, flowOfLstm)                                // both in one chart
 * Figures.of(surface, plain, clipped)                              // paths on a loss surface
 * }</pre>
 */
public final class Figures {
    private Figures() {
    }

    /** ∂s'/∂s as colours. */
    public static HeatMap of(Jacobian jacobian) {
        List<String> units = new ArrayList<>();
        for (int part = 0; part < jacobian.names().size(); part++)
            for (int i = 1; i <= jacobian.sizes().get(part); i++) units.add(jacobian.names().get(part) + i);
        return Charts.heatMap("Jacobian of one step", "state before", "state after", jacobian.state())
                .labels(units, units).size(560, 460);
    }

    /** Norms against steps back, under the bound of a simple recurrent network or else under the steps' own norms. */
    public static XyChart of(JacobianProducts products) {
        List<String> parts = products.parts();
        boolean one = parts.size() == 1;
        String all = one ? parts.get(0) : "s";
        XyChart chart = Charts.lines("How far back does the last state depend?", "steps back, T - k",
                "2-norm of ∂" + all + "_T/∂" + all + "_k").logY();
        chart.add(one ? "measured" : "s = (" + String.join(", ", parts) + ")", products.norms());
        products.bound().ifPresentOrElse(
                bound -> chart.addDashed("bound " + Numbers.text(bound.factor()) + "^(T - k), σ_max(U) = "
                        + Numbers.text(bound.sigmaMax()) + ", slope at most " + Numbers.text(bound.slope()),
                        bound.over(products.steps().size())),
                () -> chart.addDashed("product of the norms of the steps", products.stepBounds()));
        if (!one)
            for (String part : parts) chart.add("∂" + part + "_T/∂" + part + "_k", products.norms(part, part));
        return chart;
    }

    /**
     * The reliability diagram: how often a model is right against how sure it was, a point for each bin that has
     * decisions. On the diagonal it is honest.
     */
    public static XyChart of(Calibration calibration) {
        List<Calibration.Bin> bins = calibration.bins().stream().filter(bin -> bin.count() > 0).toList();
        if (bins.isEmpty()) throw new ChartException("Chart Calibration: it has no decisions");
        double[] sure = bins.stream().mapToDouble(bin -> 100 * bin.confidence()).toArray(),
                right = bins.stream().mapToDouble(bin -> 100 * bin.accuracy()).toArray();
        double[] diagonal = {Math.min(100.0 * bins.get(0).from(), 90), 100};
        return Charts.lines("Right as often as it says?", "confidence, %", "right, %").xRange(diagonal[0], 100)
                .addPath("measured, expected calibration error " + Numbers.text(100 * calibration.expectedError())
                        + " %", sure, right, bins.stream().map(bin -> Numbers.text(bin.count())).toList())
                .addDashed("right as often as it says", diagonal, diagonal);
    }

    /** The norm of the gradient at each time step, a line for each network. */
    public static XyChart of(GradientFlow... flows) {
        XyChart chart = Charts
                .lines("How much gradient reaches each step?", "time step t", "‖∂L/∂h_t‖, mean of the batch").logY();
        for (GradientFlow flow : flows)
            chart.add(flow.name(), IntStream.rangeClosed(1, flow.norms().length).asDoubleStream().toArray(),
                    flow.norms());
        return chart;
    }

    /** Units over time. A gate lies in [0, 1]; a candidate or a state goes below zero. */
    public static HeatMap of(GateMap map) {
        Tensor units = map.values().transpose();
        List<String> rows = IntStream.rangeClosed(1, units.size(0)).mapToObj(Integer::toString).toList();
        HeatMap chart = Charts.heatMap(map.gate(), "read", "unit", units).labels(map.steps(), rows);
        double[] values = Arrays.stream(XyChart.doubles(units.data())).filter(Double::isFinite).toArray();
        boolean negative = Arrays.stream(values).anyMatch(v -> v < 0);
        return Arrays.stream(values).allMatch(v -> v >= -1 && v <= 1) ? chart.range(negative ? -1 : 0, 1) : chart;
    }

    /** The first sequences of the batch, at most six, in the plane of the first two principal components. */
    public static XyChart of(Trajectory trajectory) {
        double[] e = Arrays.stream(trajectory.explained()).map(share -> Math.round(1000 * share) / 10.0).toArray();
        XyChart chart = Charts.scatter("Hidden states over time",
                "first principal component (" + e[0] + " % of the variance)",
                "second principal component (" + e[1] + " %)").size(680, 520);
        List<String> labels = new ArrayList<>(trajectory.steps());
        labels.set(0, "start: " + labels.get(0));
        for (int b = 0; b < Math.min(6, trajectory.sequences()); b++)
            chart.addPath("sequence " + (b + 1), trajectory.coordinates(b, 0), trajectory.coordinates(b, 1), labels);
        return chart;
    }

    /** The losses as colours, with paths of descent. */
    public static SurfaceChart of(LossSurface surface, DescentPath... paths) {
        return new SurfaceChart("Loss over " + surface.a().name() + " and " + surface.b().name(), surface,
                List.of(paths));
    }

    /** The loss along each path. */
    public static XyChart of(DescentPath... paths) {
        XyChart chart = Charts.lines("Loss along the descent", "step", "loss").logY();
        for (DescentPath path : paths) chart.add(path.name(), path.losses());
        return chart;
    }

    /** Eigenvalues in the complex plane, with the unit circle. */
    public static XyChart of(Spectrum spectrum) {
        double[] turn = IntStream.rangeClosed(0, 120).mapToDouble(i -> 2 * Math.PI * i / 120).toArray();
        double reach = 1.1 * Math.max(1, spectrum.spectralRadius());
        return Charts
                .scatter("Eigenvalues, σ_max = " + Numbers.text(spectrum.sigmaMax()), "real part", "imaginary part")
                .addPoints("eigenvalues, spectral radius " + Numbers.text(spectrum.spectralRadius()),
                        spectrum.eigenvalues().stream().mapToDouble(c -> c.re()).toArray(),
                        spectrum.eigenvalues().stream().mapToDouble(c -> c.im()).toArray())
                .addDashed("unit circle", Arrays.stream(turn).map(Math::cos).toArray(),
                        Arrays.stream(turn).map(Math::sin).toArray())
                .xRange(-reach, reach).yRange(-reach, reach).size(460, 480);
    }

    /** ‖U^t‖ between the powers of the spectral radius and of σ_max, the latter as far as it is near. */
    public static XyChart of(MatrixPowers powers) {
        double radius = powers.spectrum().spectralRadius(), sigma = powers.spectrum().sigmaMax();
        return Charts.lines("Powers of a matrix", "t", "2-norm").logY().add("‖U^t‖", powers.norms())
                .add("ρ^t, ρ = " + Numbers.text(radius), powers(radius, powers, Double.POSITIVE_INFINITY))
                .add("σ_max^t, σ_max = " + Numbers.text(sigma), powers(sigma, powers, 10 * powers.peak()));
    }

    private static double[] powers(double base, MatrixPowers as, double most) {
        return IntStream.range(0, as.norms().length).mapToDouble(t -> Math.pow(base, t))
                .map(v -> v <= most ? v : Double.NaN).toArray();
    }

    /** The relative error of each truncated gradient against k, and its cosine as a dashed line. */
    public static XyChart of(TruncationError... errors) {
        XyChart chart = Charts.lines("What truncation does to the gradient", "steps k",
                "relative error; cosine (dashed)");
        for (TruncationError e : errors) {
            double[] k = Arrays.stream(e.steps()).asDoubleStream().toArray();
            String where = e.where() == TruncationError.Where.CHUNKS ? "chunks of k" : "the last k";
            chart.addMarked(where + ": relative error", k, e.errors()).addDashed(where + ": cosine", k, e.cosines());
        }
        return chart;
    }

    /** Growth along the strongest, the middle and the weakest direction; dashed what the Jacobians foretell. */
    public static XyChart of(Perturbations growth) {
        double[] singular = growth.singularValues();
        XyChart chart = Charts.lines("How a change of the first state grows", "time step t",
                "size relative to ε = " + Numbers.text(growth.epsilon())).logY();
        IntStream.of(0, singular.length / 2, singular.length - 1).distinct().forEach(i -> chart
                .add("v_" + (i + 1) + " measured, singular value " + Numbers.text(singular[i]), growth.measured()[i])
                .addDashed("v_" + (i + 1) + " by Jacobians", growth.linear()[i]));
        return chart;
    }
}
