package unroll.recurrent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.tensor.Message;
import unroll.tensor.Shape;
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
 * Other pairs of different kinds have no exact transfer.
 */
public final class WeightTransfer {
    private final Cell<?> from, to;
    private final int H;
    private final String rule;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();     // of the second cell, by name

    private WeightTransfer(Cell<?> from, Cell<?> to) {
        this.from = from;
        this.to = to;
        H = from.hiddenSize();
        rule = rule();
    }

    /**
     * The transfer, computed but not yet done.
     *
     * @throws IllegalArgumentException when there is none, with the reason
     * @throws ShapeException           when the cells are of different sizes
     */
    public static WeightTransfer between(Cell<?> from, Cell<?> to) {
        if (from.inputSize() != to.inputSize() || from.hiddenSize() != to.hiddenSize())
            throw new ShapeException(
                    "WeightTransfer from " + from + " to " + to + ": expected equal input and hidden sizes");
        return new WeightTransfer(from, to);
    }

    /** Writes the weights into the second cell; the first is not changed. */
    public void apply() {
        to.parameters().forEach(p -> p.set(weights.get(p.name())));
    }

    /** Computes the weights and says what becomes of them. */
    private String rule() {
        if (isGru(from) && isGru(to)) return gru();
        if (isLstm(from) && isLstm(to)) return lstm();
        if (isSimple(from) && isSimple(to)) return simple((SimpleCell<?>) from, (SimpleCell<?>) to);
        if (from.getClass() == to.getClass() && from.toString().equals(to.toString())) {
            from.parameters().forEach(p -> weights.put(p.name(), p.detach()));
            return "copied";
        }
        if (from instanceof NoForgetGateLstmCell && isLstm(to))
            throw impossible("a forget gate that never forgets would need an infinite bias");
        if (from instanceof SimplifiedGruCell && isGru(to))
            throw impossible("a reset gate that never resets would need an infinite bias");
        if (from instanceof LearnedInitialState || to instanceof LearnedInitialState)
            throw impossible("one of them learns its initial state; transfer the cell within it, cell()");
        throw impossible("no weights are known that make them one function");
    }

    private IllegalArgumentException impossible(String reason) {
        return new IllegalArgumentException(
                Message.of("WeightTransfer from " + from + " to " + to + ": " + reason));
    }

    private static boolean isGru(Cell<?> cell) {
        return cell instanceof GruCell || cell instanceof MinimalGatedUnitCell;
    }

    private static GruConvention convention(Cell<?> cell) {
        return cell instanceof GruCell g ? g.convention() : GruConvention.KEEPS_NEW_RESET_BEFORE;
    }

    /** By way of the gates r, z, n. */
    private String gru() {
        GruConvention source = convention(from), target = convention(to);
        if (source.resetAfter() != target.resetAfter())
            throw impossible("r ∘ (h U_n) and (r ∘ h) U_n are equal for all h only where U_n is diagonal or all units "
                    + "reset alike; train it anew, or choose a convention with reset "
                    + (source.resetAfter() ? "after" : "before"));
        boolean negate = source.keepsOld() != target.keepsOld(), tied = from instanceof MinimalGatedUnitCell;
        for (String name : List.of("w", "u", "b")) {
            Tensor r = gate(name, 0), z = gate(name, tied ? 0 : 1), n = gate(name, tied ? 1 : 2);
            Tensor there = negate ? z.neg() : z;
            if (to instanceof MinimalGatedUnitCell && !Arrays.equals(r.data(), there.data()))
                throw impossible("its reset and update gates differ, and a minimal gated unit has one gate for both");
            if (to instanceof MinimalGatedUnitCell) put(name, r, n);
            else
                put(name, r, there, n);
        }
        if (target.resetAfter()) weights.put("c", weight("c"));
        return negate ? "1 - σ(q) = σ(-q), so the weights and the bias of z are negated" : "copied";
    }

