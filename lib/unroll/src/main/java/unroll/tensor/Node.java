package unroll.tensor;

import java.util.List;

/**
 * One entry of the tape: which operation made which outputs from which inputs, and how a gradient goes back through it.
 */
final class Node {
    final String operation;
    final int depth;                                                       // longest way to a leaf: a node comes after all that it needs
    Tensor[] inputs;
    float[][] gradients;                                                   // of the outputs, as far as they have arrived
    private Backward backward;
    private final int[] outputSizes;
    private final long[] versions;                                         // of the parameters among the inputs, when the operation ran
    private Tensor[] watched;                                              // outputs that keep their gradient, by position

    Node(String operation, Tensor[] inputs, int[] outputSizes, Backward backward) {
        this.operation = operation;
        this.inputs = inputs;
        this.backward = backward;
        this.outputSizes = outputSizes;
        this.gradients = new float[outputSizes.length][];
        this.versions = new long[inputs.length];
        int deepest = 0;
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].node() != null) deepest = Math.max(deepest, inputs[i].node().depth);
            if (inputs[i] instanceof Parameter p) versions[i] = p.version();
        }
        this.depth = deepest + 1;
    }

    void watch(Tensor output, int position) {
        if (watched == null) watched = new Tensor[outputSizes.length];
        watched[position] = output;
    }

    boolean freed() { return backward == null; }

    /** Sends what has arrived on to the inputs, then forgets everything: the memory of a graph goes while the gradients go back. */
    void propagate() {
        boolean reached = false;
        for (float[] g : gradients) reached |= g != null;
        if (reached) {
            for (int i = 0; i < inputs.length; i++)
                if (inputs[i] instanceof Parameter p && p.version() != versions[i])
                    throw new IllegalStateException(
                            "backward: parameter " + p.name() + " was changed after " + operation + " used it; compute the loss again");
            for (int i = 0; i < gradients.length; i++) {
                if (gradients[i] == null) gradients[i] = new float[outputSizes[i]];
                if (watched != null && watched[i] != null) watched[i].keep(gradients[i]);
            }
            backward.propagate(List.of(gradients));
        }
        inputs = new Tensor[0];
        gradients = null;
        backward = null;
        watched = null;
    }
}
