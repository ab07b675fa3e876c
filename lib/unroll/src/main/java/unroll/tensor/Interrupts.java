package unroll.tensor;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A notebook's interrupt only sets a flag: the cell is over for the reader, but its thread runs on until it looks. So
 * every loop that can take longer than a second looks in between, and so does whatever would change a model.
 *
 * <pre>{@code
 * for (int r = 0; r < resamples; r++) {
 *     Interrupts.check("Bootstrap", "resample", r, resamples);
 *     means[r] = mean(drawn(values, rng));
 * }
 * }</pre>
 *
 * A look takes about a nanosecond. Each operation on tensors looks, and so does a backward pass before each of its
 * nodes: a loop of these has no need to. A long call of LAPACK goes on in the background when its caller is interrupted
 * ({@link #apart}).
 */
public final class Interrupts {
    /** So many operations are over in a fraction of a second. */
    private static final double SOON = 1e8;

    private Interrupts() {
    }

    /** @throws LoopInterruptedException in the name of {@code who}, if the flag of this thread is set; it stays set */
    public static void check(String who) {
        if (Thread.currentThread().isInterrupted()) throw new LoopInterruptedException(who + ": interrupted");
    }

    /** The same for a loop: {@code who} has done so many of all of {@code what}. */
    public static void check(String who, String what, long done, long all) {
        if (Thread.currentThread().isInterrupted())
            throw new LoopInterruptedException(
                    who + ": interrupted before " + what + " " + done + " of " + all + ", counted from 0");
    }

    /** The same at turn 0 and every 1,024th one of a loop whose body takes nanoseconds. */
    public static void check(String who, long turn) {
        if ((turn & 0x3ff) == 0) check(who);
    }

    /**
     * A call of another library that looks at no flag. Where it may take long it has a thread of its own: an
     * interrupted caller leaves at once, and the call ends later, for nobody.
     *
     * @param operations about how many it takes
     * @throws LoopInterruptedException if the flag of this thread is set before the call has ended
     */
    public static <R> R apart(String who, double operations, Supplier<R> call) {
        check(who);
        if (operations < SOON) return call.get();
        FutureTask<R> task = new FutureTask<>(call::get);
        Thread thread = new Thread(task, "unroll-apart");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoopInterruptedException(who + ": interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(e.getCause());
        }
    }
}
