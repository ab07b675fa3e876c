package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import unroll.nn.Configuration;
import unroll.nn.Diverged;
import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Lengths;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.sequence.Attention;
import unroll.sequence.StepFunction;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Spare;
import unroll.tensor.Tensor;

/**
 * Writes a sequence, given what an encoder made of a source: a recurrent network whose first state is made from the
 * source (Sutskever, Vinyals and Le 2014) and which may look at all states of the source before each symbol (global
 * attention of Luong, Pham and Manning 2015):
 *
 * <pre>{@code
 * s_0 = tanh(summary W + b)                     h_t, s_t = layer(E y_(t-1), s_(t-1))
 * a_t = softmax of score(h_t, states)           z_t = tanh([Σ a_ts states_s ; h_t] C + d)   (or h_t without attention)
 * p(y_t | y_1 … y_(t-1), source) = softmax(z_t V + e)
 *
 * Decoder decoder = Decoder.of(Lstm.of(64, 128)).attention(Attention.Kind.GENERAL).build(symbols, 256, 512, rng);
 * Tensor loss = decoder.loss(encoded, inputs, targets);            // inputs, targets: [T, B]
 * }</pre>
 *
 * That is {@link Injection#INITIAL_STATE}; the others let the summary in elsewhere. Attention asks with the state after
 * reading y_(t-1), so a layer runs over all of a known sequence at once; with {@link Spec#withInputFeeding} z_(t-1) is
 * read beside the symbol's vector, step by step.
 */
public final class Decoder extends Module implements StepFunction<Decoder.Memory> {
    /**
     * What it remembers between two symbols, one row a sequence.
     *
     * @param found  z of the symbol before, {@code [B, H]}; null without input feeding
     * @param beside what each step gets of the summary, {@code [B, ·]}, or null
     * @param keys   the sources; null without attention
     */
    public record Memory(State state, Tensor found, Tensor beside, Attention.Keys keys) {
    }

    /** What a decoder is to be: {@link Decoder#of} begins one, each setting gives a new one. */
    public static final class Spec extends Configuration<Spec> {
        private final SequenceLayer.Spec layer;
        private Attention.Kind attention;                                  // null where there is none
        private boolean inputFeeding;
        private Injection injection = Injection.INITIAL_STATE;
        private double evenness;
        double dropout;

        private Spec(SequenceLayer.Spec layer) { this.layer = layer; }

        /** It looks at all states of the source before each symbol. */
        public Spec attention(Attention.Kind kind) {
            Objects.requireNonNull(kind, "attention");
            return with(copy -> copy.attention = kind);
        }

        /**
         * What attention found is an input of the next step (Luong et al. 2015, section 3.3), beside the symbol's
         * vector: the layer's input size is that of both. Slower: such a decoder cannot run over a whole sequence at
         * once.
         */
        public Spec withInputFeeding() {
            Message.require(attention != null,
                    "Decoder: input feeding feeds what attention found; choose attention(..) first");
            return with(copy -> copy.inputFeeding = true);
        }

        /** Where what is known of the whole source enters. */
        public Spec injection(Injection place) {
            Objects.requireNonNull(place, "injection");
            return with(copy -> copy.injection = place);
        }

        /**
         * In training the loss has a term more, λ times the mean of (1 - Σ_t a_ts)² over places s and sources: each
         * place is to be looked at about once (doubly stochastic attention of Xu et al. 2015, equation 14, there the
         * sum over places).
         */
        public Spec doublyStochastic(double lambda) {
            Message.require(lambda == 0 || attention != null,
                    "Decoder: doubly stochastic attention needs attention; choose attention(..) first");
            Message.require(lambda >= 0 && lambda < Double.POSITIVE_INFINITY,
                    "Decoder: expected a factor of doubly stochastic attention of at least 0 but got " + lambda);
            return with(copy -> copy.evenness = lambda);
        }

        /** Dropout on the symbols' vectors and before the output, in training. */
        public Spec dropout(double p) {
            Message.require(p >= 0 && p < 1, "Decoder: expected a dropout probability in [0, 1) but got " + p);
            return with(copy -> copy.dropout = p);
        }

        /** A decoder of so many symbols for encoders with {@link Encoded} states of H and a summary of N numbers. */
        public Decoder build(int symbols, int stateSize, int summarySize, Rng rng) {
            return new Decoder(this, symbols, stateSize, summarySize, rng);
        }

        @Override public String toString() {
            return layer + (attention == null ? "" : ", " + attention + " attention")
                    + (inputFeeding ? ", input feeding" : "")
                    + (injection == Injection.INITIAL_STATE ? "" : ", source " + injection)
                    + (evenness > 0 ? ", doubly stochastic " + evenness : "")
                    + (dropout > 0 ? ", dropout=" + dropout : "");
        }
    }

