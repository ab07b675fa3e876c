package unroll.recurrent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * What cells have in common: their sizes and weights by name, so that a cell is its equations and little more. See
 * {@link LstmCell}, and copy it.
 *
 * @param <S> its state
 */
public abstract class GatedCell<S extends State> implements Cell<S> {
    /** The input size and the hidden size. */
    protected final int I, H;
    private final String more;
    private final Map<String, Parameter> weights = new LinkedHashMap<>();

    /**
     * A cell with {@code w [I, G H]}, {@code u [H, G H]} and {@code b [G H]} for G gates, all uniform in ±1/√H as in
     * PyTorch (whose two biases are one here: their sum).
     */
    protected GatedCell(int inputSize, int hiddenSize, int gates, Rng rng) {
        this(inputSize, hiddenSize, "");
        addGates(gates, rng);
    }

    /**
     * A cell whose weights are yet to be added.
     *
     * @param more what its text says beside the sizes: {@code ", tanh"}
     */
    protected GatedCell(int inputSize, int hiddenSize, String more) {
        I = positive(getClass().getSimpleName(), "input size", inputSize);
        H = positive(getClass().getSimpleName(), "hidden size", hiddenSize);
        this.more = more;
    }

    static int positive(String owner, String what, int value) {
        if (value >= 1) return value;
        throw new IllegalArgumentException(
                Message.of(owner + ": expected " + what + " of at least 1 but got " + value));
    }

    /** Adds w, u and b of G gates. */
    final void addGates(int gates, Rng rng) {
        double bound = 1 / Math.sqrt(H);
        add("w", bound, rng, I, gates * H);
        add("u", bound, rng, H, gates * H);
        add("b", bound, rng, gates * H);
    }

    /** Adds a weight that starts uniform in ±bound. */
    protected final void add(String name, double bound, Rng rng, int... shape) {
        add(name, rng.uniform(-bound, bound, shape));
    }

    /** Adds a weight. */
    protected final void add(String name, Tensor start) {
        weights.put(name, new Parameter(name, start));
    }

    /** The weight of that name. */
    public final Parameter weight(String name) {
        Parameter weight = weights.get(name);
        if (weight != null) return weight;
        throw new IllegalArgumentException(
                Message.of(this + ": there is no weight \"" + name + "\"; there are " + weights.keySet()));
    }

    /** The weights of the input, W. */
    public final Parameter w() { return weight("w"); }

    /** The recurrent weights, U. */
    public final Parameter u() { return weight("u"); }

    /** The bias, b. */
    public final Parameter b() { return weight("b"); }

    @Override public final List<Parameter> parameters() { return List.copyOf(weights.values()); }

    /** The matrices that the last state is multiplied with. */
    List<Parameter> recurrentMatrices() {
        return weights.containsKey("u") ? List.of(u()) : List.of();
    }

    /** Its biases, in the order of its gates. */
    List<Parameter> biases() { return List.of(b()); }

    /** Throws where a step is not given x {@code [B, I]} and a state {@code [B, H]}. */
    protected final void require(Tensor x, S s) {
        if (x.rank() != 2 || x.size(1) != I)
            throw new ShapeException(this + ": expected x of shape [B, " + I + "] but got "
                    + Arrays.toString(x.shape()));
        for (Tensor t : s.tensors())
            if (t.rank() != 2 || t.size(1) != H || t.size(0) != x.size(0))
                throw new ShapeException(this + ": expected a state of shape [" + x.size(0) + ", " + H + "] but got "
                        + Arrays.toString(t.shape()));
    }

    @Override public final int inputSize() { return I; }

    @Override public final int hiddenSize() { return H; }

    @Override public String toString() {
        return getClass().getSimpleName() + "(input=" + I + ", hidden=" + H + more + ")";
    }
}
