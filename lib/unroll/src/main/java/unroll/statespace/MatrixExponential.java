package unroll.statespace;

import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

import unroll.tensor.Interrupts;

/** exp(A) by scaling and squaring with the Padé approximant of degree 13 (Higham 2005), in double precision. */
final class MatrixExponential {
    private static final double[] PADE = {64764752532480000., 32382376266240000., 7771770303897600., 1187353796428800.,
            129060195264000.,
            10559470521600., 670442572800., 33522128640., 1323241920., 40840800., 960960., 16380., 182., 1.};
    // up to which the approximant is exact to rounding
    private static final double NORM = 5.371920351148152;

    private MatrixExponential() {
    }

    static RealMatrix of(RealMatrix a) {
        return Interrupts.apart("exp of a matrix", 20 * Math.pow(a.getRowDimension(), 3), () -> exp(a));
    }

    private static RealMatrix exp(RealMatrix a) {
        double norm = a.getNorm();
        if (!(norm < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("exp: the matrix holds NaN or infinite values");
        int squarings = norm > NORM ? Math.getExponent(norm / NORM) + 1 : 0;
        RealMatrix x = a.scalarMultiply(Math.scalb(1., -squarings)), x2 = x.multiply(x), x4 = x2.multiply(x2),
                x6 = x4.multiply(x2);
        RealMatrix odd = x.multiply(x6.multiply(sum(x6, x4, x2, 13, 11, 9, -1)).add(sum(x6, x4, x2, 7, 5, 3, 1)));
        RealMatrix even = x6.multiply(sum(x6, x4, x2, 12, 10, 8, -1)).add(sum(x6, x4, x2, 6, 4, 2, 0));
        RealMatrix e = new LUDecomposition(even.subtract(odd)).getSolver().solve(even.add(odd));
        for (int i = 0; i < squarings; i++) e = e.multiply(e);
        return e;
    }

    /** Three powers with coefficients, and the identity with the last one where it is not -1. */
    private static RealMatrix sum(RealMatrix x6, RealMatrix x4, RealMatrix x2, int c6, int c4, int c2, int c0) {
        RealMatrix s = x6.scalarMultiply(PADE[c6]).add(x4.scalarMultiply(PADE[c4])).add(x2.scalarMultiply(PADE[c2]));
        return c0 < 0 ? s : s.add(MatrixUtils.createRealIdentityMatrix(x2.getRowDimension()).scalarMultiply(PADE[c0]));
    }
}
