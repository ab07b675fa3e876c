package unroll.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

import unroll.tensor.Blas;
import unroll.tensor.Parallel;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * How fast this machine multiplies matrices at best, on all threads at once: what no workload can pass. For
 * {@code run.py}:
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.Rate 1.5      # SECONDS
 * }</pre>
 *
 * Each thread multiplies square matrices of its own outside the heap; where oneDNN is not there, all multiply one on
 * the heap. Prints one line of JSON, in GFLOP/s.
 */
public final class Rate {
    private static final int[] SIZES = {512, 768, 1024, 1536};

    private Rate() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1)
            throw new IllegalArgumentException("expected SECONDS but got " + List.of(arguments));
        double seconds = Double.parseDouble(arguments[0]) / SIZES.length, best = 0;
        for (int n : SIZES) best = Math.max(best, Blas.isOneDnn() ? separate(n, seconds) : together(n, seconds));
        System.out.println(String.format(Locale.ROOT, "{\"gflops\": %.2f, \"threads\": %d, \"by\": \"%s\"}", best,
                Parallel.threads(), Blas.description()));
    }

    private static double separate(int n, double seconds) {
        int threads = Parallel.threads();
        List<FloatPointer> all = IntStream.range(0, 3 * threads).mapToObj(i -> filled(n * n, i)).toList();
        IntConsumer product = thread -> {
            Blas.stayOnThisThread();
            dnnl.dnnl_sgemm((byte) 'N', (byte) 'N', n, n, n, 1, all.get(3 * thread), n, all.get(3 * thread + 1), n, 0,
                    all.get(3 * thread + 2), n);
        };
        double rate = threads * flops(n) / fastest(() -> Parallel.run(threads, product), seconds);
        all.forEach(FloatPointer::close);
        return rate;
    }

    private static FloatPointer filled(int count, int seed) {
        return new FloatPointer(Rng.seed(seed).normal(count).data());
    }

    private static double together(int n, double seconds) {
        Tensor a = Rng.seed(1).normal(n, n), b = Rng.seed(2).normal(n, n);
        return Tape.noGrad(() -> flops(n) / fastest(() -> a.matmul(b), seconds));
    }

    /** In units of 10^9. */
    private static double flops(int n) { return 2e-9 * n * n * n; }

    /** Seconds. */
    private static double fastest(Runnable work, double seconds) {
        long best = Long.MAX_VALUE;
        for (long start = System.nanoTime(), now = start, next; now - start < seconds * 1e9; now = next) {
            work.run();
            next = System.nanoTime();
            best = Math.min(best, next - now);
        }
        return best / 1e9;
    }
}
