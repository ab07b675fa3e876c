package unroll.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.tensor.Tensor;

/**
 * How strongly the last state of a sequence depends on the states before it: ‖∂s_T/∂s_k‖ = ‖J_T J_{T-1} ⋯ J_{k+1}‖
 * against T - k, in the 2-norm.
 *
 * <pre>{@code
 * var products = JacobianProducts.along(cell, x);                  // x: [T, I], one sequence
 * products.norms();                                                // [T + 1], 1 for no step back
 * products.bound().get().holds(products.norms());                  // of a simple recurrent network
 * products.norms("c", "c");                                        // of an LSTM: ‖∂c_T/∂c_k‖ within the product
 * }</pre>
 *
 * A norm that no double can hold is 0 or ∞; one of matrices with values that are not finite is NaN. Every step takes
 * two singular value decompositions of {@code [N, N]} for a state of N numbers: a matter of seconds up to N of about
 * 128.
 *
 * @param cell      what was measured
 * @param steps     J_1, …, J_T along the states that the cell went through
 * @param norms     for 0, 1, …, T steps back
 * @param stepNorms ‖J_1‖, …, ‖J_T‖
 * @param bound     (σ_max(U) γ)^(T-k), where the cell is a simple recurrent network
 */
public record JacobianProducts(String cell, List<Jacobian> steps, double[] norms, double[] stepNorms,
        Optional<NormBound> bound) {
    public JacobianProducts {
        steps = List.copyOf(steps);
        norms = norms.clone();
        stepNorms = stepNorms.clone();
    }

    /** Along a sequence {@code [T, I]}, from the cell's initial state. */
    public static <S extends State> JacobianProducts along(Cell<S> cell, Tensor x) {
        return along(cell, x, cell.initialState(1));
    }

    /** The same from a given state of one sequence. */
    public static <S extends State> JacobianProducts along(Cell<S> cell, Tensor x, S first) {
        Tensor inputs = Measurement.sequence("JacobianProducts", cell, x);
        List<S> states = Measurement.states(cell, inputs, first);
        List<Jacobian> steps = new ArrayList<>();
        for (int t = 0; t < inputs.size(0); t++) steps.add(Jacobian.of(cell, inputs.at(t), states.get(t)));
        double[] norms = back(steps).stream().mapToDouble(ScaledMatrix::norm).toArray();
        norms[0] = 1;
        return new JacobianProducts(cell.toString(), steps, norms,
                steps.stream().mapToDouble(j -> ScaledMatrix.spectral(j.state())).toArray(),
                NormBound.exists(cell) ? Optional.of(NormBound.of(cell)) : Optional.empty());
    }

    /** I, J_T, J_T J_{T-1}, … */
    private static List<ScaledMatrix> back(List<Jacobian> steps) {
        ScaledMatrix product = ScaledMatrix.identity(steps.get(0).state().size(0));
        List<ScaledMatrix> products = new ArrayList<>(List.of(product));
        for (int t = steps.size() - 1; t >= 0; t--) {
            product = product.times(steps.get(t).state());
            products.add(product);
        }
        return products;
    }

    /** ‖∂to_T/∂from_k‖ for two parts of the state, for 0, 1, …, T steps back. */
    public double[] norms(String to, String from) {
        return back(steps).stream()
                .mapToDouble(p -> p.scaled(ScaledMatrix.spectral(steps.get(0).block(p.matrix(), to, from))))
                .toArray();
    }

    /** What any cell's norms stay below: the product of the norms of the steps, for 0, 1, …, T steps back. */
    public double[] stepBounds() {
        double[] bounds = new double[norms.length];
        bounds[0] = 1;
        for (int d = 1; d < bounds.length; d++) bounds[d] = bounds[d - 1] * stepNorms[stepNorms.length - d];
        return bounds;
    }

    /** The names of the parts of the state: {@code [h, c]}. */
    public List<String> parts() {
        return steps.get(0).names();
    }

    @Override public double[] norms() { return norms.clone(); }

    @Override public double[] stepNorms() { return stepNorms.clone(); }

    @Override public String toString() {
        return "JacobianProducts of " + cell + " over " + steps.size() + " steps: norm " + Measurement.text(norms[1])
                + " one step back, "
                + Measurement.text(norms[norms.length - 1]) + " at the first state"
                + bound.map(b -> ", at most " + Measurement.text(b.factor()) + " a step").orElse("");
    }
}
