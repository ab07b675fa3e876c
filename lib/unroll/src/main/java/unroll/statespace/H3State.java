package unroll.statespace;

import java.util.List;

import unroll.nn.State;
import unroll.tensor.Tensor;

/** What an {@link H3} layer remembers: its last output, the last keys, and the states of the diagonal systems. */
public final class H3State implements State {
    private final Tensor h, shift;
    // over B (d/heads)² sequences; null where the parts were given
    private final ComplexState later;
    private Tensor re, im;

    private H3State(Tensor h, Tensor shift, ComplexState later, Tensor re, Tensor im) {
        this.h = h;
        this.shift = shift;
        this.later = later;
        this.re = re;
        this.im = im;
    }

    /** A state whose diagonal part is computed when it is asked for. */
    static H3State later(Tensor h, Tensor shift, ComplexState diagonal) {
        return new H3State(h, shift, diagonal, null, null);
    }

    static H3State of(Tensor h, Tensor shift, Tensor re, Tensor im) { return new H3State(h, shift, null, re, im); }

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
        if (re == null) re = cut(later.re());
        return re;
    }

    /** The imaginary part. */
    public Tensor im() {
        if (im == null) im = cut(later.im());
        return im;
    }

    /** The states as those of B (d/heads)² sequences. */
    ComplexState diagonal() {
        if (later != null) return later;
        Tensor flat = join(re);
        return ComplexState.of(Tensor.zeros(flat.size(0), flat.size(1)), flat, join(im));
    }

    private Tensor cut(Tensor x) {
        int B = h.size(0);
        return x.reshape(B, x.size(0) / B, x.size(1), x.size(2));
    }

    private static Tensor join(Tensor x) { return x.reshape(x.size(0) * x.size(1), x.size(2), x.size(3)); }

    @Override public List<Tensor> tensors() { return List.of(h, shift, re(), im()); }

    @Override public H3State with(List<Tensor> tensors) {
        return of(tensors.get(0), tensors.get(1), tensors.get(2), tensors.get(3));
    }
}
