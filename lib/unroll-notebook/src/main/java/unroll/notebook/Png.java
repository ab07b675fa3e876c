package unroll.notebook;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files, as small as can be without a difference that one sees. */
final class Png {
    private static final int[] NEAR = {0, 4, 8, 16};                       // steps of 255 in any channel
    private static final int OFTEN = 60, NEAREST = 3;                      // pixels of a colour; its steps at most

    private Png() {
    }

    /** The bytes of a file. */
    static byte[] of(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam most = writer.getDefaultWriteParam();
        most.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        most.setCompressionQuality(0);
        // no cache file: an interrupted thread must not touch one
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), most);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * The same with a palette of at most 256 colours, which takes half the room, where that moves no colour far, and
     * those of areas hardly: charts have few colours, and many shades between them along the edges of lines and
     * letters. Else, as for photographs, the image itself.
     */
    static BufferedImage reduced(BufferedImage image) {
        int width = image.getWidth(), height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int colour : pixels) counts.merge(colour, 1, Integer::sum);
        List<Integer> colours = counts.keySet().stream()
                .sorted(Comparator.<Integer>comparingInt(c -> -counts.get(c)).thenComparing(c -> c)).toList();
        for (int near : NEAR) {
            Map<Integer, Integer> places = new HashMap<>();
            int[] palette = palette(colours, c -> counts.get(c) > OFTEN ? Math.min(near, NEAREST) : near, places);
            if (palette.length > 256) continue;
            BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED,
                    new IndexColorModel(8, palette.length, palette, 0, true, -1, DataBuffer.TYPE_BYTE));
            small.getRaster().setPixels(0, 0, width, height, IntStream.of(pixels).map(places::get).toArray());
            return small;
        }
        return image;
    }

    /** Colours, the frequent ones first, such that each of all is near to one of them; more than 256 are too many. */
    private static int[] palette(List<Integer> colours, IntUnaryOperator near, Map<Integer, Integer> places) {
        List<Integer> palette = new ArrayList<>();
        for (int colour : colours) {
            int place = 0, far = near.applyAsInt(colour);
            while (place < palette.size() && distance(colour, palette.get(place)) > far) place++;
            if (place == palette.size()) palette.add(colour);
            places.put(colour, place);
            if (palette.size() > 256) break;
        }
        return palette.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int distance(int a, int b) {
        int most = 0;
        for (int shift = 0; shift < 32; shift += 8)
            most = Math.max(most, Math.abs((a >>> shift & 255) - (b >>> shift & 255)));
        return most;
    }
}
