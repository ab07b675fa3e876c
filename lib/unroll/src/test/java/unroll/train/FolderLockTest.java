package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import unroll.tensor.CheckpointException;
import unroll.text.LanguageModel;

/** A folder of checkpoints is that of one run; readers need no lock. */
@Tag("slow")
class FolderLockTest {
    private static final SmallRun KIND = SmallRun.ADAM_CARRIED;
    @TempDir Path parent;

    private Path folder() { return parent.resolve("run"); }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).filter(name -> !name.startsWith("training.")).sorted()
                    .toList();
        }
    }

    @Test void aFolderThatAnotherProcessTrainsIntoIsRefusedAndUnchanged() throws Exception {
        try (ChildJvm child = new ChildJvm(parent, List.of("-Xmx256m"), KilledProcess.class, KIND.name(),
                folder().toString(), "5")) {
            for (int step = 1; step <= 5; step++) child.line();
            List<String> before = files(folder());
            String owner = Files.readString(folder().resolve("training.owner"));
            assertTrue(owner.matches("process \\d+ on .+, started .+"), owner);
            for (boolean resume : new boolean[] {false, true}) {
                Trainer<unroll.text.SequenceBatch> second = KIND.trainer(SmallRun.model()).checkpoint(folder());
                String message = assertThrows(CheckpointException.class, () -> {
                    if (resume) second.resume(KIND.batches());
                    else
                        second.fit(KIND.batches());
                }).getMessage();
                assertTrue(message.contains("is in use: " + owner), message);
            }
            assertEquals(before, files(folder()));
            assertEquals(3, Checkpoint.read(folder(), "last").batches());
            child.kill();
            TrainingRun run = KIND.resumed(folder());
            assertTrue(run.message().contains("still held by " + owner + ", which has ended"), run.message());
            assertEquals(24, run.steps().size());
        }
        assertFalse(Files.exists(folder().resolve("training.owner")), "the folder was given back");
        assertFalse(KIND.resumed(folder()).message().contains("held"));
    }

    @Test void twoThreadsWithModelsOfTheirOwn() throws Exception {
        CountDownLatch training = new CountDownLatch(1), refused = new CountDownLatch(1);
        AtomicReference<TrainingRun> end = new AtomicReference<>();
        Thread first = new Thread(
                () -> end.set(KIND.trainer(SmallRun.model()).checkpoint(folder()).listen(SmallRun.after(4, () -> {
                    training.countDown();
                    try {
                        refused.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })).fit(KIND.batches())));
        first.start();
        training.await();
        try {
            String message = assertThrows(CheckpointException.class, () -> KIND.resumed(folder())).getMessage();
            assertTrue(message.contains("is in use: process " + ProcessHandle.current().pid()), message);
            try (ChildJvm third = new ChildJvm(parent, List.of("-Xmx256m"), KilledProcess.class, KIND.name(),
                    folder().toString(), "30")) {
                String said = assertThrows(IllegalStateException.class, third::line,
                        "the second did not give the lock of the first away")
                        .getMessage();
                assertTrue(said.contains("is in use: process " + ProcessHandle.current().pid()), said);
            }
        } finally {
            refused.countDown();
            first.join();
        }
        assertEquals(27, end.get().steps().size());
        assertEquals(List.of(), KIND.resumed(folder()).steps());
    }

    @Test void whatAKilledProcessLeftGoesButNothingElse() throws IOException {
        KIND.resumed(folder());
        List<String> sound = files(folder());
        for (String left : List.of("last.safetensors.77-0.part", "last.safetensors.77-3.part",
                "best.safetensors.1-0.part"))
            Files.writeString(folder().resolve(left), "left");
        List<String> mine = List.of("final.safetensors.7-1.part", "last.safetensors.part", "lastly.safetensors",
                "notes.part");
        for (String own : mine) Files.writeString(folder().resolve(own), "mine");
        KIND.resumed(folder());
        assertEquals(
                Stream.concat(sound.stream(), mine.stream()).sorted().toList(), files(folder()));
    }

    @Test void aReaderBesideAWriterNeverFails() throws Exception {
        LanguageModel model = SmallRun.model();
        Optimizer adam = KIND.optimizer(model);
        CheckpointTest.at(model, adam, 0, 1, 0, 0).write(folder(), "last");
        AtomicReference<Throwable> failed = new AtomicReference<>();
        AtomicReference<Boolean> over = new AtomicReference<>(false);
        Thread reader = new Thread(() -> {
            while (!over.get() && failed.get() == null)
                try {
                    Checkpoint.read(folder(), "last");
                } catch (RuntimeException e) {
                    failed.set(e);
                }
        });
        reader.start();
        for (int i = 0; i < 300; i++) {
            float by = i;
            model.parameters().get(0).update(w -> w[0] = by);
            CheckpointTest.at(model, adam, 0, 1, 0, 0).write(folder(), "last");
        }
        over.set(true);
        reader.join();
        assertNull(failed.get());
        assertEquals(List.of("last.safetensors"), files(folder()));
    }

    /** Two loops that write by themselves overwrite each other's checkpoint, but what is there is always whole. */
    @Test void twoWritersOfOneNameLeaveAWholeOne() throws Exception {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Thread> writers = Stream.of(1f, 2f).map(by -> new Thread(() -> {
            LanguageModel model = SmallRun.model();
            try {
                for (int i = 0; i < 100; i++) {
                    float now = by * i;
                    model.parameters().get(0).update(w -> w[0] = now);
                    Checkpoint.of(model).write(folder(), "last");
                    Checkpoint.read(folder(), "last");
                }
            } catch (RuntimeException e) {
                failed.set(e);
            }
        })).toList();
        writers.forEach(Thread::start);
        for (Thread writer : writers) writer.join();
        assertNull(failed.get());
        Checkpoint.read(folder(), "last").into(SmallRun.model());
    }

    @Test void aLinkInTheWayIsNotFollowed() throws IOException {
        Path precious = Files.writeString(parent.resolve("precious.txt"), "keep me");
        Files.createDirectories(folder());
        long pid = ProcessHandle.current().pid();
        for (String part : List.of("last.safetensors.part", "last.safetensors." + pid + "-0.part"))
            Files.createSymbolicLink(folder().resolve(part), precious);
        Checkpoint.of(SmallRun.model()).write(folder(), "last");
        assertEquals("keep me", Files.readString(precious));
        Checkpoint.read(folder(), "last").into(SmallRun.model());
    }
}
