package unroll.recurrent;

import java.util.Locale;

import unroll.tensor.Tensor;

/** The function σ of a simple recurrent network. */
public enum Nonlinearity {
    TANH, RELU, LOGISTIC;

    public Tensor apply(Tensor z) {
        return switch (this) {
            case TANH -> z.tanh();
            case RELU -> z.relu();
            case LOGISTIC -> z.sigmoid();
        };
    }

    /** For example {@code "tanh"}. */
    @Override public String toString() { return name().toLowerCase(Locale.ROOT); }
}
