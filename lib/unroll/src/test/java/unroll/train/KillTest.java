package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that trains is killed, the one that resumes it is killed too, and a third one ends the run: all with the
 * losses of one run.
 */
@Tag("slow")
class KillTest {
    @ParameterizedTest
    @EnumSource void aKilledRunGoesOnWithTheSameLosses(SmallRun kind, @TempDir Path folder) throws Exception {
        List<Double> expected = kind.losses();
        Path run = folder.resolve("run");
        assertEquals(1, killAfter(kind, folder, run, 5, 12, expected));
        int resumedAt = killAfter(kind, folder, run, 2, 20, expected);
        assertTrue(resumedAt > 3 && resumedAt % 3 == 1,
                "the second process began after a checkpoint, with step " + resumedAt);
        List<Double> rest = SmallRun.losses(kind.resumed(run));
        assertTrue(rest.size() < expected.size(), "the third one did not begin anew");
        assertEquals(expected.subList(expected.size() - rest.size(), expected.size()), rest);
        try (Stream<Path> files = Files.list(run)) {
            assertTrue(files.noneMatch(p -> p.toString().endsWith(".part")), "nothing half written is left");
        }
    }

    /**
     * Kills it somewhere between the n-th step that it takes and step {@code last}; gives the number of its first step.
     */
    private static int killAfter(SmallRun kind, Path folder, Path run, int n, int last, List<Double> expected)
            throws IOException, InterruptedException {
        int first = 0;
        try (ChildJvm child = new ChildJvm(folder, List.of("-Xmx256m"), KilledProcess.class, kind.name(),
                run.toString(), "" + last)) {
            for (int i = 0; i < n; i++) {
                String line = child.line();
                int step = Integer.parseInt(line.split(" ")[0]);
                if (i == 0) first = step;
                assertEquals(first + i, step);
                assertEquals(step + " " + expected.get(step - 1), line);
            }
            child.kill();
        }
        return first;
    }
}
