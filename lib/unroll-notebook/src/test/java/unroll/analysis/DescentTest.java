package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/** Descent on known functions, and on the cliff. */
class DescentTest {
    private static Tensor bowl(Tensor a, Tensor b) { return a.square().add(b.square().mul(2)); }

    /** On a² + 2 b² each step multiplies a by 1 - 2 η and b by 1 - 4 η. */
    @Test void onABowlIsGeometric() {
        DescentPath path = Descent.from(1, -1).rate(0.1).steps(10).on("bowl", DescentTest::bowl);
        assertEquals(11, path.size());
        for (int s = 0; s <= 10; s++) {
            assertEquals(Math.pow(0.8, s), path.a()[s], 1e-5);
            assertEquals(-Math.pow(0.6, s), path.b()[s], 1e-5);
            assertEquals(path.a()[s] * path.a()[s] + 2 * path.b()[s] * path.b()[s], path.losses()[s], 1e-5);
            assertEquals(Math.hypot(2 * path.a()[s], 4 * path.b()[s]), path.gradientNorms()[s], 1e-4);
        }
    }

    @Test void clippingKeepsTheDirectionAndBoundsTheStep() {
        DescentPath path = Descent.from(30, 40).rate(0.1).steps(3).clip(1).on("clipped",
                (a, b) -> a.square().add(b.square()));
        assertEquals(29.94, path.a()[1], 1e-4);
        assertEquals(39.92, path.b()[1], 1e-4);
        assertEquals(0.1, path.longestStep(), 1e-4);
        assertEquals(100, path.gradientNorms()[0], 1e-3);
    }

    @Test void endsWhereTheLossIsNotFinite() {
        DescentPath path = Descent.from(1, 0).rate(10).steps(50).on("no number below 0", (a, b) -> {
            Tensor x = a.add(b), above = x.relu();
            return x.add(above.div(above));
        });
        assertEquals(2, path.size());
        assertTrue(Double.isNaN(path.lastLoss()));
    }

    @Test void leavesThePictureOnce() {
        LossSurface surface = LossSurface.over(new Axis("a", -1, 1, 3), new Axis("b", -1, 1, 3), (a, b) -> a);
        assertEquals(3, Descent.from(0.5, 0).rate(0.6).steps(9).on("slope", (a, b) -> a.add(b.mul(0))).leaves(surface));
        assertEquals(-1, Descent.from(0.5, 0.5).on("bowl", DescentTest::bowl).leaves(surface));
        assertEquals(0, Descent.from(2, 0).on("bowl", DescentTest::bowl).leaves(surface));
    }

    /** Pascanu, Mikolov and Bengio 2013: plain descent is thrown off the cliff, clipped descent follows it. */
    @Test void theCliffThrowsPlainDescentFarAway() {
        OneUnitRnn rnn = new OneUnitRnn(50, 0.5, 0.7);
        Descent descent = Descent.from(5, -3.2).rate(0.3).steps(100);
        DescentPath plain = descent.on("plain", rnn::losses), clipped = descent.clip(0.5).on("clipped", rnn::losses);
        LossSurface surface = LossSurface.batched(new Axis("w", 3, 8, 41), new Axis("b", -4.5, -1, 41), rnn::losses);
        assertTrue(plain.leaves(surface) > 0, plain::toString);
        assertEquals(-1, clipped.leaves(surface));
        assertTrue(clipped.longestStep() < 0.1501 && plain.longestStep() > 5 * clipped.longestStep(), plain::toString);
        assertTrue(clipped.lastLoss() < 0.1 * clipped.losses()[0], clipped::toString);
    }

    @Test void wrongSettings() {
        assertThrows(IllegalArgumentException.class, () -> Descent.from(0, 0).rate(0));
        assertThrows(IllegalArgumentException.class, () -> Descent.from(0, 0).steps(0));
        assertThrows(IllegalArgumentException.class, () -> Descent.from(0, 0).clip(-1));
        assertThrows(IllegalArgumentException.class, () -> new OneUnitRnn(0, 0.5, 0.7));
    }
}
