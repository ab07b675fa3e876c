package unroll.analysis;

import unroll.recurrent.Cell;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.IndRnnCell;
import unroll.recurrent.LearnedInitialState;
import unroll.recurrent.Nonlinearity;
import unroll.recurrent.PreactivationCell;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * How far a gradient can reach at most in a simple recurrent network: each step back multiplies it by S Uᵀ, where S is
 * diagonal with the slopes of σ, so ‖∂h_t/∂h_k‖ ≤ (σ_max(U) γ)^(t-k) with γ the largest slope (Pascanu, Mikolov and
 * Bengio 2013). Below one the gradient vanishes for sure; above one it may explode, depending on its direction.
 *
 * @param sigmaMax the largest singular value of U
 * @param slope    γ: 1 for tanh and ReLU, 1/4 for the logistic function
 */
public record NormBound(double sigmaMax, double slope) {
    private static final double ROUNDING = 1e-5;                           // of norms measured in floats

    /** Of a recurrent weight matrix and σ. */
    public static NormBound of(Tensor u, Nonlinearity nonlinearity) {
        return new NormBound(ScaledMatrix.spectral(u), slope(nonlinearity));
    }

    /** Of a cell of the form h' = σ(x W + h U + b); others have no such bound, which is an error. */
    public static NormBound of(Cell<?> cell) {
        if (cell instanceof ElmanCell c) return of(recurrent(c), c.nonlinearity());
        if (cell instanceof PreactivationCell c) return of(recurrent(c), c.nonlinearity());
        // U is diagonal
        if (cell instanceof IndRnnCell c)
            return new NormBound(recurrent(c).abs().max(0).item(), slope(c.nonlinearity()));
        if (cell instanceof LearnedInitialState<?> c) return of(c.cell());
        throw new IllegalArgumentException(
                Message.of("NormBound: " + cell
                        + " is not of the form h' = σ(x W + h U + b); the product of the norms of its steps, "
                        + "JacobianProducts.stepBounds(), bounds any cell"));
    }

    /** Whether {@link #of(Cell)} knows a bound. */
    static boolean exists(Cell<?> cell) {
        return cell instanceof ElmanCell || cell instanceof PreactivationCell || cell instanceof IndRnnCell
                || cell instanceof LearnedInitialState<?> c && exists(c.cell());
    }

    private static Parameter recurrent(Cell<?> cell) {
        return cell.parameters().stream().filter(p -> p.name().equals("u")).findFirst().orElseThrow();
    }

    /** The largest slope of σ. */
    public static double slope(Nonlinearity nonlinearity) {
        return switch (nonlinearity) {
            case TANH, RELU -> 1;
            case LOGISTIC -> 0.25;
        };
    }

    /** By how much one step back can grow a gradient. */
    public double factor() { return sigmaMax * slope; }

    /** Whether gradients vanish for sure. */
    public boolean vanishes() { return factor() < 1; }

    /** The bound for 0, 1, …, {@code steps} steps back. */
    public double[] over(int steps) {
        double[] bound = new double[steps + 1];
        for (int d = 0; d <= steps; d++) {
            Interrupts.check("NormBound", d);
            bound[d] = Math.pow(factor(), d);
        }
        return bound;
    }

    /**
     * Whether norms for 0, 1, … steps back are all at most the bound, but for the rounding of floats (1e-5 of it for
     * each step).
     */
    public boolean holds(double... norms) {
        for (int d = 0; d < norms.length; d++)
            if (!(norms[d] <= Math.pow(factor(), d) * (1 + ROUNDING * (d + 1)))) return false;
        return true;
    }
}
