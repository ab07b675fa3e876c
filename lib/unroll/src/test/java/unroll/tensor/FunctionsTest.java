package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unroll.Close;

/** Every function of one tensor: its values against Java's Math, its gradient against differences. */
class FunctionsTest {
    private record Function(String name, UnaryOperator<Tensor> ours, DoubleUnaryOperator exact, double low,
            double high) {
    }

    private static final Function[] FUNCTIONS = {new Function("tanh", Tensor::tanh, Math::tanh, -4, 4),
            new Function("sigmoid", Tensor::sigmoid, x -> 1 / (1 + Math.exp(-x)), -6, 6),
            new Function("exp", Tensor::exp, Math::exp, -2, 2),
            new Function("log", Tensor::log, Math::log, .5, 4), new Function("sqrt", Tensor::sqrt, Math::sqrt, .5, 4),
            new Function("square", Tensor::square, x -> x * x, -2, 2),
            new Function("sin", Tensor::sin, Math::sin, -5, 5),
            new Function("softplus", Tensor::softplus, x -> Math.log1p(Math.exp(x)), -5, 5),
            new Function("pow 2.5", x -> x.pow(2.5), x -> Math.pow(x, 2.5), .5, 2),
            new Function("pow -1", x -> x.pow(-1), x -> 1 / x, .7, 3),
            new Function("relu away from 0", Tensor::relu, x -> Math.max(0, x), .1, 3),
            new Function("relu below 0", Tensor::relu, x -> Math.max(0, x), -3, -.1),
            new Function("abs above 0", Tensor::abs, Math::abs, .1, 3),
            new Function("abs below 0", Tensor::abs, Math::abs, -3, -.1),
            new Function("add a number", x -> x.add(1.5), x -> x + 1.5, -2, 2),
            new Function("sub a number", x -> x.sub(1.5), x -> x - 1.5, -2, 2),
            new Function("mul a number", x -> x.mul(-3), x -> x * -3, -2, 2),
            new Function("div by a number", x -> x.div(4), x -> x / 4, -2, 2),
            new Function("neg", Tensor::neg, x -> -x, -2, 2),
            new Function("rsub", x -> x.rsub(2), x -> 2 - x, -2, 2)};

    @TestFactory Stream<DynamicTest> values() {
        return Arrays.stream(FUNCTIONS).map(f -> DynamicTest.dynamicTest(f.name(), () -> {
            Tensor x = Rng.seed(3).uniform(f.low(), f.high(), 3, 67);
            double[] expected = Arrays.stream(Close.doubles(x)).map(f.exact()).toArray();
            Close.assertClose(f.name(), Tensor.of(expected, 3, 67), f.ours().apply(x), 3e-7);
        }));
    }

    @TestFactory Stream<DynamicTest> gradients() {
        return Arrays.stream(FUNCTIONS).map(f -> DynamicTest.dynamicTest(f.name(), () -> {
            Parameter x = new Parameter("x", Rng.seed(4).uniform(f.low(), f.high(), 4, 5));
            Close.assertGradient(() -> f.ours().apply(x), x);
        }));
    }

    /** More elements than one block of {@link Parallel#ranges}: all of them are computed, forward and back. */
    @Test void longTensor() {
        int n = 200_003;
        Tensor x = Naive.random(5, n).tracked(), y = x.square();
        y.sum().backward();
        Close.assertClose("square", Arrays.stream(Close.doubles(x)).map(v -> v * v).toArray(), y, 1e-7);
        Close.assertClose("gradient", Arrays.stream(Close.doubles(x)).map(v -> 2 * v).toArray(), x.gradient(), 1e-7);
    }

    /** However small the number and however large the gradient. */
    @Test void reluPassesTheWholeGradientOrNone() {
        Tensor x = Tensor.of(new float[] {Float.MIN_VALUE, 1e30f, -Float.MIN_VALUE, -1e30f, 0}, 5).tracked();
        x.relu().backward(Tensor.of(new float[] {-1e30f, 2, Float.POSITIVE_INFINITY, -1e30f, 1}, 5));
        for (int i = 0; i < 5; i++) assertEquals(new double[] {-1e30f, 2, 0, 0, 0}[i], x.gradient().get(i), 0.);
    }

