package unroll.recurrent;

import java.util.List;
import java.util.function.Consumer;

import unroll.nn.Lengths;
import unroll.nn.State;
import unroll.tensor.Interrupts;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A cell that is linear in its state, h_t = a_t ∘ h_{t-1} + b_t, over whole sequences: one product for the gates of all
 * steps, then one operation that makes a and b of a few units at a time and runs them through time. These factors are
 * never written down: they are computed again on the way back.
 */
abstract class ScanLayer extends CellLayer<Hidden> {
    // of one part: its rows stay in the first-level cache
    private static final int UNITS = 256;

    private final Parameter w, b;
    private final int G;

    /**
     * Runs the weights of a cell: W [I, G H] and b [G H].
     *
     * @param learned whether the state before the first step is learned too
     * @param more    what toString() says beside the sizes
     */
    ScanLayer(GatedCell<Hidden> weights, boolean learned, String more) {
        super(LearnedInitialState.around(weights, learned), more);
        w = weights.w();
        b = weights.b();
        G = w.size(1) / outputSize();
    }

    /**
     * a_t and b_t of m units from their gates in x W + b, one row a gate. What it leaves in the gates is what
     * {@link #back} finds there.
     */
    abstract void factors(float[][] gates, float[] a, float[] b, int m);

    /**
     * Replaces what {@link #factors} left in the gates by the gradients of the gates, given a_t and the gradients of
     * a_t and b_t.
     */
    abstract void back(float[][] gates, float[] a, float[] da, float[] db, int m);

    @Override protected final Output run(Tensor x, State initial, Lengths lengths) {
        int T = x.size(0), B = x.size(1), H = outputSize();
        Tensor h0 = checked(initial, B).h();
        Tensor gates = x.linear(w, b);                                     // [T, B, G H]
        float[] z = gates.data(), start = h0.data(), h = new float[T * B * H], end = new float[B * H];
        Parts parts = (row, from, to) -> new Part(lengths.get(row), B, row, from, to);
        units(B, H, parts, part -> part.forward(z, start, h, end));
        List<Tensor> out = Tape.record("scan", List.of(h, end), List.of(new int[] {T, B, H}, new int[] {B, H}), g -> {
            float[] e = g.get(0), last = g.get(1), dz = new float[z.length];
            units(B, H, parts, part -> part.back(z, start, h, e, last, dz));
            if (gates.requiresGradient()) gates.take(dz);
            if (h0.requiresGradient()) h0.take(last);                      // each part leaves ∂L/∂h_0 there
        }, gates, h0);
        return new Output(out.get(0), new Hidden(out.get(1)));
    }

    private interface Parts {
        Part of(int row, int from, int to);
    }

    /** Units from .. to - 1 of each sequence of the batch, all independent of each other. */
    private static void units(int B, int H, Parts parts, Consumer<Part> work) {
        int chunks = (H + UNITS - 1) / UNITS;
        Parallel.run(B * chunks, part -> {
            int from = part % chunks * UNITS;
            work.accept(parts.of(part / chunks, from, Math.min(H, from + UNITS)));
        });
    }

    /**
     * Some units of one sequence, over the T steps that it has. Their rows are copied, so that each inner loop has one
     * index and becomes vector instructions.
     */
    private final class Part {
        private final int T, B, H = outputSize(), row, from, m;
        private final float[][] gates;
        private final float[] a, b, state;

        Part(int T, int B, int row, int from, int to) {
            this.T = T;
            this.B = B;
            this.row = row;
            this.from = from;
            m = to - from;
            gates = new float[G][m];
            a = new float[m];
            b = new float[m];
            state = new float[m];
        }

        private int at(int t) { return (t * B + row) * H + from; }

        private void read(float[] z, int t) {
            for (int k = 0; k < G; k++) System.arraycopy(z, ((t * B + row) * G + k) * H + from, gates[k], 0, m);
        }

        void forward(float[] z, float[] h0, float[] h, float[] end) {
            System.arraycopy(h0, at(0), state, 0, m);
            for (int t = 0; t < T; t++) {
                Interrupts.check("scan", t);
                read(z, t);
                factors(gates, a, b, m);
                for (int j = 0; j < m; j++) state[j] = a[j] * state[j] + b[j];                         // h_t
                System.arraycopy(state, 0, h, at(t), m);
            }
            System.arraycopy(state, 0, end, at(0), m);
        }

        void back(float[] z, float[] h0, float[] h, float[] e, float[] last, float[] dz) {
            float[] g = new float[m], arrives = new float[m], da = new float[m];
            System.arraycopy(last, at(0), g, 0, m);
            for (int t = T - 1; t >= 0; t--) {
                Interrupts.check("scan", t);
                System.arraycopy(e, at(t), arrives, 0, m);
                if (t > 0) System.arraycopy(h, at(t - 1), state, 0, m);
                else
                    System.arraycopy(h0, at(0), state, 0, m);
                read(z, t);
                factors(gates, a, b, m);
                // ∂L/∂h_t, which is ∂L/∂b_t
                for (int j = 0; j < m; j++) g[j] += arrives[j];
                // ∂L/∂a_t = g_t ∘ h_{t-1}
                for (int j = 0; j < m; j++) da[j] = g[j] * state[j];
                ScanLayer.this.back(gates, a, da, g, m);
                for (int k = 0; k < G; k++) System.arraycopy(gates[k], 0, dz, ((t * B + row) * G + k) * H + from, m);
                for (int j = 0; j < m; j++) g[j] *= a[j];                                              // to h_{t-1}
            }
            System.arraycopy(g, 0, last, at(0), m);
        }
    }
}
