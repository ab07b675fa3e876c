package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import unroll.Close;

/**
 * Two tensors of random shapes that broadcast, up to rank 4: values and both gradients of every operation equal those
 * computed by the index.
 */
class BroadcastTest {
    /** A result's shape, and how each operand differs: axes left away in front, and axes of length 1 (one bit each). */
    record Case(int[] shape, int dropA, int onesA, int dropB, int onesB, int seed) {
        int[] a() { return narrow(dropA, onesA); }

        int[] b() { return narrow(dropB, onesB); }

        private int[] narrow(int drop, int ones) {
            int[] s = Arrays.copyOfRange(shape, Math.min(drop, shape.length), shape.length);
            for (int i = 0; i < s.length; i++) if ((ones >> i & 1) == 1) s[i] = 1;
            return s;
        }
    }

    @Provide Arbitrary<Case> cases() {
        Arbitrary<int[]> shapes = Arbitraries.integers().between(1, 4).array(int[].class).ofMaxSize(4);
        Arbitrary<Integer> drop = Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, 4))), bits = Arbitraries.integers().between(0, 15);
        return Combinators.combine(shapes, drop, bits, drop, bits, Arbitraries.integers().between(0, 1000))
                .as(Case::new);
    }

    @Property(tries = 150, seed = "1", edgeCases = EdgeCasesMode.NONE) void add(@ForAll("cases") Case c) {
        check(c, Tensor::add, (x, y) -> x + y, (x, y) -> 1, (x, y) -> 1);
    }

    @Property(tries = 150, seed = "2", edgeCases = EdgeCasesMode.NONE) void sub(@ForAll("cases") Case c) {
        check(c, Tensor::sub, (x, y) -> x - y, (x, y) -> 1, (x, y) -> -1);
    }

    @Property(tries = 150, seed = "3", edgeCases = EdgeCasesMode.NONE) void mul(@ForAll("cases") Case c) {
        check(c, Tensor::mul, (x, y) -> x * y, (x, y) -> y, (x, y) -> x);
    }

    @Property(tries = 150, seed = "4", edgeCases = EdgeCasesMode.NONE) void div(@ForAll("cases") Case c) {
        check(c, Tensor::div, (x, y) -> x / y, (x, y) -> 1 / y, (x, y) -> -x / (y * y));
    }

    @Property(tries = 150, seed = "6", edgeCases = EdgeCasesMode.NONE) void expand(@ForAll("cases") Case c) {
        Tensor a = Naive.random(c.seed(), c.a()).tracked(), y = a.expand(c.shape()),
                weight = Naive.random(8, c.shape());
        y.backward(weight);
        Close.assertClose("expand", Tensor.of(Naive.broadcast(a, a, c.shape(), (v, w) -> v), c.shape()), y, 0);
        Close.assertClose("gradient", Naive.broadcastGradient(a, a, a, weight, (v, w) -> 1), a.gradient(), 1e-6);
    }

    private static void check(Case c, BinaryOperator<Tensor> ours, DoubleBinaryOperator exact,
            DoubleBinaryOperator slopeA,
            DoubleBinaryOperator slopeB) {
        Tensor a = Rng.seed(c.seed()).uniform(.5, 2, c.a()).tracked(),
                b = Rng.seed(c.seed() + 5000).uniform(.5, 2, c.b()).tracked();
        Tensor y = ours.apply(a, b);
        int[] shape = y.shape();
        Tensor weight = Rng.seed(7).uniform(.5, 2, shape);               // of one sign: nothing cancels
        y.backward(weight);
        assertArrayEquals(Shape.broadcast("test", c.a(), c.b()), shape);
        Close.assertClose("values", Naive.broadcast(a, b, shape, exact), y, 1e-6);
        Close.assertClose("gradient of the first", Tensor.of(Naive.broadcastGradient(a, b, a, weight, slopeA), c.a()),
                a.gradient(), 2e-6);
        Close.assertClose("gradient of the second", Tensor.of(Naive.broadcastGradient(a, b, b, weight, slopeB), c.b()),
                b.gradient(), 2e-6);
    }

    /** Lengths that differ and are not 1 are refused, and the message holds the operation and both shapes. */
    @Property(tries = 60, seed = "9", edgeCases = EdgeCasesMode.NONE) void misfit(@ForAll("cases") Case c) {
        int[] a = c.shape().clone(), b = c.shape().clone();
        if (a.length == 0) return;
        int axis = c.seed() % a.length;
        a[axis] = 2;
        b[axis] = 3;
        String message = assertThrows(ShapeException.class, () -> Tensor.zeros(a).mul(Tensor.zeros(b))).getMessage();
        assertTrue(message.startsWith("mul: ") && message.contains(Arrays.toString(a))
                && message.contains(Arrays.toString(b)), message);
    }
}
