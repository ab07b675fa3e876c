package unroll.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * What stays in memory of a file, or of a text in tokens, while it is read: equal words are one object, and one whose
 * contents would take more than half of the heap is refused before they do. A word of three letters takes some 50
 * bytes, so that a file of 20 MB may need 1 GB.
 */
final class HeldWords {
    private static final long MOST = Runtime.getRuntime().maxMemory() / 2;
    private static final int STRING = 48, ENTRY = 48, LIST = 40, OBJECT = 24, REFERENCE = 4;

    private final String file;
    private final long most;
    private final Map<String, String> words = new HashMap<>();
    private long bytes;

    /** @param file how errors call it */
    HeldWords(String file) { this(file, MOST); }

    HeldWords(String file, long most) {
        this.file = file;
        this.most = most;
    }

    /** For the tokens of a text. */
    static HeldWords ofText(String text) {
        return new HeldWords("Text of " + text.length() + " characters");
    }

    /** All that a pattern matches, in order. */
    List<String> matches(Pattern pattern, String text) {
        List<String> all = new ArrayList<>();
        for (Matcher match = pattern.matcher(text); match.find();) all.add(hold(match.group()));
        return all;
    }

    /** The word, or the equal one that was held before: for words that are likely to come again. */
    String hold(String word) {
        count(REFERENCE);
        String known = words.putIfAbsent(word, word);
        if (known != null) return known;
        count(ENTRY);
        return own(word);
    }

    /** The word itself: for words that are likely to be the only ones. */
    String own(String word) {
        count(STRING + (word.chars().allMatch(c -> c < 256) ? 1L : 2L) * word.length());
        return word;
    }

    /** A list of words that are held. */
    List<String> hold(List<String> all) {
        count(LIST);
        return all.stream().map(this::hold).toList();
    }

    /** An object with so many fields that is kept in a list. */
    void record(int fields) {
        count(OBJECT + (long) REFERENCE * fields);
    }

    private void count(long more) {
        bytes += more;
        if (bytes > most)
            throw new DatasetException(Reason.TOO_LARGE,
                    file + ": its words need more than " + (most >> 20) + " MB of memory, which is too much "
                            + TextFile.heap() + "; cut it down first, or give Java more memory (-Xmx)");
    }
}
