package unroll.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Trains in a process of its own: prints each loss, with a checkpoint every three steps, and then waits to be killed.
 */
final class KilledProcess {
    private KilledProcess() {
    }

    /** Arguments: the kind of run, its folder, and the step after which it waits. */
    public static void main(String[] arguments) {
        SmallRun kind = SmallRun.valueOf(arguments[0]);
        int last = Integer.parseInt(arguments[2]);
        kind.trainer(SmallRun.model()).checkpoint(Path.of(arguments[1]), 3).listen(new TrainingListener() {
            @Override public void stepped(Step step) {
                System.out.println(step.number() + " " + step.loss());
                if (step.number() == last) waitForever();
            }
        }).resume(kind.batches());
    }

    private static void waitForever() {
        try {
            if (System.in.read() < 0) throw new IllegalStateException("the test that started this is gone");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
