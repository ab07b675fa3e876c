package unroll.data;

import java.util.ArrayList;
import java.util.List;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/** Words with tags, put together to sentences while a file is read line by line. */
final class SentenceBuilder {
    private final String file;
    private final HeldWords held;
    private final List<TaggedSentence> sentences = new ArrayList<>();
    private final List<Integer> firstLines = new ArrayList<>();
    private final List<String> words = new ArrayList<>(), tags = new ArrayList<>();

    /** @param file how errors call it */
    SentenceBuilder(String file) {
        this.file = file;
        held = new HeldWords(file);
    }

    void add(String word, String tag, int line) {
        if (words.isEmpty()) firstLines.add(line);
        words.add(held.hold(word));
        tags.add(held.hold(tag));
    }

    /** How many words the sentence has so far. */
    int words() { return words.size(); }

    /** Ends the sentence, if it has begun. */
    void end() {
        if (words.isEmpty()) return;
        // the sentence, its two lists and the number of its line
        held.record(2 * words.size() + 24);
        sentences.add(new TaggedSentence(words, tags));
        words.clear();
        tags.clear();
    }

    List<TaggedSentence> all() {
        end();
        if (sentences.isEmpty()) throw new DatasetException(Reason.EMPTY, file + ": it has no sentences");
        return List.copyOf(sentences);
    }

    /** The line of the first word of each sentence. */
    List<Integer> firstLines() { return firstLines; }
}
