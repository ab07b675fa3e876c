package unroll.model;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Configuration;
import unroll.nn.Diverged;
import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.nn.SequenceLayer;
import unroll.sequence.Attention;
import unroll.sequence.BeamSearch;
import unroll.sequence.Hypothesis;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.text.Perplexity;
import unroll.text.Vocabulary;

/**
 * From one sequence to another of another length: an {@link Encoder} reads the source, a {@link Decoder} writes the
 * target (Sutskever, Vinyals and Le 2014; Cho et al. 2014), with attention if wanted (Luong, Pham and Manning 2015).
 * Several models together: {@link Ensemble}.
 *
 * <pre>{@code
 * var model = Seq2Seq.of(source, Ends.addTo(target), Lstm.of(64, 96).bidirectional(), Lstm.of(64, 128))
 *         .attention(Attention.Kind.GENERAL).build(Rng.seed(42));
 * Tensor loss = model.loss(batch);                                 // nats a symbol
 * model.translate("3 May 1998");                                   // 1998-05-03
 * model.translate(sources, BeamSearch.of(5, 40).lengthPenalty(0.6));
 * model.attention("3 May 1998", "1998-05-03");                     // [T, S]: where it looks while it writes
 * }</pre>
 *
 * What it writes is written in evaluation mode, without recording.
 */
public final class Seq2Seq extends Module {
    private static final int SOURCE_LIMIT = 400;

    /** What a model is to be: {@link Seq2Seq#of} begins one, each setting gives a new one. */
    public static final class Spec extends Configuration<Spec> {
        private final Vocabulary source, target;
        private final SequenceLayer.Spec encoder;
        private Decoder.Spec decoder;
        private boolean reversed;
        private Tensor sourceVectors, targetVectors;                       // null where they are drawn
        private int sourceLimit = SOURCE_LIMIT;

        private Spec(Vocabulary source, Vocabulary target, SequenceLayer.Spec encoder, SequenceLayer.Spec decoder) {
            Ends.of(target);
            this.source = source;
            this.target = target;
            this.encoder = encoder;
            this.decoder = Decoder.of(decoder);
        }

        /** The decoder looks at all states of the encoder before each symbol. */
        public Spec attention(Attention.Kind kind) {
            return with(copy -> copy.decoder = decoder.attention(kind));
        }

        /** What attention found is read at the next step: {@link Decoder.Spec#withInputFeeding}. */
        public Spec inputFeeding() {
            return with(copy -> copy.decoder = decoder.withInputFeeding());
        }

        /** Dropout on the symbols' vectors and before the output, in training; layers have their own settings. */
        public Spec dropout(double p) {
            return with(copy -> copy.decoder = decoder.dropout(p));
        }

        /** Symbols of sources start with these vectors {@code [symbols, size]}: {@link WordVectors#forVocabulary}. */
        public Spec sourceVectors(Tensor start) {
            return with(copy -> copy.sourceVectors = start);
        }

        /** Symbols of targets start with these vectors. */
        public Spec targetVectors(Tensor start) {
            return with(copy -> copy.targetVectors = start);
        }

        /** Sources are read from their end, so that their first symbols are near the first ones that are written. */
        public Spec reversedSource() {
            return with(copy -> copy.reversed = true);
        }

        /** The most symbols that a source may have; {@value #SOURCE_LIMIT} where nothing is said. */
        public Spec sourceLimit(int symbols) {
            Message.require(symbols >= 1, "Seq2Seq: expected a source limit of at least 1 symbol but got " + symbols);
            return with(copy -> copy.sourceLimit = symbols);
        }

        public Seq2Seq build(Rng rng) { return new Seq2Seq(this, rng); }

        @Override public String toString() {
            return "Seq2Seq(" + source.size() + " symbols to " + target.size() + ", encoder " + encoder
                    + (reversed ? " reversed" : "") + ", decoder " + decoder + ")";
        }
    }

    private final Spec spec;
    private final Ends ends;
    private final Encoder encoder;
    private final Decoder decoder;
    private final Rng sampling;

    /** A model with a limit of {@value #SOURCE_LIMIT} symbols for sources, without attention and dropout. */
    public static Spec of(Vocabulary source, Vocabulary target, SequenceLayer.Spec encoder,
            SequenceLayer.Spec decoder) {
        return new Spec(source, target, encoder, decoder);
    }

    private Seq2Seq(Spec spec, Rng rng) {
        this.spec = spec;
        ends = Ends.of(spec.target);
        encoder = child("encoder",
                new Encoder(spec.source.size(), spec.encoder, spec.reversed, spec.decoder.dropout, rng.split()));
        decoder = child("decoder",
                spec.decoder.build(spec.target.size(), encoder.stateSize(), encoder.summarySize(), rng.split()));
        if (spec.sourceVectors != null) encoder.embedding().w().set(spec.sourceVectors);
        if (spec.targetVectors != null) decoder.embedding().w().set(spec.targetVectors);
        sampling = generator("sampling", rng.split());
    }

    /** Encoded pairs side by side, for {@link #loss}; {@link TranslationBatch#batches} makes all of an epoch. */
    public TranslationBatch batch(List<int[]> sources, List<int[]> targets) {
        return TranslationBatch.of(sources, targets, ends);
    }

