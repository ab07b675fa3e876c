package unroll.statespace;

import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;

/**
 * The whole past of a function in N numbers, updated sample by sample: HiPPO-LegS, c' = (A c + B f) / t (Gu et al.
 * 2020). The coefficients are
 *
 * <pre>{@code
 * c_n(t) = 1/t ∫ f(s) √(2n+1) P_n(2s/t - 1) ds over 0 .. t           f(s) ≈ sum over n of c_n √(2n+1) P_n(2s/t - 1)
 *
 * HippoMemory memory = HippoMemory.exact(16);
 * for (double f : samples) memory = memory.next(f);
 * double[] past = memory.reconstruct(samples.length);
 * }</pre>
 *
 * Immutable: each sample gives a new memory.
 */
public final class HippoMemory {
    private final RealMatrix a;
    private final RealVector b, shift, c;                                  // shift is A⁻¹ B
    private final boolean exact;
    private final int samples;

    private HippoMemory(RealMatrix a, RealVector b, RealVector shift, RealVector c, boolean exact, int samples) {
        this.a = a;
        this.b = b;
        this.shift = shift;
        this.c = c;
        this.exact = exact;
        this.samples = samples;
    }

    /**
     * Exact for a function that is constant between samples: in log t the equation does not change over time, so a step
     * is a matrix exponential, c_k = E c_{k-1} + A⁻¹ (E - I) B f_k with E = exp(A ln(k / (k-1))).
     */
    public static HippoMemory exact(int size) { return start(size, true); }

    /**
     * The bilinear rule, (I - A/2k) c_k = (I + A/2k) c_{k-1} + B f_k / k: cheaper, and poor at the first samples, where
     * 1/k is wide.
     */
    public static HippoMemory bilinear(int size) { return start(size, false); }

    private static HippoMemory start(int size, boolean exact) {
        Hippo legS = Hippo.legS(size);
        RealMatrix a = MatrixUtils.createRealMatrix(legS.a());
        RealVector b = new ArrayRealVector(legS.b());
        RealVector shift = Interrupts.apart("HippoMemory", Math.pow(size, 3),
                () -> new LUDecomposition(a).getSolver().solve(b));
        return new HippoMemory(a, b, shift, new ArrayRealVector(size), exact, 0);
    }

    /** The memory after one more sample. */
    public HippoMemory next(double f) {
        int k = samples + 1;
        RealVector after;
        if (!exact) {
            RealMatrix one = MatrixUtils.createRealIdentityMatrix(size()), half = a.scalarMultiply(.5 / k);
            after = Interrupts.apart("HippoMemory", Math.pow(size(), 3),
                    () -> new LUDecomposition(one.subtract(half)).getSolver()
                            .solve(one.add(half).operate(c).add(b.mapMultiply(f / k))));
        } else if (k == 1) after = shift.mapMultiply(-f);
        else {
            // the coefficients of a past that was always f
            RealVector constant = shift.mapMultiply(-f);
            after = MatrixExponential.of(a.scalarMultiply(Math.log(k / (k - 1.)))).operate(c.subtract(constant))
                    .add(constant);
        }
        return new HippoMemory(a, b, shift, after, exact, k);
    }

    public int size() { return c.getDimension(); }

    /** How many samples it has seen. */
    public int samples() { return samples; }

    /** c_0 .. c_{N-1}. */
    public double[] coefficients() { return c.toArray(); }

    /** The past that the coefficients stand for, at the middles of {@code points} equal parts of it. */
    public double[] reconstruct(int points) {
        if (points < 1)
            throw new IllegalArgumentException(Message.of(this + ": expected at least 1 point but got " + points));
        double[] past = new double[points], root = Hippo.legS(size()).b();
        for (int j = 0; j < points; j++) {
            Interrupts.check("HippoMemory", "point", j, points);
            double x = (2 * j + 1.) / points - 1, before = 0, p = 1;
            for (int n = 0; n < size(); n++) {
                past[j] += c.getEntry(n) * root[n] * p;
                double next = ((2 * n + 1) * x * p - n * before) / (n + 1);          // Bonnet's recursion
                before = p;
                p = next;
            }
        }
        return past;
    }

    @Override public String toString() {
        return "HippoMemory(size=" + size() + ", " + (exact ? "exact" : "bilinear") + ", samples=" + samples + ")";
    }
}
