package unroll.tensor;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Matrix products of row-major arrays: plain Java when small, else a native library ({@link #description()}), called
 * single-threaded from Java's own threads. The work is cut by shape, so results are equal to the last bit for any
 * number of threads.
 */
public final class Blas {
    /** Up to this m n k the copies to native memory and the call cost more than they save. */
    private static final long SMALL = 2_500;
    /** Below this m n k a second thread costs more than it saves. */
    private static final long PART = 1 << 21;
    /** How many numbers stay in a core's cache from their copy to the product. */
    private static final int CACHED = 1 << 17, LEAST_ROWS = 64;
    private static final Gemm.Choice NATIVE = Gemm.load();
    private static final Gemm GEMM = NATIVE.gemm() == null ? null : Gemm.inPieces(NATIVE.gemm());
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private Blas() {
    }

    /**
     * Which library multiplies: "oneDNN 3.11", "OpenBLAS", "plain Java" with the reason, or "none" where the system
     * property asks for no known one. Where no native library loads, one line on standard output says so at the first
     * product.
     */
    public static String description() { return NATIVE.description(); }

    /** Whether oneDNN multiplies, and layers may call it. */
    public static boolean isOneDnn() {
        return description().startsWith("oneDNN");
    }

    static boolean isOpenBlas() { return description().startsWith("OpenBLAS"); }

    /** Before a call of oneDNN: its work stays on this thread. */
    public static void stayOnThisThread() {
        Gemm.ALONE.get();
    }

    static boolean isNative() { return GEMM != null; }

    static Gemm gemm() { return GEMM; }

    /**
     * c = op(a) op(b), or c += where {@code add}.
     *
     * @param a [m, k], or [k, m] where {@code transposeA}
     * @param b [k, n], or [n, k] where {@code transposeB}
     * @param weight whose values b is, or null: products read its native copies then
     * @param c [m, n]
     */
    static void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, float[] b,
            Parameter weight, float[] c, boolean add) {
        if ((long) m * k > a.length || (long) k * n > b.length || (long) m * n > c.length)
            throw new ShapeException("product: [" + m + ", " + k + "] times [" + k + ", " + n
                    + "] does not fit arrays of " + a.length + ", " + b.length + " and " + c.length + " numbers");
        double work = (double) m * n * k;                                  // exact up to 2^53, and never negative
        if (work <= SMALL || GEMM == null) {
            PlainProduct.multiply(transposeA, transposeB, m, n, k, a, b, c, add);
            return;
        }
        // A Wᵀ reads the transposed mirror: oneDNN is slow on B transposed
        Matrix mirror = weight == null ? null : weight.mirror(transposeB).of(b, weight.version());
        multiply(transposeA, transposeB, m, n, k, (at, to, count) -> put(a, at, to, count),
                (at, to, count) -> put(b, at, to, count), mirror, c, add);
    }

    /**
     * c = aᵀ b, or c +=, where the rows of a and b lie in several arrays: they are copied to native memory at once,
     * without an array of all.
     *
     * @param a each {@code [.., m]}
     * @param b each {@code [.., n]}, of as many rows
     */
    static void multiplyTransposed(int m, int n, List<float[]> a, List<float[]> b, float[] c, boolean add) {
        long size = 0;
        for (float[] rows : a) size += rows.length;
        int k = m == 0 ? 0 : (int) (size / m);
        if (a.size() == 1 || (double) m * n * k <= SMALL || GEMM == null)
            multiply(true, false, m, n, k, joined(a), joined(b), null, c, add);
        else
            multiply(true, false, m, n, k, source(a), source(b), null, c, add);
    }

    private static float[] joined(List<float[]> parts) {
        if (parts.size() == 1) return parts.get(0);
        int size = 0, at = 0;
        for (float[] p : parts) size += p.length;
        float[] all = new float[size];
        for (float[] p : parts) {
            System.arraycopy(p, 0, all, at, p.length);
            at += p.length;
        }
        return all;
    }

    private static Source source(List<float[]> parts) {
        return (at, to, count) -> {
            int skip = at, done = 0;
            for (float[] p : parts) {
                int part = Math.min(p.length - skip, count - done);
                if (part > 0) {
                    put(p, skip, at(to, done), part);
                    done += part;
                }
                skip = Math.max(0, skip - p.length);
                if (done == count) return;
            }
        };
    }

    /** Numbers that go to native memory: {@code count} from {@code at} on. */
    @FunctionalInterface
    private interface Source {
        void put(int at, FloatPointer to, int count);
    }

    private static void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, Source a, Source b,
            Matrix mirror, float[] c, boolean add) {
        double work = (double) m * n * k;
        int parts = parts(m, work);
        if (transposeA && !transposeB && mirror == null && (long) parts * m * n <= (long) k * (m + n) / 2) {
            overDepth(m, n, k, a, b, c, add, parts(k, work));
            return;
        }
        Scratch scratch = SCRATCH.get();
        FloatPointer pa = transposeA ? scratch.room(0, m * k) : null,
                pb = mirror != null ? mirror.pointer() : scratch.room(1, k * n);
        long ldb = mirror != null ? mirror.leadingDimension() : transposeB ? k : n;
        if (transposeA) a.put(0, pa, m * k);                              // all of it; else each part copies its rows
        if (mirror == null) b.put(0, pb, k * n);
        int rows = ((m - 1) / parts + 16) / 16 * 16, most = Math.min(m, rows);
        int together = transposeA || (long) k * n > CACHED
                ? most
                : (int) Math.min(most, Math.max(LEAST_ROWS, CACHED / ((long) k + n)));
        Parallel.run(parts, part -> {
            Scratch own = SCRATCH.get();
            FloatPointer ra = transposeA ? null : own.room(0, together * k), cc = own.room(2, together * n);
            int first = part * rows, end = first + Math.min(rows, m - first);
            for (int from = first; from < end; from += together) {
                int count = Math.min(together, end - from);
                Interrupts.check("a product", "row", from, m);
                if (!transposeA) a.put(from * k, ra, count * k);
                if (add) put(c, from * n, cc, count * n);
                GEMM.multiply(transposeA, transposeB && mirror == null, count, n, k, transposeA ? at(pa, from) : ra,
                        transposeA ? m : k, pb, ldb, add ? 1 : 0, cc, n);
                get(cc, c, from * n, count * n);
            }
        });
    }

    /**
     * c = aᵀ b, or c +=, for many more rows of a and b than c has: each part takes some of these, and the sums of the
     * parts are added in order.
     */
    private static void overDepth(int m, int n, int k, Source a, Source b, float[] c, boolean add, int parts) {
        int depth = (k - 1) / parts + 1,
                together = (int) Math.min(depth, Math.max(LEAST_ROWS, CACHED / ((long) m + n)));
        float[][] sums = new float[parts][m * n];
        Parallel.run(parts, part -> {
            Scratch own = SCRATCH.get();
            FloatPointer pa = own.room(0, together * m), pb = own.room(1, together * n), pc = own.room(2, m * n);
            int first = (int) Math.min(k, (long) part * depth), end = first + Math.min(depth, k - first);
            for (int from = first; from < end; from += together) {
                int count = Math.min(together, end - from);
                Interrupts.check("a product", "row", from, k);
                a.put(from * m, pa, count * m);
                b.put(from * n, pb, count * n);
                GEMM.multiply(true, false, m, n, count, pa, m, pb, n, from == first ? 0 : 1, pc, n);
            }
            if (first < end) get(pc, sums[part], 0, m * n);
        });
        if (!add) System.arraycopy(sums[0], 0, c, 0, m * n);
        for (int part = add ? 0 : 1; part < parts; part++) VectorMath.add(c, sums[part], 0, m * n);
    }

    /** 1, 2, 4 or 8 groups of m rows, by the amount of work. */
    private static int parts(int m, double work) {
        int parts = 1;
        while (parts < 8 && work / (2 * parts) >= PART && m / (2 * parts) >= 16) parts *= 2;
        return parts;
    }

    /** Copies to native memory; JavaCPP itself would read and write beyond both ends. */
    static void put(float[] from, int at, FloatPointer to, int count) {
        Objects.checkFromIndexSize(at, count, from.length);
        Objects.checkFromIndexSize(0, count, to.capacity());
        to.put(from, at, count);
    }

    /** The other way round. */
    private static void get(FloatPointer from, float[] to, int at, int count) {
        Objects.checkFromIndexSize(at, count, to.length);
        Objects.checkFromIndexSize(0, count, from.capacity());
        from.get(to, at, count);
    }

    /** Native memory for so many numbers. */
    static FloatPointer allocate(long size) {
        try {
            return new FloatPointer(size);
        } catch (OutOfMemoryError e) {
            OutOfMemoryError named = new OutOfMemoryError(Message.of(String.format(Locale.ROOT,
                    "%,d MB outside the heap could not be had (%s); use shorter sequences or a smaller batch, or a "
                            + "larger heap (-Xmx), whose size limits this memory too",
                    size / 250_000, e.getMessage())));
            named.initCause(e);
            throw named;
        }
    }

    /** Native memory for so many numbers that this thread may use until its next product of arrays. */
    static FloatPointer room(int size) {
        return SCRATCH.get().room(2, size);
    }

    /** A place in native memory, which lives while this does. */
    static FloatPointer at(FloatPointer memory, long offset) {
        return new Place(memory, offset);
    }

    /** Rows of one matrix become rows of another, of the same distance. */
    static void copyRows(FloatPointer to, int count, FloatPointer from, int[] numbers, int at, int width,
            int distance) {
        long row = (long) distance * Float.BYTES, bytes = (long) width * Float.BYTES;
        FloatPointer target = at(to, 0), source = at(from, 0);
        for (int i = 0; i < count; i++)                                    // of memory a position counts bytes
            Pointer.memcpy(target.position(i * row), source.position(numbers[at + i] * row), bytes);
    }

    /** JavaCPP's own pointers into others bring what frees memory with them: three objects where one is enough. */
    private static final class Place extends FloatPointer {
        @SuppressWarnings("unused") private final FloatPointer memory;

        Place(FloatPointer memory, long offset) {
            super((Pointer) null);
            if (memory.isNull()) throw new IllegalStateException("this native memory was freed");
            this.memory = memory;
            address = memory.address() + offset * Float.BYTES;
            limit = capacity = memory.capacity() - offset;
        }
    }

    /** Native memory of one thread that products copy through; grows, and goes with the thread. */
    private static final class Scratch {
        private static final FloatPointer NONE = new FloatPointer();
        private final FloatPointer[] rooms = {new FloatPointer(4096), new FloatPointer(4096), new FloatPointer(4096)};

        FloatPointer room(int i, int size) {
            if (rooms[i].capacity() < size) {
                FloatPointer old = rooms[i];
                // what is closed must not be found here if there is no memory for more
                rooms[i] = NONE;
                old.close();
                rooms[i] = allocate(size + size / 2L);
            }
            return rooms[i];
        }
    }
}
