package unroll.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

import unroll.text.Batches;
import unroll.text.SequenceBatch;
import unroll.text.LanguageModel;
import unroll.nn.Carried;
import unroll.nn.State;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;

/**
 * Trains 2,000 steps in a process of its own and prints its memory: {@code "step heap resident"} in kilobytes; resident
 * 0 where it is not known.
 */
final class MemoryProcess {
    private MemoryProcess() {
    }

    public static void main(String[] arguments) {
        LanguageModel model = new LanguageModel(SmallRun.VOCABULARY, Lstm.of(16, 48).layers(2).dropout(0.1),
                Rng.seed(1));
        Batches<SequenceBatch> batches = Batches.contiguous(SmallRun.VOCABULARY.encode(SmallRun.TEXT), 6, 10);
        Optimizer adam = new Adam(model.parameters(), 1e-3);
        State state = model.start(6);
        int step = 0;
        for (int epoch = 0; step < 2000; epoch++)
            for (Iterator<SequenceBatch> data = batches.epoch(epoch); data.hasNext() && step < 2000;) {
                adam.zeroGrad();
                Carried read = model.loss(data.next(), state);
                state = read.state().detach();
                read.loss().backward();
                Clip.byGlobalNorm(model.parameters(), 5);
                adam.step();
                step++;
                if (step == 300 || step == 1150 || step == 2000) print(step);
            }
    }

    static void print(int step) { System.out.println(step + " " + heap() + " " + resident()); }

    private static long heap() {
        for (int i = 0; i < 3; i++) System.gc();
        Runtime jvm = Runtime.getRuntime();
        return (jvm.totalMemory() - jvm.freeMemory()) >> 10;
    }

    private static long resident() {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return 0;
        try {
            return Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                    .findFirst().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
