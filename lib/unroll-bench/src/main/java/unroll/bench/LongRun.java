package unroll.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import unroll.nn.State;
import unroll.statespace.ComplexState;
import unroll.statespace.S4d;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A very long sequence through an {@link S4d} layer of 16 channels and 64 states each, once step by step and once piece
 * by piece, each piece a convolution that begins with the state after the last one. For {@code run.py --growth-long},
 * with a heap that could not hold the sequence:
 *
 * <pre>{@code
 * java -Xmx48m -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.LongRun 1000000 8192      # STEPS PIECE
 * }</pre>
 *
 * Prints one line of JSON: seconds of both ways, and the largest difference between their outputs as a share of the
 * largest output.
 */
public final class LongRun {
    private static final int H = 16, N = 64;

    private LongRun() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2)
            throw new IllegalArgumentException("expected STEPS PIECE but got " + List.of(arguments));
        int steps = Integer.parseInt(arguments[0]), piece = Integer.parseInt(arguments[1]);
        System.out.println(Tape.noGrad(() -> run(S4d.of(H, N).chunk(piece).build(Rng.seed(1)), steps, piece)));
    }

    private static String run(S4d layer, int steps, int piece) {
        Rng rng = Rng.seed(2);
        ComplexState one = layer.initialState(1);
        State all = one;
        long stepping = 0, convolving = 0;
        double difference = 0, largest = 0;
        for (int from = 0; from < steps; from += piece) {
            Tensor u = rng.normal(Math.min(steps, from + piece) - from, 1, H);
            long start = System.nanoTime();
            var out = layer.apply(u, all);
            all = out.last();
            all.tensors();                                                 // the state is computed when it is asked for
            long middle = System.nanoTime();
            float[] y = out.states().data(), v = u.data();
            for (int t = 0; t < y.length / H; t++) {
                one = layer.step(Tensor.of(Arrays.copyOfRange(v, t * H, (t + 1) * H), 1, H), one);
                float[] h = one.h().data();
                for (int j = 0; j < H; j++) {
                    difference = Math.max(difference, Math.abs(h[j] - y[t * H + j]));
                    largest = Math.max(largest, Math.abs(h[j]));
                }
            }
            convolving += middle - start;
            stepping += System.nanoTime() - middle;
        }
        return String.format(Locale.ROOT,
                "{\"steps\": %d, \"piece\": %d, \"heap\": %d, \"step_by_step\": %.2f, \"in_pieces\": %.2f, "
                        + "\"difference\": %.1e}",
                steps, piece,
                Runtime.getRuntime().maxMemory(), stepping / 1e9, convolving / 1e9, difference / largest);
    }
}
