package unroll.notebook;

/**
 * Runs work on a thread of its own and waits for it, so that an interrupt of the caller neither cuts the work off nor
 * gets lost.
 */
final class Aside {
    private Aside() {
    }

    /**
     * Returns when the work is done; what the work throws is thrown here. The caller's interrupt flag is afterwards as
     * it was, or set if an interrupt came.
     */
    static void run(Runnable work) {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                thrown[0] = e;
            }
        }, "unroll-display");
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        if (thrown[0] instanceof RuntimeException e) throw e;
        if (thrown[0] instanceof Error e) throw e;
    }
}
