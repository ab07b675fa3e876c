package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part runs exactly once, whoever runs it, and what goes wrong in one is told. */
class ParallelTest {
    private static void withThreads(int threads, Runnable work) {
        Parallel.withThreads(threads, () -> {
            work.run();
            return null;
        });
    }

    private static void assertOnceEach(AtomicIntegerArray counts) {
        for (int i = 0; i < counts.length(); i++) assertEquals(1, counts.get(i), "part " + i);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 9}) void everyPartOnce(int threads) {
        withThreads(threads, () -> {
            for (int round = 0; round < 300; round++) {
                AtomicIntegerArray counts = new AtomicIntegerArray(round % 23);
                Parallel.run(counts.length(), counts::incrementAndGet);
                assertOnceEach(counts);
            }
        });
    }

    /** Two parts that wait for each other end only if two threads run them. */
    @Test void partsRunAtOnce() {
        CountDownLatch both = new CountDownLatch(2);
        withThreads(2, () -> Parallel.run(2, part -> {
            both.countDown();
            try {
                if (!both.await(60, TimeUnit.SECONDS)) throw new IllegalStateException("one thread runs both");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        assertEquals(0, both.getCount());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3}) void exceptionsComeOut(int threads) {
        withThreads(threads, () -> {
            for (int bad = 0; bad < 5; bad++) {
                int part = bad;
                IllegalStateException thrown = new IllegalStateException("part " + part);
                assertSame(thrown, assertThrows(IllegalStateException.class, () -> Parallel.run(5, i -> {
                    if (i == part) throw thrown;
                })));
                AssertionError error = new AssertionError("an error too");
                assertSame(error, assertThrows(AssertionError.class, () -> Parallel.run(5, i -> {
                    if (i == part) throw error;
                })));
            }
            AtomicIntegerArray counts = new AtomicIntegerArray(7);         // and afterwards all works as before
            Parallel.run(7, counts::incrementAndGet);
            assertOnceEach(counts);
        });
    }

    @Test void nestedCalls() {
        AtomicIntegerArray counts = new AtomicIntegerArray(6 * 5 * 4);
        withThreads(4, () -> Parallel.run(6,
                i -> Parallel.run(5, j -> Parallel.run(4, k -> counts.incrementAndGet((i * 5 + j) * 4 + k)))));
        assertOnceEach(counts);
    }

    @Test void twoCallersAtOnce() throws InterruptedException {
        AtomicIntegerArray counts = new AtomicIntegerArray(2000);
        Thread[] callers = new Thread[2];
        for (int c = 0; c < 2; c++) {
            int first = c * 1000;
            callers[c] = new Thread(() -> withThreads(3, () -> {
                for (int i = 0; i < 1000; i += 10) {
                    int begin = first + i;
                    Parallel.run(10, part -> counts.incrementAndGet(begin + part));
                }
            }));
            callers[c].start();
        }
        for (Thread caller : callers) caller.join();
        assertOnceEach(counts);
    }

    /** What changes numbers in place is done for all of them, and the thread stays interrupted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3}) void anInterruptLeavesNoRangeOut(int threads) {
        int n = 200_001;
        byte[] counts = new byte[n], ones = new byte[n];
        Arrays.fill(ones, (byte) 1);
        Thread.currentThread().interrupt();
        try {
            withThreads(threads, () -> Parallel.ranges(n, (from, to) -> {
                for (int i = from; i < to; i++) counts[i]++;
            }));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertArrayEquals(ones, counts);
    }

    /** Whichever thread runs a part: it sees the flag of the one that waits for all. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3}) void anInterruptEndsEveryPart(int threads) {
        Thread caller = Thread.currentThread();
        AtomicInteger ended = new AtomicInteger(), begun = new AtomicInteger();
        try {
            withThreads(threads, () -> {
                assertThrows(LoopInterruptedException.class, () -> Parallel.run(50, part -> {
                    begun.incrementAndGet();
                    caller.interrupt();
                    try {
                        while (true) Interrupts.check("a part");
                    } finally {
                        ended.incrementAndGet();
                    }
                }));
                assertTrue(caller.isInterrupted());
                assertTrue(begun.get() <= threads, begun + " parts began");
                assertEquals(begun.get(), ended.get());
                assertTrue(Thread.interrupted());
                AtomicIntegerArray counts = new AtomicIntegerArray(7);     // and afterwards all works as before
                Parallel.run(7, counts::incrementAndGet);
                assertOnceEach(counts);
            });
        } finally {
            Thread.interrupted();
        }
    }

    @Test void threadsAreThoseChosen() {
        int before = Parallel.threads();
        assertEquals(3, Parallel.withThreads(3, () -> Parallel.withThreads(5, Parallel::threads) - 2));
        assertThrows(ArithmeticException.class,
                () -> Parallel.withThreads(7, () -> { throw new ArithmeticException(); }));
        assertEquals(before, Parallel.threads());
        assertThrows(IllegalArgumentException.class, () -> Parallel.withThreads(0, () -> 1));
    }

    /** Threads that an earlier call with more of them left behind stay out. */
    @Test void notMoreThreadsThanChosen() {
        for (int round = 0; round < 60; round++) {
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            withThreads(8, () -> Parallel.run(8, part -> work()));         // now they are awake
            withThreads(2, () -> Parallel.run(8, part -> {
                seen.add(Thread.currentThread());
                work();
            }));
            assertTrue(seen.size() <= 2, seen.toString());
        }
    }

    private static void work() {
        long x = 0;
        for (int i = 0; i < 500_000; i++) x += i * x + 1;
        if (x == 42) throw new AssertionError("so that the loop is not left away");
    }

    @Test void rangesCoverEachElementOnce() {
        for (int n : new int[] {0, 1, 100, 131_071, 131_072, 200_001}) {
            byte[] counts = new byte[n];
            AtomicInteger calls = new AtomicInteger();
            Parallel.ranges(n, (from, to) -> {
                calls.incrementAndGet();
                for (int i = from; i < to; i++) counts[i]++;
            });
            byte[] ones = new byte[n];
            Arrays.fill(ones, (byte) 1);
            assertArrayEquals(ones, counts);
            assertEquals(n < 131_072 ? 1 : (n + 32_767) / 32_768, calls.get());
        }
    }

    /** What a part throws although it does not declare it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3}) void checkedExceptionsComeOutToo(int threads) {
        IOException thrown = new IOException("checked");
        withThreads(threads, () -> assertSame(thrown, assertThrows(IOException.class, () -> Parallel.run(5, i -> {
            if (i == 3) ParallelTest.<RuntimeException>sneak(thrown);
        }))));
    }

    @SuppressWarnings("unchecked") private static <E extends Throwable> void sneak(Throwable t) throws E {
        throw (E) t;
    }

    /** The arrays of a job that is over can be collected, although the threads that did it wait for the next one. */
    @Test void idleThreadsHoldNothing() {
        // more threads than the next job takes: they see it and fall asleep
        withThreads(8, () -> Parallel.run(8, part -> work()));
        WeakReference<float[]> array = new WeakReference<>(usedByTwo());
        for (int i = 0; i < 50 && array.get() != null; i++) System.gc();
        assertTrue(array.refersTo(null));
    }

    private static float[] usedByTwo() {
        float[] array = new float[1000];
        CountDownLatch both = new CountDownLatch(2);
        withThreads(2, () -> Parallel.run(2, part -> {
            array[part] = 1;
            work();
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        return array;
    }

    /** Parts of 5, 3, 2 and 4 ticks on two threads: 5 + 4 beside 3 + 2, so that 5 of 14 are saved, nested parts or not. */
    @Test void rehearsesMoreThreads() {
        long[] now = {0};
        int[] ticks = {5, 3, 2, 4};
        var on2 = Parallel.rehearse(2, () -> now[0], () -> {
            now[0] += 10;
            Parallel.run(4, part -> Parallel.run(ticks[part], tick -> now[0]++));
        });
        assertEquals(new Parallel.Rehearsal(24, 19), on2);
        var on8 = Parallel.rehearse(8, () -> now[0], () -> Parallel.run(4, part -> now[0] += ticks[part]));
        assertEquals(new Parallel.Rehearsal(14, 5), on8);
    }
}
