package unroll.analysis;

import unroll.tensor.Interrupts;
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
        if (steps < 1) throw new IllegalArgumentException("MatrixPowers: expected at least one step but got " + steps);
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
        return "MatrixPowers up to t = " + (norms.length - 1) + ": ρ = " + Measurement.text(spectrum.spectralRadius())
                + ", σ_max = "
                + Measurement.text(spectrum.sigmaMax()) + ", largest norm " + Measurement.text(peak()) + " at t = "
                + peakStep();
    }
}
