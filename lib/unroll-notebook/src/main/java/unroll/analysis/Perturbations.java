package unroll.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.tensor.LinearAlgebra;
import unroll.tensor.Tensor;

/**
 * Sensitivity depends on direction: how a small change of the first state grows or dies, along each right singular
 * vector v_i of ∂s_T/∂s_0. By T it has grown by the singular value, if it is small enough.
 *
 * <pre>{@code
 * var growth = Perturbations.of(cell, x, 1e-2);                    // x: [T, I], one sequence
 * growth.linear()[0];  // ‖∂s_t/∂s_0 v_0‖ for t = 0, …, T: the direction that grows most
 * growth.measured()[0];                                            // ‖s_t(s_0 + ε v_0) - s_t(s_0)‖ / ε
 * }</pre>
 *
 * States are floats, so that a measured growth below about 1e-7 / ε is noise.
 *
 * @param epsilon        ε
 * @param singularValues of ∂s_T/∂s_0, falling
 * @param linear         by direction and time, from the Jacobians
 * @param measured       by direction and time, from runs that start beside each other
 */
public record Perturbations(double epsilon, double[] singularValues, double[][] linear, double[][] measured) {
    public Perturbations {
        singularValues = singularValues.clone();
        linear = Measurement.copy(linear);
        measured = Measurement.copy(measured);
    }

    /** Along a sequence {@code [T, I]}, from the cell's initial state. */
    public static <S extends State> Perturbations of(Cell<S> cell, Tensor x, double epsilon) {
        return of(cell, x, cell.initialState(1), epsilon);
    }

    /** The same from a given state of one sequence. */
    public static <S extends State> Perturbations of(Cell<S> cell, Tensor x, S first, double epsilon) {
        if (!(epsilon > 0))
            throw new IllegalArgumentException("Perturbations: expected a size ε above 0 but got " + epsilon);
        Tensor inputs = Measurement.sequence("Perturbations", cell, x);
        List<S> base = Measurement.states(cell, inputs, first);
        int T = inputs.size(0), n = first.tensors().stream().mapToInt(Tensor::size).sum();
        // ∂s_t/∂s_0
        List<ScaledMatrix> products = new ArrayList<>(List.of(ScaledMatrix.identity(n)));
        for (int t = 0; t < T; t++)
            products.add(products.get(t).after(Jacobian.of(cell, inputs.at(t), base.get(t)).state()));
        LinearAlgebra.Svd svd = LinearAlgebra.svd(products.get(T).matrix());
        double[][] linear = new double[n][T + 1];
        for (int t = 0; t <= T; t++) {
            double[] lengths = rowNorms(products.get(t).matrix().matmul(svd.v()).transpose());
            for (int i = 0; i < n; i++) linear[i][t] = products.get(t).scaled(lengths[i]);
        }
        double[] singular = Arrays.stream(svd.singularValues()).map(products.get(T)::scaled).toArray();
        return new Perturbations(epsilon, singular, linear, measured(cell, inputs, base, svd.v().transpose(), epsilon));
    }

    /** Runs all changed first states as one batch. */
    @SuppressWarnings("unchecked") // with() keeps the kind of state
    private static <S extends State> double[][] measured(Cell<S> cell, Tensor inputs, List<S> base, Tensor directions,
            double epsilon) {
        int T = inputs.size(0), n = directions.size(0), at = 0;
        List<Tensor> changed = new ArrayList<>();
        for (Tensor t : base.get(0).tensors()) {
            changed.add(t.detach().add(directions.columns(at, at + t.size()).mul(epsilon)));
            at += t.size();
        }
        List<S> states = Measurement.states(cell, inputs.expand(T, n, inputs.size(2)), (S) base.get(0).with(changed));
        double[][] growth = new double[n][T + 1];
        for (int t = 0; t <= T; t++) {
            double[] lengths = rowNorms(
                    Tensor.concat(1, states.get(t).tensors()).sub(Tensor.concat(1, base.get(t).tensors())).detach());
            for (int i = 0; i < n; i++) growth[i][t] = lengths[i] / epsilon;
        }
        return growth;
    }

    private static double[] rowNorms(Tensor matrix) {
        int columns = matrix.size(1);
        float[] v = matrix.data();
        double[] sums = new double[matrix.size(0)];
        for (int i = 0; i < v.length; i++) sums[i / columns] += (double) v[i] * v[i];
        return Arrays.stream(sums).map(Math::sqrt).toArray();
    }

    @Override public double[] singularValues() { return singularValues.clone(); }

    @Override public double[][] linear() { return Measurement.copy(linear); }

    @Override public double[][] measured() { return Measurement.copy(measured); }

    @Override public String toString() {
        return "Perturbations of size " + epsilon + " over " + (linear[0].length - 1)
                + " steps: singular values of the whole way from "
                + Measurement.text(singularValues[singularValues.length - 1]) + " to "
                + Measurement.text(singularValues[0]);
    }
}
