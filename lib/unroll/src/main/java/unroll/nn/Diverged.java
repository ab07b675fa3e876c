package unroll.nn;

import java.util.Map;

import unroll.tensor.DivergedException;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * Keeps a model whose numbers have gone from answering: the largest of several NaN is the first, which looks like an
 * answer.
 */
public final class Diverged {
    private Diverged() {
    }

    /**
     * What a model computed, if every number is one.
     *
     * @param result minus infinity, the logarithm of zero, may be among it
     * @throws DivergedException naming the weights or the buffer that is not finite; where all are, the inputs are not,
     *     or are too large
     */
    public static Tensor check(Module model, Tensor result) {
        if (result.isFinite()) return result;
        for (float v : result.data())
            if (Float.isNaN(v) || v == Float.POSITIVE_INFINITY)
                throw new DivergedException(model + ": computed " + v + why(model));
        return result;
    }

    private static String why(Module model) {
        for (Map.Entry<String, Parameter> p : model.namedParameters().entrySet())
            if (!p.getValue().isFinite()) return because("weights " + p.getKey());
        for (Map.Entry<String, Tensor> b : model.namedBuffers().entrySet())
            if (!b.getValue().isFinite()) return because("buffer " + b.getKey());
        return ", although its weights are finite. Do its inputs hold NaN or numbers near 1e20, or have the weights "
                + "become that large?";
    }

    private static String because(String what) {
        return ", since its " + what + " are not finite: it has diverged in training. Go back to a checkpoint, or "
                + "train it anew with a lower rate or with clip(…)";
    }
}
