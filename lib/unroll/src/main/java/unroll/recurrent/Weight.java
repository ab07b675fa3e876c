package unroll.recurrent;

import unroll.tensor.Matrix;
import unroll.tensor.Parameter;

/** A weight as products read it. The transposed one is there for batches of one only. */
record Weight(Matrix plain, Matrix transposed) {
    static Weight of(Parameter w, int batch) {
        return new Weight(Matrix.of(w), batch == 1 ? Matrix.transposeOf(w) : null);
    }

    /** For the way back. */
    static Weight transposeOf(Parameter w, int batch) {
        return new Weight(Matrix.transposeOf(w), batch == 1 ? Matrix.of(w) : null);
    }

    Weight columns(int from, int count) {
        return new Weight(plain.block(0, plain.rows(), from, count),
                transposed == null ? null : transposed.block(from, count, 0, transposed.columns()));
    }

    Weight rows(int from, int count) {
        return new Weight(plain.block(from, count, 0, plain.columns()),
                transposed == null ? null : transposed.block(0, transposed.rows(), from, count));
    }
}
