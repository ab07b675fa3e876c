package unroll.recurrent;

/**
 * The equations of a recurrence in one part of a batch, forward and backward in time, on arrays of {@code rows * H}
 * numbers: what a fused layer adds to {@link SequencePass}. Its arrays for all times are what the backward pass
 * remembers.
 */
abstract class Recurrence {
    final SequencePass.Part part;
    /** h_t, which {@link #step} sets; before it, h_{t-1}. */
    final float[] h;
    /**
     * ∂L/∂h_t, which {@link #back} reads; it leaves there what reaches h_{t-1} beside the product with U (often
     * nothing, zeros).
     */
    final float[] dh;
    final int size;
    /** Of the way back; null where nobody asked for one. */
    FusedRecording recording;

    Recurrence(SequencePass.Part part) {
        this.part = part;
        size = part.size;
        h = new float[size];
        dh = new float[size];
    }

    /** Sets the biases, and forgets the gradients of the last pass. */
    abstract void begin(float[] bias);

    /** Reads the gates of time t and sets h_t. */
    abstract void step(int t);

    /** Sends the gradients of the gates of time t. */
    abstract void back(int t);

    /** Adds this part's bias gradients. */
    abstract void biasGradient(float[] to);

    /** The values of a gate at time t, in the order of {@link FusedLayer#gates}. */
    abstract float[] values(int gate, int t);

    /**
     * What is remembered besides h, at time t (after step t - 1): the memory c of an LSTM. Null where there is nothing.
     */
    float[] memory(int t) {
        return null;
    }

    /** ∂L/∂ of it. */
    float[] memoryGradient() { return null; }

    /** A bias for each unit, repeated for each row. */
    static void tile(float[] bias, int gate, int H, float[] to) {
        for (int at = 0; at < to.length; at += H) System.arraycopy(bias, gate * H, to, at, H);
    }

    /** Adds up what each row gives to a bias. */
    static void sumRows(float[] rows, float[] to, int gate, int H) {
        for (int at = 0; at < rows.length; at += H) for (int k = 0; k < H; k++) to[gate * H + k] += rows[at + k];
    }
}
