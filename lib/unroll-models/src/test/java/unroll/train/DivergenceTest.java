package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.tensor.Rng;
import unroll.tensor.Parameter;
import unroll.tensor.DivergedException;
import unroll.nn.Carried;
import unroll.nn.Module;
import unroll.nn.State;
import unroll.recurrent.Hidden;
import unroll.picture.BatchNorm2d;
import unroll.text.Batches;
import unroll.text.SequenceBatch;
import unroll.text.LanguageModel;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.train.TrainingRun.Outcome;

class DivergenceTest {
    private static final SmallRun KIND = SmallRun.ADAM_CARRIED;

    /** Its fifth loss is spoilt. */
    private static Trainer<SequenceBatch> spoilt(LanguageModel model, UnaryOperator<Tensor> how) {
        AtomicInteger batches = new AtomicInteger();
        return KIND.trainer(model,
                (batch, state) -> SmallRun.with(batches.incrementAndGet() == 5 ? how : loss -> loss,
                        model.loss(batch, state)));
    }

    /** The same value, but what goes back is not a number. */
    private static Tensor withSpoiltGradient(Tensor loss) {
        return Tape.record("spoilt", loss.data().clone(), loss.shape(), g -> loss.take(new float[] {Float.NaN}), loss);
    }

    private static void stopsBeforeTheFifthStep(UnaryOperator<Tensor> how, Path folder, String loss) {
        LanguageModel model = SmallRun.model();
        List<float[]> weights = new ArrayList<>();
        List<TrainingRun> finished = new ArrayList<>();
        Trainer<SequenceBatch> trainer = spoilt(model, how).checkpoint(folder, 2).listen(new TrainingListener() {
            @Override public void stepped(Step step) { weights.add(model.output().parameters().get(0).data()); }

            @Override public void finished(TrainingRun run) { finished.add(run); }
        });
        DivergedException e = assertThrows(DivergedException.class, () -> trainer.fit(KIND.batches()));
        assertTrue(e.getMessage().startsWith("step 5 was not taken: loss " + loss), e.getMessage());
        assertEquals(1, finished.size());
        assertEquals(Outcome.DIVERGED, finished.get(0).outcome());
        assertEquals(e.getMessage(), finished.get(0).message());
        assertEquals(5, finished.get(0).steps().size());
        assertArrayEquals(weights.get(3), model.output().parameters().get(0).data(), "the weights of step 4");
        List<Double> resumed = SmallRun.losses(KIND.resumed(folder));
        assertEquals(KIND.losses().subList(4, 27), resumed, "the last checkpoint, of step 4, is whole");
    }

    @Test void aLossThatIsNotANumber(@TempDir Path folder) {
        stopsBeforeTheFifthStep(l -> l.mul(Double.NaN), folder, "NaN");
    }

    @Test void anInfiniteLoss(@TempDir Path folder) {
        stopsBeforeTheFifthStep(l -> l.mul(Double.POSITIVE_INFINITY), folder, "Infinity");
    }

    @Test void aFiniteLossWhoseGradientIsNotANumber(@TempDir Path folder) {
        stopsBeforeTheFifthStep(DivergenceTest::withSpoiltGradient, folder, "3.");
    }

    /** So that the run can be tried again at a lower rate in the same cell. */
    @Test void theModelIsThatOfTheStepBefore() {
        LanguageModel model = SmallRun.model(), sound = SmallRun.model();
        assertThrows(DivergedException.class, () -> spoilt(model, l -> l.mul(Double.NaN)).fit(KIND.batches()));
        KIND.trainer(sound).listen(SmallRun.after(4, Thread.currentThread()::interrupt)).fit(KIND.batches());
        assertTrue(Thread.interrupted());
        sound.namedParameters()
                .forEach((name, p) -> assertArrayEquals(p.data(), model.namedParameters().get(name).data(), name));
        sound.namedGenerators()
                .forEach((name, rng) -> assertEquals(rng.state(), model.namedGenerators().get(name).state(), name));
    }

