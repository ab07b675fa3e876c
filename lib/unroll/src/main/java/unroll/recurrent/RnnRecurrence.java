package unroll.recurrent;

import java.util.Arrays;

import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of a simple recurrent network. A hat marks ∂L/∂: ĥ is ∂L/∂h.
 *
 * <pre>
 * h_t = σ(z_t)                         z_t = x_t W + h_{t-1} U + b
 * ẑ = ĥ ∘ σ'(z_t)      σ' = 1 - h² (tanh), h (1 - h) (logistic), 1 where h > 0 (ReLU)      ĥ_{t-1} = ẑ Uᵀ
 * </pre>
 */
final class RnnRecurrence extends Recurrence {
    private final Nonlinearity nonlinearity;
    private final float[] out = perUnit(), dz = perUnit();

    RnnRecurrence(Room room, Nonlinearity nonlinearity) {
        super(room, 1, RecurrentSide.ADDED);
        this.nonlinearity = nonlinearity;
    }

    @Override void step(int t, Rows rows) {
        int from = rows.from(), to = rows.to();
        float[] z = gate(0, rows, dz);
        switch (nonlinearity) {
            case TANH -> VectorMath.tanh(z, h, from, to);
            case LOGISTIC -> VectorMath.sigmoid(z, h, from, to);
            case RELU -> relu(z, h, from, to);
        }
    }

    @Override void back(int t, Rows rows) {
        int from = rows.from(), to = rows.to();
        output(t, rows, out);
        switch (nonlinearity) {
            case TANH -> tanhGradient(dh, out, dz, from, to);
            case LOGISTIC -> logisticGradient(dh, out, dz, from, to);
            case RELU -> reluGradient(dh, out, dz, from, to);
        }
        send(0, rows, dz);
        Arrays.fill(dh, from, to, 0);                                      // all of h goes through U
    }

    private static void relu(float[] z, float[] h, int from, int to) {
        for (int k = from; k < to; k++) h[k] = Math.max(0, z[k]);
    }

    private static void tanhGradient(float[] dh, float[] h, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) dz[k] = dh[k] * (1 - h[k] * h[k]);
    }

    private static void logisticGradient(float[] dh, float[] h, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) dz[k] = dh[k] * h[k] * (1 - h[k]);
    }

    private static void reluGradient(float[] dh, float[] h, float[] dz, int from, int to) {
        for (int k = from; k < to; k++) dz[k] = h[k] > 0 ? dh[k] : 0;
    }

    @Override float[] values(int gate, int t) {
        output(t, new Rows(0, B, 0, B * H), out);
        return out;
    }
}
