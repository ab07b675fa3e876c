package unroll.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/** Work that needs the gradients of parameters for itself: what they held before is there again afterwards. */
final class Aside {
    private Aside() {
    }

    /** The parameters that a loss was computed from. */
    static List<Parameter> parametersOf(Tensor loss) {
        Set<Tensor> seen = new LinkedHashSet<>(List.of(loss));
        Deque<Tensor> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) for (Tensor input : open.pop().inputs()) if (seen.add(input)) open.push(input);
        return seen.stream().filter(Parameter.class::isInstance).map(Parameter.class::cast).toList();
    }

    static <R> R from(List<Parameter> parameters, Supplier<R> work) {
        List<float[]> before = new ArrayList<>();
        for (Parameter p : parameters) {
            before.add(p.gradientData() == null ? null : p.gradientData().clone());
            p.zeroGradient();
        }
        try {
            return work.get();
        } finally {
            for (int i = 0; i < before.size(); i++) {
                parameters.get(i).zeroGradient();
                if (before.get(i) != null) parameters.get(i).accumulate(before.get(i));
            }
        }
    }
}
