package unroll.tensor;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the parts of one piece of work on Java's own threads. How sums are cut must depend on the shape of the work
 * only; then results do not depend on the number of threads, to the last bit.
 *
 * <pre>{@code
 * Parallel.run(4, part -> multiplyRows(part * 256, part * 256 + 256));
 * }</pre>
 *
 * The number of threads is that of the processors, or the system property {@code unroll.threads}, 1 to 256. With more
 * than there are processors, work is cut for all of them, but only as many run at once.
 */
public final class Parallel {
    private static final int MOST_THREADS = 256;
    private static final String ASKED = System.getProperty("unroll.threads");
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int DEFAULT_THREADS = defaultThreads();
    private static final ThreadLocal<Integer> CHOSEN = new ThreadLocal<>();
    private static final ThreadLocal<Stage> STAGE = new ThreadLocal<>();
    private static final int BLOCK = 1 << 15;
    private static final Crew CREW = new Crew();

    private Parallel() {
    }

    /** 0 where what is asked for is no number of threads: an error here would be lost in a class that cannot load. */
    private static int defaultThreads() {
        if (ASKED == null) return Math.min(MOST_THREADS, PROCESSORS);
        try {
            int n = Integer.parseInt(ASKED.strip());
            return n >= 1 && n <= MOST_THREADS ? n : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * The number of threads that work of this thread is spread over: 1 within a part, which is done by one.
     *
     * @throws IllegalArgumentException where the system property {@code unroll.threads} is not a number from 1 to 256
     */
    public static int threads() {
        if (within()) return 1;
        Integer chosen = CHOSEN.get();
        if (chosen != null) return chosen;
        if (DEFAULT_THREADS == 0)
            throw new IllegalArgumentException(Message.of("-Dunroll.threads=" + ASKED
                    + " is not known; expected a number of threads from 1 to " + MOST_THREADS));
        return DEFAULT_THREADS;
    }

    /** Whether this is a part of some work. */
    private static boolean within() {
        Stage stage = STAGE.get();
        return Thread.currentThread() instanceof Crew.Worker || CREW.busy.isHeldByCurrentThread()
                || stage != null && stage.within;
    }

    /** Into how many parts to cut something of this size: as many as there are threads for, of {@code least} each. */
    public static int parts(int size, int least) {
        return size < 2 * least ? 1 : Math.min(threads(), size / least);
    }

    /** Computes something with another number of threads. */
    public static <T> T withThreads(int threads, Supplier<T> work) {
        if (threads < 1 || threads > MOST_THREADS)
            throw new IllegalArgumentException(
                    "Parallel: expected 1 to " + MOST_THREADS + " threads but got " + threads);
        return with(CHOSEN, threads, work);
    }

    /** Computes something while a variable of this thread has another value. */
    static <V, T> T with(ThreadLocal<V> variable, V value, Supplier<T> work) {
        V before = variable.get();
        variable.set(value);
        try {
            return work.get();
        } finally {
            if (before != null) variable.set(before);
            else
                variable.remove();
        }
    }

    /**
     * Runs parts 0 .. parts - 1, in any order and perhaps at once; returns when all are done. The first exception of a
     * part is thrown here, and parts that have not begun by then are left out.
     *
     * @throws LoopInterruptedException before the next part of any thread, when the caller is interrupted
     */
    public static void run(int parts, IntConsumer part) {
        wholly(parts, i -> {
            Interrupts.check("Parallel", "part", i, parts);
            part.accept(i);
        });
    }

    /** The same, but an interrupt leaves no part out. */
    private static void wholly(int parts, IntConsumer part) {
        Stage stage = STAGE.get();
        if (stage != null) {
            stage.run(parts, part);
            return;
        }
        int threads = parts <= 1 ? 1 : threads();
        if (threads == 1 || !CREW.busy.tryLock()) {                        // within a part, or while others work
            for (int i = 0; i < parts; i++) part.accept(i);
            return;
        }
        try {
            int most = CHOSEN.get() == null ? PROCESSORS : threads;        // more would only wait for each other
            CREW.run(new Job(++CREW.jobs, parts, part, Math.min(most, Math.min(threads, parts)) - 1));
        } finally {
            CREW.busy.unlock();
        }
    }

    /** What {@link #rehearse} found, in the unit of its clock. */
    public record Rehearsal(long total, long projected) {
    }

    /**
     * What work would take on more processors than there are: it runs here as for so many threads, but one part after
     * the other. {@code projected} is {@code total} without what the threads beside the busiest one would do at the
     * same time. A projection: waking threads, and caches and memory that they share, are not in it.
     *
     * <pre>{@code
     * var on8 = Parallel.rehearse(8, System::nanoTime, () -> model.loss(batch, state).loss().backward());
     * }</pre>
     */
    public static Rehearsal rehearse(int threads, LongSupplier clock, Runnable work) {
        Stage stage = new Stage(threads, clock);
        return withThreads(threads, () -> with(STAGE, stage, () -> {
            long start = clock.getAsLong();
            work.run();
            long total = clock.getAsLong() - start;
            return new Rehearsal(total, total - stage.saved);
        }));
    }

    /** Where parts run one after the other; whoever of the threads would be free first has the next. */
    private static final class Stage {
        private final long[] busy;
        private final LongSupplier clock;
        private boolean within;
        long saved;

        Stage(int threads, LongSupplier clock) {
            busy = new long[threads];
            this.clock = clock;
        }

        void run(int parts, IntConsumer part) {
            if (within) {
                for (int i = 0; i < parts; i++) part.accept(i);
                return;
            }
            within = true;
            try {
                Arrays.fill(busy, 0);
                long sum = 0;
                for (int i = 0; i < parts; i++) {
                    long start = clock.getAsLong();
                    part.accept(i);
                    long took = clock.getAsLong() - start;
                    sum += took;
                    busy[0] += took;
                    Arrays.sort(busy);
                }
                saved += sum - busy[busy.length - 1];
            } finally {
                within = false;
            }
        }
    }

    /** Runs work on 0 .. size - 1, cut into so many ranges, which begin at multiples of 16 where they are longer. */
    public static void cut(int size, int parts, Range work) {
        int unit = size / parts >= 32 ? 16 : 1;
        if (parts == 1) work.accept(0, size);
        else
            run(parts, p -> work.accept(bound(size, p, parts, unit), bound(size, p + 1, parts, unit)));
    }

    private static int bound(int size, int part, int parts, int unit) {
        return part == parts ? size : (int) ((long) size * part / parts) / unit * unit;
    }

    /** What is done to the elements from .. to - 1. */
    @FunctionalInterface
    public interface Range {
        void accept(int from, int to);
    }

    /** Whether {@link #ranges} would give n elements to one thread. */
    static boolean small(int n) {
        return n < 4 * BLOCK;
    }

    /**
     * Runs work that treats each of n elements by itself, in blocks where there are many. It is done before anyone can
     * lose patience, so an interrupt does not stop it: what changes numbers in place, such as an optimizer, does so for
     * all or none.
     */
    public static void ranges(int n, Range work) {
        if (small(n)) {
            work.accept(0, n);
            return;
        }
        wholly((n - 1) / BLOCK + 1,
                part -> work.accept(part * BLOCK, part * BLOCK + Math.min(BLOCK, n - part * BLOCK)));
    }

    /**
     * One call of {@link #run}: parts are taken from a counter, so a slow thread takes fewer. Who did it remembers its
     * number and not the job.
     */
    private static final class Job {
        final long number;
        final int parts;
        final IntConsumer part;
        final Thread caller = Thread.currentThread();
        final int helpers;                                                 // threads besides the caller
        final AtomicInteger next = new AtomicInteger(), done = new AtomicInteger();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        volatile boolean callerSleeps;

        Job(long number, int parts, IntConsumer part, int helpers) {
            this.number = number;
            this.parts = parts;
            this.part = part;
            this.helpers = helpers;
        }

        void work() {
            for (int i; (i = next.getAndIncrement()) < parts;) {
                int over = 1;
                try {
                    part.accept(i);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                    over += Math.max(0, parts - next.getAndSet(parts));    // what nobody has begun is left out
                }
                if (done.addAndGet(over) == parts && callerSleeps) LockSupport.unpark(caller);
            }
        }
    }

    /**
     * Daemon threads that wait for the next job: awake for some microseconds, since layers ask again and again, then
     * asleep.
     */
    private static final class Crew {
        /**
         * How often a thread looks before it sleeps. A thread that is woken may be put on the processor of who woke it
         * and stay there, so that two share one: so it looks for some 300 µs, longer than most gaps within a training
         * step. Between looks it lets others go first, seldom, since two that give way to each other stay together too:
         * measured for a process alone and for two at once.
         */
        private static final int ALONE = 2_000, LOOKS = 30_000, POLITE = 32;
        /** How often who waits for the last part looks, after those of {@link #ALONE}. */
        private static final int WAITS = 500;
        final ReentrantLock busy = new ReentrantLock();
        private Worker[] workers = {};
        private long jobs;                                                 // written by who holds the lock
        private volatile Job job;

        void run(Job next) {
            hire(next.helpers);
            job = next;
            for (int i = 0; i < next.helpers; i++) if (workers[i].asleep) LockSupport.unpark(workers[i]);
            next.work();
            for (int spins = 0; next.done.get() < next.parts;) {
                if (++spins < ALONE) {
                    Thread.onSpinWait();
                } else if (spins < ALONE + WAITS) {
                    Thread.yield();
                } else {
                    next.callerSleeps = true;
                    if (next.done.get() < next.parts) LockSupport.parkNanos(next, 100_000);
                }
            }
            job = null;
            if (next.failure.get() != null) Crew.<RuntimeException>rethrow(next.failure.get());
        }

        /** Throws it as it is: a part can throw a checked exception too, although it does not declare it. */
        @SuppressWarnings("unchecked") private static <E extends Throwable> void rethrow(Throwable failure) throws E {
            throw (E) failure;
        }

        private void hire(int helpers) {
            if (workers.length >= helpers) return;
            Worker[] more = Arrays.copyOf(workers, helpers);
            for (int i = workers.length; i < helpers; i++) {
                more[i] = new Worker(i);
                more[i].start();
            }
            workers = more;
        }

        /**
         * Waking a thread costs more than a look at whether it sleeps. Who is about to sleep says so first and then
         * looks again for a job.
         */
        private final class Worker extends Thread {
            private final int number;
            volatile boolean asleep;

            Worker(int number) {
                super("unroll-" + (number + 1));
                this.number = number;
                setDaemon(true);
            }

            /** Who waits for it was: a part that looks at the flag of its thread means that one. */
            @Override public boolean isInterrupted() {
                Job now = job;
                return now != null && now.caller.isInterrupted();
            }

            @Override public void run() {
                long last = 0;
                for (int spins = 0;;) {
                    long seen = look(number, last);
                    if (seen != last) {
                        last = seen;
                        spins = 0;
                        asleep = false;
                    } else if (++spins < LOOKS) {
                        if (spins > ALONE && spins % POLITE == 0) Thread.yield();
                        else
                            Thread.onSpinWait();
                    } else if (!asleep) {
                        asleep = true;                                     // and look once more
                    } else {
                        LockSupport.park(Crew.this);
                        Thread.interrupted();
                        asleep = false;
                        spins = 0;
                    }
                }
            }
        }

        /**
         * Works on the job that is there, if it is a new one; gives its number. A local variable of a thread asleep
         * would keep the job alive.
         */
        private long look(int number, long last) {
            Job now = job;
            if (now == null || now.number == last) return last;
            if (number < now.helpers) now.work();
            return now.number;
        }
    }
}
