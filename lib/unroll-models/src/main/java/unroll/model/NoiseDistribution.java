package unroll.model;

import unroll.tensor.Rng;

/**
 * Draws words with probability proportional to count^0.75 (Mikolov et al. 2013), in constant time by the alias method
 * (Walker 1977; Vose 1991): n columns of equal width, each shared by at most two words.
 */
final class NoiseDistribution {
    private final double[] share;                                          // of a column that is its own word's
    private final int[] alias;                                             // whose the rest is

    NoiseDistribution(long[] counts) {
        int n = counts.length;
        share = new double[n];
        alias = new int[n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            if (counts[i] < 1)
                throw new IllegalArgumentException(
                        "NoiseDistribution: expected counts of at least 1 but word " + i + " has " + counts[i]);
            total += Math.pow(counts[i], 0.75);
        }
        int[] small = new int[n], large = new int[n];
        int s = 0, l = 0;
        for (int i = 0; i < n; i++) {
            share[i] = n * Math.pow(counts[i], 0.75) / total;
            alias[i] = i;
            if (share[i] < 1) small[s++] = i;
            else
                large[l++] = i;
        }
        while (s > 0 && l > 0) {
            int a = small[--s], b = large[l - 1];
            alias[a] = b;
            share[b] -= 1 - share[a];
            if (share[b] < 1) small[s++] = large[--l];
        }
        while (s > 0) share[small[--s]] = 1;                               // rounding left a crumb
        while (l > 0) share[large[--l]] = 1;
    }

    int draw(Rng rng) {
        double u = rng.nextDouble() * share.length;
        int column = (int) u;
        return u - column < share[column] ? column : alias[column];
    }
}
