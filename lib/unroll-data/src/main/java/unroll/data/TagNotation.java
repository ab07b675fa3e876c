package unroll.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import unroll.text.DatasetException;

/**
 * Brings the notations in which files mark names into BIO (IOB2), where every name begins with B: IOB1, where only a
 * name that follows right after one of its type does (Ramshaw and Marcus 1995), and IOBES or BILOU, which also mark the
 * last token (E, L) and the only one (S, U).
 */
final class TagNotation {
    /** A tag of any of the notations: its letter, and a type unless the file has only one. M is what BMES calls I. */
    static final Pattern TAG = Pattern.compile("O|[BIMELSU](-\\S{1,100})?");
    /** What names are called in a file whose tags have no types. */
    static final String ONE_TYPE = "name";

    private final List<TaggedSentence> sentences;
    private final List<Integer> firstLines;
    private final String file;
    private final Map<String, String> shared = new HashMap<>();

    private TagNotation(List<TaggedSentence> sentences, List<Integer> firstLines, String file) {
        this.sentences = sentences;
        this.firstLines = firstLines;
        this.file = file;
    }

    /**
     * The same sentences in BIO. Ends or single tokens anywhere make the file one of IOBES or BILOU, and there a
     * sequence that breaks off is an error. It is one of IOB1 if names begin with I, and B stands only right after a
     * tag of its type. All others stay: an I after O in a file of BIO is a mistake for which scorers have a rule.
     *
     * @param firstLines the line of the first word of each sentence
     */
    static List<TaggedSentence> toBio(List<TaggedSentence> sentences, List<Integer> firstLines, String file) {
        return new TagNotation(sentences, firstLines, file).toBio();
    }

    private List<TaggedSentence> toBio() {
        boolean ends = false, beginsWithI = false, beginsWithB = false, bare = false;
        for (TaggedSentence sentence : sentences) {
            String before = "";
            for (String tag : sentence.tags()) {
                char letter = tag.charAt(0);
                ends |= letter != 'O' && letter != 'B' && letter != 'I';
                beginsWithI |= letter == 'I' && !type(tag).equals(before);
                beginsWithB |= letter == 'B' && !type(tag).equals(before);
                bare |= letter != 'O' && tag.length() == 1;
                before = type(tag);
            }
        }
        if (!ends && !bare && (!beginsWithI || beginsWithB)) return sentences;
        boolean iob1 = beginsWithI && !beginsWithB;
        List<TaggedSentence> all = new ArrayList<>(sentences.size());
        for (int s = 0; s < sentences.size(); s++)
            all.add(new TaggedSentence(sentences.get(s).words(),
                    ends ? ofEnds(s) : ofBegins(sentences.get(s).tags(), iob1)));
        return List.copyOf(all);
    }

    private List<String> ofBegins(List<String> tags, boolean iob1) {
        List<String> bio = new ArrayList<>();
        String before = "";
        for (String tag : tags) {
            bio.add(tag(iob1 && tag.charAt(0) == 'I' && !type(tag).equals(before) ? 'B' : tag.charAt(0), type(tag)));
            before = type(tag);
        }
        return bio;
    }

    private List<String> ofEnds(int s) {
        List<String> tags = sentences.get(s).tags(), bio = new ArrayList<>();
        // the type of a name that has begun and not ended
        String open = "";
        for (int t = 0; t < tags.size(); t++) {
            char letter = tags.get(t).charAt(0);
            String type = type(tags.get(t));
            boolean goesOn = letter == 'I' || letter == 'M' || letter == 'E' || letter == 'L';
            if (goesOn ? !type.equals(open) : !open.isEmpty())
                throw wrong(s, t, open.isEmpty()
                        ? "a tag that begins a name, since none has begun,"
                        : "a tag that goes on with " + open);
            bio.add(tag(letter == 'O' ? 'O' : goesOn ? 'I' : 'B', type));
            open = letter == 'B' || letter == 'I' || letter == 'M' ? type : "";
        }
        if (!open.isEmpty()) throw wrong(s, tags.size() - 1, "a tag that ends " + open + " before the sentence ends");
        return bio;
    }

    private DatasetException wrong(int s, int t, String expected) {
        TaggedSentence sentence = sentences.get(s);
        return TextFile.malformed(file, firstLines.get(s) + t, expected,
                sentence.words().get(t) + " " + sentence.tags().get(t));
    }

    private static String type(String tag) {
        return tag.equals("O") ? "" : tag.length() == 1 ? ONE_TYPE : tag.substring(2);
    }

    private String tag(char letter, String type) {
        return letter == 'O' ? "O" : shared.computeIfAbsent(letter + "-" + type, tag -> tag);
    }
}
