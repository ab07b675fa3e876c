package unroll.analysis;

import java.util.Arrays;

import unroll.tensor.Interrupts;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * ‖U^t‖ over t: the linear recurrent network without input, z_t = z_{t-1} U. It lies between ρ(U)^t and σ_max(U)^t. In
 * the long run the spectral radius ρ decides; a matrix that is not normal can first grow although {@code ρ < 1}.
 *
 * <pre>{@code
 * var powers = MatrixPowers.of(Tensor.of(new double[][] {{0.9, 5}, {0, 0.9}}), 100);
 * powers.peak();                                                   // 19.4…, at step 9
 * }</pre>
 *
 * @param norms    for t = 0, 1, …
 * @param spectrum of U
 */
public record MatrixPowers(double[] norms, Spectrum spectrum) {
    public MatrixPowers {
        norms = norms.clone();
    }

    /** Of {@code u [n, n]} up to U^steps. */
    public static MatrixPowers of(Tensor u, int steps) {
        atLeastOne(steps);
        Spectrum spectrum = Spectrum.of(u);
        double[] norms = new double[steps + 1];
        ScaledMatrix power = ScaledMatrix.identity(u.size(0));
        norms[0] = 1;
        for (int t = 1; t <= steps; t++) {
            Interrupts.check("MatrixPowers", "step", t, steps);
            power = power.times(u.detach());
            norms[t] = power.norm();
        }
        return new MatrixPowers(norms, spectrum);
    }

    /**
     * ‖z_t‖ for t = 0, …, steps, from {@code z0 [n]}. (With columns instead of rows, z_t = U z_{t-1}, give U
     * transposed.)
     */
    public static double[] stateNorms(Tensor u, Tensor z0, int steps) {
        atLeastOne(steps);
        if (u.rank() != 2 || u.size(0) != u.size(1) || z0.size() != u.size(0))
            throw new ShapeException(
                    "MatrixPowers: expected u [n, n] and z0 [n] but got " + Arrays.toString(u.shape()) + " and "
                            + Arrays.toString(z0.shape()));
        ScaledMatrix z = new ScaledMatrix(z0.detach().reshape(1, z0.size()), 0);
        double[] norms = new double[steps + 1];
        for (int t = 0; t <= steps; t++) {
            norms[t] = z.scaled(z.matrix().norm());
            z = z.times(u.detach());
        }
        return norms;
    }

    private static void atLeastOne(int steps) {
        if (steps < 1) throw new IllegalArgumentException("MatrixPowers: expected at least one step but got " + steps);
    }

    /** The largest norm. */
    public double peak() { return norms[peakStep()]; }

    /** The first t of the largest norm. */
    public int peakStep() {
        int best = 0;
        for (int t = 1; t < norms.length; t++) if (norms[t] > norms[best]) best = t;
        return best;
    }

    @Override public double[] norms() { return norms.clone(); }

    @Override public String toString() {
        return "MatrixPowers up to t = " + (norms.length - 1) + ": ρ = " + Norms.text(spectrum.spectralRadius())
                + ", σ_max = "
                + Norms.text(spectrum.sigmaMax()) + ", largest norm " + Norms.text(peak()) + " at t = " + peakStep();
    }
}
