package unroll.data;

import java.util.List;

import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * A text, in tokens, and its class.
 *
 * <pre>{@code
 * new LabelledText(List.of("slow", "parts", ",", "but", "worth", "watching"), "positive")
 * }</pre>
 */
public record LabelledText(List<String> words, String label) {
    public LabelledText {
        words = List.copyOf(words);
        if (words.isEmpty())
            throw new DatasetException(Reason.EMPTY,
                    "LabelledText: a text labelled \"" + label + "\" has no words. Leave empty texts out.");
        if (TextFile.isBlank(label))
            throw new IllegalArgumentException(
                    Message.of("LabelledText: \"" + String.join(" ", words) + "\" has an empty label"));
    }

    @Override public String toString() { return label + ": " + String.join(" ", words); }
}
