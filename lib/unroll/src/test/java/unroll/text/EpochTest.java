package unroll.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import org.junit.jupiter.api.Test;
import unroll.tensor.LoopInterruptedException;

final class EpochTest {
    /** What a notebook's stop button does to a loop over batches. */
    private static void interrupted(Batches<SequenceBatch> batches) {
        Iterator<SequenceBatch> epoch = batches.epoch(2);
        epoch.next();
        Thread.currentThread().interrupt();
        try {
            String message = assertThrows(LoopInterruptedException.class, epoch::next).getMessage();
            assertEquals("The loop was interrupted before batch 1 of 3 in epoch 2 (both counted from 0). "
                    + "The model keeps the weights that its last step gave it.", message);
            assertTrue(Thread.currentThread().isInterrupted(), "whoever catches it can still see why");
        } finally {
            Thread.interrupted();
        }
    }

    @Test void anInterruptEndsALoopOverContiguousBatches() { interrupted(Batches.contiguous(new int[7], 2, 1)); }

    @Test void anInterruptEndsALoopOverPaddedBatches() {
        interrupted(PaddedBatches.nextSymbols(List.of(new int[2], new int[3], new int[2]), 1));
    }

    @Test void afterTheLastBatchThereIsNone() {
        Iterator<SequenceBatch> epoch = Batches.contiguous(new int[3], 1, 2).epoch(0);
        epoch.next();
        assertThrows(NoSuchElementException.class, epoch::next);
    }
}