    /**
     * A step can spoil the weights although loss and gradient are finite; then the checkpoint before it is the last
     * good one.
     */
    @Test void weightsThatAreNotFiniteAreNotWritten(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        Trainer<SequenceBatch> leaping = Trainer
                .of(model, new Sgd(model.parameters(), 1e300), model::start, model::loss)
                .checkpoint(folder, 1);
        DivergedException e = assertThrows(DivergedException.class, () -> leaping.fit(KIND.batches()));
        assertTrue(e.getMessage().startsWith("after step 1 the weights embedding."), e.getMessage());
        assertEquals(0, Checkpoint.read(folder, "last").batches());
        LanguageModel again = SmallRun.model();
        Checkpoint.read(folder, "last").into(again);
        assertTrue(again.parameters().stream().allMatch(Tensor::isFinite));
    }

    private static Stream<Function<List<Parameter>, Optimizer>> optimizers() {
        return Stream.of(w -> new Adam(w, .01), w -> new RmsProp(w, .01), w -> new Sgd(w, .01),
                w -> new Sgd(w, .01).momentum(.9));
    }

    @ParameterizedTest
    @MethodSource("optimizers") void aGradientWhoseSquareIsInfiniteIsNoStep(Function<List<Parameter>, Optimizer> make,
            @TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        AtomicInteger batches = new AtomicInteger();
        Trainer<SequenceBatch> trainer = Trainer.of(model, make.apply(model.parameters()), model::start,
                (SequenceBatch batch, State state) -> SmallRun.with(
                        loss -> batches.incrementAndGet() == 5 ? steep(loss) : loss, model.loss(batch, state)))
                .epochs(3).checkpoint(folder, 2);
        DivergedException e = assertThrows(DivergedException.class, () -> trainer.fit(KIND.batches()));
        assertTrue(e.getMessage().startsWith("step 5 was not taken: loss 3."), e.getMessage());
        assertEquals(4, Checkpoint.read(folder, "last").batches());
        assertTrue(Checkpoint.read(folder, "last").moments().values().stream().allMatch(Tensor::isFinite));
    }

    /** The same value, but what goes back is huge. */
    private static Tensor steep(Tensor loss) {
        return Tape.record("steep", loss.data().clone(), loss.shape(), g -> loss.take(new float[] {1e20f}), loss);
    }

    /** Clipping makes a usable gradient of it. */
    @Test void aClippedOneIs() {
        LanguageModel model = SmallRun.model();
        TrainingRun run = KIND
                .trainer(model, (batch, state) -> SmallRun.with(DivergenceTest::steep, model.loss(batch, state)))
                .fit(KIND.batches());
        assertEquals(Outcome.COMPLETED, run.outcome());
        assertTrue(run.steps().get(0).gradientNorm() > 1e19 && model.parameters().stream().allMatch(Tensor::isFinite));
    }

    private static final class SumOfSquares extends Optimizer {
        SumOfSquares(List<Parameter> parameters) { super(parameters, 0.1, 1); }

