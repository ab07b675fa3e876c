package unroll.data;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * A sentence with a tag for each of its words: a part of speech, or the place in a name (BIO).
 *
 * <pre>{@code
 * new TaggedSentence(List.of("Don't", "desert", "me"), List.of("AUX", "VERB", "PRON"))
 * }</pre>
 */
public record TaggedSentence(List<String> words, List<String> tags) {
    public TaggedSentence {
        words = List.copyOf(words);
        tags = List.copyOf(tags);
        if (words.isEmpty())
            throw new DatasetException(Reason.EMPTY,
                    "TaggedSentence: the sentence has no words. Leave empty sentences out.");
        if (words.size() != tags.size())
            throw new IllegalArgumentException(Message
                    .of("TaggedSentence: expected one tag a word but got " + words.size() + " words and " + tags.size()
                            + " tags: " + words + " " + tags));
    }

    @Override public String toString() {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) pairs.add(words.get(i) + "/" + tags.get(i));
        return String.join(" ", pairs);
    }
}
