package unroll.nn;

import unroll.tensor.LinearAlgebra;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * How a weight matrix {@code [in, out]} starts.
 *
 * <pre>{@code
 * Tensor u = Initializer.orthogonal().times(0.9).values(256, 256, rng);
 * }</pre>
 */
@FunctionalInterface
public interface Initializer {
    /** A matrix {@code [in, out]}. */
    Tensor values(int in, int out, Rng rng);

    /** The same, multiplied by a number. */
    default Initializer times(double factor) {
        return named(this + " * " + factor, (in, out, rng) -> values(in, out, rng).mul(factor));
    }

    private static Initializer named(String name, Initializer formula) {
        record Named(String name, Initializer formula) implements Initializer {
            @Override public Tensor values(int in, int out, Rng rng) { return formula.values(in, out, rng); }

            @Override public String toString() { return name; }
        }
        return new Named(name, formula);
    }

    /** Uniform in ±bound. */
    static Initializer uniform(double bound) {
        return named("uniform ±" + bound, (in, out, rng) -> rng.uniform(-bound, bound, in, out));
    }

    /** Uniform in ±1/√in: PyTorch's default for linear layers. */
    static Initializer uniformFanIn() {
        return named("uniform ±1/√in",
                (in, out, rng) -> uniform(1 / Math.sqrt(in)).values(in, out, rng));
    }

    /** Uniform in ±√(6 / (in + out)) (Glorot and Bengio 2010): keeps the variance of both passes for tanh. */
    static Initializer glorot() {
        return named("glorot",
                (in, out, rng) -> uniform(Math.sqrt(6.0 / (in + out))).values(in, out, rng));
    }

    /** Normal with standard deviation √(2 / in) (He et al. 2015): keeps the variance for ReLU. */
    static Initializer he() {
        return named("he", (in, out, rng) -> rng.normal(in, out).mul(Math.sqrt(2.0 / in)));
    }

    /** All singular values 1 (Saxe et al. 2014): Q of the QR decomposition of a normal matrix, signs made uniform. */
    static Initializer orthogonal() {
        return named("orthogonal", (in, out, rng) -> {
            Tensor normal = rng.normal(Math.max(in, out), Math.min(in, out));
            Tensor q = LinearAlgebra.qr(normal).q();
            return in >= out ? q : q.transpose().detach();
        });
    }

    /** Ones on the diagonal (Le, Jaitly and Hinton 2015: for ReLU recurrences). */
    static Initializer identity() {
        return named("identity", (in, out, rng) -> {
            float[] values = Shape.room("Initializer.identity", new int[] {in, out});
            for (int i = 0; i < Math.min(in, out); i++) values[i * out + i] = 1;
            return Tensor.of(values, in, out);
        });
    }

    static Initializer zeros() { return named("zeros", (in, out, rng) -> Tensor.zeros(in, out)); }
}
