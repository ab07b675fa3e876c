package unroll.model;

import unroll.text.Vocabulary;
import unroll.tensor.Rng;

/**
 * The configuration of a {@link Captioner}, which {@link Captioner#of} makes.
 *
 * @param words   the symbols that are written, BOS and EOS among them: {@link Ends}
 * @param encoder how it looks
 * @param decoder how it writes
 */
public record CaptionerSpec(Vocabulary words, ImageEncoder.Spec encoder, DecoderSpec decoder) {
    public CaptionerSpec {
        Ends.of(words);
    }

    public Captioner build(Rng rng) { return new Captioner(this, rng); }
}
