package unroll.text;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Carried;
import unroll.nn.Configuration;
import unroll.nn.Diverged;
import unroll.nn.Dropout;
import unroll.nn.Embedding;
import unroll.nn.Linear;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Spare;
import unroll.tensor.Tensor;

/**
 * A recurrent language model (Mikolov et al. 2010): p(w_1 … w_T) = Π p(w_t | w_1 … w_{t-1}), each factor a softmax over
 * the vocabulary computed from the state after reading w_1 … w_{t-1}.
 *
 * <pre>{@code
 * var model = new LanguageModel(vocabulary, Lstm.of(64, 256), Rng.seed(42));
 * State state = model.start(64);
 * Carried step = model.loss(batch, state);                         // mean nats per symbol, and the state after it
 * model.evaluate(held).natsPerCharacter();
 * model.read(held).natsPerCharacter();                             // as one text, in which nothing is forgotten
 * model.generate("ROMEO:", 200, 0.8, 0, Rng.seed(1));
 * model.generateAll(prompts, 200, 0.8, 0, Rng.seed(1));            // many texts at once
 * }</pre>
 */
public final class LanguageModel extends Module implements Predictor {
    private static final int EVALUATION_ROWS = 64, EVALUATION_STEPS = 100, READ = 1_000;
    private final Vocabulary vocabulary;
    private final Embedding embedding;
    private final SequenceLayer recurrent;
    private final Dropout before, after;
    private final Linear projection;                                       // null: the output is read as it is
    private final Linear output;
    private final String description;

    /**
     * What a language model is besides its recurrent layer.
     *
     * <pre>{@code
     * var model = LanguageModel.of(Lstm.of(200, 200).layers(2).dropout(0.5)).tied().build(vocabulary, rng);
     * }</pre>
     */
    public static final class Spec extends Configuration<Spec> {
        private final SequenceLayer.Spec layer;
        private int projection;
        private boolean tied, steady;
        private double dropout;

        private Spec(SequenceLayer.Spec layer) { this.layer = layer; }

        /** The layer's output becomes so many numbers before the softmax, by a linear layer. */
        public Spec projection(int size) {
            Message.require(size >= 1, this + ": expected a projection to at least 1 number but got " + size);
            return with(spec -> spec.projection = size);
        }

        /**
         * The vectors of the symbols are the weights of the softmax too ({@link Embedding#tied}). Where the layer gives
         * another number of units than it reads, a projection lies between.
         */
        public Spec tied() { return with(spec -> spec.tied = true); }

        /** Leaves out inputs of the layer and of the softmax, each with probability p (Zaremba et al. 2014). */
        public Spec dropout(double p) {
            Message.require(p >= 0 && p < 1, this + ": expected a dropout in [0, 1) but got " + p);
            return with(spec -> spec.dropout = p);
        }

        /** What {@link #dropout} leaves out is the same for all steps of a batch ({@link Dropout#steady}). */
        public Spec steady() {
            return with(spec -> spec.steady = true);
        }

        /** @throws IllegalArgumentException where the layer looks at later steps, or a tied projection does not fit */
        public LanguageModel build(Vocabulary vocabulary, Rng rng) {
            return new LanguageModel(vocabulary, this, rng);
        }

        @Override public String toString() {
            return layer + (projection > 0 ? ", projection=" + projection : "") + (tied ? ", tied" : "")
                    + (dropout > 0 ? ", dropout=" + dropout + (steady ? " steady" : "") : "");
        }
    }

    /** A model around this layer, to which more can be added. */
    public static Spec of(SequenceLayer.Spec layer) {
        return new Spec(layer);
    }

    /**
     * Symbols get vectors of the layer's input size.
     *
     * @throws IllegalArgumentException where the layer looks at later steps, such as a bidirectional one: it would read
     *     the symbol that it predicts
     */
    public LanguageModel(Vocabulary vocabulary, SequenceLayer.Spec layer, Rng rng) {
        this(vocabulary, of(layer), rng);
    }

