package unroll.data;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Vocabulary;

/**
 * Tagged sentences in the three parts their authors made.
 *
 * <pre>{@code
 * TaggedCorpus corpus = TaggedCorpora.englishEwt();            // corpus.source() says whether it is the real one
 * Vocabulary words = corpus.words(2), tags = corpus.tags();    // of the training part
 * }</pre>
 *
 * @param name       what it is called
 * @param train      to train on
 * @param validation to choose by
 * @param test       to report on
 * @param source     where it came from, its licence, and why it stands in for another one, if it does
 * @param builtIn    whether it came with the library
 */
public record TaggedCorpus(String name, List<TaggedSentence> train, List<TaggedSentence> validation,
        List<TaggedSentence> test, String source, boolean builtIn) {
    public TaggedCorpus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        if (train.isEmpty() || validation.isEmpty() || test.isEmpty())
            throw new DatasetException(Reason.EMPTY,
                    "TaggedCorpus " + name + ": expected sentences in all three parts but got " + train.size() + ", "
                            + validation.size() + " and " + test.size());
    }

    /**
     * The words that the training part has at least {@code minimumCount} times, with {@link Vocabulary#UNKNOWN} for all
     * others.
     */
    public Vocabulary words(int minimumCount) {
        return Vocabulary.words(train.stream().map(TaggedSentence::words), minimumCount).withUnknown();
    }

    /** All tags that occur, sorted. */
    public Vocabulary tags() {
        return Vocabulary.of(Stream.of(train, validation, test).flatMap(List::stream).flatMap(s -> s.tags().stream())
                .distinct().sorted().toList(), Vocabulary.Kind.WORDS);
    }

    @Override public String toString() {
        return String.format(Locale.ROOT, "TaggedCorpus(%s, %,d + %,d + %,d sentences: %s)", name, train.size(),
                validation.size(), test.size(), source);
    }
}
