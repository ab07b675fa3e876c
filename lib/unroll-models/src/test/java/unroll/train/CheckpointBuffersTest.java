package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.picture.BatchNorm2d;
import unroll.tensor.CheckpointException;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Running statistics are part of a trained model: weights without them would be another function. */
class CheckpointBuffersTest {
    @TempDir Path folder;

    @Test void weightsComeWithTheirBuffers() {
        BatchNorm2d trained = new BatchNorm2d(2), loaded = new BatchNorm2d(2);
        Tensor x = Rng.seed(1).normal(3, 2, 4, 4).add(2);
        trained.apply(x);
        Checkpoint.of(trained).write(folder, "final");
        Checkpoint.read(folder, "final").into(loaded);
        trained.eval();
        loaded.eval();
        assertArrayEquals(trained.apply(x).data(), loaded.apply(x).data());
    }

    @Test void aCheckpointWithoutThemIsRefused() {
        BatchNorm2d model = new BatchNorm2d(2);
        Checkpoint whole = Checkpoint.of(model);
        Checkpoint without = new Checkpoint(whole.model(), whole.structure(), "", 0, 0, whole.best(), 0, 0,
                whole.data(), whole.settings(),
                whole.parameters(),
                java.util.Map.of(), whole.state(), whole.moments(), whole.generators());
        String message = assertThrows(CheckpointException.class, () -> without.into(model)).getMessage();
        assertTrue(message.contains("running_mean is missing there"), message);
    }
}
