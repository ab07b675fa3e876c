package unroll.analysis;

import java.util.List;

import unroll.tensor.LinearAlgebra;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Tensor;

/**
 * Eigenvalues and singular values of a square matrix: the first say what happens in the long run, the second what can
 * happen in one step.
 *
 * <pre>{@code
 * var spectrum = Spectrum.of(rnn.namedParameters().get("u"));
 * spectrum.spectralRadius();
 * spectrum.sigmaMax();
 * }</pre>
 *
 * @param eigenvalues    by falling absolute value
 * @param singularValues falling
 */
public record Spectrum(List<Complex> eigenvalues, double[] singularValues) {
    public Spectrum {
        eigenvalues = List.copyOf(eigenvalues);
        singularValues = singularValues.clone();
    }

    /** Of {@code [n, n]}; an error if some value is not finite. */
    public static Spectrum of(Tensor matrix) {
        return new Spectrum(List.of(LinearAlgebra.eigenvalues(matrix)), LinearAlgebra.singularValues(matrix));
    }

    /** The largest absolute eigenvalue. */
    public double spectralRadius() { return eigenvalues.get(0).abs(); }

    /** The largest singular value. */
    public double sigmaMax() { return singularValues[0]; }

    @Override public double[] singularValues() { return singularValues.clone(); }

    @Override public String toString() {
        return "Spectrum of a " + singularValues.length + " × " + singularValues.length + " matrix: spectral radius "
                + Measurement.text(spectralRadius())
                + ", singular values from " + Measurement.text(singularValues[singularValues.length - 1]) + " to "
                + Measurement.text(sigmaMax());
    }
}
