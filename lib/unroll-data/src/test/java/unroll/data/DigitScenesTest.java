package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.data.CaptionedImage.NamedBox;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

final class DigitScenesTest {
    private static final List<String> NAMES = List.of("zero", "one", "two", "three", "four", "five", "six", "seven",
            "eight", "nine");
    private static final List<Integer> CORNERS = List.of(0, 3, 12, 15), BITS = List.of(1, 2, 4, 5, 6, 7, 8, 9, 10);
    private static final int N = 400, CELLS = 4, CELL = 5;

    /**
     * "Digits" of 4 × 4 cells with their number in the pool written on them, a bit a cell, corners always light. Their
     * label is its last figure.
     */
    private static Digits numbered() {
        byte[] pixels = new byte[N * 784], labels = new byte[N];
        for (int i = 0; i < N; i++) {
            labels[i] = (byte) (i % 10);
            for (int p = 0; p < 400; p++) {
                int cell = p / 20 / CELL * CELLS + p % 20 / CELL;
                if (CORNERS.contains(cell) || BITS.contains(cell) && (i >> BITS.indexOf(cell) & 1) == 1)
                    pixels[i * 784 + (4 + p / 20) * 28 + 3 + p % 20] = (byte) 255;
            }
        }
        return Digits.of(new IdxFile(new int[] {N, 28, 28}, pixels), new IdxFile(new int[] {N}, labels),
                "numbers in cells");
    }

    /** The number written on an object. */
    private static int read(Tensor picture, Box box) {
        int number = 0;
        for (int bit = 0; bit < BITS.size(); bit++) {
            int row = BITS.get(bit) / CELLS, column = BITS.get(bit) % CELLS;
            if (picture.get(0, box.y0() + (int) ((row + .5) * box.height() / CELLS),
                    box.x0() + (int) ((column + .5) * box.width() / CELLS)) > .5)
                number |= 1 << bit;
        }
        return number;
    }

    private static int digit(CaptionedImage scene, int object) {
        NamedBox named = scene.boxes().get(object);
        assertEquals(named.firstWord(), named.lastWord());
        return NAMES.indexOf(scene.words().get(named.firstWord()));
    }

    /** What is in the boxes are the digits of the caption, and their places are those that it says. */
    @Test void theCaptionCanBeReadFromThePixels() {
        DigitScenes scenes = DigitScenes.of(numbered(), 3);
        for (var part : List.of(scenes.training(400), scenes.heldOut(400), scenes.unseen(400)))
            for (CaptionedImage scene : part) {
                Box a = scene.boxes().get(0).box(), b = scene.boxes().get(1).box();
                int first = read(scene.picture(), a) % 10, second = read(scene.picture(), b) % 10;
                double dx = b.centreX() - a.centreX(), dy = b.centreY() - a.centreY();
                boolean horizontal = Math.abs(dx) > Math.abs(dy);
                assertEquals(article(first) + (horizontal ? " left of " : " above ") + article(second), scene.text());
                assertTrue(horizontal ? dx > 0 : dy > 0, scene.text());
                assertTrue(Math.max(Math.abs(dx), Math.abs(dy)) >= 2 * Math.min(Math.abs(dx), Math.abs(dy)),
                        scene.text());
                assertFalse(a.overlaps(b), scene.text());
            }
    }

    private static String article(int digit) { return (digit == 8 ? "an " : "a ") + NAMES.get(digit); }

    @Test void noPictureOfThePoolIsInTwoParts() {
        DigitScenes scenes = DigitScenes.of(numbered(), 4);
        Set<Integer> training = new HashSet<>(), held = new HashSet<>();
        for (CaptionedImage scene : scenes.training(1_500))
            for (NamedBox named : scene.boxes()) training.add(read(scene.picture(), named.box()));
        for (var part : List.of(scenes.heldOut(500), scenes.unseen(500)))
            for (CaptionedImage scene : part)
                for (NamedBox named : scene.boxes()) held.add(read(scene.picture(), named.box()));
        assertEquals(320, training.size());
        assertEquals(80, held.size());
        for (int number : held) assertFalse(training.contains(number), "picture " + number);
    }

