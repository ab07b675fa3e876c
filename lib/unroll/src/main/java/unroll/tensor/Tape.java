package unroll.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reverse-mode differentiation. There is no tape object to carry around: each computed tensor knows the operation that made it and its inputs
 * ({@link Tensor#operation()}, {@link Tensor#inputs()}), and {@link Tensor#backward()} walks that graph from the end, each node after all that
 * used it.
 */
public final class Tape {
    private static final ThreadLocal<Boolean> PAUSED = ThreadLocal.withInitial(() -> false);

    private Tape() {
    }

    static boolean recording() { return !PAUSED.get(); }

    /** Computes without recording: for evaluation and generation, where no gradient is wanted and no memory for one. */
    public static <T> T noGrad(Supplier<T> work) {
        boolean before = PAUSED.get();
        PAUSED.set(true);
        try {
            return work.get();
        } finally {
            PAUSED.set(before);
        }
    }

    /** Runs without recording. */
    public static void noGrad(Runnable work) {
        noGrad(() -> {
            work.run();
            return null;
        });
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
        return record(operation, List.of(values), List.of(shape), backward, inputs).get(0);
    }

    /** The same for an operation with several outputs, such as a layer that gives all states and the last one. */
    public static List<Tensor> record(String operation, List<float[]> values, List<int[]> shapes, Backward backward, Tensor... inputs) {
        boolean needed = false;
        if (recording()) for (Tensor t : inputs) needed |= t.requiresGradient();
        int[] sizes = new int[values.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = values.get(i).length;
            if (Shape.size(shapes.get(i)) != sizes[i])
                throw new ShapeException(operation + ": " + sizes[i] + " values do not fill shape " + Arrays.toString(shapes.get(i)));
        }
        Node node = needed ? new Node(operation, inputs, sizes, backward) : null;
        List<Tensor> outputs = new ArrayList<>(sizes.length);
        for (int i = 0; i < sizes.length; i++) outputs.add(new Tensor(values.get(i), shapes.get(i), node, i, needed));
        return outputs;
    }

    static void backward(Tensor root, float[] seed) {
        Node start = root.node();
        if (start.freed())
            throw new IllegalStateException("backward: the graph of this tensor was freed by an earlier backward; compute the loss again");
        List<Node> order = new ArrayList<>();
        Set<Tensor> leaves = new java.util.LinkedHashSet<>();
        collect(start, order, leaves);
        order.sort((a, b) -> b.depth - a.depth);
        start.gradients[root.position()] = seed;
        try {
            for (Node node : order) node.propagate();
            for (Tensor leaf : leaves) leaf.settle();
        } finally {
            for (Tensor leaf : leaves) leaf.dropPending();                 // of a walk that failed: the next one must not find it
        }
    }

    private static void collect(Node start, List<Node> order, Set<Tensor> leaves) {
        Set<Node> seen = new HashSet<>();
        List<Node> open = new ArrayList<>(List.of(start));
        seen.add(start);
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1);
            order.add(node);
            for (Tensor input : node.inputs) {
                Node before = input.node();
                if (before == null) {
                    if (input.requiresGradient()) leaves.add(input);
                } else if (seen.add(before)) {
                    if (before.freed())
                        throw new IllegalStateException("backward: a part of the graph (" + before.operation
                                + ") was freed by an earlier backward; detach() the state that is carried over");
                    open.add(before);
                }
            }
        }
    }
}
