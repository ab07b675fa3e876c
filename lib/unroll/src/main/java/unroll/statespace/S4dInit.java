package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Message;

/** Where the poles of a diagonal state-space layer start (Gu et al. 2022): N/2 of them, each with its conjugate. */
public enum S4dInit {
    /** The eigenvalues of the normal part of {@link Hippo#legS}. */
    LEGS,
    /** -1/2 + i π n. */
    LIN,
    /** -1/2 + i N/π (N/(2n+1) - 1). */
    INV;

    /**
     * The poles with positive imaginary part (that of n = 0 in LIN is 0), from low to high n; for LEGS by rising
     * frequency.
     *
     * @param size N, even
     * @return N/2 numbers
     */
    public Complex[] poles(int size) {
        requireEven("S4dInit", size);
        Complex[] poles = new Complex[size / 2];
        double[] legS = this == LEGS ? Hippo.legS(size).normalPlusLowRank().frequencies() : null;
        Arrays.setAll(poles, n -> new Complex(-.5, switch (this) {
            case LEGS -> legS[size / 2 + n];
            case LIN -> Math.PI * n;
            case INV -> size / Math.PI * (size / (2 * n + 1.) - 1);
        }));
        return poles;
    }

    static void requireEven(String owner, int size) {
        if (size < 2 || size % 2 != 0)
            throw new IllegalArgumentException(
                    Message.of(owner + ": expected an even state size of at least 2 but got " + size
                            + "; complex states come in conjugate pairs, try " + Math.max(2, size + 1)));
    }
}
