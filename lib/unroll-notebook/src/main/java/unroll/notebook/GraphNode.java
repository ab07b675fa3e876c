package unroll.notebook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * One box of a {@link GraphFigure}.
 *
 * @param inputs the boxes that it was computed from, by number, each once
 */
record GraphNode(Tensor tensor, Kind kind, List<Integer> inputs) {
    enum Kind {
        /** A parameter, or another leaf that collects a gradient. */
        WEIGHT,
        /** A leaf without a gradient. */
        INPUT, OPERATION
    }

    /** What stands in the box. */
    String label() {
        if (!tensor.name().isEmpty()) return tensor.name();
        return kind == Kind.OPERATION ? tensor.operation() : kind == Kind.WEIGHT ? "weight" : "input";
    }

    boolean named() { return kind == Kind.OPERATION && !tensor.name().isEmpty(); }

    private static Kind kind(Tensor t) {
        if (!t.inputs().isEmpty()) return Kind.OPERATION;
        return t.requiresGradient() ? Kind.WEIGHT : Kind.INPUT;
    }

    /** The tensors of a graph that are to be shown, each after its inputs; what is not shown is passed through. */
    static List<GraphNode> graph(Tensor loss, Predicate<Tensor> shown) {
        // the boxes that one sees from a tensor: itself or those behind it
        Map<Tensor, Set<Integer>> seen = new IdentityHashMap<>();
        List<GraphNode> nodes = new ArrayList<>();
        for (Tensor t : inOrder(loss)) {
            Set<Integer> behind = new LinkedHashSet<>();
            for (Tensor input : t.inputs()) behind.addAll(seen.get(input));
            if (t == loss || shown.test(t)) {
                nodes.add(new GraphNode(t, kind(t), List.copyOf(behind)));
                behind = Set.of(nodes.size() - 1);
            }
            seen.put(t, behind);
        }
        return nodes;
    }

    /** All tensors behind the loss, each after its inputs. */
    private static List<Tensor> inOrder(Tensor loss) {
        List<Tensor> order = new ArrayList<>();
        Set<Tensor> opened = Collections.newSetFromMap(new IdentityHashMap<>()),
                done = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Tensor> open = new ArrayDeque<>(List.of(loss));
        while (!open.isEmpty()) {
            Tensor t = open.peek();
            if (opened.add(t)) {
                for (Tensor input : t.inputs()) if (!opened.contains(input)) open.push(input);
            } else {
                open.pop();
                if (done.add(t)) order.add(t);
            }
        }
        return order;
    }

    static boolean isOutlined(Tensor t) { return !(t instanceof Parameter) && !t.name().isEmpty(); }
}
