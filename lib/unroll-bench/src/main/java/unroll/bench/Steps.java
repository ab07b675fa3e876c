package unroll.bench;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A step of a workload as a JMH benchmark, each step a sample. After {@code mvn package}, with any of JMH's options and
 * profilers:
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes:lib/unroll-bench/target/jmh/*' org.openjdk.jmh.Main Steps \
 *     -p workload=char-lm-step-H128-B32-T64 -prof gc
 * }</pre>
 *
 * An iteration runs at least one step, however long that takes. Threads are chosen by
 * {@code -jvmArgsAppend -Dunroll.threads=2}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
public class Steps {
    @Param("layer-lstm-B32-T64-I128-H128") private String workload;
    private Runnable step;

    @Setup public void build() {
        step = Workloads.of(workload);
        if (step == null)
            throw new IllegalArgumentException(
                    "Steps: there is no workload " + workload + "; the patterns are in Workloads.java");
    }

    @Benchmark public void step() { step.run(); }
}
