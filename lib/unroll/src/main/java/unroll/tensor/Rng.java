package unroll.tensor;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Seeded random numbers, one {@code Rng} per purpose, split from one seed.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(42);
 * Tensor w = rng.split().uniform(-0.1, 0.1, 64, 256);
 * int[] order = rng.permutation(1000);
 * }</pre>
 *
 * Each call draws from a stream of its own, a {@link SplittableRandom} made from a key and the number of the call. So
 * the whole state is two numbers ({@link #state()}), a checkpoint can hold it, and what one call draws does not depend
 * on how much the one before it drew. Not for use by two threads at once: {@link #split()} one for each.
 */
public final class Rng {
    private final long key;
    private long calls;

    /** The whole state of a generator; {@link Rng#restore(State)} goes on from there. */
    public record State(long key, long calls) {
    }

    private Rng(long key, long calls) {
        this.key = key;
        this.calls = calls;
    }

    /** The generator that a seed stands for; equal seeds give equal numbers on every machine. */
    public static Rng seed(long seed) {
        return new Rng(mix(seed), 0);
    }

    /** A generator that goes on where another one was when it gave its {@link #state()}. */
    public static Rng of(State state) {
        return new Rng(state.key, state.calls);
    }

    /** A new generator whose numbers have nothing to do with the further ones of this. */
    public Rng split() {
        return new Rng(mix(next()), 0);
    }

    /**
     * The generator number {@code index} of a family: the same one each time, whatever was drawn in between. For epochs
     * and repeated runs.
     */
    public Rng split(long index) { return new Rng(mix(key + mix(index + 0x632be59bd9b4e019L)), 0); }

    public State state() { return new State(key, calls); }

    /** Sets this generator back to a state that it, or one like it, had. */
    public void restore(State state) {
        if (state.key != key)
            throw new IllegalArgumentException(
                    "Rng: this state belongs to a generator of another seed; build the model with the seed of the run");
        calls = state.calls;
    }

    /**
     * Looks at the flag now and then, not before the first number: an interrupted thread may still build the model
     * whose run it is to keep.
     */
    private static void look(int drawn) { Interrupts.check("Rng", drawn + 1L); }

    private long next() { return mix(key + mix(calls++)); }

    private SplittableRandom stream() { return new SplittableRandom(next()); }

    /** Uniform over 0 .. bound - 1. */
    public int nextInt(int bound) {
        if (bound < 1) throw new IllegalArgumentException("Rng: nextInt needs a bound of at least 1 but got " + bound);
        Interrupts.check("Rng");
        return stream().nextInt(bound);
    }

    /** Uniform over [0, 1). */
    public double nextDouble() {
        Interrupts.check("Rng");
        return stream().nextDouble();
    }

    /** Standard normal. */
    public double nextGaussian() {
        Interrupts.check("Rng");
        return stream().nextGaussian();
    }

    /** A tensor of independent uniform values in [low, high). */
    public Tensor uniform(double low, double high, int... shape) {
        if (!(low < high))
            throw new IllegalArgumentException("Rng: uniform needs low < high but got " + low + " and " + high);
        SplittableRandom stream = stream();
        float[] values = Shape.room("Rng", shape);
        for (int i = 0; i < values.length; i++) {
            look(i);
            float v = (float) (low + (high - low) * stream.nextDouble());
            values[i] = v < high ? v : Math.nextDown(v);                   // rounding to float may reach the bound
        }
        return Tensor.of(values, shape);
    }

    /** A tensor of independent standard normal values. */
    public Tensor normal(int... shape) {
        SplittableRandom stream = stream();
        float[] values = Shape.room("Rng", shape);
        for (int i = 0; i < values.length; i++) {
            look(i);
            values[i] = (float) stream.nextGaussian();
        }
        return Tensor.of(values, shape);
    }

    /** A tensor of zeros and ones, each one with probability {@code p}. */
    public Tensor bernoulli(double p, int... shape) {
        if (!(p >= 0 && p <= 1))
            throw new IllegalArgumentException("Rng: bernoulli needs a probability in [0, 1] but got " + p);
        SplittableRandom stream = stream();
        float[] values = Shape.room("Rng", shape);
        int limit = (int) Math.round(p * (1 << 24));                      // 24 bits decide: as many as a float holds
        for (int i = 0; i < values.length; i++) {
            look(i);
            values[i] = (stream.nextInt() >>> 8) < limit ? 1 : 0;
        }
        return Tensor.of(values, shape);
    }

    /** 0 .. n - 1 in random order, each order equally likely (Fisher and Yates). */
    public int[] permutation(int n) {
        if (n < 0) throw new IllegalArgumentException("Rng: permutation needs n >= 0 but got " + n);
        SplittableRandom stream = stream();
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            look(i);
            int j = stream.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * One index drawn with probability proportional to its weight; weights are non-negative, finite and not all zero.
     */
    public int categorical(float[] weights) {
        Objects.requireNonNull(weights, "weights");
        double sum = 0;
        for (float w : weights) {
            if (!(w >= 0) || Float.isInfinite(w))
                throw new IllegalArgumentException("Rng: categorical needs finite weights >= 0 but got " + w);
            sum += w;
        }
        if (!(sum > 0))
            throw new IllegalArgumentException(Message
                    .of("Rng: categorical needs at least one weight above 0 but got " + Arrays.toString(weights)));
        double u = nextDouble() * sum;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) continue;
            last = i;
            u -= weights[i];
            if (u < 0) return i;
        }
        return last;                                                       // rounding left a crumb of u
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014; constants of Stafford's variant 13). */
    private static long mix(long z) {
        z = (z + 0x9e3779b97f4a7c15L);
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    @Override public String toString() { return "Rng(key=" + Long.toHexString(key) + ", calls=" + calls + ")"; }
}
