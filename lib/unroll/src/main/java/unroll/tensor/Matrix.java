package unroll.tensor;

import java.nio.FloatBuffer;
import java.util.Arrays;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A row-major matrix outside the Java heap, where native products read and write, for layers that multiply many times:
 * what stays here is not copied back and forth. Where no native library loads it lies in the heap and plain Java
 * multiplies.
 *
 * <p>Rows may be padded (see {@link Mirror}). One thread may write a row while others use other rows.
 */
public final class Matrix {
    /** From so many multiplications on, a part of a product is worth a thread; with fewer rows, a cut by columns. */
    private static final int WORTH = 1 << 16, FEW_ROWS = 8;
    /** A product of one row is cut into so many parts at most, each of so many rows of the other factor. */
    private static final int MOST_DEPTHS = 16, LEAST_DEPTH = 16;
    /** Numbers that are worth a thread to copy them. */
    private static final int COPIED = 1 << 16;
    private final int rows, columns, leadingDimension;
    private final FloatPointer pointer;                                    // null in plain Java
    private final FloatBuffer floats;

    private Matrix(int rows, int columns, int leadingDimension) {
        this.rows = rows;
        this.columns = columns;
        this.leadingDimension = leadingDimension;
        int size = Shape.size("Matrix", new int[] {rows, leadingDimension});
        pointer = Blas.isNative() ? Blas.allocate(Math.max(1, size)) : null;
        floats = pointer != null ? pointer.asBuffer() : FloatBuffer.allocate(size);
    }

    private Matrix(Matrix whole, int row, int rows, int column, int columns) {
        this.rows = rows;
        this.columns = columns;
        leadingDimension = whole.leadingDimension;
        pointer = whole.pointer == null ? null : whole.at(row, column);
        floats = whole.floats.duplicate().position(row * leadingDimension + column).slice();
    }

    /**
     * Room for {@code [rows, columns]}, its values undefined; rows are padded where their distance would be a power of
     * two.
     */
    public static Matrix room(long rows, int columns) {
        long distance = columns % 128 == 0 ? columns + 16L : columns;
        if (rows > Shape.MOST || distance > Shape.MOST)
            throw new ShapeException("Matrix: [" + rows + ", " + columns + "] is too large; an axis holds at most "
                    + Shape.MOST + ": use shorter sequences or a smaller batch");
        return new Matrix((int) rows, columns, (int) distance);
    }

    /** A weight as products read it, made anew when the weight has changed. */
    public static Matrix of(Parameter weight) {
        return weight.mirror(false).of(weight.values(), weight.version());
    }

    /** The transposed weight: native A Wᵀ is up to 2.7 times slower than a product with this. */
    public static Matrix transposeOf(Parameter weight) {
        return weight.mirror(true).of(weight.values(), weight.version());
    }

    /**
     * Rows row .. row + rows - 1, columns column .. column + columns - 1 of this, in the same memory; not to be used
     * after the whole is freed.
     */
    public Matrix block(int row, int rows, int column, int columns) {
        if (row < 0 || rows < 1 || rows > this.rows - row || column < 0 || columns < 1
                || columns > this.columns - column)
            throw new ShapeException("Matrix: " + this + " has no " + rows + " rows from " + row + " and " + columns
                    + " columns from " + column);
        return new Matrix(this, row, rows, column, columns);
    }

    public int rows() { return rows; }

    public int columns() { return columns; }

    /** The distance from a row to the next. */
    public int leadingDimension() { return leadingDimension; }

    FloatPointer pointer() { return pointer; }

    /**
     * Columns column .. column + width - 1 of {@code count} rows from {@code row} on, into {@code to}, row after row,
     * beginning at {@code at}.
     */
    public void get(int row, int count, int column, int width, float[] to, int at) {
        if (width == leadingDimension) floats.get(row * leadingDimension, to, at, count * width);
        else
            for (int r = 0; r < count; r++)
                floats.get((row + r) * leadingDimension + column, to, at + r * width, width);
    }

