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

    private ComplexState(Tensor h, Supplier<List<Tensor>> later) {
        this.h = h;
        this.later = later;
    }

    /** A state from its parts: the last output {@code [B, H]}, real and imaginary part of the states. */
    public static ComplexState of(Tensor h, Tensor re, Tensor im) {
        ComplexState state = new ComplexState(h, null);
        state.x = List.of(re, im);
        return state;
    }

    /** A state whose parts follow; recorded for gradients where its output is. */
    static ComplexState later(Tensor h, Supplier<List<Tensor>> parts) {
        return new ComplexState(h, h.requiresGradient() ? parts : () -> Tape.noGrad(parts));
    }

    /** The same states behind another output. */
    ComplexState seen(Tensor output) {
        return behind(output, part -> part);
    }

    /** These states in another form behind another output, computed when they are first asked for. */
    ComplexState behind(Tensor output, UnaryOperator<Tensor> form) {
        return new ComplexState(output, () -> List.of(form.apply(re()), form.apply(im())));
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

    /** Whether all states are zeros, and need no gradient. */
    boolean isZero() {
        return x().stream().allMatch(part -> !part.requiresGradient() && isZero(part.data()));
    }

    private static boolean isZero(float[] values) {
        for (float v : values) if (v != 0) return false;
        return true;
    }

    /** The gradients of the states, where they need one. */
    void take(ComplexVector d) {
        if (re().requiresGradient()) re().take(ComplexVector.floats(d.re));
        if (im().requiresGradient()) im().take(ComplexVector.floats(d.im));
    }

    @Override public List<Tensor> tensors() { return List.of(h, re(), im()); }

    @Override public ComplexState with(List<Tensor> tensors) {
        return of(tensors.get(0), tensors.get(1), tensors.get(2));
    }
}
