package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unroll.Close;

/** A parameter's values change only through {@link Parameter#update}, and every copy of them follows. */
class ParameterTest {
    private static final int ROWS = 60, COLUMNS = 128;                     // 128 columns: the native copy pads its rows

    private final Parameter w = Naive.parameter("w", 1, ROWS, COLUMNS);

    @Test void dataIsACopy() {
        float before = w.get(0, 0);
        w.data()[0] = before + 1;
        assertEquals(before, w.get(0, 0));
    }

    @Test void startsWithACopy() {
        float[] start = {1, 2};
        Parameter p = new Parameter("p", Tensor.of(start, 2));
        start[0] = 9;
        assertEquals(1, p.get(0));
    }

    @Test void versionsCountChanges() {
        assertEquals(0, w.version());
        w.update(v -> v[0] = 1);
        w.set(Naive.random(2, ROWS, COLUMNS));
        assertEquals(2, w.version());
    }

    @Test void updateThatThrowsChangesNothing() {
        float[] before = w.data();
        assertThrows(ArithmeticException.class, () -> w.update(v -> {
            v[0] = 99;
            throw new ArithmeticException();
        }));
        assertArrayEquals(before, w.data());
        assertEquals(0, w.version());
    }

    /**
     * The array that an update lends is not the parameter's own: writing to it later changes neither values nor
     * products.
     */
    @Test void lentArrayIsUselessAfterwards() {
        float[][] leaked = new float[1][];
        w.update(v -> leaked[0] = v);
        Tensor x = Naive.random(3, 8, ROWS);
        float[] before = x.matmul(w).data();
        leaked[0][0] += 100;
        assertArrayEquals(before, x.matmul(w).data());
        Close.assertClose("values", Naive.product(false, false, 8, COLUMNS, ROWS, x.data(), w.data()), x.matmul(w),
                2e-6);
        // and what was written does not come in with the next update
        w.update(v -> {});
        assertArrayEquals(before, x.matmul(w).data());
    }

    @Test void whatIsMadeFromAParameterDoesNotChangeWithIt() {
        Tensor detached = w.detach(), reshaped = w.reshape(-1), tracked = w.tracked();
        float before = w.get(0, 0);
        w.update(v -> v[0] = 1000);
        assertEquals(before, detached.get(0, 0));
        assertEquals(before, reshaped.get(0));
        assertEquals(before, tracked.get(0, 0));
    }

    /**
     * Forward reads the native copy of the weight, the gradient of x the transposed one: both follow each of 100
     * updates.
     */
    @Test void nativeCopiesFollowUpdates() {
        Rng rng = Rng.seed(4);
        for (int step = 0; step < 100; step++) {
            int at = rng.nextInt(w.size());
            w.update(v -> v[at] += 1);
            Tensor x = rng.normal(8, ROWS).tracked(), y = x.matmul(w), e = rng.normal(8, COLUMNS);
            y.backward(e);
            Close.assertClose("product", Naive.product(false, false, 8, COLUMNS, ROWS, x.data(), w.data()), y, 2e-6);
            Close.assertClose("gradient", Naive.product(false, true, 8, ROWS, COLUMNS, e.data(), w.data()),
                    x.gradient(), 2e-6);
        }
    }

    @Test void setRefusesAnotherShape() {
        String message = assertThrows(ShapeException.class, () -> w.set(Tensor.zeros(2, 3))).getMessage();
        assertTrue(message.contains("Parameter w") && message.contains("[60, 128]") && message.contains("[2, 3]"),
                message);
    }

    @Test void anUpdateWithinItselfIsRefused() {
        for (Runnable inner : new Runnable[] {() -> w.update(v -> v[1] = 7),
                () -> w.set(Tensor.zeros(ROWS, COLUMNS))}) {
            float[] before = w.data();
            String message = assertThrows(IllegalStateException.class, () -> w.update(v -> {
                v[0] = 99;
                inner.run();
            })).getMessage();
            assertTrue(message.contains("Parameter w") && message.contains("within its own update"), message);
            assertArrayEquals(before, w.data());
        }
        w.update(v -> v[0] = 5);                                           // and afterwards it works as before
        assertEquals(5, w.get(0, 0));
    }
}
