package unroll.nn;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.Tensor;

/** What a layer around others remembers: its own last output, {@code [B, H]}, and what those inside remember. */
record AroundState(Tensor h, List<State> inside) implements State {
    AroundState {
        inside = List.copyOf(inside);
    }

    @Override public List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>(List.of(h));
        inside.forEach(s -> all.addAll(s.tensors()));
        return all;
    }

    @Override public AroundState with(List<Tensor> tensors) {
        List<State> states = new ArrayList<>();
        int at = 1;
        for (State s : inside) {
            int n = s.tensors().size();
            states.add(s.with(tensors.subList(at, at + n)));
            at += n;
        }
        return new AroundState(tensors.get(0), states);
    }

    /** The state of a layer around {@code parts} others. */
    static AroundState of(SequenceLayer owner, State state, int parts) {
        if (!(state instanceof AroundState s) || s.inside.size() != parts)
            throw new IllegalArgumentException(
                    Message.of(owner + ": expected a state of its own kind, from initialState or an output, but got "
                            + state.getClass().getSimpleName()));
        return s;
    }
}
