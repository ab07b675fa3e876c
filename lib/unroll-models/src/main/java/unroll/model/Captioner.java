package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.nn.Diverged;
import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.sequence.BeamSearch;
import unroll.sequence.Hypothesis;
import unroll.sequence.Search;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.Perplexity;
import unroll.text.Vocabulary;

/**
 * Says what is to be seen in a picture: an {@link ImageEncoder} looks, a {@link Decoder} writes, and both are trained
 * together (show and tell, Vinyals et al. 2015); with attention it looks at places of the picture for each word (show,
 * attend and tell, Xu et al. 2015).
 *
 * <pre>{@code
 * var model = Captioner.of(Ends.addTo(words), ConvEncoder.of(3, 32, 32).conv(32).pool().conv(64).pool(), Decoder.of(Lstm.of(64, 128))).build(Rng.seed(42));
 * Tensor loss = model.loss(model.batch(images, captions));         // images: [B, 3, 32, 32]; nats a word
 * model.caption(image);                                            // [a, red, circle, left, of, a, blue, square]
 * model.caption(images, BeamSearch.of(5, 20));                     // the best five for each
 * model.attention(image, caption);                                 // [T, rows, columns]: where it looks for each word
 * }</pre>
 *
 * To train the decoder only, give the optimizer {@code model.decoder().parameters()}.
 */
public final class Captioner extends Module {
    private static final int LIMIT = 50;

    /**
     * What a captioner is to be; {@link Captioner#of} makes it.
     *
     * @param words   the symbols that are written, BOS and EOS among them: {@link Ends}
     * @param encoder how it looks
     * @param decoder how it writes
     */
    public record Spec(Vocabulary words, ImageEncoder.Spec encoder, Decoder.Spec decoder) {
        public Spec {
            Ends.of(words);
        }

        public Captioner build(Rng rng) { return new Captioner(this, rng); }
    }

    private final Spec spec;
    private final Ends ends;
    private final ImageEncoder encoder;
    private final Decoder decoder;

    public static Spec of(Vocabulary words, ImageEncoder.Spec encoder, Decoder.Spec decoder) {
        return new Spec(words, encoder, decoder);
    }

    private Captioner(Spec spec, Rng rng) {
        this.spec = spec;
        ends = Ends.of(spec.words());
        encoder = child("encoder", spec.encoder().build(rng.split()));
        decoder = child("decoder",
                spec.decoder().build(spec.words().size(), encoder.stateSize(), encoder.summarySize(), rng.split()));
    }

    /** Pictures {@code [B, ..]} and a caption of each, for {@link #loss}. */
    public CaptionBatch batch(Tensor images, List<List<String>> captions) {
        return CaptionBatch.of(images, captions.stream().map(spec.words()::encode).toList(), ends);
    }

    /** The mean loss with teacher forcing, in nats a symbol; EOS counts as one. */
    public Tensor loss(CaptionBatch batch) {
        return decoder.loss(encoder.apply(batch.images()), batch.inputs(), batch.targets());
    }

    /** How well it predicts, with teacher forcing; in evaluation mode, without recording. */
    public Perplexity evaluate(Iterable<CaptionBatch> batches) {
        return quietly(() -> {
            Perplexity sum = Perplexity.none();
            for (CaptionBatch batch : batches) sum = sum.add(Diverged.check(this, loss(batch)).item(), batch.symbols());
            return sum;
        });
    }

    /**
     * What it writes for each of the pictures {@code [B, ..]}, the best first; in evaluation mode, without recording.
     */
    public List<List<Hypothesis>> caption(Tensor images, Search search) {
        return quietly(
                () -> search.run(decoder, decoder.start(seen(images)), images.size(0), ends.begin(), ends.end()));
    }

    /** The words that greedy search finds for one picture, at most {@value #LIMIT}. */
    public List<String> caption(Tensor image) {
        return words(caption(alone(image), BeamSearch.greedy(LIMIT)).get(0).get(0));
    }

    /** The words of what was written. */
    public List<String> words(Hypothesis written) {
        return Arrays.stream(written.symbols()).mapToObj(spec.words()::symbol).toList();
    }

    /**
     * Where it looks in one picture while it writes a caption, {@code [T, rows, columns]}, with the sum 1 for each
     * word; the last one belongs to EOS. In evaluation mode, without recording.
     *
     * @throws IllegalStateException without attention
     */
    public Tensor attention(Tensor image, List<String> caption) {
        CaptionBatch batch = batch(alone(image), List.of(caption));
        Tensor weights = quietly(() -> Diverged.check(this, decoder.weights(seen(batch.images()), batch.inputs())));
        return weights.reshape(caption.size() + 1, encoder.rows(), encoder.columns());
    }

    /**
     * log p of every caption for every picture, {@code [B, captions]}, in nats: which caption fits which picture. In
     * evaluation mode, without recording.
     *
     * @param images {@code [B, ..]}
     */
    public Tensor logProbabilities(Tensor images, List<List<String>> captions) {
        Ends.Written written = ends.written(captions.stream().map(spec.words()::encode).toList());
        int B = images.size(0), n = captions.size();
        return quietly(() -> {
            Encoded all = seen(images);
            List<Tensor> rows = new ArrayList<>();
            for (int b = 0; b < B; b++)
                rows.add(sums(decoder.logProbabilities(repeated(all, b, n), written.inputs()), written.targets()));
            return Diverged.check(this, Tensor.stack(rows));
        });
    }

    private Encoded seen(Tensor images) {
        Encoded seen = encoder.apply(images);
        Diverged.check(this, seen.summary());
        return seen;
    }

    /** Source b of these, n times. */
    private static Encoded repeated(Encoded all, int b, int n) {
        int S = all.states().size(0), H = all.states().size(2);
        return new Encoded(all.states().slice(1, b, b + 1).expand(S, n, H), Lengths.full(S, n),
                all.summary().slice(0, b, b + 1).expand(n, all.summary().size(1)));
    }

    private static Tensor sums(Tensor logProbabilities, IntTensor targets) {
        int T = targets.size(0), n = targets.size(1), V = logProbabilities.size(2);
        float[] p = logProbabilities.data();
        double[] sums = new double[n];
        for (int i = 0; i < T * n; i++)
            if (targets.data()[i] != Losses.IGNORE) sums[i % n] += p[i * V + targets.data()[i]];
        return Tensor.of(sums, n);
    }

    private static Tensor alone(Tensor image) {
        int[] shape = new int[image.rank() + 1];
        shape[0] = 1;
        System.arraycopy(image.shape(), 0, shape, 1, image.rank());
        return image.reshape(shape);
    }

    public Vocabulary words() { return spec.words(); }

    public Ends ends() { return ends; }

    public ImageEncoder encoder() { return encoder; }

    public Decoder decoder() { return decoder; }

    @Override protected String settings() { return this + " of " + spec.words().fingerprint(); }

    @Override public String toString() {
        return "Captioner(" + encoder + ", " + decoder + ", words=" + spec.words().size() + ")";
    }
}
