package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.nn.Linear;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Losses on a grid: point by point and in one batch. */
class LossSurfaceTest {
    private static final Axis W = new Axis("w", 3, 8, 11), B = new Axis("b", -5, -1, 9);

    private static double oneUnit(double w, double b) {
        double h = 0.5;
        for (int t = 0; t < 50; t++) h = 1 / (1 + Math.exp(-(w * h + b)));
        return (h - 0.7) * (h - 0.7);
    }

    /** Off the line b = -w/2, where 0.5 is a fixed point that doubles and floats leave in their own ways. */
    @Test void aBatchGivesTheLossesOfSinglePoints() {
        Axis b = new Axis("b", -5.03, -1.07, 9);
        LossSurface single = LossSurface.over(W, b, LossSurfaceTest::oneUnit),
                batched = LossSurface.batched(W, b, new OneUnitRnn(50, 0.5, 0.7)::losses);
        for (int i = 0; i < 11; i++) assertArrayEquals(single.losses()[i], batched.losses()[i], 2e-4);
        assertEquals(single.lowest(), batched.lowest(), 2e-4);
        assertEquals(single.highest(), batched.highest(), 2e-4);
    }

    @Test void theFirstIndexIsTheFirstParameter() {
        LossSurface surface = LossSurface.over(new Axis("a", 0, 2, 3), new Axis("b", 0, 10, 2), (a, b) -> a + b);
        assertArrayEquals(new double[][] {{0, 10}, {1, 11}, {2, 12}}, surface.losses());
        assertEquals(12, surface.highest());
    }

    @Test void lossesThatAreNotFiniteStaySo() {
        LossSurface surface = LossSurface.over(new Axis("a", -1, 1, 3), new Axis("b", 0, 1, 2), (a, b) -> Math.log(a));
        assertEquals(4, surface.notFinite());
        assertEquals(0, surface.highest());
        assertTrue(Double.isNaN(LossSurface.over(W, B, (a, b) -> Double.NaN).highest()));
    }

    @Test void wrongArguments() {
        assertTrue(assertThrows(ShapeException.class, () -> LossSurface.batched(W, B, (w, b) -> w.add(b).sum()))
                .getMessage().contains("[99]"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Axis("w", 1, 1, 5)).getMessage()
                .contains("low < high"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Axis("w", 1, 2, 1)).getMessage()
                .contains("2 to 2000 points but got 1"));
        assertTrue(assertThrows(ShapeException.class, () -> new LossSurface(W, B, new double[2][2])).getMessage()
                .contains("[11][9]"));
    }
}
