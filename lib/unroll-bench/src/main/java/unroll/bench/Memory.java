package unroll.bench;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Locale;

import org.bytedeco.javacpp.Pointer;

import unroll.tensor.Tensor;

/**
 * The memory that a training step of {@link OutputRnn} takes, for {@code run.py --growth}.
 *
 * <pre>{@code
 * java -XX:+UseSerialGC -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.Memory 16 32 64 64 64      # B T d m k
 * }</pre>
 *
 * Prints one line of JSON, all in bytes: what a step allocates on the heap, what the forward pass leaves on the heap
 * for the backward pass, and what lies outside the heap. The serial collector is the one that counts single bytes;
 * others count whole regions.
 */
public final class Memory {
    private static final int WARM_UP = 20, STEPS = 20;

    private Memory() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 5)
            throw new IllegalArgumentException("expected B T d m k but got " + List.of(arguments));
        int[] sizes = List.of(arguments).stream().mapToInt(Integer::parseInt).toArray();
        OutputRnn net = new OutputRnn(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
        for (int i = 0; i < WARM_UP; i++) net.step();
        long before = allocated();
        for (int i = 0; i < STEPS; i++) net.step();
        long allocated = (allocated() - before) / STEPS;
        System.out.println(
                String.format(Locale.ROOT, "{\"allocated\": %d, \"kept\": %d, \"off_heap\": %d}", allocated, kept(net),
                        Pointer.totalBytes()));
    }

    /** What the tape of one forward pass holds on the heap. */
    private static long kept(OutputRnn net) {
        long before = used();
        Tensor loss = net.loss();
        long after = used();
        Reference.reachabilityFence(loss);
        return after - before;
    }

    /** On the heap, after a collection. */
    static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** By all threads that are alive; those that do the products live as long as the process. */
    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) sum += Math.max(0, bytes);
        return sum;
    }
}
