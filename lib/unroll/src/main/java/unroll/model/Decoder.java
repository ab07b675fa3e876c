package unroll.model;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Linear;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.recurrent.Bidirectional;
import unroll.recurrent.Stacked;
import unroll.sequence.Attention;
import unroll.sequence.AttentionKeys;
import unroll.sequence.StepFunction;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Writes a sequence, given what an encoder made of a source: a recurrent network whose first state is made from the source (Sutskever, Vinyals and Le 2014)
 * and which may look at all states of the source before each symbol (global attention of Luong, Pham and Manning 2015):
 *
 * <pre>{@code
 * s_0 = tanh(summary W + b)                     h_t, s_t = layer(E y_(t-1), s_(t-1))
 * a_t = softmax of score(h_t, states)           z_t = tanh([Σ a_ts states_s ; h_t] C + d)         (without attention: z_t = h_t)
 * p(y_t | y_1 … y_(t-1), source) = softmax(z_t V + e)
 *
 * Decoder decoder = DecoderSpec.of(Lstm.of(64, 128)).attention(Attention.Kind.GENERAL).build(symbols, 256, 512, rng);
 * Tensor loss = decoder.loss(encoded, inputs, targets);            // inputs, targets: [T, B]
 * }</pre>
 *
 * Attention asks with the state after reading y_(t-1), so a layer runs over all of a known sequence at once; with {@link DecoderSpec#withInputFeeding} z_(t-1)
 * is read beside the symbol's vector, step by step. Any encoder will do whose result is an {@link Encoded}.
 */
public final class Decoder extends Module implements StepFunction<Decoder.Memory> {
    /**
     * What it remembers between two symbols, one row a sequence.
     *
     * @param state of the layer
     * @param found z of the symbol before, {@code [B, H]}; null without input feeding
     * @param keys  the sources; null without attention
     */
    public record Memory(State state, Tensor found, AttentionKeys keys) {
    }

    private final DecoderSpec spec;
    private final Embedding embedding;
    private final SequenceLayer layer;
    private final Linear first, output;
    private final Attention attention;                                     // null where there is none
    private final Linear combine;
    private final Dropout before, after;

    Decoder(DecoderSpec spec, int symbols, int stateSize, int summarySize, Rng rng) {
        this.spec = spec;
        layer = child("layer", spec.layer().build(rng.split()));
        if (readsBothWays(layer.initialState(1)))
            throw new IllegalArgumentException(
                    "Decoder: " + layer + " reads what comes later, but a decoder has yet to write that; choose one direction");
        int size = layer.outputSize(), symbolSize = layer.inputSize() - (spec.inputFeeding() ? size : 0);
        if (symbolSize < 1)
            throw new IllegalArgumentException("Decoder: with input feeding " + layer + " reads the " + size
                    + " numbers that attention found and a symbol's vector, but its input size is " + layer.inputSize() + "; make it more than "
                    + size);
        embedding = child("embedding", new Embedding(symbols, symbolSize, rng.split()));
        first = child("first", new Linear(summarySize, layer.initialState(1).tensors().stream().mapToInt(Tensor::size).sum(), rng.split()));
        Rng own = rng.split();
        attention = spec.attention().map(kind -> child("attention", kind.build(size, stateSize, own))).orElse(null);
        combine = attention == null ? null : child("combine", new Linear(stateSize + size, size, rng.split()));
        output = child("output", new Linear(size, symbols, rng.split()));
        before = child("before", new Dropout(spec.dropout(), rng.split()));
        after = child("after", new Dropout(spec.dropout(), rng.split()));
    }

    private static boolean readsBothWays(State state) {
        return state instanceof Bidirectional.States || state instanceof Stacked.States s && s.layers().stream().anyMatch(Decoder::readsBothWays);
    }

    /** What it knows before the first symbol. */
    public Memory start(Encoded source) {
        int B = source.batchSize(), at = 0;
        Tensor all = first.apply(source.summary()).tanh();
        State zeros = layer.initialState(B);
        List<Tensor> parts = new ArrayList<>();
        for (Tensor t : zeros.tensors()) {
            parts.add(all.columns(at, at + t.size() / B).reshape(t.shape()));
            at += t.size() / B;
        }
        return new Memory(zeros.with(parts), spec.inputFeeding() ? Tensor.zeros(B, layer.outputSize()) : null,
                attention == null ? null : attention.keys(source.states(), source.lengths()));
    }

    /** What was computed at the steps of a known sequence: z, {@code [T, B, H]}, the attention's weights {@code [T, B, S]} or null, what is remembered. */
    private record Read(Tensor outputs, Tensor weights, Memory memory) {
    }

    private Read read(Memory memory, IntTensor symbols) {
        Tensor x = before.apply(embedding.apply(symbols));
        if (!spec.inputFeeding()) return readAtOnce(memory, x);
        List<Tensor> outputs = new ArrayList<>(), weights = new ArrayList<>();
        Memory now = memory;
        for (Tensor y : x.unbind()) {
            Tensor fed = Tensor.concat(-1, List.of(y, now.found()));
            Read one = readAtOnce(now, fed.reshape(1, fed.size(0), fed.size(1)));
            Tensor z = one.outputs().at(0);
            outputs.add(z);
            weights.add(one.weights().at(0));
            now = new Memory(one.memory().state(), z, memory.keys());
        }
        return new Read(Tensor.stack(outputs), Tensor.stack(weights), now);
    }

    /** Steps in which nothing is fed back, or only one. */
    private Read readAtOnce(Memory memory, Tensor x) {
        SequenceLayer.Output out = layer.apply(x, memory.state());
        Memory next = new Memory(out.last(), memory.found(), memory.keys());
        if (attention == null) return new Read(out.states(), null, next);
        Attention.Result result = attention.attend(out.states(), memory.keys());
        return new Read(combine.apply(Tensor.concat(-1, List.of(result.context(), out.states()))).tanh(), result.weights(), next);
    }

    /**
     * The mean of -log p in nats a symbol, where each one is predicted from those that really stand before it (teacher forcing).
     *
     * @param inputs  {@code [T, B]}, BOS and the target
     * @param targets {@code [T, B]}, the target and EOS; {@link unroll.nn.Losses#IGNORE} in the padding
     */
    public Tensor loss(Encoded source, IntTensor inputs, IntTensor targets) {
        return output.crossEntropy(after.apply(read(start(source), inputs).outputs()), targets);
    }

    /** log p of each next symbol at each step of known sequences, {@code [T, B]} gives {@code [T, B, symbols]}. */
    public Tensor logProbabilities(Encoded source, IntTensor inputs) {
        return output.apply(after.apply(read(start(source), inputs).outputs())).logSoftmax();
    }

    /**
     * Where it looked while it wrote known sequences, {@code [T, B]} gives {@code [T, B, S]}.
     *
     * @throws IllegalStateException without attention
     */
    public Tensor weights(Encoded source, IntTensor inputs) {
        if (attention == null) throw new IllegalStateException(this + " has no attention; build it with attention(..)");
        return read(start(source), inputs).weights();
    }

    @Override public Next<Memory> step(Memory memory, int[] symbols) {
        Read read = read(memory, IntTensor.of(symbols, 1, symbols.length));
        return new Next<>(output.apply(after.apply(read.outputs().at(0))).logSoftmax(), read.memory());
    }

    @Override public Memory select(Memory memory, int[] rows) {
        IntTensor ids = IntTensor.of(rows, rows.length);
        State state = memory.state().with(memory.state().tensors().stream().map(t -> rows(t, ids)).toList());
        return new Memory(state, memory.found() == null ? null : memory.found().rows(ids), memory.keys() == null ? null : memory.keys().select(rows));
    }

    private static Tensor rows(Tensor t, IntTensor ids) {
        if (t.rank() == 2) return t.rows(ids);
        int[] shape = t.shape();
        shape[0] = ids.size();
        return t.reshape(t.size(0), -1).rows(ids).reshape(shape);
    }

    public Embedding embedding() { return embedding; }

    public SequenceLayer layer() { return layer; }

    public Linear output() { return output; }

    @Override public String toString() { return "Decoder(" + spec + ")"; }
}
