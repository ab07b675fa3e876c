package unroll.model;

import java.util.List;

import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Reads a source sequence: a vector for each symbol and any layer over these. Its summary is everything that the layer
 * remembers after the last symbol, of all layers and directions, side by side.
 *
 * <pre>{@code
 * var encoder = new Encoder(30, Lstm.of(64, 128).bidirectional(), false, 0, rng);
 * Encoded encoded = encoder.apply(ids, lengths);  // [S, B] gives states [S, B, 256] and a summary [B, 512]
 * }</pre>
 */
public final class Encoder extends Module {
    private final Embedding embedding;
    private final Dropout dropout;
    private final SequenceLayer layer;
    private final boolean reversed;
    private final int summarySize;

    /**
     * @param symbols  how many there are
     * @param layer    its input size is that of the symbols' vectors
     * @param reversed whether a source is read from its end (Sutskever, Vinyals and Le 2014), which turns its states
     *     too
     * @param dropout  on the vectors
     */
    public Encoder(int symbols, SequenceLayer.Spec layer, boolean reversed, double dropout, Rng rng) {
        embedding = child("embedding", new Embedding(symbols, layer.inputSize(), rng.split()));
        this.layer = child("layer", layer.build(rng.split()));
        this.dropout = child("dropout", new Dropout(dropout, rng.split()));
        this.reversed = reversed;
        summarySize = this.layer.initialState(1).tensors().stream().mapToInt(Tensor::size).sum();
    }

    /** @param ids {@code [S, B]}; what stands in the padding is never looked at */
    public Encoded apply(IntTensor ids, Lengths lengths) {
        SequenceLayer.Output out = layer.apply(dropout.apply(embedding.apply(reversed ? lengths.reverse(ids) : ids)),
                lengths);
        List<Tensor> last = out.last().tensors().stream().map(t -> t.reshape(lengths.batchSize(), -1)).toList();
        return new Encoded(out.states(), lengths, last.size() == 1 ? last.get(0) : Tensor.concat(-1, last));
    }

    public Embedding embedding() { return embedding; }

    /** H of the states. */
    public int stateSize() { return layer.outputSize(); }

    /** N of the summary. */
    public int summarySize() { return summarySize; }

    /** Whether the states come from the last symbol to the first. */
    public boolean reversed() { return reversed; }

    @Override public String toString() { return "Encoder(" + layer + (reversed ? ", reversed" : "") + ")"; }
}
