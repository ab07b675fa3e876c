package unroll.recurrent;

import java.util.List;

/**
 * What {@link Recording#during} gives.
 *
 * @param result what the work gave, such as a loss
 * @param layers a recording for each run of a recurrent layer, in the order in which they ran: the lowest layer first,
 *     forward before backward
 */
public record Recorded<T>(T result, List<Recording> layers) {
    public Recorded {
        layers = List.copyOf(layers);
    }
}
