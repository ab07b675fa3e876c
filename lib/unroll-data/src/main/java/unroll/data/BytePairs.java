package unroll.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import unroll.tensor.Interrupts;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Words cut into pieces that occur often, so that a small vocabulary writes any word (Sennrich, Haddow and Birch 2016):
 * from single characters on, the neighbours that stand side by side most often become one piece, again and again.
 *
 * <pre>{@code
 * BytePairs pairs = BytePairs.learn(sentences, 500);               // lists of words, 500 merges
 * pairs.pieces(List.of("hunden", "ser"));                          // such as hund@@ en ser
 * BytePairs.words(List.of("hund@@", "en", "ser"));                 // hunden ser
 * }</pre>
 *
 * A piece that does not end its word has {@value #GOES_ON} at its end, and no other has, even if the word itself ends
 * so: {@link #words} gives back whatever {@link #pieces} was given. "Byte" is the name's history: pieces are made of
 * code points. Immutable.
 */
public final class BytePairs {
    /** The mark of a piece after which the word goes on. */
    public static final String GOES_ON = "@@";

    private record Pair(String left, String right) {
        String joined() { return left.substring(0, left.length() - GOES_ON.length()) + right; }

        /** Not a word's end that the text itself ends with the mark: nobody could tell whether the word goes on. */
        boolean mergeable() {
            return right.endsWith(GOES_ON) || !joined().endsWith(GOES_ON);
        }
    }

    private static final Comparator<Map.Entry<Pair, Long>> MOST_OFTEN = Map.Entry.<Pair, Long>comparingByValue()
            .thenComparing(e -> e.getKey().left, Comparator.reverseOrder())
            .thenComparing(e -> e.getKey().right, Comparator.reverseOrder());
    private final Map<Pair, Integer> ranks;

    private BytePairs(Map<Pair, Integer> ranks) { this.ranks = ranks; }

    /**
     * Learns from sentences. Of pairs that are equally frequent the first in alphabetical order is merged; it ends
     * early when no pair occurs twice.
     *
     * @param merges how many pairs become pieces, at least 0
     */
    public static BytePairs learn(Stream<List<String>> sentences, int merges) {
        if (merges < 0) throw new IllegalArgumentException("BytePairs: expected at least 0 merges but got " + merges);
        Map<String, Long> words = new TreeMap<>();
        sentences.forEach(s -> {
            Interrupts.check("BytePairs");
            s.forEach(w -> words.merge(w, 1L, Long::sum));
        });
        if (words.isEmpty()) throw new DatasetException(Reason.EMPTY, "BytePairs: there are no words to learn from");
        List<List<String>> cut = new ArrayList<>(words.keySet().stream().map(BytePairs::characters).toList());
        List<Long> counts = List.copyOf(words.values());
        Map<Pair, Long> pairs = new HashMap<>();
        for (int w = 0; w < cut.size(); w++) {
            Interrupts.check("BytePairs", w);
            count(pairs, cut.get(w), counts.get(w));
        }
        Map<Pair, Integer> ranks = new LinkedHashMap<>();
        while (ranks.size() < merges && !pairs.isEmpty()) {
            Map.Entry<Pair, Long> most = pairs.entrySet().stream().max(MOST_OFTEN).orElseThrow();
            Pair best = most.getKey();
            if (most.getValue() < 2) break;
            ranks.put(best, ranks.size());
            for (int w = 0; w < cut.size(); w++) {
                Interrupts.check("BytePairs", "merge", ranks.size(), merges);
                List<String> merged = merge(cut.get(w), best);
                if (merged.size() == cut.get(w).size()) continue;
                count(pairs, cut.get(w), -counts.get(w));
                count(pairs, merged, counts.get(w));
                cut.set(w, merged);
            }
        }
        return new BytePairs(ranks);
    }

    private static List<String> characters(String word) {
        if (word.isEmpty())
            throw new IllegalArgumentException("BytePairs: expected words of at least one character but one is empty");
        List<String> all = new ArrayList<>();
        int last = word.offsetByCodePoints(word.length(), -1);
        word.substring(0, last).codePoints().forEach(c -> all.add(Character.toString(c) + GOES_ON));
        all.add(word.substring(last));
        return all;
    }

    private static void count(Map<Pair, Long> pairs, List<String> pieces, long times) {
        for (int i = 0; i + 1 < pieces.size(); i++) {
            Pair pair = new Pair(pieces.get(i), pieces.get(i + 1));
            if (pair.mergeable()) pairs.merge(pair, times, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
        }
    }

    private static List<String> merge(List<String> pieces, Pair pair) {
        List<String> merged = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++)
            if (i + 1 < pieces.size() && pieces.get(i).equals(pair.left) && pieces.get(i + 1).equals(pair.right)) {
                merged.add(pair.joined());
                i++;
            } else
            merged.add(pieces.get(i));
        return merged;
    }

    /** The pieces of these words, in order: the merges are done in the order in which they were learned. */
    public List<String> pieces(List<String> words) {
        List<String> all = new ArrayList<>();
        for (String word : words) all.addAll(pieces(word));
        return all;
    }

    private List<String> pieces(String word) {
        List<String> pieces = characters(word);
        while (true) {
            Interrupts.check("BytePairs");
            Pair first = null;
            for (int i = 0; i + 1 < pieces.size(); i++) {
                Pair pair = new Pair(pieces.get(i), pieces.get(i + 1));
                if (ranks.containsKey(pair) && (first == null || ranks.get(pair) < ranks.get(first))) first = pair;
            }
            if (first == null) return pieces;
            pieces = merge(pieces, first);
        }
    }

    /** The words that these pieces make; a last one that is not ended counts as ended. */
    public static List<String> words(List<String> pieces) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (String piece : pieces) {
            boolean goesOn = piece.endsWith(GOES_ON);
            word.append(goesOn ? piece.substring(0, piece.length() - GOES_ON.length()) : piece);
            if (goesOn) continue;
            words.add(word.toString());
            word.setLength(0);
        }
        if (word.length() > 0) words.add(word.toString());
        return words;
    }

    /** How many merges were learned. */
    public int merges() { return ranks.size(); }

    @Override public String toString() { return "BytePairs(" + merges() + " merges)"; }
}
