package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;

import unroll.tensor.Rng;

/** Small files show what the picture was. */
class PngTest {
    private static BufferedImage chart() {
        XyChart chart = Charts.lines("Loss", "step", "nats");
        for (int s = 0; s < 3; s++) chart.add("series " + s, Rng.seed(s).normal(50).data());
        return chart.image();
    }

    /** The largest difference of two pictures in any channel of any pixel. */
    private static int difference(BufferedImage a, BufferedImage b) {
        return IntStream.range(0, a.getWidth() * a.getHeight()).map(i -> {
            int p = a.getRGB(i % a.getWidth(), i / a.getWidth()), q = b.getRGB(i % a.getWidth(), i / a.getWidth());
            return IntStream.of(0, 8, 16, 24).map(s -> Math.abs((p >>> s & 255) - (q >>> s & 255))).max().getAsInt();
        }).max().getAsInt();
    }

    @Test void aPaletteMovesNoColourFarAndTakesHalfTheRoom() throws Exception {
        BufferedImage chart = chart();
        byte[] small = Png.of(Png.reduced(chart));
        assertTrue(difference(chart, ImageIO.read(new ByteArrayInputStream(small))) <= 16);
        assertTrue(small.length < 0.6 * Png.of(chart).length, small.length + " and " + Png.of(chart).length);
    }

    /** A slow change of colour over an area stays one: no bands. */
    @Test void anAreaHasNoBands() {
        BufferedImage area = new BufferedImage(512, 64, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < 512; x++)
            for (int y = 0; y < 64; y++) area.setRGB(x, y, 255 << 24 | x / 2 << 16 | (y < 8 ? 97 * x * y & 63 : 0));
        BufferedImage small = Png.reduced(area);
        assertEquals(BufferedImage.TYPE_BYTE_INDEXED, small.getType());
        assertTrue(difference(area.getSubimage(0, 8, 512, 56), small.getSubimage(0, 8, 512, 56)) <= 3);
    }

    @Test void fewColoursStayExact() {
        BufferedImage card = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 256; i++) card.setRGB(i % 16, i / 16, i << 24 | i << 16 | 255 - i << 8 | i / 2);
        assertEquals(0, difference(card, Png.reduced(card)));
    }

    @Test void aPhotographStaysAsItIs() {
        BufferedImage photograph = new BufferedImage(200, 200, BufferedImage.TYPE_INT_ARGB);
        float[] noise = Rng.seed(1).uniform(0, 1, 40_000).data();
        for (int i = 0; i < noise.length; i++)
            photograph.setRGB(i % 200, i / 200, 255 << 24 | (int) (noise[i] * 0xffffff));
        assertSame(photograph, Png.reduced(photograph));
    }
}