    /** The other way round. */
    public void put(int row, int count, int column, int width, float[] from, int at) {
        if (width == leadingDimension) floats.put(row * leadingDimension, from, at, count * width);
        else
            for (int r = 0; r < count; r++)
                floats.put((row + r) * leadingDimension + column, from, at + r * width, width);
    }

    /**
     * {@code count} rows from {@code row} on with what lies between them, in one piece: faster than {@link #get} for
     * many short rows.
     */
    public void getRows(int row, int count, float[] to, int at) {
        floats.get(row * leadingDimension, to, at, count * leadingDimension);
    }

    /** The other way round. */
    public void putRows(int row, int count, float[] from, int at) {
        floats.put(row * leadingDimension, from, at, count * leadingDimension);
    }

    /**
     * Rows row .. row + count - 1 become the rows {@code numbers[at ..]} of a matrix whose rows lie as far from each
     * other.
     */
    public void copyRows(int row, int count, Matrix from, int[] numbers, int at) {
        require(from.columns == columns && from.leadingDimension == leadingDimension && holds(row, count), from, this);
        for (int i = at; i < at + count; i++) require(from.holds(numbers[i], 1), from, this);
        if (pointer != null) {
            Blas.copyRows(at(row, 0), count, from.pointer, numbers, at, columns, leadingDimension);
            return;
        }
        for (int i = 0; i < count; i++)
            System.arraycopy(from.floats.array(), from.start(numbers[at + i]), floats.array(), start(row + i), columns);
    }

    /** The first rows become the values of a weight. */
    public void put(Parameter weight) {
        put(weight.values());
    }

    private void put(float[] values) {
        int n = values.length / Math.max(1, columns);
        Parallel.cut(n, Parallel.parts(n, Math.max(1, COPIED / columns)),
                (from, to) -> put(from, to - from, 0, columns, values, from * columns));
    }

    /** Its numbers times {@code by} go to an array, or are added there. */
    void addTo(float[] sum, boolean first, float by) {
        if (sum.length != rows * columns)
            throw new ShapeException("Matrix: " + this + " is no gradient of " + sum.length + " numbers");
        Parallel.cut(rows, Parallel.parts(rows, Math.max(1, COPIED / columns)), (from, to) -> {
            if (first && by == 1) {
                get(from, to - from, 0, columns, sum, from * columns);
                return;
            }
            float[] row = new float[columns], own = new float[columns];
            for (int r = from; r < to; r++) {
                get(r, 1, 0, columns, row, 0);
                if (!first) System.arraycopy(sum, r * columns, own, 0, columns);
                addTimes(own, row, by);
                System.arraycopy(own, 0, sum, r * columns, columns);
                if (first) Arrays.fill(own, 0);
            }
        });
    }

    private static void addTimes(float[] sum, float[] row, float by) {
        for (int j = 0; j < row.length; j++) sum[j] += by * row[j];
    }

    /**
     * In how many parts to cut rows, or blocks of 16 columns, that are worth a thread each from {@code least} of them
     * on: as many as there are threads. What a product gives for a row does not depend on the other rows, nor does a
     * column on the other columns, to the last bit: so it is in plain Java and oneDNN, where no part is a single row or
     * column, except in {@link #multiplyByTransposed}. OpenBLAS chooses its kernels by the size of a product, so there
     * the number of parts depends on the size alone.
     */
    public static int parts(int size, int least) {
        return Blas.isOpenBlas() ? Math.max(1, Math.min(8, size / least)) : Parallel.parts(size, least);
    }

    /**
     * Rows row .. row + count - 1 of this become, or grow by, those rows of {@code a} from {@code aRow} on, times
     * {@code b}. Large products are cut for all threads: by rows where there are enough, else by columns.
     */
    public void multiply(int row, int count, Matrix a, int aRow, Matrix b, boolean add) {
        require(a.columns == b.rows && b.columns == columns && holds(row, count) && a.holds(aRow, count), a, b);
        if (count == 1 && pointer != null) {
            multiplyRow(row, a, aRow, b, add);
            return;
        }
        int parts = parts(count, b.rows, columns);
        if (parts == 1) multiply(row, count, 0, columns, a, aRow, b, add);
        else if (count / parts >= FEW_ROWS)
            Parallel.cut(count, parts,
                    (from, to) -> multiply(row + from, to - from, 0, columns, a, aRow + from, b, add));
        else
            Parallel.cut(columns, parts, (from, to) -> multiply(row, count, from, to - from, a, aRow, b, add));
    }

