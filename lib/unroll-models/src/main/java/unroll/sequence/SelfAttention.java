package unroll.sequence;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Initializer;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Causal self-attention with one head (Vaswani et al. 2017), as a layer that recurrent and state-space layers can be
 * compared with: each step looks at itself and all before it.
 *
 * <pre>{@code
 * q = (x + p) W_q      k = (x + p) W_k      v = x W_v              p_t: sine and cosine of the position, as there
 * y_t = Σ_{s ≤ t} softmax_s(q_t · k_s / √H) v_s W_o
 *
 * SequenceLayer layer = SelfAttention.of(32).build(rng);
 * var out = layer.apply(x);                                        // x: [T, B, 32] → out.states(): [T, B, 32]
 * }</pre>
 *
 * No number at t changes what comes before t; but a NaN or an infinity in x_t makes all y of its sequence NaN. Its
 * state is every key and value so far, so it grows with each step. Time and memory are O(T²). Parameters: {@code wq},
 * {@code wk}, {@code wv}, {@code wo} {@code [H, H]}.
 */
public final class SelfAttention extends SequenceLayer {
    private final int H;
    private final Parameter wq, wk, wv, wo;

    /** The past of one batch: keys and values {@code [B, steps so far, H]}. */
    private record Past(Tensor h, Tensor keys, Tensor values) implements State {
        @Override public List<Tensor> tensors() { return List.of(h, keys, values); }

        @Override public State with(List<Tensor> tensors) {
            return new Past(tensors.get(0), tensors.get(1), tensors.get(2));
        }
    }

    private record Configuration(int inputSize) implements Spec {
        @Override public SelfAttention build(Rng rng) { return new SelfAttention(inputSize, rng); }

        @Override public String toString() { return "SelfAttention(size=" + inputSize + ")"; }
    }

    private SelfAttention(int size, Rng rng) {
        H = size;
        wq = weight("wq", rng);
        wk = weight("wk", rng);
        wv = weight("wv", rng);
        wo = weight("wo", rng);
    }

    private Parameter weight(String name, Rng rng) {
        return parameter(new Parameter(name, Initializer.uniformFanIn().values(H, H, rng)));
    }

    /** The configuration of a layer of this size, of input and output. */
    public static Spec of(int size) {
        if (size < 1)
            throw new IllegalArgumentException("SelfAttention: expected a size of at least 1 but got " + size);
        return new Configuration(size);
    }

    @Override protected Output run(Tensor x, State initial, Lengths lengths) {
        if (!lengths.full())
            throw new IllegalArgumentException(Message.of(this + ": reads sequences of one length only but got "
                    + lengths + "; sort them into batches of equal length"));
        int T = x.size(0), B = x.size(1);
        Past past = mine(initial, B);
        int before = past.keys.size(1);
        Shape.size(this, new int[] {B, T, (int) Math.min(Integer.MAX_VALUE, (long) before + T)}, x, past.keys);
        Tensor placed = x.add(positions(before, T));
        // [B, T, H]
        Tensor q = placed.matmul(wq).permute(1, 0, 2), k = placed.matmul(wk).permute(1, 0, 2),
                v = x.matmul(wv).permute(1, 0, 2);
        if (before > 0) {
            k = Tensor.concat(1, List.of(past.keys, k));
            v = Tensor.concat(1, List.of(past.values, v));
        }
        // [B, T, past + T]
        Tensor weights = causalSoftmax(q.matmul(k.transpose()).mul(1 / Math.sqrt(H)), before).named("weights");
        Tensor y = weights.matmul(v).permute(1, 0, 2).matmul(wo);
        return new Output(y, new Past(y.at(T - 1), k, v));
    }

    /**
     * Softmax of each row of {@code [B, T, past + T]} over the steps that it may look at, 0 elsewhere: what stands
     * there is not read.
     */
    private static Tensor causalSoftmax(Tensor scores, int before) {
        int T = scores.size(1), S = scores.size(2);
        float[] v = scores.data(), y = new float[v.length];
        for (int r = 0; r < v.length / S; r++) {
            int at = r * S, end = at + before + r % T + 1;
            double most = Double.NEGATIVE_INFINITY, sum = 0;
            for (int j = at; j < end; j++) most = Math.max(most, v[j]);
            for (int j = at; j < end; j++) sum += Math.exp(v[j] - most);
            double norm = most + Math.log(sum);
            for (int j = at; j < end; j++) y[j] = (float) Math.exp(v[j] - norm);
        }
        return Tape.record("causal softmax", y, scores.shape(), g -> {
            float[] d = g.get(0);
            for (int r = 0; r < d.length / S; r++) {
                int at = r * S, end = at + before + r % T + 1;
                double dot = 0;
                for (int j = at; j < end; j++) dot += d[j] * y[j];
                for (int j = at; j < end; j++) d[j] = y[j] * (float) (d[j] - dot);
                Arrays.fill(d, end, at + S, 0);
            }
            scores.take(d);
        }, scores);
    }

    /** p_t[2i] = sin(t / 10000^(2i/H)), p_t[2i+1] = cos of the same: {@code [T, 1, H]}. */
    private Tensor positions(int from, int T) {
        float[] p = Shape.room(this, new int[] {T, H});
        for (int t = 0; t < T; t++)
            for (int j = 0; j < H; j++) {
                double angle = (from + t) / Math.pow(10_000, j / 2 * 2. / H);
                p[t * H + j] = (float) (j % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
            }
        return Tensor.of(p, T, 1, H);
    }

    private Past mine(State state, int B) {
        if (!(state instanceof Past p))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a state of its own kind, from initialState or an output, but got "
                            + state.getClass().getSimpleName()));
        if (p.keys.size(0) != B)
            throw new ShapeException(
                    this + ": expected a state of " + B + " sequences but got one of " + p.keys.size(0));
        return p;
    }

    @Override public State initialState(int batch) {
        return new Past(Tensor.zeros(batch, H), Tensor.zeros(batch, 0, H), Tensor.zeros(batch, 0, H));
    }

    @Override public int inputSize() { return H; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return "SelfAttention(size=" + H + ")"; }
}
