package unroll.metrics;

import unroll.tensor.Interrupts;

/**
 * The exact test of McNemar (1947): were two models right on the same examples equally often? Only examples count on
 * which one is right and the other wrong.
 *
 * @param onlyA how many examples only A has right
 * @param onlyB how many only B has right
 */
public record McNemar(int onlyA, int onlyB) {
    public McNemar {
        if (onlyA < 0 || onlyB < 0)
            throw new IllegalArgumentException("McNemar: counts cannot be negative, got " + onlyA + " and " + onlyB);
    }

    /** From what both models had right, example by example. */
    public static McNemar of(boolean[] a, boolean[] b) {
        if (a.length != b.length)
            throw new IllegalArgumentException(
                    "McNemar: expected an answer of both for each example but got " + a.length + " and " + b.length);
        int onlyA = 0, onlyB = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] && !b[i]) onlyA++;
            if (b[i] && !a[i]) onlyB++;
        }
        return new McNemar(onlyA, onlyB);
    }

    /**
     * Two-sided: how likely counts as uneven as these, or more so, are if neither model is better (binomial with 1/2).
     */
    public double pValue() {
        int n = onlyA + onlyB;
        double tail = 0, logTerm = -n * Math.log(2);                       // ln of C(n, k) / 2^n
        for (int k = 0; k <= Math.min(onlyA, onlyB); k++) {
            Interrupts.check("McNemar", k);
            tail += Math.exp(logTerm);
            logTerm += Math.log((double) (n - k) / (k + 1));
        }
        return Math.min(1, 2 * tail);
    }
}
