package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.tensor.Tensor;

/** Gated recurrent units for {@link WeightTransfer}: w, u and b in the order r, z, n with z keeping the old state. */
final class GruForm {
    private GruForm() {
    }

    static boolean covers(Cell<?> cell) {
        return cell instanceof GruCell || cell instanceof MinimalGatedUnitCell;
    }

    private static GruConvention convention(Cell<?> cell) {
        return cell instanceof GruCell g ? g.convention() : GruConvention.KEEPS_NEW_RESET_BEFORE;
    }

    static WeightTransfer transfer(Cell<?> from, Cell<?> to) {
        int H = from.hiddenSize();
        GruConvention source = convention(from), target = convention(to);
        if (source.resetAfter() != target.resetAfter())
            throw new NoExactTransferException(from, to,
                    "r ∘ (h U_n) and (r ∘ h) U_n are equal for all h only where U_n is diagonal or all units reset "
                            + "alike; train it anew, or choose "
                            + "a convention with reset " + (source.resetAfter() ? "after" : "before"));
        boolean negate = source.keepsOld() != target.keepsOld();
        List<Tensor> all = new ArrayList<>();
        for (Tensor t : WeightTransfer.values(from)) {
            if (all.size() == 3) {                                         // the bias c_n, which no gate shares
                all.add(t);
                continue;
            }
            boolean tied = from instanceof MinimalGatedUnitCell;           // f is both r and z
            Tensor r = WeightTransfer.gate(t, 0, H), z = WeightTransfer.gate(t, tied ? 0 : 1, H),
                    n = WeightTransfer.gate(t, tied ? 1 : 2, H);
            Tensor there = negate ? z.neg() : z;
            if (to instanceof MinimalGatedUnitCell && !Arrays.equals(r.data(), there.data()))
                throw new NoExactTransferException(from, to,
                        "its reset and update gates differ, and a minimal gated unit has one gate for both");
            all.add(to instanceof MinimalGatedUnitCell ? WeightTransfer.join(r, n) : WeightTransfer.join(r, there, n));
        }
        return new WeightTransfer(from, to,
                negate ? "1 - σ(q) = σ(-q), so the weights and the bias of z are negated" : "copied", all);
    }
}
