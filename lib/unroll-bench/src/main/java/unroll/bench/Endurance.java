package unroll.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.bytedeco.javacpp.Pointer;

import unroll.nn.SequenceLayer;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;

/**
 * The memory of many training steps of a small character model, and of many layers that are made, used once and
 * dropped. For {@code run.py --endurance}:
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.Endurance char-lm-step-H32-B8-T16 10000 5000
 * }</pre>
 *
 * Prints one line of JSON, all in bytes: on the heap after a collection, outside it as JavaCPP counts it, and what of
 * the process lies in memory.
 */
public final class Endurance {
    private static final int POINTS = 10, H = 64, B = 4, T = 8, SOME = 100, PATIENCE = 50;

    private Endurance() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 3)
            throw new IllegalArgumentException("expected WORKLOAD STEPS LAYERS but got " + List.of(arguments));
        int steps = Integer.parseInt(arguments[1]), layers = Integer.parseInt(arguments[2]);
        System.out.println("{\"steps\": " + steps(Workloads.of(arguments[0]), steps) + ", \"layers\": " + layers(layers)
                + ", \"count\": " + layers + "}");
    }

    /** Ten times on the way. */
    private static List<String> steps(Runnable step, int steps) {
        List<String> points = new ArrayList<>();
        for (int i = 1; i <= steps; i++) {
            step.run();
            if (i % Math.max(1, steps / POINTS) == 0) points.add(point(i));
        }
        return points;
    }

    private static String point(int after) {
        return String.format(Locale.ROOT, "{\"after\": %d, \"heap\": %d, \"native\": %d, \"resident\": %d}", after,
                Memory.used(), Pointer.totalBytes(), Pointer.physicalBytes());
    }

    /** Before, when most was taken, after half of them, at the end. */
    private static List<String> layers(int count) throws InterruptedException {
        use(SOME);
        String start = settled(0);
        long most = use(count / 2);
        String half = settled(count / 2);
        most = Math.max(most, use(count - count / 2));
        return List.of(start, "{\"most\": " + most + "}", half, settled(count));
    }

    /** Makes so many layers, and uses each once; the most bytes outside the heap. */
    private static long use(int count) {
        long most = 0;
        for (int i = 0; i < count; i++) {
            SequenceLayer layer = Lstm.of(H, H).build(Rng.seed(i));
            layer.apply(Rng.seed(i).normal(T, B, H).tracked()).states().backward(Rng.seed(i).normal(T, B, H));
            most = Math.max(most, Pointer.totalBytes());
        }
        return most;
    }

    /** What is unreachable is given back by a thread that a collection wakes. */
    private static String settled(int after) throws InterruptedException {
        long before = Long.MAX_VALUE;
        for (int i = 0; i < PATIENCE && Pointer.totalBytes() < before; i++) {
            before = Pointer.totalBytes();
            System.gc();
            Thread.sleep(100);
        }
        return point(after);
    }
}
