package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Moves the weights of one cell into another that is written in another convention, where the two then are the same
 * function from their own initial states on.
 *
 * <pre>{@code
 * var lecture = new GruCell(64, 256, GruConvention.KEEPS_NEW_RESET_AFTER, rng);
 * // 1 - σ(q) = σ(-q): the weights of z are negated
 * WeightTransfer.between(new GruCell(64, 256, rng), lecture).apply();
 * }</pre>
 *
 * Each family has a most general member; a cell is read as that, and written from it where it can be:
 * <ul>
 * <li>{@link GruCell} in all conventions, and {@link MinimalGatedUnitCell} as the unit whose r and z are one gate;
 * <li>{@link LstmCell} as {@link PeepholeLstmCell} with peepholes of 0, {@link CoupledLstmCell} as the one with f = 1 -
 * i;
 * <li>{@link ElmanCell} and {@link PreactivationCell} as {@link TimeSkipCell} with U_2 = 0, {@link IndRnnCell} as the
 * one with a diagonal U.
 * </ul>
 * Other pairs of different kinds have no exact transfer: {@link NoExactTransferException} says why.
 */
public final class WeightTransfer {
    private final Cell<?> from, to;
    private final String rule;
    private final List<Tensor> values;

    WeightTransfer(Cell<?> from, Cell<?> to, String rule, List<Tensor> values) {
        this.from = from;
        this.to = to;
        this.rule = rule;
        this.values = values;
    }

    /**
     * The transfer, computed but not yet done.
     *
     * @throws NoExactTransferException when there is none, with the reason
     * @throws ShapeException           when the cells are of different sizes
     */
    public static WeightTransfer between(Cell<?> from, Cell<?> to) {
        if (from.inputSize() != to.inputSize() || from.hiddenSize() != to.hiddenSize())
            throw new ShapeException(
                    "WeightTransfer from " + from + " to " + to + ": expected equal input and hidden sizes");
        if (GruForm.covers(from) && GruForm.covers(to)) return GruForm.transfer(from, to);
        if (LstmForm.covers(from) && LstmForm.covers(to)) return LstmForm.transfer(from, to);
        if (SimpleForm.covers(from) && SimpleForm.covers(to)) return SimpleForm.transfer(from, to);
        if (from.getClass() == to.getClass() && from.toString().equals(to.toString()))
            return new WeightTransfer(from, to, "copied", values(from));
        throw new NoExactTransferException(from, to, reason(from, to));
    }

    private static String reason(Cell<?> from, Cell<?> to) {
        if (from instanceof NoForgetGateLstmCell && LstmForm.covers(to))
            return "a forget gate that never forgets would need an infinite bias";
        if (from instanceof SimplifiedGruCell && GruForm.covers(to))
            return "a reset gate that never resets would need an infinite bias";
        if (from instanceof LearnedInitialState || to instanceof LearnedInitialState)
            return "one of them learns its initial state; transfer the cell within it, cell()";
        return "no weights are known that make them one function";
    }

    /** Writes the weights into the second cell; the first is not changed. */
    public void apply() {
        for (int i = 0; i < values.size(); i++) to.parameters().get(i).set(values.get(i));
    }

    /** Copies of all weights of a cell, in its order. */
    static List<Tensor> values(Cell<?> cell) {
        List<Tensor> all = new ArrayList<>();
        for (Parameter p : cell.parameters()) all.add(p.detach());
        return all;
    }

    /** Gate number {@code gate} of weights [.., G H]. */
    static Tensor gate(Tensor weights, int gate, int H) {
        return weights.columns(gate * H, (gate + 1) * H);
    }

    /** Gates behind each other. */
    static Tensor join(Tensor... gates) {
        return Tensor.concat(gates[0].rank() - 1, List.of(gates));
    }

    /** What becomes of the weights. */
    @Override public String toString() {
        return "WeightTransfer(" + from + " → " + to + ": " + rule + ")";
    }
}
