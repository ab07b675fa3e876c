package unroll.tensor;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A copy of a weight matrix outside the Java heap, where native products read it, made again when the weight has changed. The transposed copy
 * exists because native A Bᵀ is up to 2.7 times slower than A B. Rows get 16 floats of padding where their length is a multiple of 128: equal
 * distances of a power of two between rows would fall into the same cache sets.
 */
final class Mirror {
    private final boolean transposed;
    private final int rows, columns, leadingDimension;
    private long version = -1;
    private FloatPointer pointer;

    /** For a weight of {@code [rows, columns]}. */
    Mirror(int rows, int columns, boolean transposed) {
        this.transposed = transposed;
        this.rows = transposed ? columns : rows;
        this.columns = transposed ? rows : columns;
        this.leadingDimension = this.columns % 128 == 0 ? this.columns + 16 : this.columns;
    }

    int leadingDimension() { return leadingDimension; }

    /** The copy of {@code values}, which are version {@code current}. */
    synchronized FloatPointer of(float[] values, long current) {
        if (pointer == null) pointer = new FloatPointer((long) rows * leadingDimension);
        if (version != current) {
            float[] padded = new float[rows * leadingDimension];
            if (transposed) transpose(values, padded);
            else for (int r = 0; r < rows; r++) System.arraycopy(values, r * columns, padded, r * leadingDimension, columns);
            pointer.put(padded);
            version = current;
        }
        return pointer;
    }

    private void transpose(float[] values, float[] to) {
        for (int block = 0; block < columns; block += 16)                  // 16 rows of the source at a time: they fit the cache together
            for (int r = 0; r < rows; r++)
                for (int c = block; c < Math.min(columns, block + 16); c++) to[r * leadingDimension + c] = values[c * rows + r];
    }
}