    /**
     * A row is cut by rows of b, a quarter faster than by columns: what each part reads lies in one piece,
     * and reading is what takes the time. The number of parts depends on the size alone, and their sums are added in
     * their order, by a product with ones.
     */
    private void multiplyRow(int row, Matrix a, int aRow, Matrix b, boolean add) {
        int depth = b.rows, parts = (int) Math.max(1, Math.min(Math.min(MOST_DEPTHS, depth / LEAST_DEPTH),
                (long) depth * columns / WORTH)), sums = parts - 1;
        if (parts == 1) {
            multiply(row, 1, 0, columns, a, aRow, b, add);
            return;
        }
        FloatPointer room = Blas.room(sums * (columns + 1));
        Parallel.cut(parts, Parallel.parts(parts, 1), (first, end) -> {
            for (int p = first; p < end; p++) {
                int from = (int) ((long) depth * p / parts), to = (int) ((long) depth * (p + 1) / parts);
                Blas.gemm().multiply(false, false, 1, columns, to - from, a.at(aRow, from), a.leadingDimension,
                        b.at(from, 0), b.leadingDimension, p == 0 && add ? 1 : 0,
                        p == 0 ? at(row, 0) : Blas.at(room, sums + (long) (p - 1) * columns), columns);
            }
        });
        float[] ones = new float[sums];
        Arrays.fill(ones, 1);
        Blas.put(ones, 0, room, sums);
        Blas.gemm().multiply(false, false, 1, columns, sums, room, sums, Blas.at(room, sums), columns, 1, at(row, 0),
                columns);
    }

    /** Into how many parts a product of so many multiplications is cut. */
    private static int parts(int m, int k, int n) {
        long work = (long) m * k * n;
        return work < 2 * WORTH ? 1 : parts((int) Math.min(work / WORTH, Math.max(m / FEW_ROWS, n / 16)), 1);
    }

    private void multiply(int row, int count, int column, int width, Matrix a, int aRow, Matrix b, boolean add) {
        if (pointer == null)
            PlainProduct.multiply(count, width, b.rows, a.floats.array(), a.start(aRow), a.leadingDimension, 1,
                    b.floats.array(), b.start(0) + column, b.leadingDimension, 1, floats.array(),
                    start(row) + column, leadingDimension, add);
        else
            Blas.gemm().multiply(false, false, count, width, b.rows, a.at(aRow, 0), a.leadingDimension,
                    b.at(0, column), b.leadingDimension, add ? 1 : 0, at(row, column), leadingDimension);
    }

    /**
     * This becomes, or grows by, aᵀ b, taken over {@code depth} rows of a from aRow and of b from bRow on. Large
     * products are cut for all threads into blocks of the result, by rows or, where these are very long, by columns.
     */
    public void multiplyTransposed(Matrix a, int aRow, Matrix b, int bRow, int depth, boolean add) {
        require(a.columns == rows && b.columns == columns && a.holds(aRow, depth) && b.holds(bRow, depth), a, b);
        int parts = parts(rows, depth, columns);
        if (parts == 1) multiplyTransposed(0, rows, 0, columns, a, aRow, b, bRow, depth, add);
        else if (rows / parts >= 16 && columns <= 8 * rows)
            Parallel.cut(rows, parts,
                    (from, to) -> multiplyTransposed(from, to - from, 0, columns, a, aRow, b, bRow, depth, add));
        else
            Parallel.cut(columns, parts,
                    (from, to) -> multiplyTransposed(0, rows, from, to - from, a, aRow, b, bRow, depth, add));
    }

