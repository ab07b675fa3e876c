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
    private final float[][] states = perStep();
    private final float[] dz = new float[size];

    RnnRecurrence(Room room, Nonlinearity nonlinearity) {
        super(room, 1, RecurrentSide.ADDED, 1);
        this.nonlinearity = nonlinearity;
    }

    @Override void step(int t) {
        float[] z = gate(0, states[t]);
        switch (nonlinearity) {
            case TANH -> VectorMath.tanh(z, z, 0, size);
            case LOGISTIC -> VectorMath.sigmoid(z, z, 0, size);
            case RELU -> relu(z, size);
        }
        System.arraycopy(z, 0, h, 0, size);
    }

    @Override void back(int t) {
        switch (nonlinearity) {
            case TANH -> tanhGradient(dh, states[t], dz, size);
            case LOGISTIC -> logisticGradient(dh, states[t], dz, size);
            case RELU -> reluGradient(dh, states[t], dz, size);
        }
        send(0, dz);
        Arrays.fill(dh, 0);                                                // all of h goes through U
    }

    private static void relu(float[] z, int n) {
        for (int k = 0; k < n; k++) z[k] = Math.max(0, z[k]);
    }

    private static void tanhGradient(float[] dh, float[] h, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = dh[k] * (1 - h[k] * h[k]);
    }

    private static void logisticGradient(float[] dh, float[] h, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = dh[k] * h[k] * (1 - h[k]);
    }

    private static void reluGradient(float[] dh, float[] h, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = h[k] > 0 ? dh[k] : 0;
    }

    @Override float[] values(int gate, int t) { return states[t]; }
}
