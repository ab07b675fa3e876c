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

    @Override SequenceLayer layer(int in, Rng rng) {
        return name.equals("MinGru")
                ? new MinGru(started(new MinGruCell(in, hiddenSize, rng), rng), learned, startText())
                : new MinLstm(started(new MinLstmCell(in, hiddenSize, rng), rng), learned, startText());
    }

    @Override String variant() { return ""; }

    @Override boolean fused() { return true; }
}
