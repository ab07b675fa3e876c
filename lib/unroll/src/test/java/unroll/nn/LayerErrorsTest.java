package unroll.nn;

import static unroll.Says.assertSays;

import org.junit.jupiter.api.Test;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Every layer says what it expected and what it got. */
class LayerErrorsTest {
    private static final Rng RNG = Rng.seed(1);

    @Test void linear() {
        Linear linear = new Linear(3, 2, RNG);
        assertSays(() -> linear.apply(Tensor.zeros(5, 4)), "Linear(in=3, out=2)", "[.., 3]", "[5, 4]");
        assertSays(() -> linear.apply(Tensor.scalar(1)), "Linear(in=3, out=2)", "[.., 3]", "[]");
        assertSays(() -> new Linear(0, 2, RNG), "in=0", "out=2");
    }

    @Test void embedding() {
        Embedding embedding = new Embedding(5, 2, RNG);
        assertSays(() -> embedding.apply(IntTensor.of(new int[] {0, 5}, 2)), "Embedding(symbols=5, size=2)", "0 to 4",
                "but got 5", "vocabulary");
        assertSays(() -> embedding.apply(IntTensor.of(new int[] {-1}, 1)), "but got -1");
        assertSays(() -> new Embedding(5, 0, RNG), "symbols=5", "size=0");
    }

    @Test void dropout() {
        assertSays(() -> new Dropout(1, RNG), "[0, 1)", "1.0");
        assertSays(() -> new Dropout(-.1, RNG), "-0.1");
        assertSays(() -> new Dropout(Double.NaN, RNG), "NaN");
    }

    @Test void layerNorm() {
        assertSays(() -> new LayerNorm(4).apply(Tensor.zeros(2, 3)), "LayerNorm(size=4)", "[.., 4]", "[2, 3]");
        assertSays(() -> new LayerNorm(0), "got 0");
    }
}
