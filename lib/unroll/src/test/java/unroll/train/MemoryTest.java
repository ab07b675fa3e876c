package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MemoryTest {
    @Test void twoThousandTrainingStepsTakeNoMoreMemoryThanThreeHundred(@TempDir Path folder) throws Exception {
        // the gates of one layer, if kept, were 78 MB
        assertFlat(folder, 2000, MemoryProcess.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LSTM", "GRU",
            "RNN"}) void fiveThousandBatchesOfAllLengthsTakeNoMoreMemoryThanFifteenHundred(String layer,
                    @TempDir Path folder) throws Exception {
        assertFlat(folder, 5000, LayerMemoryProcess.class, layer);
    }

    /** The heap is fixed and touched at the start, so what the process grows by is memory outside of it. */
    private static void assertFlat(Path folder, int steps, Class<?> main, String... arguments) throws Exception {
        try (ChildJvm child = new ChildJvm(folder, List.of("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch"), main,
                arguments)) {
            long[] early = kilobytes(child.line()), middle = kilobytes(child.line()), late = kilobytes(child.line());
            String all = Arrays.toString(early) + Arrays.toString(middle) + Arrays.toString(late);
            assertEquals(steps, late[0]);
            System.out.println("kilobytes of heap after a collection, and of the process, by step: " + all);
            assertTrue(late[1] < early[1] + 512, "heap: " + all);
            assertTrue(late[2] < early[2] + 24 * 1024, "process: " + all);   // compiled code still comes in
        }
    }

    private static long[] kilobytes(String line) {
        return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
