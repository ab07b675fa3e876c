package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.data.ImageTransform.centreCrop;
import static unroll.data.ImageTransform.normalize;
import static unroll.data.ImageTransform.randomCrop;
import static unroll.data.ImageTransform.randomFlip;
import static unroll.data.ImageTransform.resize;
import static unroll.data.ImageTransform.resizeShorterSide;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import unroll.Close;
import unroll.Goldens;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Steps from picture to picture, one by one and joined. */
class ImageTransformTest {
    /** [2, 3, 4] with the numbers 0 to 23. */
    private static final Tensor COUNTED = counted();

    private static Tensor counted() {
        float[] v = new float[24];
        for (int i = 0; i < 24; i++) v[i] = i;
        return Tensor.of(v, 2, 3, 4);
    }

    @TestFactory Stream<DynamicTest> resizeAsPyTorch() {
        return Goldens.pictureTests("resize",
                c -> Goldens.assertGoldenShape("picture", c.array("output"),
                        resize(c.integer("height"), c.integer("width")).apply(c.tensor("x"))));
    }

    @Test void oneColourStaysInAnySize() {
        for (int n : new int[] {1, 2, 7, 50}) {
            Tensor y = resize(n, n + 3).apply(Tensor.full(.7, 3, 20, 31));
            Close.assertClose("size " + n, Tensor.full(.7, 3, n, n + 3), y, 1e-6);
        }
    }

    /** Of a chessboard of single pixels only grey is left; sampling would leave black or white. */
    @Test void whatShrinksIsAveraged() {
        float[] v = new float[64 * 64];
        for (int i = 0; i < v.length; i++) v[i] = (i / 64 + i) % 2;
        for (float y : resize(8, 8).apply(Tensor.of(v, 1, 64, 64)).data()) assertEquals(.5, y, .02);
    }

    @Test void proportionsStay() {
        assertArrayEquals(new int[] {3, 32, 64}, resizeShorterSide(32).apply(Tensor.zeros(3, 100, 200)).shape());
        assertArrayEquals(new int[] {3, 48, 32}, resizeShorterSide(32).apply(Tensor.zeros(3, 30, 20)).shape());
    }

    @Test void centre() {
        assertArrayEquals(new float[] {5, 6, 17, 18}, centreCrop(1, 2).apply(COUNTED).data());
        assertArrayEquals(COUNTED.data(), centreCrop(3, 4).apply(COUNTED).data());
    }

    @Test void randomCropsReachEveryPlaceAndNoOther() {
        Rng rng = Rng.seed(1);
        Set<Float> corners = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            float[] v = randomCrop(2, 2).apply(COUNTED, rng).data();
            assertArrayEquals(
                    new float[] {v[0], v[0] + 1, v[0] + 4, v[0] + 5, v[0] + 12, v[0] + 13, v[0] + 16, v[0] + 17}, v);
            corners.add(v[0]);
        }
        assertEquals(Set.of(0f, 1f, 2f, 4f, 5f, 6f), corners);
    }

    @Test void flips() {
        assertArrayEquals(new float[] {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8},
                randomFlip(1).apply(COUNTED, Rng.seed(1)).slice(0, 0, 1).data());
        assertSame(COUNTED, randomFlip(0).apply(COUNTED, Rng.seed(1)));
        Rng rng = Rng.seed(2);
        int flipped = 0;
        for (int i = 0; i < 1000; i++) if (randomFlip(.3).apply(COUNTED, rng).data()[0] == 3) flipped++;
        assertEquals(300, flipped, 50);
    }

    @Test void normalizesEachChannel() {
        Tensor y = normalize(new double[] {1, 10}, new double[] {2, .5}).apply(COUNTED);
        assertEquals((3 - 1) / 2f, y.get(0, 0, 3));
        assertEquals((14 - 10) / .5f, y.get(1, 0, 2));
    }

    @Test void joinedInOneLine() {
        ImageTransform train = resizeShorterSide(6).then(randomCrop(4, 4)).then(randomFlip(.5))
                .then(normalize(new double[] {0, 0}, new double[] {1, 1}));
        assertEquals("resizeShorterSide(6) > randomCrop(4, 4) > randomFlip(0.5) > normalize([0.0, 0.0], [1.0, 1.0])",
                train.toString());
        Tensor one = train.apply(COUNTED, Rng.seed(3)), same = train.apply(COUNTED, Rng.seed(3));
        assertArrayEquals(new int[] {2, 4, 4}, one.shape());
        assertArrayEquals(one.data(), same.data());
        assertSays(() -> train.apply(COUNTED), "randomCrop(4, 4)", "apply(image, rng)");
    }

    @Test void errorsNameTheStep() {
        assertSays(() -> centreCrop(4, 4).apply(COUNTED), "centreCrop(4, 4)", "3 x 4", "resize");
        assertSays(() -> resize(2, 2).apply(Tensor.zeros(3, 4)), "resize(2, 2)", "[C, H, W]", "[3, 4]");
        assertSays(() -> resize(2, 2).apply(Tensor.zeros(3, 0, 4)), "[3, 0, 4]");
        assertSays(() -> normalize(new double[] {1}, new double[] {1}).apply(COUNTED), "1 channels", "[2, 3, 4]");
        assertSays(() -> normalize(new double[] {1, 2}, new double[] {1}), "normalize", "[1.0, 2.0]");
        assertSays(() -> normalize(new double[] {1}, new double[] {0}), "above 0");
        assertSays(() -> resize(0, 2), "resize", "0 x 2");
        assertSays(() -> resize(50_000, 50_000).apply(COUNTED), "50000 x 50000");
        assertSays(() -> randomFlip(1.5), "1.5");
    }

    private static void assertSays(Executable work, String... words) {
        String message = assertThrows(IllegalArgumentException.class, work).getMessage();
        for (String word : words) assertTrue(message.contains(word), message);
    }
}
