package unroll.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One entry of the tape: which operation made which outputs from which inputs, and how a gradient goes back through it.
 */
final class Node {
    final String operation;
    final int depth;                                                       // longest way to a leaf: after all it needs
    Tensor[] inputs;                                                       // null once freed
    Node next;                                                             // in the walk that has found it, else null
    private Tape.Backward backward;
    private float[] gradient;                                              // of the only output, once it has arrived
    private float[][] gradients;                                           // of the outputs where there are several,
    private final int[] sizes;                                             // and how many numbers each has
    private final int versions;                                            // of all parameters among the inputs, added
    private Tensor[] watched;                                              // outputs to keep the gradient of, or done
    private int readers;                                                   // nodes not passed that read an output

    /** @param sizes of the outputs, or null where there is one */
    Node(String operation, Tensor[] inputs, int[] sizes, Tape.Backward backward) {
        this.operation = operation;
        this.inputs = inputs;
        this.backward = backward;
        this.sizes = sizes;
        gradients = sizes == null ? null : new float[sizes.length][];
        int deepest = 0;
        for (Tensor input : inputs) {
            if (input.node() != null) {
                deepest = Math.max(deepest, input.node().depth);
                input.node().readers++;
            }
        }
        depth = deepest + 1;
        versions = versions();
    }

    /** None of them ever goes back: the sum tells whether one has changed. */
    private int versions() {
        int sum = 0;
        for (Tensor input : inputs) if (input instanceof Parameter p) sum += (int) p.version();
        return sum;
    }

    /** Whether an operation has read an output of this one. */
    boolean isRead() { return readers > 0; }

    void watch(Tensor output, int position) {
        if (watched == null) watched = new Tensor[sizes == null ? 1 : sizes.length];
        watched[position] = output;
    }

    boolean freed() { return backward == null; }

    /** Gives the node that was next. */
    Node leaveRing() {
        Node after = next;
        next = null;
        return after;
    }

    /** What has arrived at an output; null before that. */
    float[] gradient(int position) {
        return sizes == null ? gradient : gradients[position];
    }

    void gradient(int position, float[] g) {
        if (sizes == null) gradient = g;
        else
            gradients[position] = g;
    }

    /**
     * Sends what has arrived on to the inputs, then forgets everything: the memory of a graph goes while the gradients
     * go back.
     */
    void propagate() {
        List<float[]> arrived = sizes == null ? gradient == null ? List.of() : List.of(gradient) : arrived();
        if (!arrived.isEmpty()) {
            if (versions != versions()) throw changed();
            if (watched != null)
                for (int i = 0; i < watched.length; i++) if (watched[i] != null) watched[i].pass(arrived.get(i));
            backward.propagate(arrived);
        }
        for (Tensor input : inputs) if (input.node() != null) input.node().readers--;
        // all that read it come before it on the way back: what has not passed by now is of another loss
        if (watched != null && readers == 0) for (Tensor output : watched) if (output != null) Spare.passed(output);
        inputs = null;
        gradient = null;
        gradients = null;
        backward = null;
        watched = null;
    }

    /** One array an output, zeros where nothing has arrived; empty where nothing has arrived at any. */
    private List<float[]> arrived() {
        boolean reached = false;
        for (float[] g : gradients) reached |= g != null;
        if (!reached) return List.of();
        for (int i = 0; i < gradients.length; i++)
            if (gradients[i] == null) Arrays.fill(gradients[i] = Spare.room(sizes[i]), 0);
        return List.of(gradients);
    }

    private IllegalStateException changed() {
        String names = Arrays.stream(inputs).filter(Parameter.class::isInstance).map(Tensor::name).distinct()
                .collect(Collectors.joining(" or "));
        return new IllegalStateException(Message.of("backward: parameter " + names + " was changed after " + operation
                + " used it; compute the loss again"));
    }
}
