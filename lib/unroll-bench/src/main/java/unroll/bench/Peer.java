package unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

import unroll.tensor.Parallel;

/**
 * Times one workload on this library's side with JMH ({@link Steps}), for {@code run.py}, which runs the other sides
 * and compares.
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes:lib/unroll-bench/target/jmh/*' unroll.bench.Peer char-lm-step-H128-B32-T64 3
 * }</pre>
 *
 * JMH starts one JVM of its own, which warms up and then measures for so many seconds. Prints one line of JSON; ends
 * with status 3 for a workload that it does not know.
 */
public final class Peer {
    private static final int UNKNOWN = 3, ITERATIONS = 5;
    /**
     * The same young generation as that of the notebooks: a larger one touches ever new memory before it uses any
     * again.
     */
    private static final String YOUNG = "-Xmn256m";
    private static final double LEAST_WARM_UP = 1.5;                       // seconds: the JIT compiler is done by then
    private static final Pattern FAILURE = Pattern.compile("^[\\w.$]+(?:Exception|Error)\\b.*", Pattern.MULTILINE);

    private Peer() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2)
            throw new IllegalArgumentException("expected WORKLOAD SECONDS but got " + List.of(arguments));
        String workload = arguments[0];
        if (Workloads.of(workload) == null) System.exit(UNKNOWN);
        Path log = Files.createTempFile("jmh", ".log");
        try {
            Statistics ms = new Runner(options(workload, Double.parseDouble(arguments[1]), log)).runSingle()
                    .getPrimaryResult().getStatistics();
            System.out.println(String.format(Locale.ROOT,
                    "{\"workload\": \"%s\", \"median_ms\": %.4f, \"best_ms\": %.4f, \"rounds\": %d, \"threads\": %d}",
                    workload,
                    ms.getPercentile(50), ms.getMin(), ms.getN(), Parallel.threads()));
        } catch (RunnerException failed) {
            throw new IllegalStateException(workload + ": " + reason(Files.readString(log)), failed);
        } finally {
            Files.delete(log);
        }
    }

    /** Each iteration runs one step or more, so that slow steps are measured several times too. */
    private static Options options(String workload, double seconds, Path log) {
        return new OptionsBuilder().include("^" + Pattern.quote(Steps.class.getName() + ".step") + "$")
                .param("workload", workload)
                .warmupIterations(1).warmupTime(time(Math.max(LEAST_WARM_UP, seconds / 2)))
                .measurementIterations(ITERATIONS).measurementTime(time(seconds / ITERATIONS))
                .jvmArgsAppend(YOUNG, "-Dunroll.threads=" + Parallel.threads()).shouldFailOnError(true)
                .output(log.toString()).build();
    }

    private static TimeValue time(double seconds) {
        return TimeValue.milliseconds(Math.max(1, Math.round(1000 * seconds)));
    }

    private static String reason(String log) {
        Matcher failure = FAILURE.matcher(log);
        return failure.find() ? failure.group() : log;
    }
}
