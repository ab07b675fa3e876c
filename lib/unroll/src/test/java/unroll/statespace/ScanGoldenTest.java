package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static unroll.statespace.SsmGoldens.assertGradients;
import static unroll.statespace.SsmGoldens.assertOutput;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Hidden;
import unroll.recurrent.MinGru;
import unroll.recurrent.MinLstm;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Linear recurrences by scan, and the layers that are one, against PyTorch in double precision. */
final class ScanGoldenTest {
    private static Map<String, Tensor> tracked(Case c) {
        Map<String, Tensor> in = new LinkedHashMap<>();
        for (String name : c.json().getAsJsonObject("inputs").keySet())
            in.put(name, c.tensor("inputs." + name).tracked());
        return in;
    }

    /** [L, H] as [L, 1, H], and [H] as [1, H]. */
    private static Tensor batched(Tensor x) {
        return x.rank() == 1 ? x.reshape(1, x.size(0)) : x.reshape(x.size(0), 1, x.size(1));
    }

    @TestFactory Stream<DynamicTest> scans() {
        return SsmGoldens.tests("scan", c -> {
            Map<String, Tensor> in = tracked(c);
            Tensor h = scan(batched(in.get("a")), batched(in.get("b")), batched(in.get("h0")))
                    .reshape(in.get("a").shape());
            assertOutput(c, "h", h);
            assertGradients(c, Map.of("h", h), in);
        });
    }

    @TestFactory Stream<DynamicTest> complexScans() {
        return SsmGoldens.tests("scan-complex", c -> {
            Map<String, Tensor> in = tracked(c);
            List<Tensor> h = ComplexScan.apply(batched(in.get("a_re")), batched(in.get("a_im")),
                    batched(in.get("b_re")), batched(in.get("b_im")),
                    batched(in.get("h0_re")), batched(in.get("h0_im")));
            Map<String, Tensor> out = new LinkedHashMap<>();
            out.put("h_re", h.get(0).reshape(in.get("a_re").shape()));
            out.put("h_im", h.get(1).reshape(in.get("a_re").shape()));
            out.forEach((name, t) -> assertOutput(c, name, t));
            assertGradients(c, out, in);
        });
    }

    @TestFactory Stream<DynamicTest> linearRecurrentUnits() {
        return SsmGoldens.tests("lru", c -> {
            int[] shape = c.array("inputs.B_re").shape();
            Lru layer = Lru.of(shape[1], shape[0]).build(Rng.seed(1));
            Map<String, Parameter> own = layer.namedParameters();
            Map<String, String> same = Map.of("nu_log", "nuLog", "theta_log", "thetaLog", "gamma_log", "gammaLog", "D",
                    "d"),
                    turned = Map.of("B_re", "bRe", "B_im", "bIm", "C_re", "cRe", "C_im", "cIm");
            same.forEach((theirs, ours) -> SsmGoldens.set(own.get(ours), c, theirs));
            turned.forEach((theirs, ours) -> own.get(ours).set(c.array("inputs." + theirs).transposed().tensor()));
            Tensor u = c.tensor("inputs.u").tracked(), re = c.tensor("inputs.x0_re").tracked(),
                    im = c.tensor("inputs.x0_im").tracked();
            var out = layer.apply(u, ComplexState.of(Tensor.zeros(u.size(1), shape[1]), re, im));
            ComplexState last = (ComplexState) out.last();
            Map<String, Tensor> outputs = Map.of("y", out.states(), "xT_re", last.re(), "xT_im", last.im());
            outputs.forEach((name, t) -> assertOutput(c, name, t));
            SsmGoldens.loss(c, outputs).backward();
            Goldens.assertGoldenShape("∂L/∂u", c.array("grads.u"), u.gradient());
            Goldens.assertGoldenShape("∂L/∂x0_re", c.array("grads.x0_re"), re.gradient());
            Goldens.assertGoldenShape("∂L/∂x0_im", c.array("grads.x0_im"), im.gradient());
            same.forEach((theirs, ours) -> Goldens.assertGoldenShape(theirs, c.array("grads." + theirs),
                    own.get(ours).gradient()));
            turned.forEach((theirs, ours) -> Goldens.assertGoldenShape(theirs, c.array("grads." + theirs).transposed(),
                    own.get(ours).gradient()));
            double[] nu = SsmGoldens.vector(c, "inputs.nu_log"), start = new double[nu.length];
            for (int n = 0; n < nu.length; n++) start[n] = Lru.gammaLog(Math.exp(-2 * Math.exp(nu[n])));
            assertOutput(c, "gamma_log_start", start);
        });
    }

    @TestFactory Stream<DynamicTest> rings() {
        return SsmGoldens.tests("lru-init", c -> {
            Lru.Spec spec = Lru.of(1, 6).ring(c.number("inputs.r_min"), c.number("inputs.r_max"))
                    .maximumPhase(c.number("inputs.max_phase"));
            Lru.Ring ring = spec.ring(c.tensor("inputs.u1"), c.tensor("inputs.u2"));
            assertOutput(c, "nu_log", ring.nuLog());
            assertOutput(c, "theta_log", ring.thetaLog());
            assertOutput(c, "gamma_log", ring.gammaLog());
            Complex[] eigen = new Complex[ring.nuLog().length];
            for (int n = 0; n < eigen.length; n++)
                eigen[n] = new Complex(-Math.exp(ring.nuLog()[n]), Math.exp(ring.thetaLog()[n])).exp();
            assertOutput(c, "eigen", eigen);
        });
    }

