package unroll.recurrent;

import unroll.tensor.Matrix;

/**
 * The gates of one time as a matrix holds them, row after row, in the heap: crossing over as a whole and cutting here
 * is faster than many short rows.
 */
final class GateRows {
    private final int rows, H, distance;
    private final float[] all;

    /** Rows as those of the given matrix. */
    GateRows(Matrix like, int rows, int H) {
        this.rows = rows;
        this.H = H;
        distance = like.leadingDimension();
        all = new float[rows * distance];
    }

    void read(Matrix from, int row) { from.getRows(row, rows, all); }

    void write(Matrix to, int row) { to.putRows(row, rows, all); }

    void get(int gate, float[] to) {
        for (int r = 0, from = gate * H; r < rows; r++, from += distance) System.arraycopy(all, from, to, r * H, H);
    }

    void put(int gate, float[] from) {
        for (int r = 0, to = gate * H; r < rows; r++, to += distance) System.arraycopy(from, r * H, all, to, H);
    }
}
