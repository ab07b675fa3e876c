package unroll;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.analysis.*;
import unroll.data.*;
import unroll.nn.Lengths;
import unroll.text.*;
import unroll.metrics.*;
import unroll.model.*;
import unroll.nn.*;
import unroll.recurrent.*;
import unroll.sequence.*;
import unroll.statespace.*;
import unroll.tensor.*;
import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.*;

/**
 * What a notebook's stop button does to everything that can take long: each of these would run for many seconds, most
 * for hours. The flag is seen when the thread ends with the exception that says so; the limit of its join only keeps a
 * failure from hanging.
 */
final class InterruptedLoopsTest {
    private static final List<String> A = Collections.nCopies(200_000, "a"), B = Collections.nCopies(200_000, "b");
    private static final List<String> SENTENCE = List.of("the", "cat", "sat", "on", "the", "mat");
    private static final int MANY = 1_000_000_000;

    record Loop(String name, Runnable work) {
        @Override public String toString() { return name; }
    }

    private static Loop loop(String name, Supplier<?> work) {
        return new Loop(name, () -> {
            if (work.get() == null) throw new AssertionError("so that it is not left away");
        });
    }

    private static Rng rng() { return Rng.seed(1); }

    private static Tensor normal(int... shape) { return rng().normal(shape); }

    private static int[] ids(int n, int symbols) { return IntStream.range(0, n).map(i -> i * 31 % symbols).toArray(); }

    private static LanguageModel languageModel() {
        return new LanguageModel(Vocabulary.characters("ab"), Lstm.of(8, 16), rng());
    }

    private static LinearSystem legS(int size) {
        double[] c = new double[size];
        Arrays.fill(c, 1);
        return LinearSystem.of(Hippo.legS(size).a(), c, c, 0);
    }

    private static DiscreteSystem single(int size) { return legS(size).discretize(Discretization.bilinear(1e-3)); }

