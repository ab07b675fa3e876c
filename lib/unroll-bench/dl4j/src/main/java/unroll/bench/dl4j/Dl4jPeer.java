package unroll.bench.dl4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import unroll.bench.dl4j.RecurrentLayer.Kind;

/**
 * DL4J's side of the benchmark: times a forward and a backward pass of an LSTM or RNN layer, to input, weights and
 * biases.
 *
 * <pre>{@code
 * java -cp 'lib/unroll-bench/dl4j/target/jars/*:lib/unroll-bench/dl4j/target/classes' unroll.bench.dl4j.Dl4jPeer \
 *     layer-lstm-B32-T64-I128-H128 3 2      # workload, seconds, threads
 * }</pre>
 *
 * Prints one line of JSON; ends with status 3 for a workload that DL4J does not have.
 */
public final class Dl4jPeer {
    private static final Pattern LAYER = Pattern.compile("layer-(lstm|rnn)-B(\\d+)-T(\\d+)-I(\\d+)-H(\\d+)");
    private static final int UNKNOWN = 3, FEWEST_STEPS = 5;
    private static final double LEAST_WARM_UP = 1.5; // seconds

    private Dl4jPeer() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 3)
            throw new IllegalArgumentException("expected WORKLOAD SECONDS THREADS but got " + List.of(arguments));
        Matcher name = LAYER.matcher(arguments[0]);
        if (!name.matches())
            System.exit(UNKNOWN);
        double seconds = Double.parseDouble(arguments[1]);
        int threads = Integer.parseInt(arguments[2]);
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        Nd4j.getRandom().setSeed(42);

        Kind kind = Kind.valueOf(name.group(1).toUpperCase(Locale.ROOT));
        LayerCheck.of(kind);
        Runnable step = step(kind, number(name, 2), number(name, 3), number(name, 4), number(name, 5));
        time(step, Math.max(LEAST_WARM_UP, seconds / 2));
        List<Double> ms = time(step, seconds);
        Collections.sort(ms);
        System.out.println(String.format(Locale.ROOT,
                "{\"workload\": \"%s\", \"median_ms\": %.4f, \"quartiles_ms\": [%.4f, %.4f], \"best_ms\": %.4f, "
                        + "\"rounds\": %d, \"threads\": %d, \"version\": \"%s\"}",
                arguments[0], ms.get(ms.size() / 2), ms.get(ms.size() / 4), ms.get(3 * ms.size() / 4), ms.get(0),
                ms.size(), Nd4j.getEnvironment().maxThreads(), version()));
    }

    private static int number(Matcher name, int group) {
        return Integer.parseInt(name.group(group));
    }

    private static Runnable step(Kind kind, int B, int T, int I, int H) {
        RecurrentLayer layer = new RecurrentLayer(kind, I, H);
        INDArray x = Nd4j.randn(DataType.FLOAT, B, I, T).dup(RecurrentLayer.ORDER),
                cotangent = Nd4j.randn(DataType.FLOAT, B, H, T).dup(RecurrentLayer.ORDER);
        return () -> {
            layer.forward(x);
            layer.backward(cotangent);
        };
    }

    private static List<Double> time(Runnable step, double seconds) {
        List<Double> ms = new ArrayList<>();
        for (long start = System.nanoTime(); ms.size() < FEWEST_STEPS || System.nanoTime() - start < seconds * 1e9;) {
            long before = System.nanoTime();
            step.run();
            ms.add((System.nanoTime() - before) / 1e6);
        }
        return ms;
    }

    /** As the jar that the layer is from tells it. */
    private static String version() {
        String jar = MultiLayerNetwork.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceFirst(".*deeplearning4j-nn-(.+)\\.jar$", "$1");
    }
}
