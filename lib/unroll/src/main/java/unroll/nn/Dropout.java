package unroll.nn;

import java.util.Arrays;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * In training each element is zeroed with probability p and the others are divided by 1 - p, so that the expectation
 * stays (Srivastava et al. 2014); in evaluation nothing happens.
 *
 * <pre>{@code
 * Tensor y = new Dropout(0.5, rng.split()).apply(x);
 * }</pre>
 */
public final class Dropout extends Module {
    private final double p;
    private final boolean steady;
    private final Rng rng;

    public Dropout(double p, Rng rng) { this(p, false, rng); }

    private Dropout(double p, boolean steady, Rng rng) {
        this.steady = steady;
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException("Dropout: expected a probability in [0, 1) but got " + p);
        this.p = p;
        this.rng = generator("rng", rng);
    }

    /**
     * Of {@code [T, B, H]} the same elements at every step of a sequence (Gal and Ghahramani 2016): what is gone stays
     * gone, so that a network cannot look it up a step later.
     */
    public static Dropout steady(double p, Rng rng) {
        return new Dropout(p, true, rng);
    }

    public Tensor apply(Tensor x) {
        if (!training() || p == 0) return x;
        int[] shape = steady && x.rank() > 1 ? Arrays.copyOfRange(x.shape(), 1, x.rank()) : x.shape();
        return x.mul(rng.bernoulli(1 - p, shape).mul(1 / (1 - p)));
    }

    @Override public String toString() { return "Dropout(p=" + p + (steady ? ", steady" : "") + ")"; }
}
