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
        Node[] last = new Node[start.depth + 1];
        List<Parameter> leaves = new ArrayList<>();
        try {
            collect(start, last, leaves);
            start.gradient(root.position(), seed);
            for (int depth = start.depth; depth > 0; depth--) {            // each node after all that used it
                Node node = last[depth];
                do {
                    node = node.next;
                    Interrupts.check("backward");
                    node.propagate();
                } while (node != last[depth]);
            }
            for (Parameter leaf : leaves) leaf.settle();
        } finally {
            // of a walk that failed: the next one must not find it
            for (Parameter leaf : leaves) leaf.passed();
            for (Node node : last) while (node != null) node = node.leaveRing();
        }
    }

    /**
     * The nodes that a gradient reaches from the start and the parameters that they read. A node is as deep as its
     * longest way to a leaf: all of one depth, as they are found, are linked in a ring, and the last one is given.
     */
    private static void collect(Node start, Node[] last, List<Parameter> leaves) {
        List<Node> open = new ArrayList<>();
        open.add(start);
        start.next = start;                                                // found
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1), end = last[node.depth];
            if (end != null) {
                node.next = end.next;
                end.next = node;
            }
            last[node.depth] = node;
            for (Tensor input : node.inputs) {
                Node before = input.node();
                if (before == null) {
                    if (input instanceof Parameter leaf && leaf.meet()) leaves.add(leaf);
                } else if (before.next == null) {
                    if (before.freed()) {
                        for (Node waiting : open) waiting.next = null;
                        throw new IllegalStateException(Message.of("backward: a part of the graph (" + before.operation
                                + ") was freed by an earlier backward; detach() the state that is carried over"));
                    }
                    before.next = before;
                    open.add(before);
                }
            }
        }
    }
}
