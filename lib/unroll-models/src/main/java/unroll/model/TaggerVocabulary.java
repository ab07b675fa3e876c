package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import unroll.nn.Lengths;
import unroll.tensor.Message;
import unroll.data.TaggedSentence;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;

/**
 * What a {@link SequenceTagger} knows from its training data: words and characters with {@link Vocabulary#UNKNOWN},
 * tags, and the ids of the words that occur once, which stand for all that are unknown.
 *
 * <pre>{@code
 * var vocabulary = TaggerVocabulary.of(split.train());
 * var batches = Batches.shuffled(n, 32, rng, numbers -> vocabulary.batch(split.train(), numbers));
 * }</pre>
 */
public record TaggerVocabulary(Vocabulary words, Vocabulary characters, Vocabulary tags, Set<Integer> once) {
    public TaggerVocabulary {
        once = Set.copyOf(once);
        Message.require(words.hasUnknown() && characters.hasUnknown(),
                "TaggerVocabulary: expected words and characters with " + Vocabulary.UNKNOWN
                        + "; call withUnknown() on them");
    }

    /** Of the sentences to train on. */
    public static TaggerVocabulary of(List<TaggedSentence> training) {
        Message.require(!training.isEmpty(), "TaggerVocabulary: there are no sentences");
        List<String> words = training.stream().flatMap(s -> s.words().stream()).toList();
        Map<String, Integer> counts = new HashMap<>();
        for (String word : words) counts.merge(word, 1, Integer::sum);
        Vocabulary known = Vocabulary.words(words, 1).withUnknown();
        return new TaggerVocabulary(known, Vocabulary.characters(String.join("", counts.keySet())).withUnknown(),
                Vocabulary.words(training.stream().flatMap(s -> s.tags().stream()).toList(), 1), counts.keySet()
                        .stream().filter(word -> counts.get(word) == 1).map(known::index).collect(Collectors.toSet()));
    }

    /** Tagged sentences side by side; an unknown tag is an error. */
    public TaggerBatch batch(List<TaggedSentence> sentences) {
        return batch(sentences.stream().map(TaggedSentence::words).toList(),
                sentences.stream().map(this::tags).toList());
    }

    private int[] tags(TaggedSentence sentence) {
        for (int t = 0; t < sentence.tags().size(); t++)
            if (!tags.symbols().contains(sentence.tags().get(t)))
                throw new DatasetException(Reason.UNKNOWN_SYMBOL, "TaggerVocabulary: the tag "
                        + Message.quoted(sentence.tags().get(t)) + " of " + Message.quoted(sentence.words().get(t))
                        + " is none of those in training, " + tags.symbols() + ". Is it spelt as there?");
        return tags.encode(sentence.tags());
    }

    /** Those of these numbers: for batches that are drawn. */
    public TaggerBatch batch(List<TaggedSentence> sentences, int[] numbers) {
        return batch(Arrays.stream(numbers).mapToObj(sentences::get).toList());
    }

    /** Without tags. */
    public TaggerBatch untagged(List<List<String>> sentences) { return batch(sentences, null); }

    private TaggerBatch batch(List<List<String>> sentences, List<int[]> tagged) {
        Message.require(!sentences.isEmpty(), "TaggerBatch: there are no sentences");
        Map<String, Integer> distinct = new LinkedHashMap<>();
        List<int[]> ids = new ArrayList<>(), forms = new ArrayList<>(), targets = new ArrayList<>();
        for (int b = 0; b < sentences.size(); b++) {
            List<String> sentence = sentences.get(b);
            if (sentence.isEmpty())
                throw new IllegalArgumentException(
                        "TaggerBatch: sentence " + b + " has no words. Leave empty sentences out.");
            for (String word : sentence) distinct.putIfAbsent(word, distinct.size());
            ids.add(words.encode(sentence));
            forms.add(sentence.stream().mapToInt(distinct::get).toArray());
            targets.add(tagged == null ? unknown(sentence.size()) : tagged.get(b));
        }
        return new TaggerBatch(Lengths.padded(ids, 0), Lengths.padded(forms, 0),
                distinct.keySet().stream().map(characters::encode).toList(),
                Lengths.padded(targets, SequenceBatch.IGNORE), Lengths.of(ids));
    }

    private static int[] unknown(int words) {
        int[] tags = new int[words];
        Arrays.fill(tags, SequenceBatch.IGNORE);
        return tags;
    }

    @Override public String toString() {
        return "TaggerVocabulary(" + words.size() + " words, " + once.size() + " of them seen once, "
                + characters.size() + " characters, " + tags.size() + " tags)";
    }
}
