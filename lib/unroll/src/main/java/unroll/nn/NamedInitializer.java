package unroll.nn;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** An initializer that says what it is. */
record NamedInitializer(String name, Initializer formula) implements Initializer {
    @Override public Tensor values(int in, int out, Rng rng) { return formula.values(in, out, rng); }

    @Override public String toString() { return name; }
}
