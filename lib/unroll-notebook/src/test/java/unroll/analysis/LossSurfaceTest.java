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

/** Losses on a grid: point by point, in one batch, over weights of a model. */
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

    @Test void overTheWeightsOfAModelWhichKeepThem() {
        Linear model = new Linear(2, 1, Rng.seed(1));
        Parameter w = model.namedParameters().values().iterator().next();
        String path = model.namedParameters().keySet().iterator().next();
        float[] before = w.data();
        LossSurface surface = LossSurface.over(Weight.of(model, path, 0).over(-1, 1, 3), Weight.of(w, 1).over(0, 2, 2),
                () -> model.apply(Tensor.of(new float[] {10, 1}, 1, 2)).sum());
        double offset = surface.losses()[1][0];
        double[][] expected = {{-10, -8}, {0, 2}, {10, 12}};
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 2; j++) assertEquals(expected[i][j] + offset, surface.losses()[i][j], 1e-5);
        assertArrayEquals(before, w.data());
        assertThrows(IllegalStateException.class,
                () -> LossSurface.over(Weight.of(w, 0).over(5, 6, 2), Weight.of(w, 1).over(5, 6, 2), () -> {
                    throw new IllegalStateException("no loss");
                }));
        assertArrayEquals(before, w.data());
    }

    @Test void aParameterThatTheModelDoesNotHaveIsAnError() {
        Linear model = new Linear(2, 1, Rng.seed(1));
        String message = assertThrows(UnknownParameterException.class, () -> Weight.of(model, "recurrent.u", 0))
                .getMessage();
        assertTrue(message.contains("has no parameter recurrent.u; it has ["), message);
        Parameter p = new Parameter("u", Tensor.ones(2, 2));
        assertEquals("LossSurface: both parameters are u[1]; choose two", assertThrows(IllegalArgumentException.class,
                () -> LossSurface.over(Weight.of(p, 1).over(0, 1, 2), Weight.of(p, 1).over(0, 1, 2), p::sum))
                .getMessage());
        assertTrue(assertThrows(UnknownParameterException.class, () -> Weight.of(p, 4)).getMessage()
                .contains("the indices 0 to 3, and none at 4"));
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
