package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.Close;

/**
 * How gradients flow through graphs: shared parts, several calls of backward, parts that are cut off, and what is
 * refused.
 */
class TapeTest {
    private static final Tensor ONE_TO_THREE = Tensor.of(new float[] {1, 2, 3}, 3);

    @Test void oneTensorOnBothSides() {
        Parameter x = Naive.parameter("x", 1, 4);
        Close.assertGradient(() -> x.add(x), x);
        Close.assertGradient(() -> x.sub(x).add(x), x);
        Close.assertGradient(() -> x.mul(x), x);
        Parameter away = new Parameter("away", Tensor.of(new float[] {1, 2}, 2));
        Close.assertGradient(() -> away.div(away.mul(away)), away);
    }

    /** y is used by two ways of different length that meet again: its node must wait for both. */
    @Test void diamonds() {
        Parameter x = Naive.parameter("x", 2, 3);
        Close.assertGradient(() -> {
            Tensor y = x.tanh(), longWay = y.mul(2).sigmoid().square().add(y);
            return longWay.mul(y).add(y.mul(longWay));
        }, x);
    }

    @Test void gradientsAddUpOverTwoBackwards() {
        Tensor x = ONE_TO_THREE.tracked();
        x.square().sum().backward();
        x.mul(10).sum().backward();
        assertArrayEquals(new float[] {12, 14, 16}, x.gradient().data());
    }

    @Test void zeroGradientForgets() {
        Tensor x = ONE_TO_THREE.tracked();
        x.square().sum().backward();
        x.zeroGradient();
        assertNull(x.gradientData());
        assertThrows(IllegalStateException.class, x::gradient);
        // reaches one element: the others must not hold old numbers
        x.slice(0, 0, 1).sum().backward();
        assertArrayEquals(new float[] {1, 0, 0}, x.gradient().data());
    }

    @Test void seedOfATensor() {
        Tensor x = ONE_TO_THREE.tracked();
        x.square().backward(Tensor.of(new float[] {1, 0, -1}, 3));
        assertArrayEquals(new float[] {2, 0, -6}, x.gradient().data());
        x.zeroGradient();
        x.backward(ONE_TO_THREE);
        assertArrayEquals(new float[] {1, 2, 3}, x.gradient().data());
    }

    @Test void backwardDoesNotChangeItsSeed() {
        Tensor seed = Tensor.of(new float[] {1, 1, 1}, 3);
        ONE_TO_THREE.tracked().square().backward(seed);
        assertArrayEquals(new float[] {1, 1, 1}, seed.data());
    }

    @Test void gradientIsACopy() {
        Tensor x = ONE_TO_THREE.tracked();
        x.sum().backward();
        x.gradient().data()[0] = 7;
        assertEquals(1, x.gradient().get(0));
    }

    @Test void graphCannotBeWalkedTwice() {
        Tensor loss = ONE_TO_THREE.tracked().square().sum();
        loss.backward();
        assertTrue(assertThrows(IllegalStateException.class, loss::backward).getMessage()
                .contains("freed by an earlier backward"));
    }

    @Test void carriedStateMustBeDetached() {
        Tensor w = ONE_TO_THREE.tracked(), state = w.tanh();
        state.sum().backward();
        Tensor next = state.mul(w).sum();
        assertTrue(assertThrows(IllegalStateException.class, next::backward).getMessage().contains("detach()"));
        w.zeroGradient();
        state.detach().mul(w).sum().backward();
        assertArrayEquals(state.data(), w.gradient().data());
    }

    @Test void changedParameterIsNoticed() {
        Parameter w = new Parameter("w", ONE_TO_THREE);
        Tensor loss = w.square().sum();
        w.update(v -> v[0] = 5);
        String message = assertThrows(IllegalStateException.class, loss::backward).getMessage();
        assertTrue(message.contains("parameter w") && message.contains("square"), message);
    }

    /** What an earlier backward left half done must not reach the next gradient. */
    @Test void backwardThatFailedLeavesNothingBehind() {
        Parameter first = Naive.parameter("first", 1, 3, 3), second = Naive.parameter("second", 2, 3, 3);
        Tensor x = Naive.random(3, 2, 3);
        Tensor stale = x.matmul(first).tanh().matmul(second).sum();
        first.update(v -> v[0] += 1);
        assertThrows(IllegalStateException.class, stale::backward);
        first.zeroGradient();
        second.zeroGradient();
        x.matmul(second).sum().backward();
        Close.assertClose("gradient", Naive.product(true, false, 3, 3, 2, x.data(), Tensor.ones(2, 3).data()),
                second.gradient(), 1e-6);
    }

