package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;

/** Weights do not fit a layer; the message lists all that is wrong. The layer is unchanged. */
public final class WeightsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    WeightsException(String start, List<String> problems, String advice) {
        super(Message.lines(lines(start, problems, advice)));
        this.problems = List.copyOf(problems);
    }

    private static String[] lines(String start, List<String> problems, String advice) {
        List<String> lines = new ArrayList<>(List.of(start + ":"));
        for (String problem : problems) lines.add("- " + problem);
        if (!advice.isEmpty()) lines.add(advice);
        return lines.toArray(String[]::new);
    }

    /**
     * One for each entry that is missing, not expected, of another shape or not finite; each begins with the entry's
     * name.
     */
    public List<String> problems() {
        return problems;
    }
}
