package unroll.text;

import java.util.Arrays;

import unroll.tensor.Interrupts;

/**
 * What expects the next symbol of a text: a network ({@link LanguageModel}), counts
 * ({@link NGramModel#over(Vocabulary)}), or several together ({@link Mixture}). A text is read from its first symbol to
 * its last, without a cut.
 *
 * <pre>{@code
 * Predictor counts = NGramModel.count(5, train, vocabulary.size(), KNESER_NEY).over(vocabulary);
 * counts.read(held).natsPerCharacter();                            // nothing is forgotten on the way
 * var reading = counts.begin();
 * for (int symbol : vocabulary.encode("To b")) reading.take(symbol);
 * reading.probabilities();                                         // [V], of what comes next
 * }</pre>
 */
public interface Predictor {
    /** The symbols by their ids. */
    Vocabulary vocabulary();

    /** Before the first symbol of a text. */
    Reading begin();

    /** A text that was read up to some place. */
    interface Reading {
        /** Reads one more symbol. */
        void take(int symbol);

        /**
         * p of each symbol as the next one, {@code [V]}; they sum to 1. Of the first symbol of a text a network knows
         * nothing: all are as likely.
         */
        double[] probabilities();
    }

    /** ln p of each symbol but the first, given all that stand before it, {@code [T - 1]}. */
    default double[] logProbabilities(int[] ids) {
        double[] all = new double[Math.max(0, ids.length - 1)];
        Reading reading = begin();
        for (int i = 0; i < all.length; i++) {
            Interrupts.check("Predictor", i);
            reading.take(ids[i]);
            all[i] = Math.log(reading.probabilities()[ids[i + 1]]);
        }
        return all;
    }

    /** How well it expects a text after its first symbol. */
    default Perplexity read(int[] ids) {
        double nats = 0;
        for (double p : logProbabilities(ids)) nats -= p;
        int[] expected = Arrays.copyOfRange(ids, Math.min(1, ids.length), ids.length);
        return new Perplexity(nats, expected.length, vocabulary().characters(expected));
    }
}