    @Test void keepGradientOfSomethingComputed() {
        Tensor x = ONE_TO_THREE.tracked(), y = x.mul(2).keepGradient();
        y.square().sum().backward();
        assertArrayEquals(new float[] {4, 8, 12}, y.gradient().data());
        assertArrayEquals(new float[] {8, 16, 24}, x.gradient().data());
    }

    @Test void gradientOfSomethingComputedNeedsKeeping() {
        Tensor x = ONE_TO_THREE.tracked(), y = x.mul(2);
        y.sum().backward();
        assertTrue(assertThrows(IllegalStateException.class, y::gradient).getMessage().contains("keepGradient()"));
    }

    @Test void noGradRecordsNothing() {
        Tensor x = ONE_TO_THREE.tracked();
        Tensor y = Tape.noGrad(() -> x.square().sum());
        assertFalse(y.requiresGradient());
        assertEquals("leaf", y.operation());
        assertTrue(assertThrows(IllegalStateException.class, y::backward).getMessage().contains("noGrad"));
        assertTrue(x.square().requiresGradient());
    }

    @Test void noGradEndsWithItsWorkEvenIfThatFails() {
        assertThrows(ArithmeticException.class,
                () -> Tape.noGrad((Runnable) () -> { throw new ArithmeticException(); }));
        Tape.noGrad(() -> Tape.noGrad(() -> {}));
        assertTrue(ONE_TO_THREE.tracked().exp().requiresGradient());
        assertFalse(Tape.noGrad(() -> {
            Tape.noGrad(() -> {});
            return ONE_TO_THREE.tracked().exp();                           // the inner scope must not end the outer one
        }).requiresGradient());
    }

    @Test void detachCutsTheGraph() {
        Tensor x = ONE_TO_THREE.tracked();
        x.mul(x.detach()).sum().backward();
        assertArrayEquals(new float[] {1, 2, 3}, x.gradient().data());
        assertFalse(x.square().detach().requiresGradient());
    }

    @Test void graphCanBeLookedAt() {
        Tensor x = ONE_TO_THREE.tracked(), y = x.tanh(), z = y.mul(x);
        assertEquals("mul", z.operation());
        assertEquals(List.of(y, x), z.inputs());
        assertSame(x, y.inputs().get(0));
        assertEquals("leaf", x.operation());
        z.sum().backward();
        assertEquals("leaf", z.operation());
        assertEquals(List.of(), z.inputs());
    }

    @Test void operationOfYourOwn() {
        Parameter x = Naive.parameter("x", 5, 4);
        Close.assertGradient(() -> {
            float[] v = x.data(), y = new float[v.length];
            for (int i = 0; i < y.length; i++) y[i] = v[i] * v[i] * v[i];
            return Tape.record("cube", y, x.shape(), g -> {
                float[] d = g.get(0);
                for (int i = 0; i < d.length; i++) d[i] *= 3 * v[i] * v[i];
                x.take(d);
            }, x);
        }, x);
    }

    /** Of two outputs one is used: the other's gradient is zeros. */
    @Test void operationWithTwoOutputs() {
        Tensor x = ONE_TO_THREE.tracked();
        List<Tensor> both = Tape.record("twice and minus", List.of(x.mul(2).data(), x.neg().data()),
                List.of(x.shape(), x.shape()), g -> {
                    x.accumulate(Tensor.of(g.get(0), 3).mul(2).data());
                    x.accumulate(Tensor.of(g.get(1), 3).neg().data());
                }, x);
        both.get(1).sum().backward();
        assertArrayEquals(new float[] {-1, -1, -1}, x.gradient().data());
    }

    @Test void operationWithValuesThatDoNotFillItsShape() {
        String message = assertThrows(ShapeException.class,
                () -> Tape.record("mine", new float[3], new int[] {2, 2}, g -> {}, ONE_TO_THREE))
                .getMessage();
        assertTrue(message.contains("mine") && message.contains("3 values") && message.contains("[2, 2]"), message);
    }

    @Test void gradientOfTheWrongLength() {
        Tensor x = ONE_TO_THREE.tracked();
        assertTrue(assertThrows(ShapeException.class, () -> x.take(new float[2])).getMessage()
                .contains("2 numbers for shape [3]"));
        assertTrue(assertThrows(ShapeException.class, () -> x.accumulate(new float[4])).getMessage()
                .contains("4 numbers for shape [3]"));
    }

    @Test void leafThatIsNotReachedGetsNothing() {
        Parameter used = new Parameter("used", ONE_TO_THREE), unused = new Parameter("unused", ONE_TO_THREE);
        used.sum().backward();
        assertNull(unused.gradientData());
    }

    /** 20,000 steps deep: backward must not recurse. */
    @Test void longChains() {
        Tensor x = Tensor.scalar(1).tracked(), y = x;
        for (int i = 0; i < 20_000; i++) y = y.add(x);
        y.backward();
        assertEquals(20_001, x.gradient().item());
    }
}