    private static boolean isLstm(Cell<?> cell) {
        return cell instanceof LstmCell || cell instanceof PeepholeLstmCell || cell instanceof CoupledLstmCell;
    }

    /** By way of the gates i, f, g, o and the peepholes. */
    private String lstm() {
        boolean coupled = from instanceof CoupledLstmCell;
        for (String name : List.of("w", "u", "b")) {
            Tensor i = gate(name, 0), f = coupled ? i.neg() : gate(name, 1);
            Tensor g = gate(name, coupled ? 1 : 2), o = gate(name, coupled ? 2 : 3);
            if (to instanceof CoupledLstmCell && !Arrays.equals(f.data(), i.neg().data()))
                throw impossible("its forget gate is not 1 - i: the weights of f are not those of i negated");
            if (to instanceof CoupledLstmCell) put(name, i, g, o);
            else
                put(name, i, f, g, o);
        }
        Tensor peepholes = from instanceof PeepholeLstmCell ? weight("p") : Tensor.zeros(3 * H);
        if (to instanceof PeepholeLstmCell) weights.put("p", peepholes);
        else if (peepholes.norm() > 0) throw impossible("its peepholes are not 0, and the other has none");
        return "f = 1 - i is σ of negated weights, no peepholes are peepholes of 0, the rest is copied";
    }

    private static boolean isSimple(Cell<?> cell) {
        return cell instanceof SimpleCell && !(cell instanceof JordanCell);
    }

    /** By way of U_1 and U_2. */
    private String simple(SimpleCell<?> from, SimpleCell<?> to) {
        if (from.nonlinearity() != to.nonlinearity()) throw impossible("their non-linearities differ");
        if (from instanceof PreactivationCell != to instanceof PreactivationCell
                && from.nonlinearity() == Nonlinearity.LOGISTIC)
            throw impossible("one starts in h = σ(0) = 1/2 and the other in h = 0, which is σ of no number; with the "
                    + "same weights they agree from h_0 = σ(z_0) on, so set the initial state by hand");
        boolean skips = from instanceof TimeSkipCell, independent = from instanceof IndRnnCell;
        Tensor u = independent ? diagonal(weight("u")) : weight(skips ? "u1" : "u");
        Tensor u2 = skips ? weight("u2") : Tensor.zeros(H, H);
        weights.put("w", weight("w"));
        weights.put("b", weight("b"));
        if (to instanceof TimeSkipCell) {
            weights.put("u1", u);
            weights.put("u2", u2);
            return "U_2 = 0 where there is none, the rest is copied";
        }
        if (u2.norm() > 0) throw impossible("its U_2 is not 0, and the other sees only the last step");
        if (!(to instanceof IndRnnCell)) {
            weights.put("u", u);
            return independent ? "u is the diagonal of U, the rest is copied" : "copied";
        }
        Tensor own = u.mul(diagonal(Tensor.ones(H))).sum(0);
        if (u.sub(diagonal(own)).norm() > 0)
            throw impossible("its U is not diagonal, and the units of the other do not see each other");
        weights.put("u", own);
        return "the diagonal of U, the rest is copied";
    }

    private static Tensor diagonal(Tensor values) {
        int n = values.size();
        float[] all = Shape.room("WeightTransfer", new int[] {n, n});
        for (int i = 0; i < n; i++) all[i * n + i] = values.data()[i];
        return Tensor.of(all, n, n);
    }

    /** Of the first cell. */
    private Tensor weight(String name) { return ((GatedCell<?>) from).weight(name).detach(); }

    /** One gate of a weight [.., G H] of the first cell. */
    private Tensor gate(String name, int gate) {
        return weight(name).columns(gate * H, (gate + 1) * H);
    }

    /** A weight of the second cell, gates behind each other. */
    private void put(String name, Tensor... gates) {
        weights.put(name, Tensor.concat(gates[0].rank() - 1, List.of(gates)));
    }

    @Override public String toString() { return "WeightTransfer(" + from + " → " + to + ": " + rule + ")"; }
}
