package unroll.tensor;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrix products of row-major arrays: plain Java when small, else a native library ({@link #description()}), called single-threaded from Java's
 * own threads. The work is cut by shape, so results are equal to the last bit for any number of threads.
 */
public final class Blas {
    /** Up to this m n k the copies to native memory cost more than they save. */
    private static final long SMALL = 4_096;
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
     * Which library multiplies: "oneDNN 3.11", "OpenBLAS", "plain Java" with the reason, or "none" where the system property asks for no known one.
     * Where no native library loads, one line on standard output says so at the first product.
     */
    public static String description() {
        return NATIVE.description();
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
    static void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, float[] b, Parameter weight, float[] c,
            boolean add) {
        long work = (long) m * n * k;
        if (work <= SMALL || GEMM == null) {
            PlainProduct.multiply(transposeA, transposeB, m, n, k, a, b, c, add);
            return;
        }
        int parts = parts(m, work);
        if (transposeA && !transposeB && weight == null && (long) parts * m * n <= (long) k * (m + n) / 2) {
            overDepth(m, n, k, a, b, c, add, parts(k, work));
            return;
        }
        Scratch scratch = SCRATCH.get();
        FloatPointer pa = transposeA ? scratch.room(0, m * k) : null, pb;
        if (transposeA) pa.put(a, 0, m * k);                      // every part needs all of it; else each copies its own rows
        long ldb = transposeB ? k : n;
        boolean tb = transposeB;
        if (weight != null) {                                          // A Wᵀ reads the transposed mirror: oneDNN is slow on B transposed
            Matrix mirror = weight.mirror(transposeB).of(b, weight.version());
            pb = mirror.pointer();
            ldb = mirror.leadingDimension();
            tb = false;
        } else {
            pb = scratch.room(1, k * n);
            pb.put(b, 0, k * n);
        }
        long ldbOfAll = ldb;
        boolean tbOfAll = tb;
        int rows = ((m + parts - 1) / parts + 15) / 16 * 16;
        int together = transposeA || (long) k * n > CACHED ? rows : Math.min(rows, Math.max(LEAST_ROWS, CACHED / (k + n)));
        Parallel.run(parts, part -> {
            Scratch own = SCRATCH.get();
            FloatPointer ra = transposeA ? null : own.room(0, together * k), cc = own.room(2, together * n);
            int end = Math.min(m, part * rows + rows);
            for (int from = part * rows; from < end; from += together) {
                int count = Math.min(end, from + together) - from;
                Interrupts.check("a product", "row", from, m);
                if (!transposeA) ra.put(a, from * k, count * k);
                if (add) cc.put(c, from * n, count * n);
                GEMM.multiply(transposeA, tbOfAll, count, n, k, transposeA ? at(pa, from) : ra, transposeA ? m : k, pb, ldbOfAll,
                        add ? 1 : 0, cc, n);
                cc.get(c, from * n, count * n);
            }
        });
    }

    /** c = aᵀ b, or c +=, for many more rows of a and b than c has: each part takes some of these, and the sums of the parts are added in order. */
    private static void overDepth(int m, int n, int k, float[] a, float[] b, float[] c, boolean add, int parts) {
        int depth = (k + parts - 1) / parts, together = Math.min(depth, Math.max(LEAST_ROWS, CACHED / (m + n)));
        float[][] sums = new float[parts][m * n];
        Parallel.run(parts, part -> {
            Scratch own = SCRATCH.get();
            FloatPointer pa = own.room(0, together * m), pb = own.room(1, together * n), pc = own.room(2, m * n);
            int first = part * depth, end = Math.min(k, first + depth);
            for (int from = first; from < end; from += together) {
                int count = Math.min(end, from + together) - from;
                Interrupts.check("a product", "row", from, k);
                pa.put(a, from * m, count * m);
                pb.put(b, from * n, count * n);
                GEMM.multiply(true, false, m, n, count, pa, m, pb, n, from == first ? 0 : 1, pc, n);
            }
            if (first < end) pc.get(sums[part], 0, m * n);
        });
        if (!add) System.arraycopy(sums[0], 0, c, 0, m * n);
        for (int part = add ? 0 : 1; part < parts; part++) VectorMath.add(c, sums[part], 0, m * n);
    }

    /** 1, 2, 4 or 8 groups of m rows, by the amount of work. */
    private static int parts(int m, long work) {
        int parts = 1;
        while (parts < 8 && work / (2 * parts) >= PART && m / (2 * parts) >= 16) parts *= 2;
        return parts;
    }

    private static FloatPointer at(FloatPointer p, long offset) { return offset == 0 ? new FloatPointer(p) : p.getPointer(offset); }

    /** Native memory of one thread that products copy through; grows, and goes with the thread. */
    private static final class Scratch {
        private final FloatPointer[] rooms = {new FloatPointer(4096), new FloatPointer(4096), new FloatPointer(4096)};

        FloatPointer room(int i, int size) {
            if (rooms[i].capacity() < size) {
                rooms[i].close();
                rooms[i] = new FloatPointer(size + size / 2L);
            }
            return rooms[i];
        }
    }
}
