package unroll.statespace;

import static unroll.statespace.SsmGoldens.assertGradients;
import static unroll.statespace.SsmGoldens.assertOutput;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** S4D and the causal convolution against PyTorch in double precision: outputs, final states and all gradients. */
final class S4dGoldenTest {
    @TestFactory Stream<DynamicTest> convolutions() {
        return SsmGoldens.tests("causal-conv", c -> {
            Goldens.Array u = c.array("inputs.u"), k = c.array("inputs.k"), y = c.array("outputs.y");
            int L = u.shape()[0];
            Tensor ours = Tensor.of(u.values(), L).tracked(), kernel = Tensor.of(k.values(), L).tracked();
            Tensor out = CausalConvolution.apply(ours.reshape(L, 1, 1), kernel.reshape(L, 1)).reshape(L);
            Goldens.assertGoldenShape("y", y, out);
            assertGradients(c, Map.of("y", out), Map.of("u", ours, "k", kernel));
        });
    }

    static S4d layer(Case c, String skip) {
        int[] shape = c.array("inputs.C_re").shape();
        S4d.Spec spec = S4d.of(shape[0], 2 * shape[1]);
        S4d layer = (c.has("method") && c.text("method").equals("bilinear") ? spec.bilinear() : spec)
                .build(Rng.seed(1));
        parameters(layer).forEach((name, p) -> {
            if (!name.equals("D")) SsmGoldens.set(p, c, name);
        });
        Parameter d = parameters(layer).get("D");
        d.set(c.has("inputs." + skip) ? c.tensor("inputs." + skip) : Tensor.zeros(d.shape()));
        return layer;
    }

    /** By the names of the file. */
    static Map<String, Parameter> parameters(S4d layer) {
        Map<String, Parameter> own = layer.namedParameters(), named = new LinkedHashMap<>();
        Map.of("log_dt", "logStep", "log_neg_A_re", "logDecay", "A_im", "frequency", "C_re", "cRe", "C_im", "cIm", "D",
                "d")
                .forEach((theirs, ours) -> named.put(theirs, own.get(ours)));
        return named;
    }

    @TestFactory Stream<DynamicTest> layers() {
        return SsmGoldens.tests("s4d", c -> {
            S4d layer = layer(c, "D");
            Tensor u = c.tensor("inputs.u").tracked();
            assertOutput(c, "K", layer.kernel(u.size(0)));
            var out = layer.apply(u);
            assertOutput(c, "y", out.states());
            ComplexState last = (ComplexState) out.last();
            assertOutput(c, "final_state_re", last.re());
            assertOutput(c, "final_state_im", last.im());
            Map<String, Tensor> inputs = new LinkedHashMap<>(parameters(layer));
            inputs.put("u", u);
            assertGradients(c, Map.of("y", out.states()), inputs);
            ComplexState state = layer.initialState(u.size(1));
            for (int t = 0; t < u.size(0); t++) {
                state = layer.step(u.at(t).detach(), state);
                Goldens.assertGolden("y of step " + t, c.array("outputs.y").at(t), state.h());
            }
            assertOutput(c, "final_state_re", state.re());
            assertOutput(c, "final_state_im", state.im());
        });
    }
}
