package unroll.recurrent;

import java.util.function.Function;

import unroll.nn.Lengths;
import unroll.tensor.Parameter;
import unroll.tensor.Shape;
import unroll.tensor.VectorMath;

/**
 * One way forward and back of a {@link FusedLayer}: hands states and gradients between the sequence's arrays and the
 * parts' equations.
 */
final class FusedPass {
    /** Makes the equations of a part. */
    @FunctionalInterface
    interface Equations {
        Recurrence of(SequencePass.Part part, int T);
    }

    private final int B, H;
    private final SequencePass pass;
    private final Recurrence[] parts;
    // ∂L/∂ of the outputs at one time, one array a part
    private final float[][] arriving;
    private final Padding[] padding;
    private int T;
    private Lengths lengths;

    FusedPass(SequencePass pass, Equations equations) {
        this.pass = pass;
        B = pass.B;
        H = pass.H;
        parts = new Recurrence[pass.parts.length];
        arriving = new float[parts.length][];
        padding = new Padding[parts.length];
        for (int p = 0; p < parts.length; p++) {
            parts[p] = equations.of(pass.parts[p], pass.capacity());
            arriving[p] = new float[parts[p].size];
            padding[p] = new Padding(parts[p], H);
        }
    }

    boolean fits(int T, int B) { return pass.fits(T, B); }

    /** Gives its native memory back. */
    void free() { pass.free(); }

    /** All h_t, {@code [T, B, H]}. */
    float[] forward(int T, float[] x, float[] h0, float[] c0, Parameter w, Parameter u, float[] bias, Lengths lengths) {
        this.T = T;
        this.lengths = lengths;
        float[] y = Shape.room("states", new int[] {T, B, H});
        for (Recurrence r : parts) {
            r.begin(bias);
            System.arraycopy(h0, r.part.first * H, r.h, 0, r.size);
            if (c0 != null) System.arraycopy(c0, r.part.first * H, r.memory(0), 0, r.size);
        }
        pass.forward(T, x, h0, w, u, (part, t) -> {
            Recurrence r = parts[part.number];
            Padding over = padding[part.number];
            if (!lengths.full()) over.before(lengths, t);
            r.step(t);
            if (!lengths.full()) over.hold(t);
            part.state(t, r.h);
            System.arraycopy(r.h, 0, y, (t * B + part.first) * H, r.size);
            if (!lengths.full()) over.clear(y, (t * B + part.first) * H);
        });
        return y;
    }

    /** Copies the gates, after the way forward. */
    void record(FusedRecording recording) {
        for (Recurrence r : parts) recording.forward(r);
    }

    /** h after the last step, {@code [B, H]}. */
    float[] lastState() { return gather(r -> r.h); }

    /** c after the last step, {@code [B, H]}. */
    float[] lastMemory() { return gather(r -> r.memory(T)); }

    /**
     * Runs back through time.
     *
     * @param dy ∂L/∂ of all h_t
     * @param dh ∂L/∂ of the last one as a state
     * @param dc ∂L/∂ of the last memory, or null
     * @param dx takes ∂L/∂x, or null where nobody asks for it; may be dy, of whose times only those that are over are
     *     overwritten
     * @param recording of the gradients on the way, or null
     */
    void back(float[] dy, float[] dh, float[] dc, Parameter w, Parameter u, float[] dx, FusedRecording recording) {
        for (Recurrence r : parts) {
            System.arraycopy(dh, r.part.first * H, r.dh, 0, r.size);
            if (dc != null) System.arraycopy(dc, r.part.first * H, r.memoryGradient(), 0, r.size);
            r.recording = recording;
        }
        pass.back(w, u, dx, (part, t) -> {
            Recurrence r = parts[part.number];
            float[] arrives = arriving[part.number];
            if (t < T - 1) addProduct(r, arrives);
            System.arraycopy(dy, (t * B + part.first) * H, arrives, 0, r.size);
            if (!lengths.full()) padding[part.number].clearGradient(lengths, t, arrives);
            VectorMath.add(r.dh, arrives, 0, r.size);
            if (!lengths.full()) padding[part.number].setAside();
            if (recording != null) recording.stateGradient(part, t, r.dh);
            r.back(t);
            if (!lengths.full()) padding[part.number].putBack();
        });
        for (Recurrence r : parts) {
            addProduct(r, arriving[r.part.number]);
            r.recording = null;
        }
        if (recording != null) recording.back(pass.gateGradients(), pass.recurrentGateGradients());
    }

    /** What came through U from the step after, to what came past it. */
    private static void addProduct(Recurrence r, float[] scratch) {
        r.part.stateGradient(scratch);
        VectorMath.add(r.dh, scratch, 0, r.size);
    }

    void addInputWeightGradient(float[] to) { pass.addInputWeightGradient(to); }

    void addRecurrentWeightGradient(float[] to) { pass.addRecurrentWeightGradient(to); }

    float[] initialStateGradient() { return gather(r -> r.dh); }

    float[] initialMemoryGradient() { return gather(Recurrence::memoryGradient); }

    float[] biasGradient(int size) {
        float[] sum = new float[size];
        for (Recurrence r : parts) r.biasGradient(sum);
        return sum;
    }

    private float[] gather(Function<Recurrence, float[]> which) {
        float[] all = new float[B * H];
        for (Recurrence r : parts) System.arraycopy(which.apply(r), 0, all, r.part.first * H, r.size);
        return all;
    }
}
