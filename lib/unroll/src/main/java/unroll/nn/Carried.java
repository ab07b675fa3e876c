package unroll.nn;

import unroll.tensor.Tensor;

/**
 * What reading a batch gives where the next one goes on: truncated backpropagation through time (Williams and Peng
 * 1990).
 *
 * <pre>{@code
 * var state = model.start(64);
 * for (var batch : batches) {
 *     var step = model.loss(batch, state);
 *     state = step.state().detach();                               // values go on, gradients stop
 *     step.loss().backward();
 * }
 * }</pre>
 *
 * @param loss  of the batch
 * @param state after its last step
 */
public record Carried(Tensor loss, State state) {
}