    private LanguageModel(Vocabulary vocabulary, Spec spec, Rng rng) {
        this.vocabulary = vocabulary;
        int E = spec.layer.inputSize(), V = vocabulary.size();
        Rng ofEmbedding = rng.split();
        Embedding own = spec.tied ? null : child("embedding", new Embedding(V, E, ofEmbedding));
        recurrent = child("recurrent", spec.layer.build(rng.split()));
        recurrent.requireCausal("LanguageModel");
        Message.require(!spec.tied || spec.projection == 0 || spec.projection == E, "LanguageModel(" + spec
                + "): tied vectors have " + E + " numbers, so the projection must have as many");
        Rng ofOutput = rng.split();
        int H = recurrent.outputSize(), P = spec.projection > 0 ? spec.projection : spec.tied ? E : H;
        projection = P == H && spec.projection == 0 ? null : child("projection", new Linear(H, P, rng.split()));
        output = child("output", new Linear(P, V, ofOutput));
        embedding = own != null ? own : child("embedding", Embedding.tied(output));
        before = dropout("before", spec, rng);
        after = dropout("after", spec, rng);
        description = "LanguageModel(" + V + " symbols, " + spec + ")";
    }

    private Dropout dropout(String name, Spec spec, Rng rng) {
        if (spec.dropout == 0) return null;
        return child(name,
                spec.steady ? Dropout.steady(spec.dropout, rng.split()) : new Dropout(spec.dropout, rng.split()));
    }

    /** The state before the first symbol of so many rows. */
    public State start(int batchSize) {
        return recurrent.initialState(batchSize);
    }

    /**
     * The mean loss of a batch, in nats per symbol, and the state after it. Detached, that is where the next batch goes
     * on: truncated backpropagation through time.
     *
     * @param state after the batch before; a batch that does not continue one starts anew, whatever it is
     */
    public Carried loss(SequenceBatch batch, State state) {
        Tensor x = read(batch.inputs());
        SequenceLayer.Output out = recurrent.apply(x, before(batch, state));
        Tensor y = top(out.states()), loss = output.crossEntropy(y, batch.targets());
        Spare.free(x);
        Spare.free(y);
        return new Carried(loss, out.last());
    }

    /** What the layer reads. */
    private Tensor read(IntTensor ids) {
        Tensor x = embedding.apply(ids);
        return before == null ? x : before.apply(x);
    }

    /** What the softmax reads of the layer's output. */
    private Tensor top(Tensor states) {
        Tensor y = projection == null ? states : projection.apply(states);
        return after == null ? y : after.apply(y);
    }

    private State before(SequenceBatch batch, State state) {
        if (!batch.continues() || state == null) return start(batch.batchSize());
        if (state.h().size(0) != batch.batchSize())
            throw new ShapeException(this + ": the batch goes on in " + batch.batchSize() + " rows, but the state is "
                    + "of " + state.h().size(0) + "; start(" + batch.batchSize() + ") gives one to begin with");
        return state;
    }

    /**
     * How well it predicts a text, read in rows side by side, each from the initial state; in evaluation mode, without
     * recording.
     */
    public Perplexity evaluate(int[] ids) {
        int rows = Math.max(1, Math.min(EVALUATION_ROWS, (ids.length - 1) / EVALUATION_STEPS));
        return evaluate(Batches.contiguous(ids, rows, Math.max(1, Math.min(EVALUATION_STEPS, ids.length - 1))));
    }

    /** The same over batches. */
    public Perplexity evaluate(Batches<SequenceBatch> batches) {
        return quietly(() -> {
            Perplexity sum = Perplexity.none();
            State state = null;
            for (SequenceBatch batch : batches) {
                Carried read = loss(batch, state);
                state = read.state();
                sum = sum.add(Diverged.check(this, read.loss()).item(), batch.symbols(),
                        vocabulary.characters(batch.targets().data()));
            }
            return sum;
        });
    }

    /**
     * Continues a prompt.
     *
     * @param prompt      at least one symbol; all of them known
     * @param length      how many symbols to add
     * @param temperature divides the logits: below 1 closer to the most likely symbols, above 1 more varied; 0 takes
     *     the most likely one each time
     * @param topK        draws among the k most likely symbols only; 0 for all
     * @return the prompt and what follows
     * @throws unroll.tensor.LoopInterruptedException at the next symbol, when its thread is interrupted
     */
    public String generate(String prompt, int length, double temperature, int topK, Rng rng) {
        return generate(vocabulary.encode(prompt), length, temperature, topK, rng);
    }

