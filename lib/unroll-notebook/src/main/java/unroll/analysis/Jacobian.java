package unroll.analysis;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.tensor.Message;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * The derivative of one step of a cell, s' = F(x, s), for one sequence: exact, by backpropagation.
 *
 * <pre>{@code
 * Jacobian j = Jacobian.of(cell, x, state);  // x: [I] or [1, I]; each tensor of the state: [1, ..]
 * j.state();                                                       // ∂s'/∂s: row i is the gradient of s'_i
 * j.block("h", "c");                                               // of an LSTM: ∂h'/∂c
 * }</pre>
 *
 * A state of several tensors, such as (h, c), counts as one long vector.
 *
 * @param state ∂s'/∂s, {@code [N, N]} for a state of N numbers
 * @param input ∂s'/∂x, {@code [N, I]}
 * @param names of the tensors of the state: {@code [h, c]}
 * @param sizes how many numbers each of them has
 */
public record Jacobian(Tensor state, Tensor input, List<String> names, List<Integer> sizes) {
    public Jacobian {
        names = List.copyOf(names);
        sizes = List.copyOf(sizes);
    }

    /**
     * At the input x and the state s. N copies of the step run as one batch, and copy i goes back from output i alone,
     * so one backward pass gives all rows.
     */
    public static <S extends State> Jacobian of(Cell<S> cell, Tensor x, S s) {
        if (x.size() != cell.inputSize())
            throw new ShapeException(
                    "Jacobian of " + cell + ": expected one input of " + cell.inputSize() + " numbers but got shape "
                            + Arrays.toString(x.shape()));
        for (Tensor t : s.tensors())
            if (t.rank() != 2 || t.size(0) != 1)
                throw new ShapeException(
                        "Jacobian of " + cell + ": expected the state of one sequence, [1, ..], but got "
                                + Arrays.toString(t.shape()));
        return Measurement.keepingGradients(cell.parameters(), () -> rows(cell, x, s));
    }

    @SuppressWarnings("unchecked") // with() keeps the kind of state
    private static <S extends State> Jacobian rows(Cell<S> cell, Tensor x, S s) {
        List<Integer> sizes = s.tensors().stream().map(Tensor::size).toList();
        int n = sizes.stream().mapToInt(Integer::intValue).sum();
        Tensor inputs = x.detach().reshape(1, x.size()).expand(n, x.size()).tracked();
        List<Tensor> before = s.tensors().stream().map(t -> t.detach().expand(n, t.size()).tracked()).toList();
        List<Tensor> after = cell.step(inputs, (S) s.with(before)).tensors();
        Tensor sum = Tensor.scalar(0);
        int first = 0;
        for (Tensor t : after) {
            sum = sum.add(t.mul(identityRows(n, first, t.size(1))).sum());
            first += t.size(1);
        }
        if (sum.requiresGradient()) sum.backward();
        return new Jacobian(Tensor.concat(1, before.stream().map(Jacobian::gradient).toList()), gradient(inputs),
                names(s), sizes);
    }

    /** {@code [n, width]} with ones where row first + i meets column i. */
    private static Tensor identityRows(int n, int first, int width) {
        float[] ones = Shape.room("Jacobian", new int[] {n, width});
        for (int i = 0; i < width; i++) ones[(first + i) * width + i] = 1;
        return Tensor.of(ones, n, width);
    }

    private static Tensor gradient(Tensor leaf) {
        return leaf.gradientData() == null ? Tensor.zeros(leaf.shape()) : leaf.gradient();
    }

    /** The names of a state's tensors: those of its components where it is a record of tensors, else s0, s1, … */
    static List<String> names(State s) {
        List<String> names = new ArrayList<>();
        if (s.getClass().isRecord())
            for (RecordComponent c : s.getClass().getRecordComponents())
                if (Tensor.class.isAssignableFrom(c.getType())) names.add(c.getName());
        int count = s.tensors().size();
        return names.size() == count ? names : IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
    }

    /** ∂to'/∂from for two tensors of the state: {@code block("h", "c")} is ∂h'/∂c. */
    public Tensor block(String to, String from) {
        return block(state, to, from);
    }

    /** The same part of a matrix of the same form, such as a product of Jacobians. */
    Tensor block(Tensor matrix, String to, String from) {
        int row = place(to), column = place(from);
        int top = start(row), left = start(column);
        return matrix.slice(0, top, top + sizes.get(row)).slice(1, left, left + sizes.get(column));
    }

    private int place(String name) {
        int i = names.indexOf(name);
        if (i < 0)
            throw new IllegalArgumentException(
                    Message.of("Jacobian: the state has no part " + name + "; it has " + names));
        return i;
    }

    private int start(int part) { return sizes.subList(0, part).stream().mapToInt(Integer::intValue).sum(); }

    @Override public String toString() {
        return "Jacobian of a state " + names + " of " + state.size(0) + " numbers, " + input.size(1) + " inputs, norm "
                + Measurement.text(ScaledMatrix.spectral(state));
    }
}
