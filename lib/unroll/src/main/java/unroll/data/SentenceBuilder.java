package unroll.data;

import java.util.ArrayList;
import java.util.List;

/** Words with tags, put together to sentences while a file is read line by line. */
final class SentenceBuilder {
    private final List<TaggedSentence> sentences = new ArrayList<>();
    private final List<String> words = new ArrayList<>(), tags = new ArrayList<>();

    void add(String word, String tag) {
        words.add(word);
        tags.add(tag);
    }

    /** How many words the sentence has so far. */
    int words() { return words.size(); }

    /** Ends the sentence, if it has begun. */
    void end() {
        if (!words.isEmpty()) sentences.add(new TaggedSentence(words, tags));
        words.clear();
        tags.clear();
    }

    List<TaggedSentence> all(String file) {
        end();
        if (sentences.isEmpty()) throw new EmptyCorpusException(file + ": it has no sentences");
        return List.copyOf(sentences);
    }
}
