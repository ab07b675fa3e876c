package unroll.bench.dl4j;

import java.util.Arrays;

import org.deeplearning4j.nn.gradient.Gradient;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.iter.NdIndexIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import unroll.bench.dl4j.RecurrentLayer.Kind;

/**
 * What is timed must be the layer that the others time: on a small case the states must be those of the equations, and
 * the gradients of weights, biases and input those of central differences.
 */
final class LayerCheck {
    private static final int B = 2, T = 3, I = 4, H = 5;
    private static final double STEP = 1e-2, STATES = 1e-5, GRADIENTS = 2e-3;

    private final Kind kind;
    private final RecurrentLayer layer;
    private final INDArray x = Nd4j.randn(DataType.FLOAT, B, I, T).dup(RecurrentLayer.ORDER);
    private final INDArray cotangent = Nd4j.randn(DataType.FLOAT, B, H, T).dup(RecurrentLayer.ORDER);

    private LayerCheck(Kind kind) {
        this.kind = kind;
        layer = new RecurrentLayer(kind, I, H);
        layer.weights().values().forEach(weight -> weight.addi(Nd4j.randn(DataType.FLOAT, weight.shape()).muli(0.3)));
    }

    /**
     * @throws IllegalStateException
     *             if it is another computation
     */
    static void of(Kind kind) {
        LayerCheck check = new LayerCheck(kind);
        check.states();
        check.gradients();
    }

    private void states() {
        INDArray states = layer.forward(x);
        double[][][] expected = kind == Kind.LSTM ? lstm() : rnn();
        for (int b = 0; b < B; b++)
            for (int j = 0; j < H; j++)
                for (int t = 0; t < T; t++)
                    same("state " + j + " at step " + t, expected[b][j][t], states.getDouble(b, j, t), STATES);
    }

    /** DL4J's order of the gates: candidate, forget, output, input. */
    private double[][][] lstm() {
        double[][][] h = new double[B][H][T];
        for (int b = 0; b < B; b++) {
            double[] c = new double[H];
            for (int t = 0; t < T; t++)
                for (int j = 0; j < H; j++) {
                    double g = Math.tanh(sum(h, b, t, j)), f = sigmoid(sum(h, b, t, H + j));
                    double o = sigmoid(sum(h, b, t, 2 * H + j)), i = sigmoid(sum(h, b, t, 3 * H + j));
                    c[j] = f * c[j] + i * g;
                    h[b][j][t] = o * Math.tanh(c[j]);
                }
        }
        return h;
    }

    private double[][][] rnn() {
        double[][][] h = new double[B][H][T];
        for (int b = 0; b < B; b++)
            for (int t = 0; t < T; t++)
                for (int j = 0; j < H; j++)
                    h[b][j][t] = Math.tanh(sum(h, b, t, j));
        return h;
    }

    /** Column {@code column} of x_t W + h_{t-1} U + b. */
    private double sum(double[][][] h, int b, int t, int column) {
        double sum = layer.weights().get("0_b").getDouble(column);
        for (int i = 0; i < I; i++)
            sum += x.getDouble(b, i, t) * layer.weights().get("0_W").getDouble(i, column);
        if (t > 0)
            for (int k = 0; k < H; k++)
                sum += h[b][k][t - 1] * layer.weights().get("0_RW").getDouble(k, column);
        return sum;
    }

    private static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    private void gradients() {
        layer.forward(x);
        Pair<Gradient, INDArray> gradients = layer.backward(cotangent.dup(RecurrentLayer.ORDER));
        for (String name : new String[] { "W", "RW", "b" })
            gradients(name, layer.weights().get("0_" + name), gradients.getFirst().getGradientFor("0_" + name).dup());
        gradients("x", x, gradients.getSecond().dup());
    }

    private void gradients(String name, INDArray values, INDArray gradient) {
        for (NdIndexIterator places = new NdIndexIterator(values.shape()); places.hasNext();) {
            long[] place = places.next();
            double value = values.getDouble(place),
                    slope = (loss(values, place, value + STEP) - loss(values, place, value - STEP)) / (2 * STEP);
            values.putScalar(place, value);
            same("the gradient of " + name + Arrays.toString(place), slope, gradient.getDouble(place), GRADIENTS);
        }
    }

    private double loss(INDArray values, long[] place, double value) {
        values.putScalar(place, value);
        return layer.forward(x).mul(cotangent).sumNumber().doubleValue();
    }

    private void same(String what, double expected, double got, double tolerance) {
        if (!(Math.abs(expected - got) <= tolerance * Math.max(1, Math.abs(expected))))
            throw new IllegalStateException(
                    "DL4J " + kind + ": expected " + expected + " for " + what + " but got " + got);
    }
}
