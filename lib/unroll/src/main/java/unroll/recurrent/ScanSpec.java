package unroll.recurrent;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of layers that are scans, {@link MinGru} and {@link MinLstm}.
 *
 * <pre>{@code
 * SequenceLayer layer = MinGru.of(64, 256).layers(3).residual().layerNorm().build(rng);
 * }</pre>
 */
public final class ScanSpec extends RecurrentSpec<ScanSpec> {
    ScanSpec(String name, int inputSize, int hiddenSize) { super(name, inputSize, hiddenSize); }

    @Override GatedCell<Hidden> cell(int in, Rng rng) {
        return name.equals("MinGru") ? new MinGruCell(in, hiddenSize, rng) : new MinLstmCell(in, hiddenSize, rng);
    }

    @Override SequenceLayer whole(GatedCell<?> cell, String more) {
        return cell instanceof MinGruCell gru
                ? new MinGru(gru, learned, more)
                : new MinLstm((MinLstmCell) cell, learned, more);
    }
}
