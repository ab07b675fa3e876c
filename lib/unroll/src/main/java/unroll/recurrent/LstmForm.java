package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.tensor.Tensor;

/**
 * Long short-term memories with a forget gate for {@link WeightTransfer}: w, u and b in the order i, f, g, o, then the
 * peepholes.
 */
final class LstmForm {
    private LstmForm() {
    }

    static boolean covers(Cell<?> cell) {
        return cell instanceof LstmCell || cell instanceof PeepholeLstmCell || cell instanceof CoupledLstmCell;
    }

    static WeightTransfer transfer(Cell<?> from, Cell<?> to) {
        int H = from.hiddenSize();
        List<Tensor> source = WeightTransfer.values(from), all = new ArrayList<>();
        for (Tensor t : source.subList(0, 3)) {
            boolean coupled = from instanceof CoupledLstmCell;
            Tensor i = WeightTransfer.gate(t, 0, H), f = coupled ? i.neg() : WeightTransfer.gate(t, 1, H);
            Tensor g = WeightTransfer.gate(t, coupled ? 1 : 2, H), o = WeightTransfer.gate(t, coupled ? 2 : 3, H);
            if (to instanceof CoupledLstmCell && !Arrays.equals(f.data(), i.neg().data()))
                throw new NoExactTransferException(from, to,
                        "its forget gate is not 1 - i: the weights of f are not those of i negated");
            all.add(to instanceof CoupledLstmCell ? WeightTransfer.join(i, g, o) : WeightTransfer.join(i, f, g, o));
        }
        Tensor peepholes = from instanceof PeepholeLstmCell ? source.get(3) : Tensor.zeros(3 * H);
        if (to instanceof PeepholeLstmCell) all.add(peepholes);
        else if (peepholes.norm() > 0)
            throw new NoExactTransferException(from, to, "its peepholes are not 0, and the other has none");
        return new WeightTransfer(from, to,
                "f = 1 - i is σ of negated weights, no peepholes are peepholes of 0, the rest is copied", all);
    }
}
