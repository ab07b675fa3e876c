package unroll.recurrent;

import java.util.List;

/** Weights do not fit a layer; the message lists all that is wrong. The layer is unchanged. */
public final class WeightsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    WeightsException(String start, List<String> problems, String advice) {
        super(start + ":\n- " + String.join("\n- ", problems) + (advice.isEmpty() ? "" : "\n" + advice));
        this.problems = List.copyOf(problems);
    }

    /** One for each entry that is missing, not expected, of another shape or not finite; each begins with the entry's name. */
    public List<String> problems() {
        return problems;
    }
}
