package unroll.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import unroll.tensor.Message;

/**
 * What a classifier thinks of one text.
 *
 * @param label         the most probable class
 * @param probabilities of all classes, in the order of the model's labels; their sum is 1
 */
public record Prediction(String label, Map<String, Double> probabilities) {
    public Prediction {
        probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
        if (!probabilities.containsKey(label))
            throw new IllegalArgumentException(
                    Message.of("Prediction: \"" + label + "\" is none of " + probabilities.keySet()));
    }

    /** The probability of the label. */
    public double probability() { return probabilities.get(label); }

    @Override public String toString() {
        return String.format(Locale.ROOT, "%s (%.1f %%)", label, 100 * probability());
    }
}
