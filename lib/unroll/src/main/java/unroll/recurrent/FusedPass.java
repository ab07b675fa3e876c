package unroll.recurrent;

import java.util.List;
import java.util.function.Function;

import unroll.nn.Lengths;
import unroll.recurrent.Recurrence.Factor;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * One batch on its way through a {@link FusedLayer}, forward and back: hands states and gradients between the arrays of
 * the whole batch and those of its parts, which work at once.
 */
final class FusedPass {
    final int T;
    final float[] x;
    final Lengths lengths;
    /** Of the way back; null where nobody asked for one. */
    Recording.OfPass recording;
    private final int B, H;
    private final List<Recurrence> parts;
    private final Parameter w, u;

    FusedPass(List<Recurrence> parts, Tensor x, Lengths lengths, Parameter w, Parameter u) {
        this.parts = parts;
        this.x = x.data();
        this.lengths = lengths;
        this.w = w;
        this.u = u;
        T = x.size(0);
        B = x.size(1);
        H = u.size(0);
    }

    List<Recurrence> parts() { return parts; }

    /** From h, and the memory where there is one, to all h_t {@code [T, B, H]}, the last h and the last memory. */
    List<float[]> forward(List<Tensor> start, float[] bias) {
        float[] y = Shape.room("states", new int[] {T, B, H});
        boolean memory = start.size() > 1;
        for (Recurrence r : parts) {
            r.begin(bias);
            System.arraycopy(start.get(0).data(), r.rows.first() * H, r.h, 0, r.size);
            if (memory) System.arraycopy(start.get(1).data(), r.rows.first() * H, r.memory(0), 0, r.size);
        }
        Factor plainW = Factor.of(w, B), plainU = Factor.of(u, B);
        Parallel.run(parts.size(), p -> parts.get(p).forward(this, plainW, plainU, y));
        float[] last = gather(r -> r.h);
        return memory ? List.of(y, last, gather(r -> r.memory(T))) : List.of(y, last);
    }

    /**
     * Runs back through time.
     *
     * @param dy ∂L/∂ of all h_t
     * @param dh ∂L/∂ of the last one as a state
     * @param dc ∂L/∂ of the last memory, or null
     * @param dx takes ∂L/∂x, or null where nobody asks for it; may be dy
     */
    void back(float[] dy, float[] dh, float[] dc, float[] dx) {
        for (Recurrence r : parts) {
            System.arraycopy(dh, r.rows.first() * H, r.dh, 0, r.size);
            if (dc != null) System.arraycopy(dc, r.rows.first() * H, r.memoryGradient(), 0, r.size);
        }
        Factor wt = dx == null ? null : Factor.transposeOf(w, B), ut = Factor.transposeOf(u, B);
        Parallel.run(parts.size(), p -> parts.get(p).back(this, wt, ut, dy, dx));
        addRows(w.gradientRoom(), Recurrence::inputWeightGradient);
        addRows(u.gradientRoom(), Recurrence::recurrentWeightGradient);
        if (recording != null) recording.back(parts);
    }

    /** Of h_{-1}, number 0, or c_{-1}. */
    float[] startGradient(int number) {
        return gather(number == 0 ? r -> r.dh : Recurrence::memoryGradient);
    }

    float[] biasGradient(int size) {
        float[] sum = new float[size];
        for (Recurrence r : parts) r.addBiasGradient(sum);
        return sum;
    }

    /** Adds to a gradient [rows, G H] a row after the other, that of each part in turn. */
    private void addRows(float[] to, Function<Recurrence, Matrix> gradient) {
        int n = w.size(1), rows = to.length / n, half = rows < 32 ? rows : (rows + 1) / 2;
        Parallel.run(half < rows ? 2 : 1, p -> {
            float[] row = new float[n], sum = new float[n];
            for (int r = p * half; r < Math.min(rows, (p + 1) * half); r++) {
                System.arraycopy(to, r * n, sum, 0, n);
                for (Recurrence part : parts) {
                    gradient.apply(part).get(r, 1, 0, n, row, 0);
                    VectorMath.add(sum, row, 0, n);
                }
                System.arraycopy(sum, 0, to, r * n, n);
            }
        });
    }

    private float[] gather(Function<Recurrence, float[]> which) {
        float[] all = new float[B * H];
        for (Recurrence r : parts) System.arraycopy(which.apply(r), 0, all, r.rows.first() * H, r.size);
        return all;
    }
}