    /** The same from tokens, for a vocabulary of words. */
    public String generate(List<String> prompt, int length, double temperature, int topK, Rng rng) {
        return generate(vocabulary.encode(prompt), length, temperature, topK, rng);
    }

    /** The same from ids. */
    public String generate(int[] prompt, int length, double temperature, int topK, Rng rng) {
        return new Generator(this, temperature, topK).continueAll(List.of(prompt), length, List.of(rng)).get(0);
    }

    /**
     * Continues several prompts side by side, which takes far less time than one after the other. They may differ in
     * length. Text i draws from a generator of its own, number i of {@code rng.split()}: it is what {@code generate}
     * writes with that one.
     *
     * @param prompts each of at least one symbol
     * @param length  how many symbols to add to each
     * @return each prompt and what follows, in their order
     */
    public List<String> generateAll(List<int[]> prompts, int length, double temperature, int topK, Rng rng) {
        return new Generator(this, temperature, topK).continueAll(prompts, length,
                prompts.stream().map(prompt -> rng.split()).toList());
    }

    /** The logits after each symbol of one sequence, {@code [T, V]}, without recording. */
    public Tensor logits(int[] ids) {
        return quietly(
                () -> Diverged.check(this, output.apply(top(outputs(ids))).reshape(ids.length, vocabulary.size())));
    }

    /** The state is carried through the whole text, in pieces of {@value #READ} symbols. */
    @Override public double[] logProbabilities(int[] ids) {
        double[] all = new double[Math.max(0, ids.length - 1)];
        return quietly(() -> {
            State state = start(1);
            for (int from = 0; from < all.length; from += READ) {
                int[] piece = Arrays.copyOfRange(ids, from, Math.min(all.length, from + READ));
                SequenceLayer.Output out = recurrent.apply(embedding.apply(IntTensor.of(piece, piece.length, 1)),
                        state);
                state = out.last();
                float[] p = Diverged.check(this, output.apply(top(out.states())).logSoftmax()).data();
                for (int i = 0; i < piece.length; i++) all[from + i] = p[i * vocabulary.size() + ids[from + i + 1]];
            }
            return all;
        });
    }

    @Override public Reading begin() {
        double[] even = new double[vocabulary.size()];
        Arrays.fill(even, 1.0 / even.length);
        return new Reading() {
            private State state;
            private double[] p = even;

            @Override public void take(int symbol) {
                StepResult result = quietly(() -> step(new int[] {symbol}, state));
                state = result.state();
                p = softmax(result.logits());
            }

            @Override public double[] probabilities() { return p.clone(); }
        };
    }

    static double[] softmax(float[] logits) {
        double most = Double.NEGATIVE_INFINITY, sum = 0;
        for (float logit : logits) most = Math.max(most, logit);
        double[] p = new double[logits.length];
        for (int i = 0; i < p.length; i++) sum += p[i] = Math.exp(logits[i] - most);
        for (int i = 0; i < p.length; i++) p[i] /= sum;
        return p;
    }

    /** The top layer's state after each symbol of a text, {@code [T, H]}: what its units follow. */
    public Tensor states(String text) {
        return states(vocabulary.encode(text));
    }

    /** The same for ids, such as those of words. */
    public Tensor states(int[] ids) {
        return quietly(() -> Diverged.check(this, outputs(ids).reshape(ids.length, recurrent.outputSize())));
    }

    private Tensor outputs(int[] ids) {
        return recurrent.apply(read(IntTensor.of(ids, ids.length, 1))).states();
    }

    /** One step of sequences side by side, for generation; the logits are {@code [B, V]}. */
    StepResult step(int[] symbols, State state) {
        int B = symbols.length;
        SequenceLayer.Output out = recurrent.apply(read(IntTensor.of(symbols, 1, B)),
                state == null ? recurrent.initialState(B) : state);
        Tensor top = top(out.states());
        return new StepResult(Diverged.check(this, output.apply(top)).data(), top.data(), out.last());
    }

    /** What the softmax read is {@code [B, H]}. */
    record StepResult(float[] logits, float[] top, State state) {
    }

    public Vocabulary vocabulary() { return vocabulary; }

    public SequenceLayer recurrent() { return recurrent; }

    public Embedding embedding() { return embedding; }

    public Linear output() { return output; }

    @Override protected String settings() { return description + " of " + vocabulary.fingerprint(); }

    @Override public String toString() { return description; }
}
