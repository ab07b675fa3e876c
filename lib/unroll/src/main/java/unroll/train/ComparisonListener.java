package unroll.train;

/** Hears how a {@link Comparison} goes on, on the training thread. */
public interface ComparisonListener {
    /** After each validation of each training, and after the end of each. */
    void changed(ComparisonResult soFar);

    /** After the last training, or where it was interrupted. */
    default void finished(ComparisonResult result) {
    }
}