    /**
     * The plain form is the layer; the log-space form, whose candidate is g(v) of the paper, is its equations around a
     * scan.
     */
    @TestFactory Stream<DynamicTest> minGru() {
        return SsmGoldens.tests("mingru", c -> {
            if (c.flag("log_space")) {
                Map<String, Tensor> in = tracked(c);
                Tensor z = linear(in, "Wz", "bz").sigmoid();
                assertScan(c, z.rsub(1), z.mul(positive(linear(in, "Wh", "bh"))), in);
            } else
                assertLayer(c,
                        MinGru.of(c.array("inputs.Wz").shape()[1], c.array("inputs.Wz").shape()[0]).build(Rng.seed(1)),
                        "z", "h");
        });
    }

    @TestFactory Stream<DynamicTest> minLstm() {
        return SsmGoldens.tests("minlstm", c -> {
            if (c.flag("log_space")) {
                Map<String, Tensor> in = tracked(c);
                Tensor f = linear(in, "Wf", "bf").sigmoid(), i = linear(in, "Wi", "bi").sigmoid(), sum = f.add(i);
                assertScan(c, f.div(sum), i.div(sum).mul(positive(linear(in, "Wh", "bh"))), in);
            } else
                assertLayer(c,
                        MinLstm.of(c.array("inputs.Wf").shape()[1], c.array("inputs.Wf").shape()[0]).build(Rng.seed(1)),
                        "f", "i", "h");
        });
    }

    private static Tensor linear(Map<String, Tensor> in, String w, String b) {
        return in.get("x").matmul(in.get(w).transpose()).add(in.get(b));
    }

    /** g(v) = v + 0.5 where v is at least 0, else sigmoid(v). */
    private static Tensor positive(Tensor v) {
        return v.relu().add(v.neg().relu().neg().sigmoid());
    }

    /** h_t = a_t ∘ h_{t-1} + b_t, step by step. */
    private static Tensor scan(Tensor a, Tensor b, Tensor h0) {
        List<Tensor> all = new ArrayList<>();
        Tensor h = h0;
        for (int t = 0; t < a.size(0); t++) {
            h = a.at(t).mul(h).add(b.at(t));
            all.add(h);
        }
        return Tensor.stack(all);
    }

    private static void assertScan(Case c, Tensor a, Tensor b, Map<String, Tensor> in) {
        Tensor h = scan(a, b, in.get("h0"));
        assertOutput(c, "h", h);
        assertGradients(c, Map.of("h", h), in);
    }

    /** A layer with weights w [I, G H] and b [G H], gate by gate. */
    private static void assertLayer(Case c, SequenceLayer layer, String... gates) {
        Parameter w = layer.parameters().get(0), b = layer.parameters().get(1);
        List<Tensor> ws = Stream.of(gates).map(g -> c.array("inputs.W" + g).transposed().tensor()).toList();
        List<Tensor> bs = Stream.of(gates).map(g -> c.tensor("inputs.b" + g)).toList();
        w.set(Tensor.concat(1, ws));
        b.set(Tensor.concat(0, bs));
        Tensor x = c.tensor("inputs.x").tracked(), h0 = c.tensor("inputs.h0").tracked();
        Tensor h = layer.apply(x, new Hidden(h0)).states();
        assertOutput(c, "h", h);
        SsmGoldens.loss(c, Map.of("h", h)).backward();
        Goldens.assertGoldenShape("∂L/∂x", c.array("grads.x"), x.gradient());
        Goldens.assertGoldenShape("∂L/∂h0", c.array("grads.h0"), h0.gradient());
        int H = layer.outputSize();
        for (int g = 0; g < gates.length; g++) {
            Goldens.assertGoldenShape("W" + gates[g], c.array("grads.W" + gates[g]).transposed(),
                    w.gradient().columns(g * H, (g + 1) * H));
            Goldens.assertGoldenShape("b" + gates[g], c.array("grads.b" + gates[g]),
                    b.gradient().slice(0, g * H, (g + 1) * H));
        }
    }

    /** A kind that no test reads would pass unseen. */
    @Test void everyKindOfTheFileIsTested() {
        Set<String> kinds = new TreeSet<>();
        SsmGoldens.cases().forEach(c -> kinds.add(c.text("kind")));
        assertEquals(
                new TreeSet<>(
                        Set.of("lti", "lti-diagonal", "hippo-legs", "s4d-init", "hippo-online",
                                "causal-conv", "s4d", "s4-dplr", "h3",
                                "shift-ssm", "scan", "scan-complex", "lru", "lru-init", "mingru", "minlstm",
                                "selective-scan", "selective-ssm")),
                kinds);
    }
}