    private void multiplyTransposed(int row, int count, int column, int width, Matrix a, int aRow, Matrix b, int bRow,
            int depth, boolean add) {
        if (pointer == null)
            PlainProduct.multiply(count, width, depth, a.floats.array(), a.start(aRow) + row, 1, a.leadingDimension,
                    b.floats.array(), b.start(bRow) + column, b.leadingDimension, 1, floats.array(),
                    start(row) + column, leadingDimension, add);
        else
            Blas.gemm().multiply(true, false, count, width, depth, a.at(aRow, row), a.leadingDimension,
                    b.at(bRow, column), b.leadingDimension, add ? 1 : 0, at(row, column), leadingDimension);
    }

    /**
     * Columns column .. column + width - 1 of rows row .. row + count - 1 of this become, or grow by, those rows of
     * {@code a} times b, given as bᵀ. Of that only rows that lie behind each other are read: good for one row, and for
     * many where bᵀ is there and b is not.
     */
    public void multiplyByTransposed(int row, int count, int column, int width, Matrix a, int aRow, Matrix bTransposed,
            boolean add) {
        require(a.columns == bTransposed.columns && column >= 0 && width >= 0
                && width <= Math.min(columns, bTransposed.rows) - column && holds(row, count) && a.holds(aRow, count),
                a, bTransposed);
        if (pointer == null) {
            for (int r = 0; r < count; r++)
                PlainProduct.multiplyRow(width, a.columns, a.floats.array(), a.start(aRow + r),
                        bTransposed.floats.array(), bTransposed.start(column), bTransposed.leadingDimension,
                        floats.array(), start(row + r) + column, add);
            return;
        }
        Blas.gemm().multiply(false, true, count, width, a.columns, a.at(aRow, 0), a.leadingDimension,
                bTransposed.at(column, 0), bTransposed.leadingDimension, add ? 1 : 0, at(row, column),
                leadingDimension);
    }

    /** Whether there are so many rows from that one on: native products do not look. */
    private boolean holds(int row, int count) {
        return row >= 0 && count >= 0 && count <= rows - row;
    }

    /** Where a row begins in the heap. */
    private int start(int row) {
        return floats.arrayOffset() + row * leadingDimension;
    }

    /**
     * Gives the native memory back now instead of when the garbage collector finds this; it must not be used
     * afterwards.
     */
    public void free() {
        if (pointer != null) pointer.close();
    }

    private FloatPointer at(int row, int column) { return Blas.at(pointer, (long) row * leadingDimension + column); }

    private void require(boolean fits, Matrix a, Matrix b) {
        if (!fits) throw new ShapeException("Matrix: " + a + " and " + b + " do not multiply to " + this);
    }

    @Override public String toString() { return "[" + rows + ", " + columns + "]"; }

    /**
     * A copy of a weight matrix outside the Java heap, where native products read it, made again when the weight has
     * changed. The transposed copy exists because native A Bᵀ is up to 2.7 times slower than A B. Rows get 16 floats of
     * padding where their length is a multiple of 128: distances of a power of two would fall into the same cache sets.
     */
    static final class Mirror {
        private final boolean transposed;
        private final int rows, columns;
        private long version = -1;
        private Matrix copy;

        /** For a weight of {@code [rows, columns]}. */
        Mirror(int rows, int columns, boolean transposed) {
            this.transposed = transposed;
            this.rows = transposed ? columns : rows;
            this.columns = transposed ? rows : columns;
        }

        /** The copy of {@code values}, which are version {@code current}. */
        synchronized Matrix of(float[] values, long current) {
            if (copy == null) copy = Matrix.room(rows, columns);
            if (version != current) {
                float[] ordered = transposed ? transpose(values) : values;
                copy.put(ordered);
                if (transposed) Spare.give(ordered);
                version = current;
            }
            return copy;
        }

        private float[] transpose(float[] values) {
            float[] to = Spare.room(values.length);
            int parts = Parallel.parts(rows, Math.max(1, COPIED / columns)), share = (rows + parts - 1) / parts;
            Parallel.run(parts, part -> {
                // 16 rows of the source at a time: they fit the cache together
                for (int block = 0; block < columns; block += 16)
                    for (int r = part * share; r < Math.min(rows, part * share + share); r++)
                        for (int c = block; c < Math.min(columns, block + 16); c++)
                            to[r * columns + c] = values[c * rows + r];
            });
            return to;
        }
    }
}
