package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A process can end while a matrix is decomposed: threads of OpenBLAS at work would be waited for, sometimes for ever.
 */
@Tag("slow")
class ExitWhileDecomposingTest {
    @Test void ends() throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 4; i++)
            all.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                    "-cp",
                    System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                    "-Dunroll.blas=" + System.getProperty("unroll.blas", "auto"),
                    Decomposing.class.getName(), "" + i)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
        try {
            for (Process p : all) {
                assertTrue(p.waitFor(5, TimeUnit.MINUTES), "it does not end");
                assertEquals(3, p.exitValue());
            }
        } finally {
            all.forEach(Process::destroyForcibly);
        }
    }

    static final class Decomposing {
        public static void main(String[] args) throws InterruptedException {
            Tensor a = Rng.seed(1).normal(400, 400);
            CountDownLatch started = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                LinearAlgebra.svd(a);
                started.countDown();
                for (;;) LinearAlgebra.svd(a);
            });
            thread.setDaemon(true);
            thread.start();
            started.await();
            Thread.sleep(30 + 50 * Integer.parseInt(args[0]));             // somewhere within a decomposition
            System.exit(3);
        }
    }
}