    static List<Loop> loops() {
        double[][] input = new double[100_000][1];
        LstmCell cell = new LstmCell(4, 16, rng());
        List<String> words = IntStream.range(0, 20_000).mapToObj(i -> Long.toString(i * 7_919_000_001L, 3)).toList();
        return List.of(
                // scores
                loop("Bootstrap.mean", () -> new Bootstrap(10_000_000, rng()).mean(new double[10_000], 0.95)),
                loop("Bootstrap with a slow figure",
                        () -> new Bootstrap(10_000_000, rng()).interval(1, numbers -> slow(1e-3), 0.95)),
                loop("EditDistance", () -> EditDistance.of(A, B)),
                loop("ErrorRate", () -> ErrorRate.none().add(B, A)),
                loop("RougeL", () -> RougeL.none().add(A, B)),
                loop("Bleu", () -> Bleu.none().add(SENTENCE, Collections.nCopies(50_000_000, SENTENCE))),
                loop("CiderD of references", () -> CiderD.of(Collections.nCopies(50_000_000, List.of(SENTENCE)))),
                loop("CiderD.score",
                        () -> CiderD.of(List.of(List.of(SENTENCE))).score(SENTENCE,
                                Collections.nCopies(50_000_000, SENTENCE))),
                // linear algebra
                loop("matmul", () -> Tensor.ones(7_000, 7_000).matmul(Tensor.ones(7_000, 7_000))),
                loop("matmul, transposed on the way back", () -> {
                    Parameter w = new Parameter("w", Tensor.ones(5_000, 5_000));
                    for (int i = 0; i < MANY; i++) Tensor.ones(5_000, 5_000).matmul(w).sum().backward();
                    return w;
                }),
                loop("eigenvalues", () -> LinearAlgebra.eigenvalues(normal(900, 900))),
                loop("svd", () -> LinearAlgebra.svd(normal(1_600, 1_600))),
                loop("many small svds",
                        () -> IntStream.range(0, MANY).mapToDouble(i -> LinearAlgebra.spectralNorm(normal(20, 20)))
                                .sum()),
                loop("Rng.normal", () -> rng().normal(100_000_000)),
                loop("Rng.permutation", () -> rng().permutation(100_000_000)),
                loop("GradientCheck", () -> {
                    Parameter w = new Parameter("w", Tensor.of(new float[] {1}, 1));
                    return GradientCheck.of(() -> new OneUnitRnn(100_000, 0, 1).losses(w, w).sum(), w);
                }),
                loop("a loop of small operations", () -> {
                    Tensor x = Tensor.ones(4);
                    for (int i = 0; i < MANY; i++) x = x.mul(1);
                    return x;
                }),
                loop("Parallel", () -> {
                    Parallel.run(MANY, part -> slow(1e-6));
                    return 0;
                }),
                // analysis
                loop("MatrixPowers", () -> MatrixPowers.of(normal(30, 30), 10_000_000)),
                loop("Spectrum", () -> Spectrum.of(normal(900, 900))),
                loop("LossSurface",
                        () -> LossSurface.over(new Axis("a", 0, 1, 2000), new Axis("b", 0, 1, 2000),
                                (a, b) -> slow(1e-3))),
                loop("LossSurface.batched",
                        () -> LossSurface.batched(new Axis("a", 0, 1, 100), new Axis("b", 0, 1, 100),
                                (a, b) -> new OneUnitRnn(MANY, 0, 1).losses(a, b))),
                loop("Descent", () -> Descent.from(0, 0).steps(MANY).on("path", (a, b) -> a.square().add(b.square()))),
                loop("JacobianProducts", () -> JacobianProducts.along(cell, normal(100_000, 4))),
                loop("GradientFlow", () -> GradientFlow.through(cell, normal(100_000, 1, 4), Tensor::sum)),
                loop("Perturbations", () -> Perturbations.of(cell, normal(100_000, 4), 1e-3)),
                loop("TruncationError",
                        () -> TruncationError.last(cell, normal(100_000, 1, 4), Tensor::sum, 1)),
                // layers and losses
                loop("Lstm, one long batch",
                        () -> Tape.noGrad(() -> Lstm.of(4, 64).build(rng()).apply(normal(100_000, 2, 4)).states())),
                loop("Gru, one long sequence",
                        () -> Tape.noGrad(() -> Gru.of(4, 64).build(rng()).apply(normal(150_000, 1, 4)).states())),
                loop("Unrolled", () -> Tape.noGrad(() -> new Unrolled<>(cell).apply(normal(200_000, 1, 4)).states())),
                loop("crossEntropy, long logits", () -> {
                    Tensor logits = Tensor.zeros(1_000_000, 100);
                    IntTensor targets = IntTensor.of(new int[1_000_000], 1_000_000);
                    for (int i = 0; i < MANY; i++) Losses.crossEntropy(logits, targets);
                    return logits;
                }),
                loop("softmax", () -> Tensor.zeros(1_000_000, 100).softmax()),
                loop("Crf.decode", () -> new Crf(100).decode(Tensor.zeros(200_000, 1, 100), Lengths.of(200_000))),
                loop("Crf.logPartition",
                        () -> new Crf(100).logPartition(Tensor.zeros(200_000, 1, 100), Lengths.of(200_000))),
                loop("BeamSearch", () -> BeamSearch.of(200, 10_000).run(new Steps(), 0, 200, 0, 1)),
                loop("Sampling", () -> new Sampling(1, 1_000, rng()).run(new Steps(), 0, 20_000, 0, 1)),
                loop("LetterAligner",
                        () -> LetterAligner.fit(
                                Collections.nCopies(1_000_000, new Pronunciation("cat", 1, List.of("K", "AE", "T"))),
                                MANY)),
                // state spaces
                loop("DiscreteSystem.simulate", () -> single(200).simulate(new double[1_000_000])),
                loop("DiscreteSystem.kernel", () -> single(100).kernel(1_000_000)),
                loop("Kernel.convolve", () -> single(2).kernel(input.length).convolve(input)),
                loop("discretize", () -> legS(900).discretize(Discretization.zeroOrderHold(1e-3))),
                loop("poles", () -> legS(900).poles()),
                loop("HippoMemory.reconstruct", () -> HippoMemory.exact(200).reconstruct(20_000_000)),
                loop("HippoMemory.next", () -> {
                    HippoMemory memory = HippoMemory.exact(32);
                    for (int i = 0; i < MANY; i++) memory = memory.next(1);
                    return memory;
                }),
                // models
                loop("generate", () -> languageModel().generate("ab", 10_000_000, 1, 0, rng())),
                loop("evaluate", () -> languageModel().evaluate(ids(5_000_000, 2))),
                loop("NGramModel.count", () -> NGramModel.count(9, ids(5_000_000, 100), 100)),
                loop("NGramModel.evaluate",
                        () -> NGramModel.count(9, ids(1_000, 100), 100).evaluate(ids(5_000_000, 100))),
                loop("SkipGram, one long sentence", () -> SkipGram.of(100).epochs(1000)
                        .train(List.of(IntStream.range(0, 200_000).mapToObj(i -> "w" + i % 100).toList()),
                                Vocabulary.words(IntStream.range(0, 100).mapToObj(i -> "w" + i).toList(), 1), rng())),
                // data
                loop("Vocabulary.words", () -> Vocabulary.words(Collections.nCopies(2 * MANY, "a"), 1)),
                loop("Vocabulary.encode",
                        () -> Vocabulary.words(List.of("a", "b"), 1).encode(Collections.nCopies(100_000_000, "a"))),
                loop("BytePairs of endless sentences", () -> BytePairs.learn(Stream.generate(() -> SENTENCE), 10)),
                loop("BytePairs", () -> BytePairs.learn(Stream.of(words), 100_000)),
                loop("Digits.drawn", () -> Digits.drawn(100_000, rng())),
                loop("ToyWorld", () -> ToyWorld.sentences(MANY, rng())),
                loop("Reviews", () -> Reviews.builtIn(MANY, rng())),
                loop("SentencePairs", () -> SentencePairs.generated(50_000, rng())),
                loop("EmailReplies", () -> EmailReplies.newSenders(200_000, rng())),
                loop("ShapeScenes", () -> ShapeScenes.of(1).training(100_000)),
                loop("AgreementProbe", () -> new AgreementProbe(5).sentences(AgreementProbe.Part.TRAIN, MANY, rng())));
    }

