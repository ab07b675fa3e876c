package unroll.recurrent;

import java.util.List;

import unroll.nn.Lengths;
import unroll.tensor.Message;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** The recording of a {@link FusedLayer}: copies of what its pass remembers, before the pass is used again. */
final class FusedRecording extends Recording {
    private final List<String> gates;
    private final Tensor x, h0;
    private final int T, B, H, G;
    private final Lengths lengths;
    private final boolean resetFirst;
    private final float[][] values;                                        // by gate, [T, B, H]
    private final float[] stateGradient, memoryGradient;                   // [T, B, H]
    private float[] gateGradients, recurrentGateGradients;                 // [T, B, G H]; null until backward

    FusedRecording(FusedLayer<?> layer, List<String> gates, Tensor x, Tensor h0, Lengths lengths) {
        super(layer);
        this.gates = gates;
        this.x = x.detach();
        this.h0 = h0.detach();
        this.lengths = lengths;
        resetFirst = layer.lastGateLater();
        T = x.size(0);
        B = x.size(1);
        H = h0.size(1);
        G = layer.parameters().get(0).size(1) / H;
        values = new float[gates.size()][T * B * H];
        stateGradient = new float[T * B * H];
        memoryGradient = gates.size() > G ? new float[T * B * H] : null;
    }

    /** The way forward of one part of the batch is over. */
    void forward(Recurrence r) {
        for (int gate = 0; gate < values.length; gate++)
            for (int t = 0; t < T; t++)
                for (int row = 0; row < r.part.rows; row++)
                    if (lengths.has(t, r.part.first + row))
                        System.arraycopy(r.values(gate, t), row * H, values[gate], (t * B + r.part.first + row) * H, H);
    }

    /** On the way back, ∂L/∂h_t of one part of the batch, all of it. */
    void stateGradient(SequencePass.Part part, int t, float[] dh) {
        System.arraycopy(dh, 0, stateGradient, (t * B + part.first) * H, part.size);
    }

    /** The same of the memory. */
    void memoryGradient(SequencePass.Part part, int t, float[] dc) {
        System.arraycopy(dc, 0, memoryGradient, (t * B + part.first) * H, part.size);
    }

    /** The way back is over. */
    void back(float[] gateGradients, float[] recurrentGateGradients) {
        this.gateGradients = gateGradients;
        this.recurrentGateGradients = recurrentGateGradients;
    }

    @Override public List<String> gates() { return gates; }

    @Override Tensor values(int gate) { return Tensor.of(values[gate], T, B, H); }

    @Override boolean hasGradients() { return gateGradients != null; }

    @Override public Tensor stateGradient() {
        requireGradients("stateGradient");
        return Tensor.of(stateGradient, T, B, H);
    }

    @Override Tensor gradients(int gate) {
        return gate == G
                ? Tensor.of(memoryGradient, T, B, H)
                : Tensor.of(gateGradients, T, B, G * H).columns(gate * H, (gate + 1) * H);
    }

    @Override public Tensor recurrentWeightGradient(int t) {
        requireStep("recurrentWeightGradient", t);
        Tensor h = t == 0 ? h0 : states().at(t - 1), all = product(h, recurrentGateGradients, t);
        if (!resetFirst) return all;
        // what the last gate's part of U was multiplied by
        Tensor q = values(gates.indexOf("r")).at(t).mul(h);
        return Tensor.concat(-1, List.of(all.columns(0, (G - 1) * H),
                product(q, recurrentGateGradients, t).columns((G - 1) * H, G * H)));
    }

    @Override public Tensor inputWeightGradient(int t) {
        requireStep("inputWeightGradient", t);
        return product(x.at(t), gateGradients, t);
    }

    private void requireStep(String what, int t) {
        requireGradients(what);
        if (t < 0 || t >= T)
            throw new IndexOutOfBoundsException(
                    Message.of(this + ": " + what + ": expected a step in 0 to " + (T - 1) + " but got " + t));
    }

    private Tensor product(Tensor left, float[] gradients, int t) {
        return Tape.noGrad(() -> left.transpose().matmul(Tensor.of(gradients, T, B, G * H).at(t)));
    }
}
