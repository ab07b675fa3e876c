package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.DivergedException;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

class OptimizerTest {
    private static final List<Function<List<Parameter>, Optimizer>> ALL = List.of(w -> new Sgd(w, 0.1),
            w -> new Sgd(w, 0.1).momentum(0.9),
            w -> new Sgd(w, 0.1).momentum(0.9).nesterov().weightDecay(0.01), w -> new Adam(w, 0.1),
            w -> new Adam(w, 0.1).decoupledWeightDecay(0.1), w -> new RmsProp(w, 0.1));

    private static Stream<DynamicTest> each(Function<Function<List<Parameter>, Optimizer>, Runnable> test) {
        return ALL.stream()
                .map(make -> DynamicTest.dynamicTest(make.apply(List.of(new Parameter("w", Tensor.ones(2)))).toString(),
                        () -> test.apply(make).run()));
    }

    @TestFactory Stream<DynamicTest> parametersWithoutGradientStay() {
        return each(make -> () -> {
            Parameter used = new Parameter("used", Tensor.ones(3)), unused = new Parameter("unused", Tensor.ones(3));
            Optimizer optimizer = make.apply(List.of(used, unused));
            for (int i = 0; i < 3; i++) {
                optimizer.zeroGrad();
                used.square().sum().backward();
                optimizer.step();
            }
            assertArrayEquals(new float[] {1, 1, 1}, unused.data());
            assertTrue(used.get(0) < 1, "the other one moved: " + used);
        });
    }

    /** Tied weights: two parts of a model give the same parameter. */
    @TestFactory Stream<DynamicTest> aParameterThatIsGivenTwiceIsMovedOnce() {
        return each(make -> () -> {
            Parameter once = new Parameter("w", Tensor.ones(3)), twice = new Parameter("w", Tensor.ones(3));
            Optimizer a = make.apply(List.of(once)), b = make.apply(List.of(twice, twice));
            for (int i = 0; i < 3; i++) {
                a.zeroGrad();
                b.zeroGrad();
                once.square().sum().backward();
                twice.square().sum().backward();
                assertEquals(Clip.norm(List.of(once)), Clip.norm(List.of(twice, twice)));
                assertEquals(Clip.byGlobalNorm(List.of(once), 1), Clip.byGlobalNorm(List.of(twice, twice), 1));
                a.step();
                b.step();
                assertArrayEquals(once.data(), twice.data());
            }
            assertEquals(1, b.parameters().size());
            assertEquals(a.memory().keySet(), b.memory().keySet());
        });
    }

    /** A notebook's model cell that is run again, but not that of the optimizer. */
    @TestFactory Stream<DynamicTest> aStepWithoutAnyGradientIsRefused() {
        return each(make -> () -> {
            Parameter old = new Parameter("old", Tensor.ones(3)), now = new Parameter("now", Tensor.ones(3));
            Optimizer optimizer = make.apply(List.of(old));
            now.square().sum().backward();
            assertTrue(assertThrows(IllegalStateException.class, optimizer::step).getMessage()
                    .contains("built anew after the optimizer"));
            assertEquals(0, optimizer.steps());
        });
    }

    /** The square of 1e20 is no float: a memory of it would freeze the weight for ever. */
    @TestFactory Stream<DynamicTest> aGradientThatIsTooLargeChangesNothing() {
        return each(make -> () -> {
            for (float gradient : new float[] {1e20f, -2e19f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN}) {
                Parameter w = new Parameter("w", Tensor.ones(3));
                Optimizer optimizer = make.apply(List.of(w));
                w.gradientRoom()[1] = gradient;
                assertTrue(
                        assertThrows(DivergedException.class, optimizer::step).getMessage().contains("was not taken"));
                assertArrayEquals(new float[] {1, 1, 1}, w.data());
                optimizer.memory().values().forEach(m -> assertArrayEquals(new float[3], m.data()));
                assertEquals(0, optimizer.steps());
            }
        });
    }

    /** One that a user writes says its name and its rate. */
    @Test void anOptimizerOfOnesOwnIsNamed() {
        final class Plain extends Optimizer {
            Plain(List<Parameter> parameters) { super(parameters, 0.5, 0); }

            @Override protected void update(float[] w, float[] g, float[][] memory, long step, int from, int to) {
                for (int i = from; i < to; i++) w[i] = (float) (w[i] - learningRate() * g[i]);
            }
        }
        assertEquals("Plain(rate=0.5)", new Plain(List.of(new Parameter("w", Tensor.ones(1)))).toString());
    }