    @Test void reluAtZeroHasNoSlope() {
        Tensor x = Tensor.zeros(1).tracked();
        x.relu().sum().backward();
        assertEquals(0, x.gradient().item());
    }

    @Test void softplusDoesNotOverflow() {
        assertArrayEquals(new float[] {0, 1e4f}, Tensor.of(new float[] {-1e4f, 1e4f}, 2).softplus().data());
    }

    @Test void expKeepsInfinity() {
        assertArrayEquals(new float[] {0, Float.POSITIVE_INFINITY}, Tensor.of(new float[] {-200, 200}, 2).exp().data());
    }

    @TestFactory Stream<DynamicTest> nanStaysNan() {
        return Arrays.stream(FUNCTIONS).map(
                f -> DynamicTest.dynamicTest(f.name(),
                        () -> assertTrue(Float.isNaN(f.ours().apply(Tensor.scalar(Double.NaN)).item()))));
    }

    private static float[] gradient(UnaryOperator<Tensor> f, float... x) {
        Tensor t = Tensor.of(x, x.length).tracked();
        f.apply(t).sum().backward();
        return t.gradient().data();
    }

    /**
     * Where the slope is a number it is given, as the limit of difference quotients; infinite ones as PyTorch has them.
     */
    @Test void gradientsAtZeroAreThoseOfTheFunction() {
        float[] zero = {0, -0f};
        assertArrayEquals(new float[] {0, 0}, gradient(x -> x.pow(0), zero), 1e-9f);
        assertArrayEquals(new float[] {1, 1}, gradient(x -> x.pow(1), zero), 1e-9f);
        assertArrayEquals(new float[] {0, 0}, gradient(x -> x.pow(2), zero), 1e-9f);
        assertArrayEquals(new float[] {0, 0}, gradient(x -> x.pow(1.5), zero), 1e-9f);
        assertArrayEquals(new float[] {0, 0, 0}, gradient(x -> x.pow(0), Float.POSITIVE_INFINITY, -3, 1e-40f), 1e-9f);
        assertArrayEquals(new float[] {0, 0}, gradient(Tensor::abs, zero), 1e-9f);
        assertArrayEquals(new float[] {0, 0}, gradient(Tensor::relu, zero), 1e-9f);
        assertArrayEquals(new float[] {.5f, .5f}, gradient(Tensor::softplus, zero), 1e-9f);
        assertEquals(Float.POSITIVE_INFINITY, gradient(Tensor::sqrt, 0)[0]);
        assertEquals(Float.POSITIVE_INFINITY, gradient(x -> x.pow(.5), 0)[0]);
        assertEquals(Float.POSITIVE_INFINITY, gradient(Tensor::log, 0)[0]);
    }

    @Test void whereThereIsNoValueThatIsSaid() {
        Tensor x = Tensor.of(new float[] {1, 0, -2}, 3);
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(Tensor::log, Tensor::sqrt, y -> y.pow(.5)))
            assertTrue(assertThrows(ArithmeticException.class, () -> f.apply(x)).getMessage()
                    .contains("-2.0, number 2 of shape [3]"));
        assertArrayEquals(new float[] {1, 0, -8}, x.pow(3).data());
        assertTrue(Float.isNaN(Tensor.scalar(Double.NaN).log().item()));
    }

    /** What a mask takes out of a loss gives no gradient, even where the slope is infinite. */
    @Test void noGradientTimesAnInfiniteSlopeIsNone() {
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(Tensor::sqrt, Tensor::log, x -> x.pow(.5),
                x -> x.pow(-1), x -> Tensor.ones(2).div(x), x -> x.div(Tensor.of(new float[] {0, 1}, 2))))
            assertEquals(0, gradient(x -> f.apply(x).columns(1, 2), 0, 1)[0]);
    }

    @Test void theSigmoidKeepsItsDigitsWhereItIsSmall() {
        for (float x : new float[] {-80, -20, -3, 0, 3, 10}) {
            double exact = -Math.max(-x, 0) - Math.log1p(Math.exp(-Math.abs((double) x)));
            assertEquals(exact, Tensor.scalar(x).sigmoid().log().item(), 7e-6 * (1 + Math.abs(exact)), "of " + x);
        }
    }
}