    /** The objects are in their boxes: beyond them is nothing but noise. */
    @Test void boxesHoldAllInk() {
        for (CaptionedImage scene : DigitScenes.of(Digits.drawn(400, Rng.seed(1)), 5).training(200)) {
            assertArrayEquals(new int[] {1, 40, 40}, scene.picture().shape());
            Box a = scene.boxes().get(0).box(), b = scene.boxes().get(1).box();
            double ink = 0, ground = 0;
            for (int row = 0; row < 40; row++)
                for (int column = 0; column < 40; column++) {
                    float value = scene.picture().get(0, row, column);
                    assertTrue(value >= 0 && value <= 1);
                    if (a.contains(column, row) || b.contains(column, row)) ink += value;
                    else {
                        assertTrue(value < .35, scene.text() + ": " + value + " at " + column + ", " + row);
                        ground += value;
                    }
                }
            for (Box box : List.of(a, b))
                assertTrue(Math.max(box.width(), box.height()) >= 16 && Math.max(box.width(), box.height()) <= 18);
            int inside = a.width() * a.height() + b.width() * b.height();
            assertTrue(ink / inside > ground / (40 * 40 - inside) + .1, scene.text());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2}) void trainingNeverHasWhatIsHeldOut(long seed) {
        DigitScenes scenes = DigitScenes.of(Digits.drawn(200, Rng.seed(1)), seed);
        Set<String> held = new HashSet<>(scenes.unseenPairs()), seen = new HashSet<>(), tried = new HashSet<>(),
                words = new HashSet<>();
        for (var part : List.of(scenes.training(1_000), scenes.heldOut(200)))
            for (CaptionedImage scene : part) {
                seen.add(pair(scene));
                words.addAll(scene.words());
            }
        for (CaptionedImage scene : scenes.unseen(200)) tried.add(pair(scene));
        assertEquals(5, held.size());
        assertEquals(held, tried);
        assertEquals(50, seen.size());
        for (String pair : held) assertFalse(seen.contains(pair), pair);
        assertEquals(new HashSet<>(DigitScenes.words()), words);
    }

    /** The two digits in no order, the greater one first as in {@link DigitScenes#unseenPairs}. */
    private static String pair(CaptionedImage scene) {
        int a = digit(scene, 0), b = digit(scene, 1);
        return NAMES.get(Math.max(a, b)) + " " + NAMES.get(Math.min(a, b));
    }

    @Test void theSeedDecidesAndMorePicturesBeginWithTheSame() {
        Digits pool = Digits.drawn(100, Rng.seed(2));
        List<CaptionedImage> few = DigitScenes.of(pool, 1).training(10), many = DigitScenes.of(pool, 1).training(20);
        for (int i = 0; i < 10; i++) {
            assertEquals(few.get(i).text(), many.get(i).text());
            assertArrayEquals(few.get(i).picture().data(), many.get(i).picture().data());
        }
        assertFalse(few.stream().map(CaptionedImage::text).toList()
                .equals(DigitScenes.of(pool, 2).training(10).stream().map(CaptionedImage::text).toList()));
    }

    @Test void inkIsCutOut() {
        double[][] rows = new double[28][28];
        rows[3][5] = 1;
        rows[6][4] = .5;
        rows[20][20] = .1;
        Tensor ink = DigitScenes.cutToInk(rows, "dots");
        assertArrayEquals(new int[] {1, 4, 2}, ink.shape());
        assertArrayEquals(new float[] {0, 1, 0, 0, 0, 0, .5f, 0}, ink.data());
    }

    @Test void mistakesAreNamed() {
        Digits pool = Digits.drawn(100, Rng.seed(2));
        assertThrows(IllegalArgumentException.class, () -> DigitScenes.of(pool, 1).training(0));
        String few = assertThrows(IllegalArgumentException.class, () -> DigitScenes.of(pool.part(0, 9), 1))
                .getMessage();
        assertTrue(few.contains("at least 2 pictures of each digit"), few);
        String empty = assertThrows(IllegalArgumentException.class,
                () -> DigitScenes.cutToInk(new double[28][28], "picture 3"))
                .getMessage();
        assertTrue(empty.contains("picture 3") && empty.contains("no ink"), empty);
    }
}
