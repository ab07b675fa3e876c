package unroll.train;

import unroll.data.LoopInterruptedException;

/**
 * A notebook's interrupt only sets a flag: the cell is over for the reader, but its thread runs on until it looks. So whatever would change a
 * model looks first.
 */
final class Interrupts {
    private Interrupts() {
    }

    static void check(String where) {
        if (Thread.currentThread().isInterrupted())
            throw new LoopInterruptedException("interrupted before " + where + "; the model keeps its last weights");
    }
}
