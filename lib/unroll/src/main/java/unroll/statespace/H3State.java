package unroll.statespace;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/** What an {@link H3} layer remembers: its last output, the last keys, and the states of the diagonal systems. */
public final class H3State implements State {
    private final Tensor h, shift;
    private final ComplexState diagonal;                                   // over B (d/heads)² sequences

    H3State(Tensor h, Tensor shift, ComplexState diagonal) {
        this.h = h;
        this.shift = shift;
        this.diagonal = diagonal;
    }

    /** The last output, {@code [B, d]}. */
    @Override public Tensor h() {
        return h;
    }

    /** The last M keys, the newest first, {@code [B, d, M]}. */
    public Tensor shift() {
        return shift;
    }

    /** The real part of the diagonal systems' states, {@code [B, (d/heads)², heads, N/2]}. */
    public Tensor re() {
        return cut(diagonal.re());
    }

    /** The imaginary part. */
    public Tensor im() {
        return cut(diagonal.im());
    }

    ComplexState diagonal() { return diagonal; }

    private Tensor cut(Tensor x) {
        int B = h.size(0);
        return x.reshape(B, x.size(0) / B, x.size(1), x.size(2));
    }

    private static Tensor join(Tensor x) { return x.reshape(x.size(0) * x.size(1), x.size(2), x.size(3)); }

    @Override public List<Tensor> tensors() { return List.of(h, shift, re(), im()); }

    @Override public H3State with(List<Tensor> tensors) {
        Tensor re = join(tensors.get(2));
        return new H3State(tensors.get(0), tensors.get(1),
                ComplexState.of(Tensor.zeros(re.size(0), re.size(1)), re, join(tensors.get(3))));
    }
}
