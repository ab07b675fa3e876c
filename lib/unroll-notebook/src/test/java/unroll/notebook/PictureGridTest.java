package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;

import org.junit.jupiter.api.Test;

import unroll.tensor.Tensor;

class PictureGridTest {
    /** Left half red, right half blue. */
    private static final Tensor HALVES = Tensor.of(new float[] {1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1}, 3, 2, 2);

    private static int rgb(BufferedImage image, int x, int y) { return image.getRGB(2 * x, 2 * y) & 0xffffff; }

    @Test void showsPixelsAsTheyAre() {
        BufferedImage image = new PictureGrid("Halves", 4).add(HALVES, "red and blue").image();
        assertEquals(0xff0000, rgb(image, 14 + 20, 40 + 20));
        assertEquals(0x0000ff, rgb(image, 14 + 140, 40 + 20));
    }

    @Test void aMapOfWeightsDarkensWhereNobodyLooks() {
        BufferedImage image = new PictureGrid("Looked at", 4)
                .add(HALVES, Tensor.of(new float[] {0.1f, 0}, 1, 2), "left").image();
        assertEquals(0xff0000, rgb(image, 14 + 20, 40 + 20));
        assertEquals(0x000033, rgb(image, 14 + 140, 40 + 20));
    }

    @Test void aFeatureMapGoesFromBlackToWhite() {
        BufferedImage image = new PictureGrid("Map", 4).addMap(Tensor.of(new float[] {-3, 5}, 1, 2), "").image();
        assertEquals(0x000000, rgb(image, 14 + 20, 40 + 10));
        assertEquals(0xffffff, rgb(image, 14 + 140, 40 + 10));
    }

    @Test void headingsBeginRowsAndWordsAreWrapped() {
        PictureGrid one = new PictureGrid("Rows", 4).add(HALVES, "short").add(HALVES, "short"),
                two = new PictureGrid("Rows", 4).heading("good").add(HALVES, "short").heading("bad").add(HALVES,
                        "short"),
                more = new PictureGrid("Rows", 4).add(HALVES,
                        "many many words that do not fit below one picture of this size and go on");
        assertTrue(two.height() > 2 * one.height() - 60, two.height() + " and " + one.height());
        int longer = more.height() - one.height();
        assertTrue(longer >= 15 && longer % 15 == 0, "longer by " + longer);
        assertEquals("Pictures \"Rows\"\n good:\n  short\n bad:\n  short", two.toString());
        assertEquals(2, two.size());
    }

    @Test void inWordsItIsWhatStandsBelowThePictures() {
        assertEquals("Pictures: Rows. 3 pictures: good: red and blue; the same; bad: a picture without words.",
                new PictureGrid("Rows", 4).heading("good").add(HALVES, "red and blue").add(HALVES, "the same")
                        .heading("bad").add(HALVES, "").alt());
    }

    @Test void errorsSayWhatWasWrong() {
        assertMessage("expected a picture [1, H, W] or [3, H, W] but got [2, 2, 2]",
                () -> new PictureGrid("A", 2).add(Tensor.zeros(2, 2, 2), ""));
        assertMessage("nothing to draw", () -> new PictureGrid("A", 2).heading("empty").image());
        assertMessage("expected 1 to 16 columns but got 0", () -> new PictureGrid("A", 0));
        assertMessage("finite weights", () -> new PictureGrid("A", 2).add(HALVES, Tensor.full(Double.NaN, 1, 1), ""));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable work) {
        String message = assertThrows(ChartException.class, work).getMessage();
        assertTrue(message.contains(part), message);
    }
}
