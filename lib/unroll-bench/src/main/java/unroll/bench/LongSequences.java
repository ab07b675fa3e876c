package unroll.bench;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import unroll.nn.SequenceLayer;
import unroll.recurrent.MinGru;
import unroll.statespace.H3;
import unroll.statespace.S4d;
import unroll.statespace.SelectiveScan;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Layers that are linear in their state: convolutions and scans over L steps. N counts a complex mode and its conjugate
 * as two.
 */
final class LongSequences {
    private static final Pattern S4D = Pattern.compile("layer-s4d-B(\\d+)-H(\\d+)-N(\\d+)-L(\\d+)"),
            H3_LAYER = Pattern.compile("layer-h3-B(\\d+)-L(\\d+)-d(\\d+)-M(\\d+)-N(\\d+)"),
            MINGRU = Pattern.compile("layer-mingru-B(\\d+)-L(\\d+)-H(\\d+)"),
            SELECTIVE = Pattern.compile("layer-selective-scan-B(\\d+)-L(\\d+)-D(\\d+)-N(\\d+)");

    private LongSequences() {
    }

    /** The step of a workload, or null for one that is not here. */
    static Runnable of(String name) {
        Matcher m = S4D.matcher(name);
        if (m.matches())
            return layer(S4d.of(Workloads.number(m, 2), Workloads.number(m, 3)), Workloads.number(m, 4),
                    Workloads.number(m, 1));
        m = H3_LAYER.matcher(name);
        if (m.matches())
            return layer(H3.of(Workloads.number(m, 3), Workloads.number(m, 5)).shift(Workloads.number(m, 4)),
                    Workloads.number(m, 2), Workloads.number(m, 1));
        m = MINGRU.matcher(name);
        if (m.matches())
            return layer(MinGru.of(Workloads.number(m, 3), Workloads.number(m, 3)), Workloads.number(m, 2),
                    Workloads.number(m, 1));
        m = SELECTIVE.matcher(name);
        if (m.matches())
            return selectiveScan(Workloads.number(m, 2), Workloads.number(m, 1), Workloads.number(m, 3),
                    Workloads.number(m, 4));
        return null;
    }

    private static Runnable layer(SequenceLayer.Spec spec, int L, int B) {
        return Workloads.layer(spec.build(Rng.seed(1)), L, B);
    }

    /** The scan alone: its step, B and C are inputs. */
    private static Runnable selectiveScan(int L, int B, int D, int N) {
        Rng rng = Rng.seed(1);
        Tensor u = rng.normal(L, B, D).tracked(), step = rng.uniform(1e-3, 1e-1, L, B, D).tracked(),
                aLog = rng.uniform(0, 2, D, N).tracked(),
                b = rng.normal(L, B, N).tracked(), c = rng.normal(L, B, N).tracked(), skip = rng.normal(D).tracked(),
                start = Tensor.zeros(B, D, N), cotangent = rng.normal(L, B, D);
        List<Tensor> wanted = List.of(u, step, aLog, b, c, skip);
        return () -> {
            wanted.forEach(Tensor::zeroGradient);
            SelectiveScan.apply(u, step, aLog, b, c, skip, start).get(0).backward(cotangent);
        };
    }
}