    /** In nats a symbol, by teacher forcing. */
    public Tensor loss(TranslationBatch batch) { return loss(batch, 0); }

    /**
     * The same, but each symbol that the decoder reads is, with this probability, one that it drew itself from what it
     * predicts there (scheduled sampling, Bengio et al. 2015), a constant to the gradient.
     */
    public Tensor loss(TranslationBatch batch, double ownSymbols) {
        Message.require(ownSymbols >= 0 && ownSymbols <= 1,
                this + ": expected a share of own symbols in 0 to 1 but got " + ownSymbols);
        Encoded source = encode(batch);
        IntTensor inputs = ownSymbols == 0
                ? batch.inputs()
                : Tape.noGrad(() -> withOwn(source, batch.inputs(), ownSymbols));
        return decoder.loss(source, inputs, batch.targets());
    }

    private IntTensor withOwn(Encoded source, IntTensor inputs, double share) {
        int T = inputs.size(0), B = inputs.size(1);
        int[] read = inputs.data().clone();
        Decoder.Memory memory = decoder.start(source);
        for (int t = 0; t + 1 < T; t++) {
            Decoder.Next<Decoder.Memory> next = decoder.step(memory, Arrays.copyOfRange(read, t * B, (t + 1) * B));
            float[] p = next.logProbabilities().exp().data();
            int V = p.length / B;
            for (int b = 0; b < B; b++)
                if (sampling.nextDouble() < share)
                    read[(t + 1) * B + b] = sampling.categorical(Arrays.copyOfRange(p, b * V, (b + 1) * V));
            memory = next.states();
        }
        return IntTensor.of(read, T, B);
    }

    private Encoded encode(TranslationBatch batch) { return encode(batch.source(), batch.lengths()); }

    Encoded encode(IntTensor source, Lengths lengths) {
        for (int b = 0; b < lengths.batchSize(); b++)
            if (lengths.get(b) > spec.sourceLimit)
                throw new IllegalArgumentException(
                        Message.of(this + ": expected sources of at most " + spec.sourceLimit + " symbols but source "
                                + b + " has " + lengths.get(b) + "; leave it out, or raise sourceLimit(..)"));
        Encoded read = encoder.apply(source, lengths);
        if (!training()) Diverged.check(this, read.summary());             // in training the trainer looks at the loss
        return read;
    }

    /** How well it predicts, with teacher forcing. */
    public Perplexity evaluate(Iterable<TranslationBatch> batches) {
        return quietly(() -> {
            Perplexity sum = Perplexity.none();
            for (TranslationBatch batch : batches)
                sum = sum.add(Diverged.check(this, loss(batch)).item(), batch.symbols());
            return sum;
        });
    }

    /** What it writes for each source, the best first. Memory is taken for all sources at once. */
    public List<List<Hypothesis>> translate(List<int[]> sources, BeamSearch search) {
        return Ensemble.of(List.of(this)).translate(sources, search);
    }

    /** The target that greedy search finds for a source of characters; at most as long as sources may be. */
    public String translate(String source) {
        return translate(spec.source.encode(source));
    }

    /** The same for words. */
    public String translate(List<String> source) {
        return translate(spec.source.encode(source));
    }

    private String translate(int[] source) {
        BeamSearch greedy = BeamSearch.greedy(spec.sourceLimit);
        return spec.target.decode(translate(List.of(source), greedy).get(0).get(0).symbols());
    }

    /**
     * Where it looks while it writes a target, {@code [T, S]}: row t belongs to symbol t of the target, the last one to
     * EOS, column s to symbol s of the source. An IllegalStateException without attention.
     */
    public Tensor attention(String source, String target) {
        return attention(spec.source.encode(source), spec.target.encode(target));
    }

    /** The same for words. */
    public Tensor attention(List<String> source, List<String> target) {
        return attention(spec.source.encode(source), spec.target.encode(target));
    }

    /** The same for ids. */
    public Tensor attention(int[] source, int[] target) {
        TranslationBatch pair = batch(List.of(source), List.of(target));
        Tensor weights = quietly(() -> Diverged.check(this, decoder.weights(encode(pair), pair.inputs())))
                .reshape(target.length + 1, source.length);
        return encoder.reversed() ? turned(weights) : weights;
    }

    private static Tensor turned(Tensor weights) {
        int T = weights.size(0), S = weights.size(1);
        float[] turned = new float[T * S];
        for (int t = 0; t < T; t++) for (int s = 0; s < S; s++) turned[t * S + s] = weights.data()[t * S + S - 1 - s];
        return Tensor.of(turned, T, S);
    }

    public Vocabulary source() { return spec.source; }

    public Vocabulary target() { return spec.target; }

    public Ends ends() { return ends; }

    public Encoder encoder() { return encoder; }

    public Decoder decoder() { return decoder; }

    @Override protected String settings() {
        return spec + " from " + spec.source.fingerprint() + " to " + spec.target.fingerprint()
                + ", sources of at most " + spec.sourceLimit;
    }

    @Override public String toString() { return spec.toString(); }
}
