package unroll.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** What measurements of a cell have in common: what it reads is checked, it runs, and nothing of it has changed. */
final class Measurement {
    private Measurement() {
    }

    /** One sequence as {@code [T, 1, I]}, given so or as {@code [T, I]}, without a graph behind it. */
    static Tensor sequence(String who, Cell<?> cell, Tensor x) {
        int[] shape = x.shape();
        boolean flat = shape.length == 2 && shape[1] == cell.inputSize();
        boolean single = shape.length == 3 && shape[1] == 1 && shape[2] == cell.inputSize();
        if (!flat && !single || shape[0] == 0)
            throw new ShapeException(
                    who + " of " + cell + ": expected one sequence of shape [T, " + cell.inputSize() + "] or [T, 1, "
                            + cell.inputSize() + "] but got " + Arrays.toString(shape)
                            + (shape.length == 3 && shape[1] > 1 ? "; choose one of the batch" : ""));
        return flat ? x.detach().reshape(shape[0], 1, shape[1]) : x.detach();
    }

    /** Many sequences {@code [T, B, I]}, without a graph behind them. */
    static Tensor sequences(String who, Cell<?> cell, Tensor x) {
        if (x.rank() != 3 || x.size(2) != cell.inputSize() || x.size(0) == 0 || x.size(1) == 0)
            throw new ShapeException(who + " of " + cell + ": expected x of shape [T, B, " + cell.inputSize()
                    + "] but got " + Arrays.toString(x.shape()));
        return x.detach();
    }

    /** The states s_0, …, s_T over x {@code [T, B, I]}, without a graph. */
    static <S extends State> List<S> states(Cell<S> cell, Tensor x, S first) {
        return Tape.noGrad(() -> {
            List<S> states = new ArrayList<>(List.of(first));
            for (int t = 0; t < x.size(0); t++) states.add(cell.step(x.at(t), states.get(t)));
            return states;
        });
    }

    /** Work that needs the gradients of parameters for itself: what they held before is there again afterwards. */
    static <R> R keepingGradients(List<Parameter> parameters, Supplier<R> work) {
        List<float[]> before = new ArrayList<>();
        for (Parameter p : parameters) {
            before.add(p.gradientData() == null ? null : p.gradientData().clone());
            p.zeroGradient();
        }
        try {
            return work.get();
        } finally {
            for (int i = 0; i < before.size(); i++) {
                parameters.get(i).zeroGradient();
                if (before.get(i) != null) parameters.get(i).accumulate(before.get(i));
            }
        }
    }

    /** 1, …, n, as labels of steps. */
    static List<String> numbers(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(Integer::toString).toList();
    }

    static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    /** Three digits. */
    static String text(double value) { return String.format(Locale.ROOT, "%.3g", value); }
}
