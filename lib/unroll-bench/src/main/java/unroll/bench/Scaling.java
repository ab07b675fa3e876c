package unroll.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import unroll.tensor.Parallel;

/**
 * What share of its time on one thread a step would take on more ({@link Parallel#rehearse}). For
 * {@code run.py --scaling}:
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.Scaling char-lm-step-H128-B32-T64 1.5 2 4 8 16
 * }</pre>
 *
 * The arguments are a workload, seconds and numbers of threads. Prints one line of JSON: the share for each of these,
 * the median of what is projected over the median on one thread.
 */
public final class Scaling {
    private static final double LEAST_WARM_UP = 1.5;                       // seconds, as in Peer
    private static final int LEAST_ROUNDS = 5;

    private Scaling() {
    }

    public static void main(String[] arguments) {
        if (arguments.length < 3)
            throw new IllegalArgumentException("expected WORKLOAD SECONDS THREADS.. but got " + List.of(arguments));
        Runnable step = Workloads.of(arguments[0]);
        if (step == null) throw new IllegalArgumentException("there is no workload " + arguments[0]);
        double seconds = Double.parseDouble(arguments[1]);
        Map<Integer, List<Long>> times = new LinkedHashMap<>();
        times.put(1, new ArrayList<>());
        for (int i = 2; i < arguments.length; i++) times.put(Integer.parseInt(arguments[i]), new ArrayList<>());
        rounds(step, times, Math.max(LEAST_WARM_UP, seconds / 2));
        times.values().forEach(List::clear);
        rounds(step, times, seconds);
        double whole = median(times.remove(1));
        System.out.println(times.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "\"%d\": %.5f", e.getKey(), median(e.getValue()) / whole))
                .collect(Collectors.joining(", ", "{", "}")));
    }

    /** A step for each number of threads, again and again: what slows the machine slows all of them. */
    private static void rounds(Runnable step, Map<Integer, List<Long>> times, double seconds) {
        long start = System.nanoTime();
        for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() - start < seconds * 1e9; round++)
            times.forEach((threads, all) -> all.add(Parallel.rehearse(threads, System::nanoTime, step).projected()));
    }

    private static double median(List<Long> values) {
        Collections.sort(values);
        int n = values.size();
        return (values.get((n - 1) / 2) + values.get(n / 2)) / 2.0;
    }
}
