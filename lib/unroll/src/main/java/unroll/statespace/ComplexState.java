package unroll.statespace;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import unroll.nn.State;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * What a layer with complex states remembers: its last output {@code [B, H]} and its states, {@code [B, H, N/2]} of
 * {@link S4d}, {@code [B, N]} of {@link Lru}. Those of a convolution, which does not pass through them, are computed
 * when they are first asked for.
 */
public final class ComplexState implements State {
    private final Tensor h;
    private Supplier<List<Tensor>> later;
    private List<Tensor> x;                                                // real and imaginary part

    private ComplexState(Tensor h, Supplier<List<Tensor>> later, List<Tensor> x) {
        this.h = h;
        this.later = later;
        this.x = x;
    }

    /** A state from its parts: the last output {@code [B, H]}, real and imaginary part of the states. */
    public static ComplexState of(Tensor h, Tensor re, Tensor im) {
        return new ComplexState(h, null, List.of(re, im));
    }

    /** A state whose parts follow; recorded for gradients where its output is. */
    static ComplexState later(Tensor h, Supplier<List<Tensor>> parts) {
        return new ComplexState(h, h.requiresGradient() ? parts : () -> Tape.noGrad(parts), null);
    }

    /** The same states behind another output. */
    ComplexState seen(Tensor output) {
        return behind(output, part -> part);
    }

    /** These states in another form behind another output, computed when they are first asked for. */
    ComplexState behind(Tensor output, UnaryOperator<Tensor> form) {
        return new ComplexState(output, () -> List.of(form.apply(re()), form.apply(im())), null);
    }

    private List<Tensor> x() {
        if (x == null) {
            x = later.get();
            later = null;
        }
        return x;
    }

    @Override public Tensor h() { return h; }

    /** The real part. */
    public Tensor re() { return x().get(0); }

    /** The imaginary part. */
    public Tensor im() { return x().get(1); }

    @Override public List<Tensor> tensors() { return List.of(h, re(), im()); }

    @Override public ComplexState with(List<Tensor> tensors) {
        return of(tensors.get(0), tensors.get(1), tensors.get(2));
    }
}