    /** So many seconds of work that looks at no flag. */
    private static double slow(double seconds) {
        double x = 1;
        for (int i = 0; i < seconds * 1e8; i++) x = x * 0.999 + 1;
        return x;
    }

    /** A model that says nothing. */
    private static final class Steps implements StepFunction<Integer> {
        @Override public Next<Integer> step(Integer states, int[] symbols) {
            float[] log = new float[symbols.length * 100];
            Arrays.fill(log, (float) -Math.log(100));
            return new Next<>(Tensor.of(log, symbols.length, 100), states);
        }

        @Override public Integer select(Integer states, int[] rows) { return states; }
    }

    @ParameterizedTest
    @MethodSource("loops") void anInterruptEndsIt(Loop loop) throws InterruptedException {
        AtomicReference<Throwable> end = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread cell = new Thread(() -> {
            try {
                loop.work.run();
            } catch (Throwable e) {
                end.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        }, loop.name);
        cell.setDaemon(true);
        cell.start();
        cell.join(100);
        assertTrue(cell.isAlive(), () -> "it was over too soon: " + end.get());
        cell.interrupt();
        cell.join(30_000);
        assertFalse(cell.isAlive(), () -> "it runs on:\n"
                + String.join("\n", Arrays.stream(cell.getStackTrace()).map(Object::toString).toList()));
        assertInstanceOf(LoopInterruptedException.class, end.get());
        assertTrue(flag.get(), "whoever catches it can still see why");
    }

    /** The thread that goes on by itself does so for a call which ends when the test says so. */
    @Test void aCallThatCannotBeInterruptedIsLeftBehind() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1), ended = new CountDownLatch(1);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread cell = new Thread(() -> Interrupts.apart("call", 1e12, () -> {
            begun.countDown();
            while (ended.getCount() > 0) Thread.onSpinWait();
            return 1;
        }));
        cell.setUncaughtExceptionHandler((thread, e) -> end.set(e));
        cell.start();
        begun.await();
        cell.interrupt();
        cell.join();
        ended.countDown();
        assertInstanceOf(LoopInterruptedException.class, end.get());
    }
}
