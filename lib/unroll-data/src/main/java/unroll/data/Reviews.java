package unroll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import unroll.tensor.Rng;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Sentences of reviews, labelled {@link #POSITIVE} or {@link #NEGATIVE}: those of Pang and Lee (2005), or generated
 * ones.
 *
 * <pre>{@code
 * Reviews reviews = Reviews.moviePolarity();  // real where it can be had, else generated; reviews.source() says which
 * Split<LabelledText> parts = Split.random(reviews.texts(), 0.1, 0.1, Rng.seed(1));
 * Tokenizer.reviews().tokens("It's slow, but worth watching!");  // a sentence of the reader's own, in the same tokens
 * }</pre>
 *
 * @param texts   tokens and label of each sentence
 * @param source  where they came from, their licence, and why they stand in for others, if they do
 * @param builtIn whether they were generated
 */
public record Reviews(List<LabelledText> texts, String source, boolean builtIn) {
    public static final String POSITIVE = "positive", NEGATIVE = "negative";

    private static final String SET = "sentence-polarity", ARCHIVE = "sentence_polarity.zip";
    private static final int MAX_BYTES = 4 << 20, GENERATED = 4_000, SEED = 5;

    public Reviews {
        texts = List.copyOf(texts);
        Objects.requireNonNull(source, "source");
        if (texts.isEmpty()) throw new DatasetException(Reason.EMPTY, "Reviews: there are none");
    }

    /**
     * 5,331 positive and 5,331 negative sentences about films, in the order of the files: all positive ones first.
     * Where they are out of reach, 4,000 generated ones, and {@link #source()} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static Reviews moviePolarity() { return moviePolarity(Catalogue.standard()); }

    static Reviews moviePolarity(Catalogue catalogue) {
        return catalogue.orStandIn(SET, set -> {
            byte[] archive = catalogue.bytes(SET, ARCHIVE);
            List<LabelledText> texts = new ArrayList<>();
            add(texts, TextFile.readZipped(archive, ARCHIVE, "sentence_polarity/rt-polarity.pos", MAX_BYTES), POSITIVE);
            add(texts, TextFile.readZipped(archive, ARCHIVE, "sentence_polarity/rt-polarity.neg", MAX_BYTES), NEGATIVE);
            if (texts.isEmpty())
                throw new DatasetException(Reason.EMPTY, "Archive " + ARCHIVE + ": it has no sentences");
            return new Reviews(texts, set.source(), false);
        }, why -> {
            Reviews generated = builtIn(GENERATED, Rng.seed(SEED));
            return new Reviews(generated.texts, generated.source + " They stand in for " + SET + why, true);
        });
    }

    /** One sentence a line, tokens with blanks in between. */
    private static void add(List<LabelledText> texts, String lines, String label) {
        TextFile.lines(lines, (number, line) -> {
            if (!TextFile.isBlank(line)) texts.add(new LabelledText(TextFile.words(line, Integer.MAX_VALUE), label));
        });
    }

    /**
     * {@code n} different sentences about films, food and gadgets from a grammar, half of them positive, in random
     * order: plain ones, ones with a negation and ones of two halves that disagree. Which words occur does not settle
     * the label; what they belong to does. No irony.
     */
    public static Reviews builtIn(int n, Rng rng) {
        if (n < 2) throw new IllegalArgumentException("Reviews: expected at least 2 sentences but got " + n);
        Grammar grammar = Grammar.named("reviews");
        List<LabelledText> texts = new ArrayList<>();
        for (String label : List.of(POSITIVE, NEGATIVE))
            for (List<String> words : grammar.drawDistinct(label, label.equals(POSITIVE) ? (n + 1) / 2 : n / 2,
                    new HashSet<>(lecture(grammar)), rng))
                texts.add(new LabelledText(words, label));
        List<LabelledText> mixed = Arrays.stream(rng.permutation(n)).mapToObj(texts::get).toList();
        return new Reviews(mixed, "Reviews drawn from a grammar, built in.", true);
    }

    /** Sentences that are never generated, with and without a full stop. */
    static List<List<String>> lecture(Grammar grammar) {
        return grammar.alternatives("lecture").stream()
                .flatMap(s -> Stream.of(s, Stream.concat(s.stream(), Stream.of(".")).toList())).toList();
    }

    @Override public String toString() {
        return String.format(Locale.ROOT, "Reviews(%,d sentences; %s)", texts.size(), source);
    }
}
