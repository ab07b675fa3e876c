package unroll.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    /** The heap is fixed and touched at the start, so what the process grows by is memory outside of it. */
    @Test void twoThousandStepsTakeNoMoreMemoryThanThreeHundred(@TempDir Path folder) throws Exception {
        try (ChildJvm child = new ChildJvm(folder, List.of("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch"), MemoryProcess.class)) {
            long[] early = kilobytes(child.line()), middle = kilobytes(child.line()), late = kilobytes(child.line());
            String all = Arrays.toString(early) + Arrays.toString(middle) + Arrays.toString(late);
            assertEquals(2000, late[0]);
            System.out.println("kilobytes of heap after a collection, and of the process, by step: " + all);
            assertTrue(late[1] < early[1] + 512, "heap: " + all);
            assertTrue(late[2] < early[2] + 24 * 1024, "process: " + all);   // compiled code still comes in; the gates of one layer, if kept, were 78 MB
        }
    }

    private static long[] kilobytes(String line) { return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray(); }
}
