package unroll.recurrent;

/**
 * The four ways in which the gated recurrent unit is written. The update gate z keeps the old state or takes the new
 * one (turn one into the other by z → 1 - z, that is by negated weights); the reset gate r is applied before or after
 * the product with U_n (two different functions).
 */
public enum GruConvention {
    /** {@code n = tanh(x W_n + b_n + r ∘ (h U_n + c_n)), h' = (1 - z) ∘ n + z ∘ h}: PyTorch, cuDNN. */
    KEEPS_OLD_RESET_AFTER(true, true),
    /** {@code n = tanh(x W_n + b_n + (r ∘ h) U_n), h' = (1 - z) ∘ n + z ∘ h}: Cho et al. 2014. */
    KEEPS_OLD_RESET_BEFORE(true, false),
    /** {@code n = tanh(x W_n + b_n + r ∘ (h U_n + c_n)), h' = (1 - z) ∘ h + z ∘ n}. */
    KEEPS_NEW_RESET_AFTER(false, true),
    /** {@code n = tanh(x W_n + b_n + (r ∘ h) U_n), h' = (1 - z) ∘ h + z ∘ n}: Chung et al. 2014, and most lectures. */
    KEEPS_NEW_RESET_BEFORE(false, false);

    private final boolean keepsOld, resetAfter;

    GruConvention(boolean keepsOld, boolean resetAfter) {
        this.keepsOld = keepsOld;
        this.resetAfter = resetAfter;
    }

    /** Whether z = 1 keeps the old state. */
    public boolean keepsOld() { return keepsOld; }

    /** Whether r acts after the product with U_n. */
    public boolean resetAfter() { return resetAfter; }

    /** Nothing in PyTorch's way. */
    String suffix() { return this == KEEPS_OLD_RESET_AFTER ? "" : ", " + this; }

    /** For example {@code "z keeps old, reset after"}. */
    @Override public String toString() {
        return "z keeps " + (keepsOld ? "old" : "new") + ", reset " + (resetAfter ? "after" : "before");
    }
}
