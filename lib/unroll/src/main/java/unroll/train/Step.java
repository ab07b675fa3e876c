package unroll.train;

/**
 * One optimizer step.
 *
 * @param number       1, 2, … over all epochs
 * @param stepsInAll   the number of the last step that is planned
 * @param epoch        0, 1, …
 * @param loss         the loss of the batch before the step, in nats
 * @param gradientNorm the global gradient norm before clipping
 * @param learningRate the rate of this step
 */
public record Step(int number, int stepsInAll, int epoch, double loss, double gradientNorm, double learningRate) {
}
