package unroll.model;

import java.util.ArrayList;
import java.util.List;

import unroll.text.Vocabulary;
import unroll.tensor.Message;

/**
 * The two symbols of a vocabulary between which every written sequence stands: the first is read before the sequence,
 * the second is written after it. Words have {@code <bos>} and {@code <eos>}, characters U+0002 and U+0003, the control
 * characters for start and end of a text.
 *
 * <pre>{@code
 * Vocabulary target = Ends.addTo(Vocabulary.characters(text));     // two symbols more
 * }</pre>
 *
 * @param begin the id of BOS
 * @param end   the id of EOS
 */
public record Ends(int begin, int end) {
    private static List<String> symbols(Vocabulary.Kind kind) {
        return kind == Vocabulary.Kind.CHARACTERS ? List.of("\u0002", "\u0003") : List.of("<bos>", "<eos>");
    }

    /** The vocabulary with the symbols that it lacks of the two, behind all others. */
    public static Vocabulary addTo(Vocabulary vocabulary) {
        List<String> all = new ArrayList<>(vocabulary.symbols());
        for (String end : symbols(vocabulary.kind())) if (!all.contains(end)) all.add(end);
        return Vocabulary.of(all, vocabulary.kind());
    }

    /**
     * Where they are in a vocabulary.
     *
     * @throws IllegalArgumentException if it lacks one
     */
    public static Ends of(Vocabulary vocabulary) {
        List<String> ends = symbols(vocabulary.kind());
        int begin = vocabulary.symbols().indexOf(ends.get(0)), end = vocabulary.symbols().indexOf(ends.get(1));
        if (begin < 0 || end < 0)
            throw new IllegalArgumentException(
                    Message.of("Ends: " + vocabulary + " has no " + (begin < 0 ? "BOS" : "EOS")
                            + ", the symbol at which a sequence " + (begin < 0 ? "begins" : "ends")
                            + "; build the model with Ends.addTo(vocabulary)"));
        return new Ends(begin, end);
    }
}
