package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsideTest {
    @AfterEach void clearInterrupt() { Thread.interrupted(); }

    @Test void anInterruptDuringTheWorkIsKeptAndTheWorkIsFinished() {
        Thread caller = Thread.currentThread();
        boolean[] done = new boolean[1];
        Aside.run(() -> {
            caller.interrupt();
            while (caller.isInterrupted()) Thread.onSpinWait();            // until the waiting caller has taken notice
            done[0] = true;
        });
        assertTrue(done[0]);
        assertTrue(caller.isInterrupted());
    }

    @Test void withoutAnInterruptThereIsNoFlag() {
        Aside.run(() -> {
        });
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test void whatTheWorkThrowsIsThrown() {
        assertThrows(ChartException.class, () -> Aside.run(() -> {
            throw new ChartException("no");
        }));
    }
}
