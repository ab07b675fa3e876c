package unroll.recurrent;

import java.util.List;

import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/** Simple recurrent networks for {@link WeightTransfer}: w, U_1, U_2 and b. */
final class SimpleForm {
    private SimpleForm() {
    }

    static boolean covers(Cell<?> cell) { return nonlinearity(cell) != null && !(cell instanceof JordanCell); }

    private static Nonlinearity nonlinearity(Cell<?> cell) {
        if (cell instanceof ElmanCell c) return c.nonlinearity();
        if (cell instanceof PreactivationCell c) return c.nonlinearity();
        if (cell instanceof TimeSkipCell c) return c.nonlinearity();
        return cell instanceof IndRnnCell c ? c.nonlinearity() : null;
    }

    static WeightTransfer transfer(Cell<?> from, Cell<?> to) {
        int H = from.hiddenSize();
        if (nonlinearity(from) != nonlinearity(to))
            throw new NoExactTransferException(from, to, "their non-linearities differ");
        boolean before = from instanceof PreactivationCell, after = to instanceof PreactivationCell;
        if (before != after && nonlinearity(from) == Nonlinearity.LOGISTIC)
            throw new NoExactTransferException(from, to,
                    "one starts in h = σ(0) = 1/2 and the other in h = 0, which is σ of no number; with the same "
                            + "weights they agree from h_0 = σ(z_0) on, so set the initial state by hand");
        List<Tensor> source = WeightTransfer.values(from);
        boolean skips = from instanceof TimeSkipCell;
        Tensor w = source.get(0), b = source.get(skips ? 3 : 2), u2 = skips ? source.get(2) : Tensor.zeros(H, H);
        Tensor u = from instanceof IndRnnCell ? diagonal(source.get(1)) : source.get(1);
        if (to instanceof TimeSkipCell)
            return new WeightTransfer(from, to, "U_2 = 0 where there is none, the rest is copied",
                    List.of(w, u, u2, b));
        if (u2.norm() > 0)
            throw new NoExactTransferException(from, to, "its U_2 is not 0, and the other sees only the last step");
        if (!(to instanceof IndRnnCell))
            return new WeightTransfer(from, to,
                    from instanceof IndRnnCell ? "u is the diagonal of U, the rest is copied" : "copied",
                    List.of(w, u, b));
        Tensor own = u.mul(identity(H)).sum(0);
        if (u.sub(diagonal(own)).norm() > 0)
            throw new NoExactTransferException(from, to,
                    "its U is not diagonal, and the units of the other do not see each other");
        return new WeightTransfer(from, to, "the diagonal of U, the rest is copied", List.of(w, own, b));
    }

    private static Tensor identity(int n) {
        float[] values = Shape.room("WeightTransfer", new int[] {n, n});
        for (int i = 0; i < n; i++) values[i * n + i] = 1;
        return Tensor.of(values, n, n);
    }

    private static Tensor diagonal(Tensor values) { return identity(values.size()).mul(values); }
}
