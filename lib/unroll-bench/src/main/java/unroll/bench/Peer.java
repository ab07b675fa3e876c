package unroll.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import unroll.tensor.Parallel;

/**
 * Times one workload on this library's side, for {@code run.py}, which runs the other sides and compares.
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.Peer char-lm-step-H128-B32-T64 3
 * }</pre>
 *
 * Prints one line of JSON; ends with status 3 for a workload that it does not know.
 */
public final class Peer {
    private static final int UNKNOWN = 3, FEWEST_ROUNDS = 5;

    private Peer() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2) throw new IllegalArgumentException("expected WORKLOAD SECONDS but got " + List.of(arguments));
        Runnable step = Workloads.of(arguments[0]);
        if (step == null) System.exit(UNKNOWN);
        double seconds = Double.parseDouble(arguments[1]);
        time(step, Math.max(1.5, seconds / 2));                            // the JIT compiler is done by then
        List<Double> ms = time(step, seconds);
        Collections.sort(ms);
        System.out.println(String.format(Locale.ROOT,
                "{\"workload\": \"%s\", \"median_ms\": %.4f, \"best_ms\": %.4f, \"rounds\": %d, \"threads\": %d}", arguments[0],
                ms.get(ms.size() / 2), ms.get(0), ms.size(), Parallel.threads()));
    }

    private static List<Double> time(Runnable step, double seconds) {
        List<Double> ms = new ArrayList<>();
        for (long start = System.nanoTime(); ms.size() < FEWEST_ROUNDS || System.nanoTime() - start < seconds * 1e9;) {
            long before = System.nanoTime();
            step.run();
            ms.add((System.nanoTime() - before) / 1e6);
        }
        return ms;
    }
}
