package unroll.nn;

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
    private final Rng rng;

    public Dropout(double p, Rng rng) {
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException("Dropout: expected a probability in [0, 1) but got " + p);
        this.p = p;
        this.rng = generator("rng", rng);
    }

    public Tensor apply(Tensor x) {
        if (!training() || p == 0) return x;
        return x.mul(rng.bernoulli(1 - p, x.shape()).mul(1 / (1 - p)));
    }

    @Override public String toString() { return "Dropout(p=" + p + ")"; }
}
