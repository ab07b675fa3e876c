package unroll.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Floats with a shape, row-major, that remember how they were computed, so that {@link #backward()} can give the
 * gradient of a loss with respect to everything it came from. Operations follow NumPy: shapes broadcast, negative axes
 * count from the end. A tensor does not change once it is made; only a {@link Parameter} does.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(new float[] {1, 2, 3}, 3).tracked();       // a leaf whose gradient we want
 * Tensor loss = x.square().sum();
 * loss.backward();
 * x.gradient();                                                    // [2, 4, 6]
 * }</pre>
 *
 * Gradients add up over several calls of {@code backward} until {@link #zeroGradient()}. A graph is freed while
 * {@code backward} walks it. A tensor may be read by many threads; a graph is built and walked by one.
 */
public sealed class Tensor permits Parameter {
    private final float[] values;
    private final int[] shape;
    private final Node node;                                               // what made this; null for a leaf
    private final int position;                                            // among the outputs of that operation
    private final boolean requiresGradient;
    private boolean keepsGradient;
    boolean own, done;                                                     // see Spare
    private float[] gradient, spare;                                       // of a leaf; last step's array, used again
    private Products.Pending pending;
    private String name = "";
    private Lookup lookup;

    Tensor(float[] values, int[] shape, Node node, int position, boolean requiresGradient) {
        this.values = values;
        this.shape = shape;
        this.node = node;
        this.position = position;
        this.requiresGradient = requiresGradient;
    }

    // ---- making

    /**
     * Takes the array as it is, row-major; without a shape it is one number. The caller must not change it afterwards.
     */
    public static Tensor of(float[] values, int... shape) {
        if (Shape.size(shape) != values.length)
            throw new ShapeException(
                    "Tensor: " + values.length + " values do not fill shape " + Arrays.toString(shape));
        return new Tensor(values, shape.clone(), null, 0, false);
    }

    /** Rounds doubles to floats. */
    public static Tensor of(double[] values, int... shape) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return of(floats, shape);
    }

    /** A matrix from its rows. */
    public static Tensor of(double[][] rows) {
        int n = rows.length == 0 ? 0 : rows[0].length;
        double[] all = new double[Shape.size("Tensor", new int[] {rows.length, n})];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != n)
                throw new ShapeException("Tensor: row " + r + " has " + rows[r].length + " numbers but row 0 has " + n);
            System.arraycopy(rows[r], 0, all, r * n, n);
        }
        return of(all, rows.length, n);
    }

    /** A copy of an ND4J array. */
    public static Tensor of(INDArray array) { return LinearAlgebra.tensor(array); }

    /** One number, of shape []. */
    public static Tensor scalar(double value) { return of(new float[] {(float) value}); }

    public static Tensor zeros(int... shape) { return of(Shape.room("zeros", shape), shape); }

    public static Tensor ones(int... shape) { return full(1, shape); }

    public static Tensor full(double value, int... shape) {
        float[] v = Shape.room("full", shape);
        Arrays.fill(v, (float) value);
        return of(v, shape);
    }

    /** A leaf of these values that collects its gradient. */
    public Tensor tracked() {
        return new Tensor(values.clone(), shape, null, 0, true);
    }

    // ---- looking

    /** The values themselves: read only. (Of a parameter: a copy.) */
    public float[] data() { return values; }

    public int[] shape() { return shape.clone(); }

    /** The number of axes. */
    public int rank() { return shape.length; }

    /** The number of elements. */
    public int size() { return values.length; }

    /** The length along an axis. */
    public int size(int axis) { return shape[Shape.axis("size", axis, shape)]; }

    /** The only number of a tensor with one element. */
    public float item() {
        if (values.length != 1)
            throw new ShapeException("item: expected a tensor with one element but shape is " + Arrays.toString(shape));
        return values[0];
    }

    /** One element. */
    public float get(int... index) { return values[Shape.position(index, shape)]; }

    /** Whether every element is a finite number. */
    public boolean isFinite() {
        float zero = 0;
        for (float v : values) zero += v * 0;                              // NaN and infinity times 0 are NaN
        return zero == 0;
    }

    /** A copy as an ND4J array. */
    public INDArray nd4j() { return LinearAlgebra.nd4j(this); }

    // ---- the graph

    /** What made this: "matmul", "tanh", …; "leaf" for what was not computed, or whose graph is gone. */
    public String operation() {
        return node == null || node.freed() ? "leaf" : node.operation;
    }

    /** What that operation read. */
    public List<Tensor> inputs() {
        if (node == null || node.freed()) return List.of();
        for (Tensor input : node.inputs) Spare.keep(input);
        return List.of(node.inputs);
    }

    /**
     * Gives this tensor a name, for those who look at the graph; it prints under it, and {@link Tape#overhear} hears
     * it: {@code Tensor f = gates.columns(H, 2 * H).sigmoid().named("f")}.
     *
     * @return this
     */
    public Tensor named(String name) {
        this.name = Objects.requireNonNull(name, "name");
        Tape.named(this);
        return this;
    }

    /** What {@link #named} said; empty where it was not asked. */
    public String name() { return name; }

    /**
     * Where a tensor comes from that is rows of a parameter, such as the vectors of symbols.
     *
     * @param ids which rows, in their order
     */
    public record Lookup(Parameter matrix, IntTensor ids) {
    }

    /** Of what {@link #rows} of a parameter gave; null for any other. */
    public Lookup lookup() { return lookup; }

    Tensor lookedUp(Parameter matrix, IntTensor ids) {
        lookup = new Lookup(matrix, ids);
        return this;
    }

    /** Whether a gradient would reach this tensor. */
    public boolean requiresGradient() { return requiresGradient; }

    /** The same values, cut off from the graph. */
    public Tensor detach() {
        Spare.keep(this);
        return new Tensor(this instanceof Parameter ? values.clone() : values, shape, null, 0, false);
    }

    /**
     * Computes the gradient of this one number with respect to every leaf that it was computed from, and adds it there.
     */
    public void backward() {
        if (values.length != 1)
            throw new ShapeException("backward: expected a loss with one element but shape is " + Arrays.toString(shape)
                    + "; sum() or mean() it");
        backward(Tensor.of(new float[] {1}, shape));
    }

    /** The same for a tensor: the gradient of sum(this * seed). */
    public void backward(Tensor seed) {
        if (!Arrays.equals(shape, seed.shape))
            throw new ShapeException(
                    "backward: seed of shape " + Arrays.toString(seed.shape) + " for " + Arrays.toString(shape));
        if (!requiresGradient)
            throw new IllegalStateException("backward: nothing that this tensor was computed from requires a gradient "
                    + "(was it made within noGrad?)");
        if (node == null) accumulate(seed.values);
        else {
            float[] copy = Spare.room(seed.values.length);
            System.arraycopy(seed.values, 0, copy, 0, copy.length);
            Tape.backward(this, copy);
        }
    }

    /** The gradient, as a copy; an error before one has arrived. */
    public Tensor gradient() {
        if (gradient == null)
            throw new IllegalStateException(
                    Message.of("gradient: none has arrived; call backward() on a loss computed from this tensor"
                            + (node == null ? "" : ", and keepGradient() here before that, since this is not a leaf")));
        return of(gradient.clone(), shape);
    }

    /** Its own array, which optimizers and clipping may change; null before one. */
    public float[] gradientData() {
        return gradient;
    }

    /** Forgets the gradient, so that the next one does not add to it. */
    public void zeroGradient() {
        if (gradient != null) spare = gradient;
        gradient = null;
    }

    /** Asks a computed tensor to keep the gradient that passes through it; gives this. */
    public Tensor keepGradient() {
        if (node == null || node.freed()) return this;
        keepsGradient = true;
        node.watch(this, position);
        return this;
    }

    /** Adds to the gradient of this tensor: for the way back of an operation. The array stays the caller's. */
    public void accumulate(float[] g) {
        accumulate(g, false);
    }

    /** The same, but the array is given away: the caller must not touch it again. */
    public void take(float[] g) {
        accumulate(g, true);
    }

    private void accumulate(float[] g, boolean given) {
        if (g.length != values.length)
            throw new ShapeException(
                    "backward: a gradient of " + g.length + " numbers for shape " + Arrays.toString(shape));
        float[] sum = sink();
        if (sum != null) add(sum, g);
        else if (given) sink(g);
        else {
            float[] room = leafRoom();
            System.arraycopy(g, 0, room, 0, g.length);
            sink(room);
        }
    }

    /** The gradient so far, zeros at first, to be added to in place: for operations that reach only some elements. */
    public float[] gradientRoom() {
        if (sink() == null) {
            boolean used = spare != null || node != null;                  // a leaf's new array is zero already
            float[] room = leafRoom();
            if (used) Parallel.ranges(room.length, (from, to) -> Arrays.fill(room, from, to, 0f));
            sink(room);
        }
        return sink();
    }

    /** gradient += op(a) op(b). */
    void receiveProduct(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, float[] b,
            Parameter weight) {
        boolean first = sink() == null;
        if (first) sink(leafRoom());
        Blas.multiply(transposeA, transposeB, m, n, k, a, b, weight, sink(), !first);
    }

    /** gradient += aᵀ b, whose rows lie in several arrays. */
    void receiveTransposed(int m, int n, List<float[]> a, List<float[]> b) {
        boolean first = sink() == null;
        if (first) sink(leafRoom());
        Blas.multiplyTransposed(m, n, a, b, sink(), !first);
    }

    /** Keeps the factors of a product that is part of this weight's gradient until {@link #settle}. */
    void putOff(float[] a, float[] e, int k, int n) {
        if (pending != null && pending.isFull(a, e)) settle();
        if (pending == null) pending = new Products.Pending(k, n);
        pending.add(a, e);
    }

    /** Computes what was put off; the tape calls it when every use of this leaf was seen. */
    void settle() {
        if (pending == null) return;
        Products.Pending all = pending;
        pending = null;
        all.settle(this);
    }

    void dropPending() { pending = null; }

    boolean hasSpare() { return spare != null; }

    float[] leafRoom() {
        float[] room = spare != null ? spare : node == null ? new float[values.length] : Spare.room(values.length);
        spare = null;
        return room;
    }

    /** Where gradients arrive: at the node, or here for a leaf and for what keeps its gradient beyond its node. */
    private float[] sink() {
        return node == null || node.freed() ? gradient : node.gradient(position);
    }

    private void sink(float[] g) {
        if (node == null || node.freed()) gradient = g;
        else
            node.gradient(position, g);
    }

    /** Called by the node that made this tensor, for {@link #keepGradient}. */
    void pass(float[] g) {
        if (!keepsGradient) return;
        if (gradient == null) gradient = g.clone();
        else
            add(gradient, g);
    }

    private static void add(float[] sum, float[] g) {
        if (Parallel.small(sum.length)) VectorMath.add(sum, g, 0, sum.length);
        else
            Parallel.ranges(sum.length, (from, to) -> VectorMath.add(sum, g, from, to));
    }

    float[] values() { return values; }

    /** The shape itself, not a copy: read only. */
    int[] lengths() { return shape; }

    Node node() { return node; }

    int position() { return position; }

    // ---- element by element, with broadcasting; no gradient goes on where none arrives, even by an infinite slope

    public Tensor add(Tensor other) { return Elementwise.add(this, other); }

    public Tensor sub(Tensor other) { return Elementwise.sub(this, other); }

    public Tensor mul(Tensor other) { return Elementwise.mul(this, other); }

    /** As IEEE numbers divide: 0 / 0 is NaN. */
    public Tensor div(Tensor other) { return Elementwise.div(this, other); }

    public Tensor add(double number) { return Elementwise.affine("add", this, 1, (float) number); }

    public Tensor sub(double number) { return add(-number); }

    public Tensor mul(double number) { return Elementwise.affine("mul", this, (float) number, 0); }

    public Tensor div(double number) { return mul(1 / number); }

    public Tensor neg() { return mul(-1); }

    /** number - this. */
    public Tensor rsub(double number) {
        return Elementwise.affine("rsub", this, -1, (float) number);
    }

    public Tensor tanh() { return Elementwise.tanh(this); }

    /** 1 / (1 + exp(-x)), to 6e-6 of its value. */
    public Tensor sigmoid() { return Elementwise.sigmoid(this); }

    /** max(0, x). */
    public Tensor relu() { return Elementwise.relu(this); }

    public Tensor exp() { return Elementwise.exp(this); }

    /** The natural logarithm; its slope at 0 is infinite. An ArithmeticException where a number is below 0. */
    public Tensor log() {
        return Elementwise.log(this);
    }

    /** Its slope at 0 is infinite, as PyTorch has it. An ArithmeticException where a number is below 0. */
    public Tensor sqrt() {
        return Elementwise.sqrt(this);
    }

    public Tensor square() { return Elementwise.square(this); }

    /** Its slope at 0 counts as 0. */
    public Tensor abs() { return Elementwise.abs(this); }

    public Tensor sin() { return Elementwise.sin(this); }

    /** log(1 + exp(x)). */
    public Tensor softplus() { return Elementwise.softplus(this); }

    /**
     * x^0 has the gradient 0 everywhere. An ArithmeticException where a number is below 0 and the exponent not whole.
     */
    public Tensor pow(double exponent) {
        return Elementwise.pow(this, exponent);
    }

    // ---- sums and the like

    public Tensor sum() { return Reductions.sum(this); }

    /** Along one axis, which goes; 0 where it is empty. */
    public Tensor sum(int axis) {
        return Reductions.sum(this, axis);
    }

    public Tensor mean() { return sum().div(Math.max(1, values.length)); }

    public Tensor mean(int axis) { return sum(axis).div(Math.max(1, size(axis))); }

    public Tensor max(int axis) { return Reductions.max(this, axis); }

    /** Where the first largest element is. */
    public IntTensor argmax(int axis) {
        return Reductions.argmax(this, axis);
    }

    /** Euclidean, of all elements. */
    public double norm() {
        return Math.sqrt(VectorMath.sumOfSquares(values, 0, values.length));
    }

    /** exp(x) / sum exp(x) along the last axis. */
    public Tensor softmax() { return Reductions.softmax(this); }

    public Tensor logSoftmax() { return Reductions.logSoftmax(this); }

    // ---- products

    /**
     * The matrix product: {@code [.., K]} times {@code [K, N]}, {@code [.., M, K]} times {@code [.., K, N]} with
     * broadcasting of what stands in front, and vectors as rows or columns, as in NumPy.
     */
    public Tensor matmul(Tensor other) { return Products.matmul(this, other); }

    /** this W + b in one operation and one array. */
    public Tensor linear(Tensor w, Tensor b) {
        return Products.linear(this, w, b);
    }

    // ---- shape

    /** The same elements in another shape; one length may be -1. */
    public Tensor reshape(int... lengths) {
        int[] target = Shape.resolve(lengths, shape, values.length);
        float[] same = this instanceof Parameter ? values.clone() : values;
        return Tape.record("reshape", same, target, g -> take(g.get(0)), this);
    }

    /** Axes in another order. */
    public Tensor permute(int... axes) { return Selection.permute(this, axes); }

    /** The last two axes exchanged. */
    public Tensor transpose() {
        if (rank() < 2)
            throw new ShapeException("transpose: expected at least two axes but shape is " + Arrays.toString(shape));
        int[] axes = new int[rank()];
        for (int i = 0; i < axes.length; i++) axes[i] = i;
        axes[rank() - 1] = rank() - 2;
        axes[rank() - 2] = rank() - 1;
        return permute(axes);
    }

    /** Repeats along axes of length 1 or new. */
    public Tensor expand(int... target) {
        return Selection.expand("expand", this, target);
    }

    /** Elements from .. to - 1. */
    public Tensor slice(int axis, int from, int to) {
        return Selection.slice(this, axis, from, to);
    }

    /** The same of the last axis. */
    public Tensor columns(int from, int to) { return slice(-1, from, to); }

    /** Number i of the first axis, which goes: one step of {@code [T, B, H]}. */
    public Tensor at(int i) {
        return Selection.at(this, i);
    }

    /** All of them, which goes back faster than {@link #at} in a loop. */
    public List<Tensor> unbind() {
        return Selection.unbind(this);
    }

    /** Rows of a matrix by number: {@code [N, E]} and ids {@code [..]} give {@code [.., E]}. */
    public Tensor rows(IntTensor ids) {
        return Selection.rows(this, ids);
    }

    /** Columns of a matrix by number: {@code [E, N]} and ids {@code [..]} give {@code [.., E]}. */
    public Tensor columns(IntTensor ids) {
        return Selection.columns(this, ids);
    }

    public static Tensor concat(int axis, List<Tensor> parts) { return Selection.concat(axis, parts); }

    /** Along a new first axis. */
    public static Tensor stack(List<Tensor> parts) { return Selection.stack(parts); }

    @Override public String toString() { return TensorText.of(this); }
}
