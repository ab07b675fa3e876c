package unroll.recurrent;

import java.util.List;
import java.util.function.ToDoubleFunction;

import unroll.Close;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * LSTM, GRU and simple network once more, in double precision, one sequence and one unit after the other, with
 * something added to one number of one step: a difference quotient of its loss is a gradient that no backward pass had
 * a hand in.
 */
final class DoubleTwin {
    private final Cell<?> cell;
    private final int H;
    private final double[] w, u, b, c;

    DoubleTwin(Cell<?> cell) {
        this.cell = cell;
        H = cell.hiddenSize();
        List<Parameter> all = cell.parameters();
        w = Close.doubles(all.get(0));
        u = Close.doubles(all.get(1));
        b = Close.doubles(all.get(2));
        c = all.size() > 3 ? Close.doubles(all.get(3)) : null;
    }

    /**
     * A number of one step: {@code what} is h, c (after they were computed), or "z" and a gate's name for what goes
     * into its non-linearity.
     */
    record Place(String what, int t, int unit) {
    }

    /** The gradient of {@code loss} at a place. */
    double gradient(Place at, Loss loss) {
        double e = 1e-5;
        return (loss.with(at, e) - loss.with(at, -e)) / (2 * e);
    }

    @FunctionalInterface
    interface Loss {
        double with(Place at, double added);
    }

    /** Σ_t seed_t · h_t + lastSeed · (h, c) at the end, of row {@code row} of the batch. */
    double loss(Tensor x, List<Tensor> initial, int row, int length, Tensor seed, List<Tensor> lastSeed, Place at,
            double added) {
        double[] h = row(initial.get(0), row), memory = initial.size() > 1 ? row(initial.get(1), row) : null;
        double loss = 0;
        for (int t = 0; t < length; t++) {
            Place here = at.t() == t ? at : new Place("", t, 0);
            h = step(row(x.at(t), row), h, memory, here, added);
            loss += dot(row(seed.at(t), row), h);
        }
        loss += dot(row(lastSeed.get(0), row), h);
        return memory == null ? loss : loss + dot(row(lastSeed.get(1), row), memory);
    }

    private double[] step(double[] x, double[] h, double[] memory, Place at, double added) {
        double[] next = new double[H];
        for (int k = 0; k < H; k++) {
            int unit = k;
            ToDoubleFunction<String> plus = what -> at.what().equals(what) && at.unit() == unit ? added : 0;
            if (cell instanceof LstmCell) {
                double i = sigma(input(x, 0, k) + recurrent(h, 0, k) + plus.applyAsDouble("zi"));
                double f = sigma(input(x, 1, k) + recurrent(h, 1, k) + plus.applyAsDouble("zf"));
                double g = Math.tanh(input(x, 2, k) + recurrent(h, 2, k) + plus.applyAsDouble("zg"));
                double o = sigma(input(x, 3, k) + recurrent(h, 3, k) + plus.applyAsDouble("zo"));
                memory[k] = f * memory[k] + i * g + plus.applyAsDouble("c");
                next[k] = o * Math.tanh(memory[k]);
            } else if (cell instanceof GruCell gru) {
                double[] r = new double[H], q = new double[H];
                for (int j = 0; j < H; j++) {
                    r[j] = sigma(input(x, 0, j) + recurrent(h, 0, j)
                            + (at.what().equals("zr") && at.unit() == j ? added : 0));
                    q[j] = r[j] * h[j];
                }
                double z = sigma(input(x, 1, k) + recurrent(h, 1, k) + plus.applyAsDouble("zz"));
                double past = gru.convention().resetAfter() ? r[k] * (recurrent(h, 2, k) + c[k]) : recurrent(q, 2, k);
                double n = Math.tanh(input(x, 2, k) + past + plus.applyAsDouble("zn")),
                        keep = gru.convention().keepsOld() ? z : 1 - z;
                next[k] = keep * h[k] + (1 - keep) * n;
            } else {
                double z = input(x, 0, k) + recurrent(h, 0, k) + plus.applyAsDouble("zh");
                next[k] = switch (((ElmanCell) cell).nonlinearity()) {
                    case TANH -> Math.tanh(z);
                    case LOGISTIC -> sigma(z);
                    case RELU -> Math.max(0, z);
                };
            }
            next[k] += plus.applyAsDouble("h");
        }
        return next;
    }

    private double input(double[] x, int gate, int k) {
        return b[gate * H + k] + product(x, w, gate * H + k, b.length);
    }

    private double recurrent(double[] h, int gate, int k) { return product(h, u, gate * H + k, b.length); }

    private static double product(double[] v, double[] m, int column, int columns) {
        double sum = 0;
        for (int j = 0; j < v.length; j++) sum += v[j] * m[j * columns + column];
        return sum;
    }

    private static double sigma(double z) { return 1 / (1 + Math.exp(-z)); }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) sum += a[j] * b[j];
        return sum;
    }

    private static double[] row(Tensor matrix, int row) { return Close.doubles(matrix.slice(0, row, row + 1)); }
}
