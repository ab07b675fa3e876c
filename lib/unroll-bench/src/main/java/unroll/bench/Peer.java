package unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
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
 * JMH starts one JVM of its own, with the same options as this one, which warms up and then measures for so many
 * seconds. Prints one line of JSON: the steps' median, quartiles and best, and what a step allocates on the heap. Ends
 * with status 3 for a workload that it does not know. Of {@code cold-start-X} it runs one step of X, which {@code run.py}
 * times from the start of the process.
 */
public final class Peer {
    private static final int UNKNOWN = 3, ITERATIONS = 5;
    private static final String COLD = "cold-start-";
    /** Seconds. Until then the JIT compiler takes the processors from the step: with 1.5, medians were 10 to 25 % higher. */
    private static final double LEAST_WARM_UP = 5;
    private static final Pattern FAILURE = Pattern.compile("^[\\w.$]+(?:Exception|Error)\\b.*", Pattern.MULTILINE);

    private Peer() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2)
            throw new IllegalArgumentException("expected WORKLOAD SECONDS but got " + List.of(arguments));
        String workload = arguments[0];
        if (workload.startsWith(COLD)) {
            Workloads.of(workload.substring(COLD.length())).run();
            System.out.println("{\"workload\": \"" + workload + "\", \"threads\": " + Parallel.threads() + "}");
            return;
        }
        if (Workloads.of(workload) == null) System.exit(UNKNOWN);
        Path log = Files.createTempFile("jmh", ".log");
        try {
            RunResult result = new Runner(options(workload, Double.parseDouble(arguments[1]), log)).runSingle();
            Statistics ms = result.getPrimaryResult().getStatistics();
            double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            System.out.println(String.format(Locale.ROOT,
                    "{\"workload\": \"%s\", \"median_ms\": %.4f, \"quartiles_ms\": [%.4f, %.4f], \"best_ms\": %.4f, "
                            + "\"rounds\": %d, \"threads\": %d, \"allocated_mb\": %.5f}",
                    workload, ms.getPercentile(50), ms.getPercentile(25), ms.getPercentile(75), ms.getMin(), ms.getN(),
                    Parallel.threads(), bytes / 1e6));
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
                .jvmArgsAppend("-Dunroll.threads=" + Parallel.threads()).addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
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
