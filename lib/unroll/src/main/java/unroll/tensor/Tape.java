package unroll.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reverse-mode differentiation. There is no tape object to carry around: each computed tensor knows the operation that
 * made it and its inputs ({@link Tensor#operation()}, {@link Tensor#inputs()}), and {@link Tensor#backward()} walks
 * that graph from the end, each node after all that used it.
 */
public final class Tape {
    private static final ThreadLocal<Boolean> PAUSED = new ThreadLocal<>();
    private static final ThreadLocal<Consumer<Tensor>> LISTENER = new ThreadLocal<>();

    private Tape() {
    }

    /**
     * The way back through one operation: given the gradients of its outputs, it adds to those of its inputs with
     * {@link Tensor#accumulate} or {@link Tensor#take}.
     */
    @FunctionalInterface
    public interface Backward {
        /** @param outputs one array an output, in the order of the outputs; the operation may change them */
        void propagate(List<float[]> outputs);
    }

    /** Computes without recording: for evaluation and generation, where no gradient is wanted and no memory for one. */
    public static <T> T noGrad(Supplier<T> work) {
        return Parallel.with(PAUSED, true, work);
    }

    /** Whether this thread records; not within {@link #noGrad}. */
    public static boolean isRecording() {
        return PAUSED.get() == null;
    }

    /** Runs without recording. */
    public static void noGrad(Runnable work) {
        noGrad(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Runs {@code work} and hands each tensor that {@link Tensor#named} names in it, on this thread, to the innermost
     * {@code listener}: how the gates of a cell are found that somebody else wrote.
     *
     * <pre>{@code
     * List<Tensor> heard = new ArrayList<>();
     * Tape.overhear(heard::add, () -> cell.step(x, state));        // heard: i, f, g, o, c of an LSTM, in this order
     * }</pre>
     */
    public static <T> T overhear(Consumer<Tensor> listener, Supplier<T> work) {
        return Parallel.with(LISTENER, listener, work);
    }

    static void named(Tensor tensor) {
        Consumer<Tensor> listener = LISTENER.get();
        if (listener == null) return;
        Spare.keep(tensor);
        listener.accept(tensor);
    }

    /**
     * A tensor made by an operation of your own: values, and how gradients go back.
     *
     * <pre>{@code
     * Tensor square(Tensor x) {
     *     float[] v = x.data(), y = new float[v.length];
     *     for (int i = 0; i < y.length; i++) y[i] = v[i] * v[i];
     *     return Tape.record("square", y, x.shape(), g -> {
     *         float[] d = g.get(0);
     *         for (int i = 0; i < d.length; i++) d[i] *= 2 * v[i];
     *         x.take(d);
     *     }, x);
     * }
     * }</pre>
     */
    public static Tensor record(String operation, float[] values, int[] shape, Backward backward, Tensor... inputs) {
        Interrupts.check(operation);
        requireSize(operation, values, shape);
        keepShared(values, inputs);
        Node node = needsGradient(inputs) ? new Node(operation, inputs, null, backward) : null;
        return new Tensor(values, shape, node, 0, node != null);
    }

    /** The same for an operation with several outputs, such as a layer that gives all states and the last one. */
    public static List<Tensor> record(String operation, List<float[]> values, List<int[]> shapes, Backward backward,
            Tensor... inputs) {
        Interrupts.check(operation);
        int n = values.size();
        int[] sizes = new int[n];
        for (int i = 0; i < n; i++) {
            requireSize(operation, values.get(i), shapes.get(i));
            sizes[i] = values.get(i).length;
            keepShared(values.get(i), inputs);
        }
        Node node = needsGradient(inputs) ? new Node(operation, inputs, sizes, backward) : null;
        List<Tensor> outputs = new ArrayList<>(n);
        for (int i = 0; i < n; i++) outputs.add(new Tensor(values.get(i), shapes.get(i), node, i, node != null));
        return outputs;
    }

    private static void requireSize(String operation, float[] values, int[] shape) {
        if (Shape.size(shape) != values.length)
            throw new ShapeException(
                    operation + ": " + values.length + " values do not fill shape " + Arrays.toString(shape));
    }

    /** An operation may give the array of what it read, as a reshape does. */
    private static void keepShared(float[] values, Tensor[] inputs) {
        for (Tensor t : inputs) if (t.values() == values) Spare.keep(t);
    }

    private static boolean needsGradient(Tensor[] inputs) {
        for (Tensor t : inputs) if (t.requiresGradient()) return isRecording();
        return false;
    }

    static void backward(Tensor root, float[] seed) {
        Node start = root.node();
        if (start.freed())
            throw new IllegalStateException(
                    "backward: the graph of this tensor was freed by an earlier backward; compute the loss again");
        List<Tensor> leaves = new ArrayList<>();
        Node[] order = order(start, leaves);
        start.gradient(root.position(), seed);
        try {
            for (Node node : order) {
                Interrupts.check("backward");
                node.propagate();
            }
            for (Tensor leaf : leaves) leaf.settle();
        } finally {
            // of a walk that failed: the next one must not find it
            for (Tensor leaf : leaves) leaf.dropPending();
        }
    }

    /**
     * The nodes that a gradient reaches from the start, each after all that used it, and the leaves, one entry a use.
     */
    private static Node[] order(Node start, List<Tensor> leaves) {
        List<Node> found = new ArrayList<>();
        try {
            collect(start, found, leaves);
        } finally {
            for (Node node : found) node.found = false;
        }
        // nodes sorted by depth, the deepest first: place of the first of each
        int[] first = new int[start.depth + 2];
        for (Node node : found) first[start.depth - node.depth + 1]++;
        for (int d = 1; d < first.length; d++) first[d] += first[d - 1];
        Node[] order = new Node[found.size()];
        for (Node node : found) order[first[start.depth - node.depth]++] = node;
        return order;
    }

    private static void collect(Node start, List<Node> found, List<Tensor> leaves) {
        List<Node> open = new ArrayList<>();
        open.add(start);
        start.found = true;
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1);
            found.add(node);
            for (Tensor input : node.inputs) {
                Node before = input.node();
                if (before == null) {
                    if (input.requiresGradient()) leaves.add(input);
                } else if (!before.found) {
                    if (before.freed()) {
                        for (Node waiting : open) waiting.found = false;
                        throw new IllegalStateException(Message.of("backward: a part of the graph (" + before.operation
                                + ") was freed by an earlier backward; detach() the state that is carried over"));
                    }
                    before.found = true;
                    open.add(before);
                }
            }
        }
    }
}
