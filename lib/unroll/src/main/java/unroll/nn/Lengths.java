package unroll.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.tensor.IntTensor;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * How long each sequence of a batch is: B sequences side by side, padded to T steps. What stands in the padding belongs
 * to no sequence.
 *
 * <pre>{@code
 * Lengths lengths = Lengths.of(6, 4, 1);                           // three sequences in six steps
 * var out = layer.apply(x, lengths);                               // x: [6, 3, I] → out.states(): [6, 3, H]
 * Tensor ends = lengths.last(out.states());                        // [3, H], the state at the end of each sequence
 * }</pre>
 */
public final class Lengths {
    private final int steps;
    private final int[] each;
    private final boolean full;

    private Lengths(int steps, int[] each) {
        this.steps = steps;
        this.each = each;
        full = Arrays.stream(each).allMatch(n -> n == steps);
    }

    /**
     * Sequences of these lengths, padded to the longest.
     *
     * @throws ShapeException where one is below 1
     */
    public static Lengths of(int... each) {
        for (int b = 0; b < each.length; b++)
            if (each[b] < 1)
                throw new ShapeException("Lengths: expected lengths of at least 1 but sequence " + b + " has " + each[b]
                        + "; leave empty sequences out of the batch");
        return new Lengths(Arrays.stream(each).max().orElse(0), each.clone());
    }

    /** Those of these sequences. */
    public static Lengths of(List<int[]> sequences) {
        return of(sequences.stream().mapToInt(s -> s.length).toArray());
    }

    /** These sequences side by side, {@code [T, B]}, with {@code padding} behind the end of each. */
    public static IntTensor padded(List<int[]> sequences, int padding) {
        int B = sequences.size(), T = sequences.stream().mapToInt(s -> s.length).max().orElse(0);
        int[] all = new int[Shape.size("Lengths.padded", new int[] {T, B})];
        Arrays.fill(all, padding);
        for (int b = 0; b < B; b++)
            for (int t = 0; t < sequences.get(b).length; t++) all[t * B + b] = sequences.get(b)[t];
        return IntTensor.of(all, T, B);
    }

    /** B sequences of T steps, without padding. */
    public static Lengths full(int steps, int batchSize) {
        int[] each = new int[batchSize];
        Arrays.fill(each, steps);
        return new Lengths(steps, each);
    }

    /**
     * The same for a batch {@code [T, B, ..]}, which may be padded further than to the longest sequence.
     *
     * @param reader who reads it, for the message; its text is asked for only in an error
     * @throws ShapeException where there are not B lengths, or one is above T
     */
    public Lengths in(Object reader, int T, int B) {
        if (each.length != B)
            throw new ShapeException(
                    reader + ": expected " + B + " lengths, one for each sequence, but got " + each.length);
        for (int b = 0; b < B; b++)
            if (each[b] > T)
                throw new ShapeException(
                        reader + ": expected lengths in 1 to " + T + " but sequence " + b + " has " + each[b]);
        return T == steps ? this : new Lengths(T, each);
    }

    /** T, to which the sequences are padded. */
    public int steps() { return steps; }

    /** B, how many sequences there are. */
    public int batchSize() { return each.length; }

    /** The length of sequence b. */
    public int get(int b) { return each[b]; }

    /** Whether every sequence has T steps, so that nothing is padding. */
    public boolean full() { return full; }

    /** Whether sequence b has a step t. */
    public boolean has(int t, int b) { return t < each[b]; }

    /** How many of the steps from .. to - 1 each sequence has: perhaps none. */
    public Lengths within(int from, int to) {
        return new Lengths(to - from, Arrays.stream(each).map(n -> Math.max(0, Math.min(to, n) - from)).toArray());
    }

    /** Each sequence so many times, its copies side by side. */
    public Lengths repeated(int times) {
        return new Lengths(steps, IntStream.range(0, Math.multiplyExact(each.length, times))
                .map(i -> each[i / times]).toArray());
    }

    /** 1 where a sequence has a step, 0 in the padding: {@code [T, B, 1]}. */
    public Tensor mask() {
        float[] ones = new float[steps * each.length];
        for (int i = 0; i < ones.length; i++) ones[i] = has(i / each.length, i % each.length) ? 1 : 0;
        return Tensor.of(ones, steps, each.length, 1);
    }

    /** Whether {@code x [T, B, ..]} is zero in the padding. */
    public boolean clears(Tensor x) {
        float[] values = x.data();
        int B = each.length, n = values.length / (steps * B);
        for (int b = 0; b < B; b++)
            for (int t = each[b]; t < steps; t++)
                for (int i = (t * B + b) * n; i < (t * B + b + 1) * n; i++) if (values[i] != 0) return false;
        return true;
    }

    /** {@code x [T, B, ..]} with zeros in the padding, whatever stood there; no gradient goes back to that. */
    public Tensor clear(Tensor x) {
        if (full) return x;
        return Tape.record("clearPadding", clear(x.data().clone()), x.shape(), g -> x.take(clear(g.get(0))), x);
    }

    private float[] clear(float[] values) {
        int B = each.length, n = values.length / (steps * B);
        for (int b = 0; b < B; b++)
            for (int t = each[b]; t < steps; t++) Arrays.fill(values, (t * B + b) * n, (t * B + b + 1) * n, 0f);
        return values;
    }

    /** The last step of each sequence of {@code y [T, B, H]}: {@code [B, H]}. */
    public Tensor last(Tensor y) {
        if (full) return y.at(steps - 1);
        int B = each.length, H = y.size(2);
        float[] all = y.data(), last = new float[B * H];
        for (int b = 0; b < B; b++) System.arraycopy(all, ((each[b] - 1) * B + b) * H, last, b * H, H);
        return Tape.record("lastOfEach", last, new int[] {B, H}, g -> {
            float[] d = y.gradientRoom(), e = g.get(0);
            for (int b = 0; b < B; b++)
                for (int h = 0; h < H; h++) d[((each[b] - 1) * B + b) * H + h] += e[b * H + h];
        }, y);
    }

    /**
     * {@code x [T, B, N]} turned round in time, each sequence within its own length; padding stays where it is. Turning
     * twice gives the same again.
     */
    public Tensor reverse(Tensor x) {
        return Tape.record("reverse", reverse(x.data()), x.shape(), g -> x.take(reverse(g.get(0))), x);
    }

    private float[] reverse(float[] v) {
        float[] y = new float[v.length];
        int B = each.length, n = v.length / (steps * B);
        for (int t = 0; t < steps; t++)
            for (int b = 0; b < B; b++) System.arraycopy(v, (turned(t, b) * B + b) * n, y, (t * B + b) * n, n);
        return y;
    }

    /** Ids {@code [T, B]} turned round in the same way. */
    public IntTensor reverse(IntTensor ids) {
        int[] v = ids.data(), y = new int[v.length];
        int B = each.length;
        for (int i = 0; i < y.length; i++) y[i] = v[turned(i / B, i % B) * B + i % B];
        return IntTensor.of(y, steps, B);
    }

    private int turned(int t, int b) { return has(t, b) ? each[b] - 1 - t : t; }

    @Override public boolean equals(Object o) {
        return o instanceof Lengths other && steps == other.steps && Arrays.equals(each, other.each);
    }

    @Override public int hashCode() { return 31 * steps + Arrays.hashCode(each); }

    @Override public String toString() { return "Lengths(" + Arrays.toString(each) + " in " + steps + " steps)"; }
}