    private final Spec spec;
    private final Embedding embedding;
    private final SequenceLayer layer;
    private final Linear first, output;
    private final Attention attention;                                     // null where there is none
    private final Linear combine;
    private final Dropout before, after;

    /** Without attention and dropout. */
    public static Spec of(SequenceLayer.Spec layer) { return new Spec(layer); }

    private Decoder(Spec spec, int symbols, int stateSize, int summarySize, Rng rng) {
        this.spec = spec;
        layer = child("layer", spec.layer.build(rng.split()));
        layer.requireCausal("Decoder");
        int size = layer.outputSize(), symbolSize = layer.inputSize() - (spec.inputFeeding ? size : 0);
        Message.require(symbolSize >= 1,
                "Decoder: with input feeding " + layer + " reads the " + size
                        + " numbers that attention found and a symbol's vector, but its input size is "
                        + layer.inputSize() + "; make it more than " + size);
        embedding = child("embedding", new Embedding(symbols, symbolSize, rng.split()));
        first = child("first", new Linear(summarySize, switch (spec.injection) {
            case INITIAL_STATE -> layer.initialState(1).tensors().stream().mapToInt(Tensor::size).sum();
            case FIRST_INPUT, EVERY_INPUT -> symbolSize;
            case MERGED -> size;
        }, rng.split()));
        Rng own = rng.split();
        attention = spec.attention == null ? null : child("attention", spec.attention.build(size, stateSize, own));
        int found = (attention == null ? 0 : stateSize) + (spec.injection == Injection.MERGED ? size : 0);
        combine = found == 0 ? null : child("combine", new Linear(found + size, size, rng.split()));
        output = child("output", new Linear(size, symbols, rng.split()));
        before = child("before", new Dropout(spec.dropout, rng.split()));
        after = child("after", new Dropout(spec.dropout, rng.split()));
    }

    /** What it knows before the first symbol. */
    public Memory start(Encoded source) {
        int B = source.batchSize();
        Tensor known = first.apply(source.summary()),
                found = spec.inputFeeding ? Tensor.zeros(B, layer.outputSize()) : null;
        Attention.Keys keys = attention == null ? null : attention.keys(source.states(), source.lengths());
        State zeros = layer.initialState(B);
        return switch (spec.injection) {
            case INITIAL_STATE -> new Memory(split(known.tanh(), zeros), found, null, keys);
            case FIRST_INPUT -> {
                Tensor x = found == null ? known : Tensor.concat(-1, List.of(known, found));
                yield new Memory(layer.apply(x.reshape(1, B, layer.inputSize()), zeros).last(), found, null, keys);
            }
            case EVERY_INPUT -> new Memory(zeros, found, known, keys);
            case MERGED -> new Memory(zeros, found, known.tanh(), keys);
        };
    }

    /** The numbers of a state, {@code [B, N]}, in the parts and shapes of another one. */
    private static State split(Tensor all, State like) {
        int B = all.size(0), at = 0;
        List<Tensor> parts = new ArrayList<>();
        for (Tensor t : like.tensors()) {
            parts.add(all.columns(at, at + t.size() / B).reshape(t.shape()));
            at += t.size() / B;
        }
        return like.with(parts);
    }

    /** Of a known sequence z {@code [T, B, H]}, the weights {@code [T, B, S]} or null, what is remembered. */
    private record Read(Tensor outputs, Tensor weights, Memory memory) {
    }

    private Read read(Memory memory, IntTensor symbols) {
        Tensor vectors = embedding.apply(symbols), x = before.apply(vectors);
        if (spec.injection == Injection.EVERY_INPUT) x = x.add(memory.beside());
        if (!spec.inputFeeding) {
            Read all = readAtOnce(memory, x);
            Spare.free(vectors);
            return all;
        }
        List<Tensor> outputs = new ArrayList<>(), weights = new ArrayList<>();
        Memory now = memory;
        for (Tensor y : x.unbind()) {
            Tensor fed = Tensor.concat(-1, List.of(y, now.found()));
            Read one = readAtOnce(now, fed.reshape(1, fed.size(0), fed.size(1)));
            Tensor z = one.outputs().at(0);
            outputs.add(z);
            weights.add(one.weights().at(0));
            now = new Memory(one.memory().state(), z, memory.beside(), memory.keys());
        }
        return new Read(Tensor.stack(outputs), Tensor.stack(weights), now);
    }

