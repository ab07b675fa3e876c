package unroll.text;

import java.util.Objects;

import unroll.nn.State;
import unroll.tensor.Message;

/**
 * A continuous cache (Grave, Joulin and Usunier 2017): what followed states like the present one is likely to follow
 * again. Nothing is trained.
 *
 * <pre>
 * p_cache(w) ∝ Σ exp(θ h_t · h_i) over the last N places i with x_{i+1} = w
 * p(w)       = (1 - λ) p_model(w) + λ p_cache(w)
 * </pre>
 *
 * <pre>{@code
 * NeuralCache.of(model, 2_000).theta(0.3).lambda(0.1).read(held).perplexity();   // θ and λ chosen on validation
 * }</pre>
 */
public final class NeuralCache implements Predictor {
    private static final int MOST = 1 << 20;
    private final LanguageModel model;
    private final int size;
    private final double theta, lambda;

    private NeuralCache(LanguageModel model, int size, double theta, double lambda) {
        this.model = Objects.requireNonNull(model, "model");
        this.size = size;
        this.theta = theta;
        this.lambda = lambda;
        Message.require(size >= 1 && size <= MOST, "NeuralCache: expected 1 to " + MOST + " places but got " + size);
        Message.require(theta >= 0 && theta <= 1e6, "NeuralCache: expected a theta of at least 0 but got " + theta);
        Message.require(lambda >= 0 && lambda <= 1, "NeuralCache: expected a lambda in 0 to 1 but got " + lambda);
    }

    /** Looks back over so many places, with θ = 0.3 and λ = 0.1. */
    public static NeuralCache of(LanguageModel model, int size) {
        return new NeuralCache(model, size, 0.3, 0.1);
    }

    /** How much more a like state counts than one that is not; 0 counts what stands in the cache. */
    public NeuralCache theta(double theta) {
        return new NeuralCache(model, size, theta, lambda);
    }

    /** The share of the cache. */
    public NeuralCache lambda(double lambda) {
        return new NeuralCache(model, size, theta, lambda);
    }

    @Override public Vocabulary vocabulary() { return model.vocabulary(); }

    @Override public Reading begin() { return new Remembered(); }

    private final class Remembered implements Reading {
        private final Reading beginning = model.begin();
        private final float[][] states = new float[size][];
        private final int[] next = new int[size];
        private int count;                                                 // of places since the text began
        private State state;
        private LanguageModel.StepResult now;

        @Override public void take(int symbol) {
            LanguageModel.StepResult after = model.quietly(() -> model.step(new int[] {symbol}, state));
            if (now != null) {
                states[count % size] = now.top();
                next[count++ % size] = symbol;
            }
            now = after;
            state = after.state();
        }

        @Override public double[] probabilities() {
            if (now == null) return beginning.probabilities();
            double[] p = LanguageModel.softmax(now.logits());
            int n = Math.min(count, size);
            if (n == 0) return p;
            double[] like = new double[n];
            double most = Double.NEGATIVE_INFINITY, sum = 0;
            for (int i = 0; i < n; i++) most = Math.max(most, like[i] = theta * dot(states[i], now.top()));
            for (int i = 0; i < n; i++) sum += like[i] = Math.exp(like[i] - most);
            for (int s = 0; s < p.length; s++) p[s] *= 1 - lambda;
            for (int i = 0; i < n; i++) p[next[i]] += lambda * like[i] / sum;
            return p;
        }

        private static double dot(float[] a, float[] b) {
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            int k = 0;
            for (; k + 3 < a.length; k += 4) {
                s0 += a[k] * b[k];
                s1 += a[k + 1] * b[k + 1];
                s2 += a[k + 2] * b[k + 2];
                s3 += a[k + 3] * b[k + 3];
            }
            for (; k < a.length; k++) s0 += a[k] * b[k];
            return (double) s0 + s1 + s2 + s3;
        }
    }

    @Override public String toString() {
        return "NeuralCache(" + model + ", " + size + " places, theta=" + theta + ", lambda=" + lambda + ")";
    }
}
