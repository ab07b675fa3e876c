package unroll.recurrent;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * One step of a recurrence: the equations and nothing else. {@link Unrolled} runs any cell over time, yours too:
 *
 * <pre>{@code
 * class LeakyCell implements Cell<Hidden> {                        // h' = 0.9 h + 0.1 tanh(x W + h U)
 *     public Hidden step(Tensor x, Hidden s) {
 *         return new Hidden(s.h().mul(0.9).add(x.matmul(w).add(s.h().matmul(u)).tanh().mul(0.1)));
 *     }
 *     …
 * }
 * }</pre>
 *
 * What a cell names, {@code Tensor f = ….sigmoid().named("f")}, a {@link Recording} shows at each step.
 *
 * @param <S> its state
 */
public interface Cell<S extends State> {
    /** The state after reading {@code x [B, inputSize]} in state {@code previous}. */
    S step(Tensor x, S previous);

    /** The state before the first step. */
    S initialState(int batch);

    /** Its weights, each with a name of its own. */
    List<Parameter> parameters();

    int inputSize();

    /** The length of {@link State#h()}. */
    int hiddenSize();
}