    @TestFactory Stream<DynamicTest> anInterruptedThreadChangesNothing() {
        return each(make -> () -> {
            Parameter w = new Parameter("w", Tensor.ones(3));
            Optimizer optimizer = make.apply(List.of(w));
            w.square().sum().backward();
            Thread.currentThread().interrupt();
            try {
                assertThrows(LoopInterruptedException.class, optimizer::step);
            } finally {
                assertTrue(Thread.interrupted(), "the flag is still set");
            }
            assertArrayEquals(new float[] {1, 1, 1}, w.data());
            assertEquals(0, optimizer.steps());
            optimizer.memory().values().forEach(m -> assertArrayEquals(new float[3], m.data()));
        });
    }

    @TestFactory Stream<DynamicTest> theNumberOfThreadsChangesNoBit() {
        return each(make -> () -> assertArrayEquals(afterThreeSteps(make, 1), afterThreeSteps(make, 2)));
    }

    /** Many weights, so that the work is cut in blocks. */
    private static float[] afterThreeSteps(Function<List<Parameter>, Optimizer> make, int threads) {
        return Parallel.withThreads(threads, () -> {
            Parameter w = new Parameter("w", Rng.seed(1).normal(200_000));
            Optimizer optimizer = make.apply(List.of(w));
            for (int i = 0; i < 3; i++) {
                optimizer.zeroGrad();
                w.square().sum().backward();
                Clip.byGlobalNorm(optimizer.parameters(), 5);
                optimizer.step();
            }
            return w.data();
        });
    }

    @TestFactory Stream<DynamicTest> goesOnBitForBitFromWhatItRemembers() {
        return each(make -> () -> {
            Parameter whole = new Parameter("w", Tensor.of(new float[] {1, -2, 3}, 3));
            Optimizer uninterrupted = make.apply(List.of(whole));
            steps(whole, uninterrupted, 3);
            Parameter later = new Parameter("w", whole.detach());
            Optimizer resumed = make.apply(List.of(later));
            resumed.restore(uninterrupted.memory(), uninterrupted.steps());
            steps(whole, uninterrupted, 3);
            steps(later, resumed, 3);
            assertArrayEquals(whole.data(), later.data());
        });
    }

    private static void steps(Parameter w, Optimizer optimizer, int n) {
        for (int i = 0; i < n; i++) {
            optimizer.zeroGrad();
            w.square().sum().add(w.sin().sum()).backward();
            optimizer.step();
        }
    }

    @Test void aDecoupledDecayShrinksWeightsWhoseGradientIsZero() {
        Parameter w = new Parameter("w", Tensor.full(2, 3));
        Adam adamW = new Adam(List.of(w), 0.1).decoupledWeightDecay(0.5);
        w.mul(0).sum().backward();
        adamW.step();
        assertArrayEquals(new float[] {1.9f, 1.9f, 1.9f}, w.data(), 1e-6f);
    }

    @Test void aRateOfZeroMovesNothing() {
        Parameter w = new Parameter("w", Tensor.ones(2));
        Sgd sgd = new Sgd(List.of(w), 0.1);
        sgd.learningRate(0);
        w.square().sum().backward();
        sgd.step();
        assertArrayEquals(new float[] {1, 1}, w.data());
    }

    @Test void settingsThatCannotBeAreNamed() {
        List<Parameter> w = List.of(new Parameter("w", Tensor.ones(2)));
        assertMessage("Sgd: expected at least one parameter", () -> new Sgd(List.of(), 0.1));
        assertMessage("-0.1", () -> new Sgd(w, -0.1));
        assertMessage("nothing is learned", () -> new Adam(w, 0));
        assertMessage("NaN", () -> new Adam(w, Double.NaN));
        assertMessage("Infinity", () -> new Adam(w, Double.POSITIVE_INFINITY));
        assertMessage("1.5", () -> new Sgd(w, 0.1).momentum(1.5));
        assertMessage("-1.0", () -> new Sgd(w, 0.1).weightDecay(-1));
        assertMessage("momentum", () -> new Sgd(w, 0.1).nesterov());
        assertMessage("1.0", () -> new Adam(w, 0.1).betas(0.9, 1));
        assertMessage("-2.0", () -> new Adam(w, 0.1).decoupledWeightDecay(-2));
    }

    private static void assertMessage(String part, Runnable settings) {
        String message = assertThrows(IllegalArgumentException.class, settings::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void memoryOfOtherShapeIsRefusedAndNothingChanges() {
        Adam small = new Adam(List.of(new Parameter("w", Tensor.ones(2))), 0.1),
                large = new Adam(List.of(new Parameter("w", Tensor.ones(3))), 0.1);
        assertThrows(IllegalArgumentException.class, () -> large.restore(small.memory(), 7));
        assertEquals(0, large.steps());
    }
}
