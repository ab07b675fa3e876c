package unroll.statespace;

import java.util.Arrays;

import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Tensor;

/** Complex numbers side by side, real and imaginary parts apart: loops over them become vector instructions. */
final class ComplexVector {
    final double[] re, im;

    ComplexVector(int size) {
        re = new double[size];
        im = new double[size];
    }

    static ComplexVector of(Tensor re, Tensor im) {
        ComplexVector all = new ComplexVector(re.size());
        float[] x = re.data(), y = im.data();
        for (int i = 0; i < x.length; i++) all.set(i, new Complex(x[i], y[i]));
        return all;
    }

    static ComplexVector ones(int size) {
        ComplexVector all = new ComplexVector(size);
        Arrays.fill(all.re, 1);
        return all;
    }

    static ComplexVector[] rows(int rows, int size) {
        ComplexVector[] all = new ComplexVector[rows];
        for (int r = 0; r < rows; r++) all[r] = new ComplexVector(size);
        return all;
    }

    static float[] floats(double[] part) {
        float[] all = new float[part.length];
        for (int i = 0; i < all.length; i++) all[i] = (float) part[i];
        return all;
    }

    int size() { return re.length; }

    Complex get(int i) { return new Complex(re[i], im[i]); }

    void set(int i, Complex z) {
        re[i] = z.re();
        im[i] = z.im();
    }

    void add(int i, Complex z) {
        re[i] += z.re();
        im[i] += z.im();
    }

    void add(double factor, ComplexVector x) {
        for (int i = 0; i < re.length; i++) re[i] += factor * x.re[i];
        for (int i = 0; i < im.length; i++) im[i] += factor * x.im[i];
    }

    /** Takes real parts from {@code at} on and the imaginary parts that follow them. */
    void read(float[] values, int at) {
        for (int i = 0; i < re.length; i++) re[i] = values[at + i];
        for (int i = 0; i < im.length; i++) im[i] = values[at + im.length + i];
    }

    void clear() {
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
    }

    void set(ComplexVector x) {
        System.arraycopy(x.re, 0, re, 0, re.length);
        System.arraycopy(x.im, 0, im, 0, im.length);
    }

    /** Puts the real parts times p from {@code at} on and the imaginary parts times q behind them. */
    void write(float[] values, int at, double p, double q) {
        for (int i = 0; i < re.length; i++) values[at + i] = (float) (p * re[i]);
        for (int i = 0; i < im.length; i++) values[at + im.length + i] = (float) (q * im[i]);
    }

    /** Times x, element by element; what stands in {@code spare} is lost. */
    void multiply(ComplexVector x, ComplexVector spare) {
        spare.product(this, x);
        set(spare);
    }

    /** Times x, plus y. */
    void multiplyAndAdd(ComplexVector x, ComplexVector y, ComplexVector spare) {
        spare.product(this, x);
        for (int i = 0; i < re.length; i++) re[i] = spare.re[i] + y.re[i];
        for (int i = 0; i < im.length; i++) im[i] = spare.im[i] + y.im[i];
    }

    /** Becomes x y, element by element; neither is this one. */
    void product(ComplexVector x, ComplexVector y) {
        double[] xr = x.re, xi = x.im, yr = y.re, yi = y.im;
        for (int i = 0; i < re.length; i++) re[i] = xr[i] * yr[i] - xi[i] * yi[i];
        for (int i = 0; i < im.length; i++) im[i] = xr[i] * yi[i] + xi[i] * yr[i];
    }
}
