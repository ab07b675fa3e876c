package unroll.model;

import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * The configuration of a {@link SequenceTagger}, which {@link SequenceTagger#of} begins. Immutable: each setting gives
 * a new one.
 *
 * @param vocabulary  the words, characters and tags
 * @param context     what is looked at
 * @param spelling    how many numbers of a word's vector come from its characters; the others are learned for each word
 * @param dropout     the probability with which elements of the vectors and of the layer's output are dropped in
 *     training
 * @param wordDropout the probability with which a word that was seen once is taken for an unknown one in training
 * @param output      how tags are chosen
 */
public record TaggerSpec(TaggerVocabulary vocabulary, Context context, int spelling, double dropout, double wordDropout,
        TaggerOutput output) {
    public TaggerSpec {
        if (spelling < 0 || spelling >= context.inputSize())
            throw new IllegalArgumentException(Message.of(
                    "SequenceTagger: expected from 0 to " + (context.inputSize() - 1)
                            + " numbers from the characters, since "
                            + context + " reads vectors of " + context.inputSize() + ", but got " + spelling));
        probability("dropout", dropout);
        probability("word dropout", wordDropout);
    }

    private static void probability(String name, double p) {
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException(
                    Message.of("SequenceTagger: expected a probability of " + name + " in [0, 1) but got " + p));
    }

    /** So many numbers of each word's vector come from its characters; the layer's input size stays. */
    public TaggerSpec spelling(int size) {
        return new TaggerSpec(vocabulary, context, size, dropout, wordDropout, output);
    }

    /** Dropout before and after the context. */
    public TaggerSpec dropout(double p) {
        return new TaggerSpec(vocabulary, context, spelling, p, wordDropout, output);
    }

    /** How often words seen once become unknown in training; 0.5 where nothing is said. */
    public TaggerSpec wordDropout(double p) {
        return new TaggerSpec(vocabulary, context, spelling, dropout, p, output);
    }

    /** Tags are chosen together by a {@link unroll.sequence.Crf}, not each by itself. */
    public TaggerSpec crf() {
        return output(TaggerOutput.CRF);
    }

    /**
     * The same for tags O, B-X and I-X, where names that are not whole have probability 0:
     * {@link unroll.sequence.TagRules#bio}.
     */
    public TaggerSpec bioCrf() {
        return output(TaggerOutput.BIO_CRF);
    }

    private TaggerSpec output(TaggerOutput chosen) {
        return new TaggerSpec(vocabulary, context, spelling, dropout, wordDropout, chosen);
    }

    public SequenceTagger build(Rng rng) { return new SequenceTagger(this, rng); }

    @Override public String toString() {
        return "SequenceTagger(" + vocabulary.words().size() + " words, " + vocabulary.tags().size() + " tags, "
                + context
                + (spelling > 0 ? ", spelling=" + spelling : "") + (dropout > 0 ? ", dropout=" + dropout : "")
                + ", word dropout=" + wordDropout
                + output.text() + ")";
    }
}
