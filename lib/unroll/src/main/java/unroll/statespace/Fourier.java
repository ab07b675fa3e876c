package unroll.statespace;

import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;
import unroll.tensor.Interrupts;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.ShapeException;

/**
 * The discrete Fourier transform of any length in O(n log n), in double precision: for looking at signals and kernels.
 * (Layers use {@link CausalConvolution}, which transforms many sequences at once.)
 *
 * <pre>{@code
 * X_k = sum over t of x_t exp(-2 π i k t / n)
 *
 * Complex[] spectrum = Fourier.real(signal);                       // k = 0 .. n/2; the others are their conjugates
 * }</pre>
 */
public final class Fourier {
    private Fourier() {
    }

    /** X_k for k = 0 .. n/2 rounded down: the rest is X_{n-k} = conj(X_k). */
    public static Complex[] real(double[] x) {
        Complex[] z = new Complex[x.length];
        for (int t = 0; t < z.length; t++) z[t] = new Complex(x[t], 0);
        return java.util.Arrays.copyOf(transform(z), x.length / 2 + 1);
    }

    /** X_k for k = 0 .. n - 1. */
    public static Complex[] transform(Complex[] x) {
        int n = x.length;
        if (n == 0) throw new ShapeException("Fourier: expected at least 1 number but got none");
        double[][] parts = new double[2][n];
        for (int t = 0; t < n; t++) {
            parts[0][t] = x[t].re();
            parts[1][t] = x[t].im();
        }
        if (Integer.bitCount(n) == 1) powerOfTwo(parts, TransformType.FORWARD);
        else
            parts = chirp(parts[0], parts[1]);
        Complex[] spectrum = new Complex[n];
        for (int k = 0; k < n; k++) spectrum[k] = new Complex(parts[0][k], parts[1][k]);
        return spectrum;
    }

    /** The inverse: x_t = 1/n times the sum over k of X_k exp(2 π i k t / n). */
    public static Complex[] inverse(Complex[] spectrum) {
        Complex[] conjugate = new Complex[spectrum.length];
        for (int k = 0; k < conjugate.length; k++) conjugate[k] = spectrum[k].conjugate();
        Complex[] x = transform(conjugate);
        for (int t = 0; t < x.length; t++) x[t] = x[t].conjugate().times(1. / x.length);
        return x;
    }

    private static void powerOfTwo(double[][] parts, TransformType type) {
        Interrupts.apart("Fourier", 50. * parts[0].length, () -> {
            FastFourierTransformer.transformInPlace(parts, DftNormalization.STANDARD, type);
            return parts;
        });
    }

    /**
     * As a convolution with exp(i π t² / n), of a length that is a power of two (Bluestein 1970): k t = (k² + t² - (k -
     * t)²) / 2.
     */
    private static double[][] chirp(double[] re, double[] im) {
        int n = re.length, length = Integer.highestOneBit(2 * n - 2) * 2;
        double[][] a = new double[2][length], b = new double[2][length];
        for (int t = 0; t < n; t++) {
            double angle = Math.PI * ((long) t * t % (2L * n)) / n, c = Math.cos(angle), s = Math.sin(angle);
            a[0][t] = re[t] * c + im[t] * s;
            a[1][t] = im[t] * c - re[t] * s;
            b[0][t] = b[0][(length - t) % length] = c;
            b[1][t] = b[1][(length - t) % length] = s;
        }
        double[] cos = b[0].clone(), sin = b[1].clone();
        powerOfTwo(a, TransformType.FORWARD);
        powerOfTwo(b, TransformType.FORWARD);
        for (int k = 0; k < length; k++) {
            double x = a[0][k], y = a[1][k];
            a[0][k] = x * b[0][k] - y * b[1][k];
            a[1][k] = x * b[1][k] + y * b[0][k];
        }
        powerOfTwo(a, TransformType.INVERSE);
        double[][] spectrum = new double[2][n];
        for (int k = 0; k < n; k++) {
            spectrum[0][k] = a[0][k] * cos[k] + a[1][k] * sin[k];
            spectrum[1][k] = a[1][k] * cos[k] - a[0][k] * sin[k];
        }
        return spectrum;
    }
}
