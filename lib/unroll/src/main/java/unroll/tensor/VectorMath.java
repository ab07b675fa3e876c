package unroll.tensor;

import java.util.Arrays;

/**
 * Elementary functions over whole arrays, in the one shape that the JIT compiler turns into vector instructions: one
 * index, no calls, no branches. {@code Math.tanh} and {@code Math.exp} cost 20 to 80 times as much.
 *
 * <p>Each method works on {@code from .. to - 1}; input and output may be the same array. NaN in, NaN out.
 */
public final class VectorMath {
    private static final int CHUNK = 1024;                                 // stays in the cache between two loops
    private static final int FOLDED = 128;

    private VectorMath() {
    }

    /**
     * y = tanh(x), absolute error below 4e-7: a rational function of degree 13 over 6, clamped where tanh is 1 in
     * float.
     */
    public static void tanh(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            float a = Math.max(-7.90531110763549805f, Math.min(7.90531110763549805f, x[i])), s = a * a;
            y[i] = numerator(s) * a / denominator(s);
        }
    }

    private static float numerator(float s) {
        return ((((((-2.76076847742355e-16f * s + 2.00018790482477e-13f) * s - 8.60467152213735e-11f) * s
                + 5.12229709037114e-08f) * s + 1.48572235717979e-05f) * s + 6.37261928875436e-04f) * s
                + 4.89352455891786e-03f);
    }

    private static float denominator(float s) {
        return ((1.19825839466702e-06f * s + 1.18534705686654e-04f) * s + 2.26843463243900e-03f) * s
                + 4.89352518554385e-03f;
    }

    /**
     * y = 1 / (1 + exp(-x)), relative error below 6e-6 (below -4: 2e-7), absolute error below 2.5e-7. Within [-4, 12]
     * it is (1 + tanh(x / 2)) / 2; outside, where that has lost its digits, exp(x) / (1 + exp(x)) or 1 / (1 + exp(-x))
     * by {@link #exp}, down to the smallest float and up to 1.
     */
    public static void sigmoid(float[] x, float[] y, int from, int to) {
        float[] in = x;
        if (x == y) {
            in = new float[to];
            System.arraycopy(x, from, in, from, to - from);
        }
        for (int i = from; i < to; i += CHUNK) sigmoidOfChunk(in, y, i, Math.min(to, i + CHUNK));
    }

    /** A comparison of arrays is made of vector instructions, a search is not: only from the first tail on. */
    private static void sigmoidOfChunk(float[] x, float[] y, int from, int to) {
        clamp(x, y, from, to);
        int tail = Arrays.mismatch(x, from, to, y, from, to);
        middleOfSigmoid(y, from, to);
        if (tail < 0) return;
        for (int i = from + tail; i < to; i++) if (x[i] < -4f || x[i] > 12f) {
            float t = expOfNegative(-Math.abs(x[i]));
            y[i] = (x[i] < 0 ? t : 1) / (1 + t);
        }
    }

    private static void clamp(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] = Math.max(-4f, Math.min(12f, x[i]));
    }

    private static void middleOfSigmoid(float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            float a = .5f * y[i], s = a * a;
            y[i] = .5f + .5f * (numerator(s) * a) / denominator(s);
        }
    }

    /** What {@link #exp} gives for one number up to 0, to the bit. */
    private static float expOfNegative(float x) {
        float a = Math.max(-104f, x), shifted = a * 1.44269504f + 12582912f, n = shifted - 12582912f;
        float r = (a - n * .693359375f) + n * 2.12194440e-4f;
        float y = (((((1.9875691500E-4f * r + 1.3981999507E-3f) * r + 8.3334519073E-3f) * r + 4.1665795894E-2f) * r
                + 1.6666665459E-1f) * r + 5.0000001201E-1f) * r * r + r + 1f;
        int whole = Float.floatToRawIntBits(shifted) - 0x4b400000, half = whole >> 1;
        return y * Float.intBitsToFloat((half << 23) + 0x3f800000)
                * Float.intBitsToFloat((whole - half << 23) + 0x3f800000);
    }

    /**
     * y = exp(x), relative error below 2e-7 where the result is a normal float; below 2^-126 the nearest multiples of
     * 2^-149, then 0; above 3.4e38 infinity. exp(x) = 2^n exp(r) with r = x - n ln 2, n found by adding and subtracting
     * 1.5 * 2^23, exp(r) by a polynomial of degree 7 (Cephes).
     */
    public static void exp(float[] x, float[] y, int from, int to) {
        float[] shifted = new float[Math.min(CHUNK, to - from)];
        for (int i = from; i < to; i += CHUNK) exp(x, y, shifted, i, i + Math.min(CHUNK, to - i));
    }

    /** Two loops, since one that looks at the bits of a float does not vectorize. */
    private static void exp(float[] x, float[] y, float[] shifted, int from, int to) {
        int count = to - from;
        System.arraycopy(x, from, shifted, 0, count);
        clamp(shifted, count, -87, 87);
        // no result is below the normal floats, or infinite
        boolean normal = Arrays.mismatch(x, from, to, shifted, 0, count) < 0;
        if (!normal) {
            System.arraycopy(x, from, shifted, 0, count);
            clamp(shifted, count, -104, 89);
        }
        System.arraycopy(shifted, 0, y, from, count);
        for (int i = from; i < to; i++) {
            float a = y[i], n = a * 1.44269504f + 12582912f - 12582912f;
            float r = (a - n * .693359375f) + n * 2.12194440e-4f;
            y[i] = (((((1.9875691500E-4f * r + 1.3981999507E-3f) * r + 8.3334519073E-3f) * r + 4.1665795894E-2f) * r
                    + 1.6666665459E-1f) * r + 5.0000001201E-1f) * r * r + r + 1f;
        }
        shift(shifted, count);
        if (normal) scale(y, shifted, from, count);
        else
            scaleInTwoSteps(y, shifted, from, count);
    }

    private static void clamp(float[] x, int count, float least, float most) {
        for (int i = 0; i < count; i++) x[i] = Math.max(least, Math.min(most, x[i]));
    }

    /** n + 1.5 * 2^23, whose last bits are n. */
    private static void shift(float[] x, int count) {
        for (int i = 0; i < count; i++) x[i] = x[i] * 1.44269504f + 12582912f;
    }

    /** y *= 2^n. */
    private static void scale(float[] y, float[] shifted, int from, int count) {
        for (int i = 0; i < count; i++)
            y[from + i] *= Float.intBitsToFloat((Float.floatToRawIntBits(shifted[i]) << 23) + 0x3f800000);
    }

    /** The same where 2^n need not be a normal float. */
    private static void scaleInTwoSteps(float[] y, float[] shifted, int from, int count) {
        for (int i = 0; i < count; i++) {
            int n = Float.floatToRawIntBits(shifted[i]) - 0x4b400000, half = n >> 1;
            y[from + i] = y[from + i] * Float.intBitsToFloat((half << 23) + 0x3f800000)
                    * Float.intBitsToFloat((n - half << 23) + 0x3f800000);
        }
    }

    /**
     * x = exp(x) of numbers up to 0, the first n; relative error below 1e-12 down to -40 and 2e-8 down to -104, and as
     * there below: rounded to float that is all but always what {@code Math.exp} gives, in a tenth of the time. exp(x)
     * = exp(x / 256)^256 by eight squarings, exp(x / 256) by a polynomial of degree 9: no bits of a double are looked
     * at, which would not vectorize.
     */
    public static void exp(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            double a = Math.max(-104.0, x[i]) * (1 / 256.0);
            double y = ((((((((a * (1 / 362880.0) + 1 / 40320.0) * a + 1 / 5040.0) * a + 1 / 720.0) * a + 1 / 120.0) * a
                    + 1 / 24.0) * a + 1 / 6.0) * a + .5) * a + 1) * a + 1;
            double p = y * y, q = p * p, r = q * q, s = r * r, t = s * s, u = t * t, v = u * u;
            x[i] = v * v;
        }
    }

    /**
     * ln Σ exp(x) in double precision, in a fixed order; NaN where one is NaN or infinity, minus infinity where all
     * are.
     *
     * @param room takes some numbers at a time, at least one
     */
    public static double logSumExp(float[] x, int from, int to, double[] room) {
        float max = maximum(x, from, to);
        if (max == Float.NEGATIVE_INFINITY) return max;
        double sum = 0;
        for (int i = from; i < to; i += room.length) {
            int n = Math.min(room.length, to - i);
            for (int j = 0; j < n; j++) room[j] = x[i + j] - max;
            exp(room, n);
            sum += sum(room, n);
        }
        return max + Math.log(sum);
    }

    /** The largest of at least one number; NaN, if there is one. Many are folded by vector instructions. */
    public static float maximum(float[] x, int from, int to) {
        int lanes = 64;
        if (to - from < 4 * lanes) return maximumOf(x, from, to);
        float[] most = Arrays.copyOfRange(x, from, from + lanes), next = new float[lanes];
        int i = from + lanes;
        for (; i + lanes <= to; i += lanes) {
            System.arraycopy(x, i, next, 0, lanes);
            for (int j = 0; j < lanes; j++) most[j] = Math.max(most[j], next[j]);
        }
        float rest = i < to ? maximumOf(x, i, to) : most[0];
        return Math.max(rest, maximumOf(most, 0, lanes));
    }

    private static float maximumOf(float[] x, int from, int to) {
        float a = x[from], b = a;
        int i = from;
        for (; i + 2 <= to; i += 2) {
            a = Math.max(a, x[i]);
            b = Math.max(b, x[i + 1]);
        }
        if (i < to) a = Math.max(a, x[i]);
        return Math.max(a, b);
    }

    /**
     * x -= by, rounded once from double precision, but for ties of some 48 bits: in pairs of floats (Dekker 1971).
     * That loop vectorizes; one with conversions to double and back does not. Minus infinity stays, infinity becomes
     * NaN.
     */
    public static void subtract(float[] x, int from, int to, double by) {
        float high = (float) by, low = (float) (by - high);
        for (int i = from; i < to; i++) {
            float d = x[i] - high, a = Math.max(x[i], -1e30f), s = Math.max(d, -1e30f), t = s - a;
            x[i] = d + (((a - (s - t)) - (high + t)) - low);
        }
    }

    private static double sum(double[] x, int n) {
        double a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < n; i++) a += x[i];
        return (a + b) + (c + d);
    }

    /** d += e. */
    public static void add(float[] d, float[] e, int from, int to) {
        for (int i = from; i < to; i++) d[i] += e[i];
    }

    /** The sum in double precision, in a fixed order. */
    public static double sum(float[] x, int from, int to) {
        // four sums: the additions of one would wait for each other
        double a = 0, b = 0, c = 0, d = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < to; i++) a += x[i];
        return (a + b) + (c + d);
    }

    /**
     * The sum of squares in a fixed order: in float over every {@value #FOLDED}th of some {@value #CHUNK} numbers, and
     * over these in double precision; in double precision alone for few numbers, and where squares leave the range of
     * floats.
     */
    public static double sumOfSquares(float[] x, int from, int to) {
        if (to - from < 2 * CHUNK) return dot(x, x, from, to);
        float[] next = new float[FOLDED], squares = new float[FOLDED];
        double sum = 0;
        int i = from;
        for (; i + CHUNK <= to; i += CHUNK) {
            Arrays.fill(squares, 0f);
            for (int k = 0; k < CHUNK; k += FOLDED) {
                System.arraycopy(x, i + k, next, 0, FOLDED);
                addSquares(squares, next);
            }
            sum += sum(squares, 0, FOLDED);
        }
        boolean fits = sum > 1e-25 * (to - from) && sum < Float.POSITIVE_INFINITY;
        return fits ? sum + dot(x, x, i, to) : dot(x, x, from, to);
    }

    private static void addSquares(float[] sums, float[] x) {
        for (int j = 0; j < sums.length; j++) sums[j] += x[j] * x[j];
    }

    /** Σ (x - mean)² in double precision, in a fixed order. */
    public static double squaredDeviations(float[] x, double mean, int from, int to) {
        double a = 0, b = 0, c = 0, d = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            double p = x[i] - mean, q = x[i + 1] - mean, r = x[i + 2] - mean, s = x[i + 3] - mean;
            a += p * p;
            b += q * q;
            c += r * r;
            d += s * s;
        }
        for (; i < to; i++) a += (x[i] - mean) * (x[i] - mean);
        return (a + b) + (c + d);
    }

    /** Σ x y in double precision, in a fixed order. */
    public static double dot(float[] x, float[] y, int from, int to) {
        double a = 0, b = 0, c = 0, d = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            a += (double) x[i] * y[i];
            b += (double) x[i + 1] * y[i + 1];
            c += (double) x[i + 2] * y[i + 2];
            d += (double) x[i + 3] * y[i + 3];
        }
        for (; i < to; i++) a += (double) x[i] * y[i];
        return (a + b) + (c + d);
    }

    /**
     * d = 0 where y is 0, for y of at least 0: the gradient of ReLU. Without a branch, which would be guessed wrong
     * half of the time: d is clamped to ±y times a number so large that only y = 0 keeps anything back.
     */
    public static void whereAboveZero(float[] y, float[] d, int from, int to) {
        for (int i = from; i < to; i++) {
            float bound = y[i] * 1e38f * 1e38f;
            d[i] = Math.max(-bound, Math.min(bound, d[i]));
        }
    }
}
