package unroll.notebook;

/**
 * A place in a cell's output whose content can be replaced.
 *
 * <pre>{@code
 * Live live = Notebook.live();
 * for (int i = 1; i <= 100; i++) live.update(i + " of 100");
 * live.finish();
 * }</pre>
 *
 * The saved notebook holds the last content. It belongs to the cell that made it, also when an interrupt has
 * ended that cell and the next one runs; where the kernel can no longer show it there, it is left out. It never throws
 * because of that, and the thread's interrupt flag stays as it is. On a console only the last content is printed.
 */
public interface Live {
    /** Replaces what is shown; the first call shows it below the running cell. */
    void update(Object value);

    /** Says that no further update follows: a console prints the last content now. */
    void finish();
}