        @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
            for (int i = from; i < to; i++) memory[0][i] += g[i] * g[i];
        }
    }

    /** Squares that are finite each. */
    @Test void momentsThatAreNotFiniteAreNotWritten(@TempDir Path folder) {
        Parameter w = new Parameter("w", Tensor.ones(2));
        Module model = new Module() {
            {
                parameter(w);
            }
        };
        Trainer<Tensor> trainer = Trainer.of(model, new SumOfSquares(List.of(w)), (Tensor x) -> w.sum().mul(1e19))
                .checkpoint(folder, 1);
        DivergedException e = assertThrows(DivergedException.class,
                () -> trainer.fit(Batches.generated(20, Rng.seed(1), r -> Tensor.ones(1))));
        assertTrue(e.getMessage().contains("the optimizer's moments 0.0 are not finite, so no checkpoint was written"),
                e.getMessage());
        assertTrue(Checkpoint.read(folder, "last").moments().get("0.0").isFinite());
    }

    private static final class Normed extends Module {
        private final BatchNorm2d norm = child("norm", new BatchNorm2d(1));

        Tensor loss(Tensor x) { return norm.apply(x).square().mean(); }
    }

    @Test void oneImmenseNumberDoesNotSpoilTheRunningStatistics(@TempDir Path folder) {
        for (float value : new float[] {1e25f, Float.NaN, Float.POSITIVE_INFINITY}) {
            Normed model = new Normed();
            AtomicInteger batches = new AtomicInteger();
            Trainer<Tensor> trainer = Trainer.of(model, new Adam(model.parameters(), .01), model::loss)
                    .checkpoint(folder, 2);
            DivergedException e = assertThrows(DivergedException.class,
                    () -> trainer.fit(Batches.generated(8, Rng.seed(1), r -> {
                        float[] x = r.normal(2, 1, 3, 3).data().clone();
                        if (batches.incrementAndGet() == 5) x[4] = value;
                        return Tensor.of(x, 2, 1, 3, 3);
                    })));
            assertTrue(e.getMessage().startsWith("step 5 was not taken")
                    && e.getMessage().contains("the running mean of channel 0"), e.getMessage());
            assertTrue(model.namedBuffers().values().stream().allMatch(Tensor::isFinite));
            assertEquals(4, Checkpoint.read(folder, "last").batches());
        }
    }

    /** A state that is carried, of a model of one's own, becomes infinite while the loss is finite. */
    @Test void whatAModelCarriesIsLookedAtToo() {
        Parameter w = new Parameter("w", Tensor.ones(1));
        final class Growing extends Module {
            Growing() { parameter(w); }

            State start(int batchSize) { return new Hidden(Tensor.ones(batchSize, 1)); }

            Carried loss(Tensor x, State state) {
                return new Carried(w.square().sum(), new Hidden((state == null ? start(1) : state).h().mul(1e10)));
            }
        }
        Growing model = new Growing();
        DivergedException e = assertThrows(DivergedException.class,
                () -> Trainer.of(model, new Sgd(List.of(w), .1), model::start, model::loss)
                        .fit(Batches.generated(8, Rng.seed(1), r -> Tensor.ones(1))));
        assertTrue(
                e.getMessage().contains("step 4 was not taken")
                        && e.getMessage().contains("with this batch the carried state is not finite"),
                e.getMessage());
    }

    @Test void aModelThatHasDivergedIsNotWrittenOverAGoodOne(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        Checkpoint.of(model).write(folder, "final");
        model.output().w().update(w -> w[3] = Float.NaN);
        assertTrue(assertThrows(DivergedException.class, () -> Checkpoint.of(model).write(folder, "final")).getMessage()
                .contains("output.w"));
        Checkpoint.read(folder, "final").into(model);
        assertTrue(model.output().w().isFinite());
    }

    /** A buffer that is infinite by intention, such as a mask, is none that became so. */
    @Test void aMaskMayBeInfinite(@TempDir Path folder) {
        Module model = new Module() {
            {
                parameter(new Parameter("w", Tensor.ones(2)));
                buffer("mask", Tensor.of(new float[] {0, Float.NEGATIVE_INFINITY}, 2));
            }
        };
        Parameter w = model.parameters().get(0);
        AveragedWeights average = AveragedWeights.of(model, 0);
        TrainingRun run = Trainer.of(model, new Sgd(List.of(w), .1), (Tensor x) -> w.square().sum()).checkpoint(folder)
                .listen(average)
                .fit(Batches.generated(4, Rng.seed(1), r -> Tensor.ones(1)));
        assertEquals(Outcome.COMPLETED, run.outcome());
        assertEquals(Float.NEGATIVE_INFINITY, model.namedBuffers().get("mask").get(1));
    }

    @Test void norAreTheyWhenTheRunIsInterrupted(@TempDir Path folder) {
        LanguageModel model = SmallRun.model();
        Trainer<SequenceBatch> leaping = Trainer
                .of(model, new Sgd(model.parameters(), 1e300), model::start, model::loss)
                .checkpoint(folder)
                .listen(SmallRun.after(1, Thread.currentThread()::interrupt));
        assertThrows(DivergedException.class, () -> leaping.fit(KIND.batches()));
        assertTrue(Thread.interrupted(), "the flag is still set");
        assertEquals(0, Checkpoint.read(folder, "last").batches());
    }
}
