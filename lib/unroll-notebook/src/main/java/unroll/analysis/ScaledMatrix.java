package unroll.analysis;

import unroll.tensor.LinearAlgebra;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * A product of many matrices. Floats would vanish below 1e-45 and overflow above 1e38, long before what is to be
 * measured is over; so the matrix is kept at Frobenius norm 1, with the logarithm of the factor in front of it.
 */
record ScaledMatrix(Tensor matrix, double logScale) {
    static ScaledMatrix identity(int n) {
        float[] ones = Shape.room("ScaledMatrix", new int[] {n, n});
        for (int i = 0; i < n; i++) ones[i * n + i] = 1;
        return new ScaledMatrix(Tensor.of(ones, n, n), 0);
    }

    /** This times a matrix on its right. */
    ScaledMatrix times(Tensor right) {
        return scaled(matrix.matmul(right), logScale);
    }

    /** A matrix times this. */
    ScaledMatrix after(Tensor left) { return scaled(left.matmul(matrix), logScale); }

    private static ScaledMatrix scaled(Tensor product, double logScale) {
        double norm = product.norm();
        if (!(norm > 0) || Double.isInfinite(norm)) return new ScaledMatrix(product, logScale);
        return new ScaledMatrix(product.mul(1 / norm), logScale + Math.log(norm));
    }

    /** Puts the factor back: 0 or ∞ where a double has no room for it. */
    double scaled(double value) {
        return value == 0 ? 0 : value * Math.exp(logScale);
    }

    double norm() { return scaled(spectral(matrix)); }

    /** The largest singular value; NaN for a matrix with values that are not finite. */
    static double spectral(Tensor matrix) {
        return matrix.isFinite() ? LinearAlgebra.spectralNorm(matrix) : Double.NaN;
    }
}
