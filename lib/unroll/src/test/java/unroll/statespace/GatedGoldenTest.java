package unroll.statespace;

import static unroll.statespace.SsmGoldens.assertGradients;
import static unroll.statespace.SsmGoldens.assertOutput;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.tensor.Tape;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** H3, its shift state space, and the selective scan against PyTorch in double precision. */
final class GatedGoldenTest {
    @TestFactory Stream<DynamicTest> shifts() {
        return SsmGoldens.tests("shift-ssm", c -> {
            Tensor u = c.tensor("inputs.u").tracked();
            ShiftSsm layer = shift(c, "C", "none");
            var out = layer.apply(u);
            assertOutput(c, "y", out.states());
            assertOutput(c, "final_state", ((ShiftSsm.ShiftState) out.last()).x());
            assertGradients(c, Map.of("y", out.states()), Map.of("u", u, "C", layer.namedParameters().get("c")));
        });
    }

    private static ShiftSsm shift(Case c, String kernel, String skip) {
        int[] shape = c.array("inputs." + kernel).shape();
        ShiftSsm layer = ShiftSsm.of(shape[0], shape[1]).build(Rng.seed(1));
        SsmGoldens.set(layer.namedParameters().get("c"), c, kernel);
        layer.namedParameters().get("d")
                .set(c.has("inputs." + skip) ? c.tensor("inputs." + skip) : Tensor.zeros(shape[0]));
        return layer;
    }

    /** Theirs are [out, in], ours [in, out]: tracked leaves in their layout, whose gradients are ours transposed. */
    @TestFactory Stream<DynamicTest> h3() {
        return SsmGoldens.tests("h3", c -> {
            Tensor u = c.tensor("inputs.u").tracked();
            int d = u.size(2), M = c.array("inputs.C_shift").shape()[1], N = c.array("inputs.C_re").shape()[1];
            H3 layer = H3.of(d, 2 * N).heads(c.integer("heads")).shift(M).build(Rng.seed(1));
            Map<String, Parameter> own = layer.namedParameters();
            Map<String, String> names = new LinkedHashMap<>(
                    Map.of("C_shift", "shift.c", "D_shift", "shift.d", "log_dt", "diagonal.logStep",
                            "log_neg_A_re", "diagonal.logDecay", "A_im", "diagonal.frequency", "C_re", "diagonal.cRe",
                            "C_im", "diagonal.cIm", "D_diag",
                            "diagonal.d"));
            Map<String, Tensor> inputs = new LinkedHashMap<>(Map.of("u", u));
            names.forEach((theirs, ours) -> {
                Parameter p = own.get(ours);
                if (c.has("inputs." + theirs)) inputs.put(theirs, p);
                p.set(c.has("inputs." + theirs) ? c.tensor("inputs." + theirs) : Tensor.zeros(p.shape()));
            });
            for (String w : List.of("q", "k", "v", "o"))
                own.get("w" + w).set(c.array("inputs.W" + w).transposed().tensor());
            List<Tensor> heard = new ArrayList<>();
            Tensor y = Tape.overhear(heard::add, () -> layer.apply(u).states());
            for (Tensor t : heard) assertOutput(c, t.name(), t);
            org.junit.jupiter.api.Assertions.assertEquals(List.of("q", "k", "v", "kbar", "kv", "o"),
                    heard.stream().map(Tensor::name).toList());
            assertOutput(c, "y", y);
            own.values().forEach(Tensor::zeroGradient);
            SsmGoldens.loss(c, Map.of("y", y)).backward();
            inputs.forEach(
                    (name, t) -> Goldens.assertGoldenShape("∂L/∂" + name, c.array("grads." + name), t.gradient()));
            for (String w : List.of("q", "k", "v", "o"))
                Goldens.assertGoldenShape("∂L/∂W" + w, c.array("grads.W" + w).transposed(),
                        own.get("w" + w).gradient());
            org.junit.jupiter.api.Assertions.assertEquals(c.json().getAsJsonObject("grads").size(), inputs.size() + 4);
        });
    }

    @TestFactory Stream<DynamicTest> selectiveScans() {
        return SsmGoldens.tests("selective-scan", c -> {
            Map<String, Tensor> in = new LinkedHashMap<>();
            for (String name : c.json().getAsJsonObject("inputs").keySet())
                in.put(name, c.tensor("inputs." + name).tracked());
            Tensor u = in.get("u"), a = in.get("A_log");
            List<Tensor> out = SelectiveScan.apply(u, in.get("delta").add(in.get("dt_bias")).softplus(), a, in.get("B"),
                    in.get("C"), in.get("D"),
                    Tensor.zeros(u.size(1), u.size(2), a.size(1)));
            Tensor y = in.containsKey("z") ? out.get(0).mul(in.get("z").mul(in.get("z").sigmoid())) : out.get(0);
            assertOutput(c, "y", y);
            assertOutput(c, "final_state", out.get(1));
            assertGradients(c, Map.of("y", y), in);
        });
    }

    @TestFactory Stream<DynamicTest> selectiveLayers() {
        return SsmGoldens.tests("selective-ssm", c -> {
            Tensor u = c.tensor("inputs.u").tracked();
            int[] a = c.array("inputs.A_log").shape();
            SelectiveSsm layer = SelectiveSsm.of(a[0], a[1]).rank(c.array("inputs.W_down").shape()[0])
                    .build(Rng.seed(1));
            Map<String, Parameter> own = layer.namedParameters();
            Map<String, String> turned = Map.of("W_down", "wDown", "W_up", "wUp", "W_B", "wB", "W_C", "wC"),
                    same = Map.of("A_log", "aLog", "D", "skip", "dt_bias", "stepBias");
            turned.forEach((theirs, ours) -> own.get(ours).set(c.array("inputs." + theirs).transposed().tensor()));
            same.forEach((theirs, ours) -> SsmGoldens.set(own.get(ours), c, theirs));
            var out = layer.apply(u);
            assertOutput(c, "y", out.states());
            assertOutput(c, "final_state", ((SelectiveSsm.SelectiveState) out.last()).x());
            SsmGoldens.loss(c, Map.of("y", out.states())).backward();
            Goldens.assertGoldenShape("∂L/∂u", c.array("grads.u"), u.gradient());
            turned.forEach((theirs, ours) -> Goldens.assertGoldenShape(theirs, c.array("grads." + theirs).transposed(),
                    own.get(ours).gradient()));
            same.forEach((theirs, ours) -> Goldens.assertGoldenShape(theirs, c.array("grads." + theirs),
                    own.get(ours).gradient()));
        });
    }
}
