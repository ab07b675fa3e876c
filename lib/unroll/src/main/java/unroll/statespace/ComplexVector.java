package unroll.statespace;

import unroll.tensor.LinearAlgebra.Complex;

/** Complex numbers side by side, real and imaginary parts apart: loops over them become vector instructions. */
final class ComplexVector {
    final double[] re, im;

    ComplexVector(int size) {
        re = new double[size];
        im = new double[size];
    }

    static ComplexVector[] rows(int rows, int size) {
        ComplexVector[] all = new ComplexVector[rows];
        for (int r = 0; r < rows; r++) all[r] = new ComplexVector(size);
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

    /** Becomes x y, element by element; neither is this one. */
    void product(ComplexVector x, ComplexVector y) {
        double[] xr = x.re, xi = x.im, yr = y.re, yi = y.im;
        for (int i = 0; i < re.length; i++) re[i] = xr[i] * yr[i] - xi[i] * yi[i];
        for (int i = 0; i < im.length; i++) im[i] = xr[i] * yi[i] + xi[i] * yr[i];
    }
}
