package unroll.recurrent;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * The configuration of layers of any cell: those of the {@link CellCatalog}, {@link MinGru} and {@link MinLstm}.
 *
 * <pre>{@code
 * SequenceLayer layer = MinGru.of(64, 256).layers(3).residual().layerNorm().build(rng);
 * }</pre>
 */
public final class CellSpec extends RecurrentSpec<CellSpec> {
    private final CatalogEntry.Builder builder;

    CellSpec(String name, CatalogEntry.Builder builder, int inputSize, int hiddenSize) {
        this(new Common(name, inputSize, hiddenSize), builder);
    }

    private CellSpec(Common common, CatalogEntry.Builder builder) {
        super(common);
        this.builder = builder;
    }

    @Override CellSpec with(Common changed) { return new CellSpec(changed, builder); }

    @Override SequenceLayer layer(int in, Rng rng) { return over(started(builder.build(in, hiddenSize(), rng), rng)); }

    private SequenceLayer over(Cell<?> cell) {
        boolean learned = learnsInitialState();
        String more = startText();
        if (cell instanceof ElmanCell c) return new Rnn(c, learned, more);
        if (cell instanceof LstmCell c) return new Lstm(c, learned, more);
        if (cell instanceof GruCell c) return new Gru(c, learned, more);
        if (cell instanceof MinGruCell c) return new MinGru(c, learned, more);
        if (cell instanceof MinLstmCell c) return new MinLstm(c, learned, more);
        return unrolled(cell);
    }

    @Override String variant() { return ""; }

    /** Any cell may come, so the smallest of its kind is asked. */
    @Override boolean fused() {
        return !(over(builder.build(1, 1, Rng.seed(0))) instanceof Unrolled);
    }
}
