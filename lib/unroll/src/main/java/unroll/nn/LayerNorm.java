package unroll.nn;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * y = gain ∘ (x - mean) / √(variance + 1e-5) + bias along the last axis (Ba, Kiros and Hinton 2016); the variance
 * divides by n.
 *
 * <pre>{@code
 * Tensor y = new LayerNorm(256).apply(x);                         // [.., 256]
 * }</pre>
 */
public final class LayerNorm extends Module {
    private static final double EPSILON = 1e-5;
    private final int size;
    private final Parameter gain, bias;

    public LayerNorm(int size) {
        if (size < 1) throw new IllegalArgumentException("LayerNorm: expected a size of at least 1 but got " + size);
        this.size = size;
        gain = parameter(new Parameter("gain", Tensor.ones(size)));
        bias = parameter(new Parameter("bias", Tensor.zeros(size)));
    }

    public Tensor apply(Tensor x) {
        if (x.rank() == 0 || x.size(-1) != size)
            throw new ShapeException(
                    this + ": expected x of shape [.., " + size + "] but got " + Arrays.toString(x.shape()));
        return normalize(x).mul(gain).add(bias);
    }

    /**
     * Mean 0 and variance 1 in each row. With u the result and s the deviation, dx = (g - mean(g) - u mean(g u)) / s.
     */
    private Tensor normalize(Tensor x) {
        float[] v = x.data(), u = new float[v.length], inverse = new float[v.length / size];
        for (int r = 0, at = 0; r < inverse.length; r++, at += size) {
            Interrupts.check("LayerNorm", r);
            double sum = 0, squares = 0;
            for (int j = at; j < at + size; j++) sum += v[j];
            double mean = sum / size;
            for (int j = at; j < at + size; j++) squares += (v[j] - mean) * (v[j] - mean);
            inverse[r] = (float) (1 / Math.sqrt(squares / size + EPSILON));
            for (int j = at; j < at + size; j++) u[j] = (float) (v[j] - mean) * inverse[r];
        }
        return Tape.record("normalize", u, x.shape(), g -> {
            float[] d = g.get(0);
            for (int r = 0, at = 0; r < inverse.length; r++, at += size) {
                Interrupts.check("LayerNorm", r);
                double sum = 0, dot = 0;
                for (int j = at; j < at + size; j++) {
                    sum += d[j];
                    dot += (double) d[j] * u[j];
                }
                for (int j = at; j < at + size; j++)
                    d[j] = (float) (inverse[r] * (d[j] - sum / size - u[j] * dot / size));
            }
            x.take(d);
        }, x);
    }

    @Override public String toString() { return "LayerNorm(size=" + size + ")"; }
}