    /** Steps in which nothing is fed back, or only one. */
    private Read readAtOnce(Memory memory, Tensor x) {
        SequenceLayer.Output out = layer.apply(x, memory.state());
        Memory next = new Memory(out.last(), memory.found(), memory.beside(), memory.keys());
        if (combine == null) return new Read(out.states(), null, next);
        List<Tensor> beside = new ArrayList<>();
        Tensor weights = null;
        if (attention != null) {
            Attention.Result result = attention.attend(out.states(), memory.keys());
            beside.add(result.context());
            weights = result.weights();
        }
        if (spec.injection == Injection.MERGED)
            beside.add(memory.beside().expand(x.size(0), x.size(1), layer.outputSize()));
        beside.add(out.states());
        return new Read(combine.apply(Tensor.concat(-1, beside)).tanh(), weights, next);
    }

    /**
     * The mean of -log p in nats a symbol, where each one is predicted from those that really stand before it (teacher
     * forcing).
     *
     * @param inputs  {@code [T, B]}, BOS and the target
     * @param targets {@code [T, B]}, the target and EOS; {@link Losses#IGNORE} in the padding
     */
    public Tensor loss(Encoded source, IntTensor inputs, IntTensor targets) {
        Read read = read(start(source), inputs);
        Tensor loss = output.crossEntropy(after.apply(read.outputs()), targets);
        Spare.free(read.outputs());
        return spec.evenness > 0 && training()
                ? loss.add(unevenness(read.weights(), targets, source.lengths()).mul(spec.evenness))
                : loss;
    }

    /** The mean of (1 - Σ_t a_ts)² over the places that a source has; the steps of the padding do not count. */
    private static Tensor unevenness(Tensor weights, IntTensor targets, Lengths lengths) {
        int T = weights.size(0), B = weights.size(1), S = weights.size(2);
        float[] counts = new float[T * B], places = new float[B * S];
        for (int i = 0; i < T * B; i++) counts[i] = targets.data()[i] == Losses.IGNORE ? 0 : 1;
        int n = 0;
        for (int b = 0; b < B; n += lengths.get(b++)) Arrays.fill(places, b * S, b * S + lengths.get(b), 1);
        Tensor looked = weights.mul(Tensor.of(counts, T, B, 1)).sum(0);
        return looked.rsub(1).square().mul(Tensor.of(places, B, S)).sum().div(n);
    }

    /** log p of each next symbol at each step of known sequences, {@code [T, B]} gives {@code [T, B, symbols]}. */
    public Tensor logProbabilities(Encoded source, IntTensor inputs) {
        return output.apply(after.apply(read(start(source), inputs).outputs())).logSoftmax();
    }

    /** Where it looked while it wrote known sequences, {@code [T, B]} gives {@code [T, B, S]}. */
    public Tensor weights(Encoded source, IntTensor inputs) {
        if (attention == null)
            throw new IllegalStateException(Message.of(this + " has no attention; build it with attention(..)"));
        return read(start(source), inputs).weights();
    }

    @Override public Next<Memory> step(Memory memory, int[] symbols) {
        Read read = read(memory, IntTensor.of(symbols, 1, symbols.length));
        return new Next<>(Diverged.check(this, output.apply(after.apply(read.outputs().at(0)))).logSoftmax(),
                read.memory());
    }

    /** The same with the log probabilities in an array of the caller's; what it remembers. */
    Memory step(Memory memory, int[] symbols, float[] logProbabilities) {
        Read read = read(memory, IntTensor.of(symbols, 1, symbols.length));
        Tensor x = after.apply(read.outputs().at(0));
        output.logSoftmax(x, logProbabilities);
        int V = logProbabilities.length / symbols.length;
        for (int r = 0; r < symbols.length; r++)
            if (Float.isNaN(logProbabilities[r * V])) {
                Diverged.check(this, output.apply(x));
                break;
            }
        return read.memory();
    }

    @Override public Memory select(Memory memory, int[] rows) {
        IntTensor ids = IntTensor.of(rows, rows.length);
        State state = memory.state().with(memory.state().tensors().stream().map(t -> rows(t, ids)).toList());
        return new Memory(state, memory.found() == null ? null : memory.found().rows(ids),
                memory.beside() == null ? null : memory.beside().rows(ids),
                memory.keys() == null ? null : memory.keys().select(rows));
    }

    private static Tensor rows(Tensor t, IntTensor ids) {
        if (t.rank() == 2) return t.rows(ids);
        int[] shape = t.shape();
        shape[0] = ids.size();
        return t.reshape(t.size(0), -1).rows(ids).reshape(shape);
    }

    public Embedding embedding() { return embedding; }

    public Linear output() { return output; }

    @Override public String toString() { return "Decoder(" + spec + ")"; }
}
