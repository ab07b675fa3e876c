package unroll.train;

/**
 * One pass over the validation data.
 *
 * @param step the steps done before it
 * @param loss the validation loss, in nats
 */
public record Validation(int step, double loss) {
}
