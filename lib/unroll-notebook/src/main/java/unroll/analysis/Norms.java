package unroll.analysis;

import java.util.Locale;

import unroll.tensor.LinearAlgebra;
import unroll.tensor.Tensor;

/** Norms of what may not be finite. */
final class Norms {
    private Norms() {
    }

    /** The largest singular value; NaN for a matrix with values that are not finite. */
    static double spectral(Tensor matrix) {
        return matrix.isFinite() ? LinearAlgebra.spectralNorm(matrix) : Double.NaN;
    }

    static String text(double value) { return String.format(Locale.ROOT, "%.3g", value); }
}
