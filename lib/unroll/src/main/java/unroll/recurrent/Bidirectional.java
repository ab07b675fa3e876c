package unroll.recurrent;

import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Tensor;

/**
 * Two layers that read a sequence in both directions (Schuster and Paliwal 1997): g_t = G(x_t, g_{t+1}) with parameters
 * of its own beside h_t = F(x_t, h_{t-1}). Each output knows what comes before and after it. With lengths each sequence
 * is turned round within its own.
 *
 * <pre>{@code
 * var both = new Bidirectional(there, back, Bidirectional.Combination.CONCATENATED);
 * var out = both.apply(x, lengths);                                // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class Bidirectional extends SequenceLayer {
    /** How the two outputs at a time become one. */
    public enum Combination {
        /** Side by side, forward first. */
        CONCATENATED,
        /** Their sum. */
        ADDED
    }

    /** The last states of both directions: that of the backward one has read the first symbol last. */
    public record States(State forward, State backward) implements State {
        @Override public Tensor h() { return Tensor.concat(-1, List.of(forward.h(), backward.h())); }

        @Override public List<Tensor> tensors() { return State.tensors(List.of(forward, backward)); }

        @Override public States with(List<Tensor> tensors) {
            List<State> both = State.with(List.of(forward, backward), tensors);
            return new States(both.get(0), both.get(1));
        }
    }

    private final SequenceLayer forward, backward;
    private final Combination combination;

    public Bidirectional(SequenceLayer forward, SequenceLayer backward, Combination combination) {
        if (forward.inputSize() != backward.inputSize() || forward.outputSize() != backward.outputSize())
            throw new IllegalArgumentException(
                    Message.of("Bidirectional: expected two layers of the same sizes but got " + forward + " and "
                            + backward));
        this.forward = child("forward", forward);
        this.backward = child("backward", backward);
        this.combination = combination;
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        if (!(initial instanceof States s))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected the states of both directions but got "
                            + initial.getClass().getSimpleName()));
        Output there = forward.apply(x, s.forward(), lengths),
                back = backward.apply(lengths.reverse(x), s.backward(), lengths);
        Tensor turned = lengths.reverse(back.states());
        Tensor both = combination == Combination.ADDED
                ? there.states().add(turned)
                : Tensor.concat(-1, List.of(there.states(), turned));
        return new Output(both, new States(there.last(), back.last()));
    }

    public SequenceLayer forward() { return forward; }

    public SequenceLayer backward() { return backward; }

    @Override public States initialState(int batch) {
        return new States(forward.initialState(batch), backward.initialState(batch));
    }

    @Override public boolean causal() { return false; }

    @Override public int inputSize() { return forward.inputSize(); }

    @Override public int outputSize() {
        return combination == Combination.ADDED ? forward.outputSize() : 2 * forward.outputSize();
    }

    @Override public String toString() {
        return "Bidirectional(" + forward + (combination == Combination.ADDED ? ", added)" : ")");
    }
}
