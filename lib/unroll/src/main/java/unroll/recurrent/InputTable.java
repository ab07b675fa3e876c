package unroll.recurrent;

import java.util.Arrays;

import unroll.tensor.IntTensor;
import unroll.tensor.Matrix;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * Inputs that are rows of a small table, such as the vectors of characters: x_t W + b is made once for each symbol, not
 * for each time; and on the way back, Σ_t x_tᵀ ∂L/∂z_t = Eᵀ S with S the sum of ∂L/∂z_t for each symbol.
 */
final class InputTable {
    /** Of more symbols it would be made in vain where few are read; columns of S that are worth a thread. */
    private static final int MOST = 1 << 10, COLUMNS = 256;
    private final Parameter vectors;
    /** A vector and 1 for each symbol, and its gates. */
    private final Matrix rows, gates;
    /** For the way back, once there was one. */
    private float[][][] sums;
    private Matrix sum, vectorGradients;
    private long version = -1, weightVersion = -1;

    private InputTable(Parameter vectors, int columns) {
        this.vectors = vectors;
        int symbols = vectors.size(0), size = vectors.size(1);
        rows = Matrix.room(symbols, size + 1);
        gates = Matrix.room(symbols, columns);
        float[] ones = new float[symbols];
        Arrays.fill(ones, 1);
        rows.put(0, symbols, size, 1, ones, 0);
    }

    /** What a pass reads of it: the symbol of each time and sequence. */
    record Read(InputTable table, int[] ids) {
        /** The gates of {@code count} of them, from number {@code at} on. */
        void put(Matrix to, int row, int count, int at) {
            to.copyRows(row, count, table.gates, ids, at);
        }

        Parameter vectors() { return table.vectors; }

        /** Adds the first n rows of ∂L/∂z, which begin at number {@code at} of the symbols, to S. */
        void add(Matrix z, int n, int at, boolean first) {
            float[][][] sums = table.sums(first);
            Parallel.run(sums.length, block -> {
                int width = sums[block][0].length;
                float[] row = new float[width];
                for (int r = 0; r < n; r++) {
                    z.get(r, 1, block * COLUMNS, width, row, 0);
                    VectorMath.add(sums[block][ids[at + r]], row, 0, width);
                }
            });
        }

        /**
         * The gradients of [W; b], and of the vectors where that is asked for.
         *
         * @param weights Wᵀ, or null
         */
        void back(Matrix gradients, Matrix weights) { table.back(gradients, weights); }
    }

    /** S by blocks of columns, then symbols; zeros, where it is begun. */
    private float[][][] sums(boolean begin) {
        int columns = gates.columns(), symbols = gates.rows();
        if (sums == null) {
            sums = new float[(columns + COLUMNS - 1) / COLUMNS][symbols][];
            for (int block = 0; block < sums.length; block++)
                for (int s = 0; s < symbols; s++)
                    sums[block][s] = new float[Math.min(COLUMNS, columns - block * COLUMNS)];
        } else if (begin) {
            for (float[][] block : sums) for (float[] sum : block) Arrays.fill(sum, 0);
        }
        return sums;
    }

    private void back(Matrix gradients, Matrix weights) {
        int symbols = gates.rows();
        if (sum == null) sum = Matrix.room(symbols, gates.columns());
        for (int block = 0; block < sums.length; block++)
            for (int s = 0; s < symbols; s++)
                sum.put(s, 1, block * COLUMNS, sums[block][s].length, sums[block][s], 0);
        gradients.multiplyTransposed(rows, 0, sum, 0, symbols, false);
        if (weights == null) return;
        if (vectorGradients == null) vectorGradients = Matrix.room(symbols, vectors.size(1));
        vectorGradients.multiply(0, symbols, sum, 0, weights, false);
        vectors.accumulate(vectorGradients);
    }

    /**
     * The inputs of a layer as what is read of a table, null where it does not pay or they are none.
     *
     * @param last    that of the call before, or null
     * @param weights [W; b] and perhaps more, of that version
     */
    static Read of(Tensor x, InputTable last, Matrix weights, long version) {
        Tensor.Lookup lookup = x.lookup();
        if (lookup == null) return null;
        int symbols = lookup.matrix().size(0);
        IntTensor ids = lookup.ids();
        if (symbols > MOST || Tape.isRecording() && 2L * symbols > ids.size()) return null;
        InputTable table = last != null && last.vectors == lookup.matrix()
                ? last
                : new InputTable(lookup.matrix(), weights.columns());
        table.make(weights, version);
        return new Read(table, ids.data());
    }

    private synchronized void make(Matrix weights, long current) {
        if (version == vectors.version() && weightVersion == current) return;
        int symbols = vectors.size(0), size = vectors.size(1);
        rows.put(0, symbols, 0, size, vectors.data(), 0);
        gates.multiply(0, symbols, rows, 0, weights.block(0, size + 1, 0, weights.columns()), false);
        version = vectors.version();
        weightVersion = current;
    }
}
