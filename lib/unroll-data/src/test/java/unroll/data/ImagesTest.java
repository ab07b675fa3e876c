package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

/** Pictures drawn here, and files that are none. */
class ImagesTest {
    @TempDir Path folder;

    /** 4 wide, 3 high; red grows to the right, green downwards, blue is 51. */
    private static BufferedImage drawn(int type) {
        BufferedImage image = new BufferedImage(4, 3, type);
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 4; x++) image.setRGB(x, y, 0xff000000 | 60 * x << 16 | 100 * y << 8 | 51);
        return image;
    }

    private static byte[] encode(IIOImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] encode(BufferedImage image, String format) {
        return encode(new IIOImage(image, null, null), format);
    }

    private static Tensor read(Images images, byte[] bytes) {
        return images.read(new ByteArrayInputStream(bytes), "picture");
    }

    private static void refused(byte[] bytes, String... words) { refused(Images.rgb(), bytes, words); }

    private static void refused(Images images, byte[] bytes, String... words) {
        String message = Refused.by(Reason.UNREADABLE, () -> read(images, bytes)).getMessage();
        assertTrue(message.startsWith("Image picture: "), message);
        for (String word : words) assertTrue(message.contains(word), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"}) void coloursRowsAndColumns(String format) {
        Tensor picture = read(Images.rgb(), encode(drawn(BufferedImage.TYPE_INT_RGB), format));
        assertArrayEquals(new int[] {3, 3, 4}, picture.shape());
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 4; x++) {
                assertEquals(60 * x / 255f, picture.get(0, y, x));
                assertEquals(100 * y / 255f, picture.get(1, y, x));
                assertEquals(51 / 255f, picture.get(2, y, x));
            }
        Tensor grey = read(Images.grey(), encode(drawn(BufferedImage.TYPE_INT_RGB), format));
        assertArrayEquals(new int[] {1, 3, 4}, grey.shape());
        assertEquals((.299 * 180 + .587 * 200 + .114 * 51) / 255, grey.get(0, 2, 3), 1e-6);
    }

    @Test void jpegIsReadNearly() {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1024; i++) image.setRGB(i % 32, i / 32, 200 << 16 | 100 << 8 | 50);
        Tensor picture = read(Images.rgb(), encode(image, "jpg"));
        int[] expected = {200, 100, 50};
        for (int c = 0; c < 3; c++) assertEquals(expected[c] / 255f, picture.get(c, 15, 15), .02);
    }

    /** Java takes stored grey for linear light; 128 would become 188. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) void greyStaysAsItIsStored(
            int type) {
        int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
        BufferedImage image = new BufferedImage(3, 1, type);
        image.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {0, most / 2, most});
        for (String format : new String[] {"png", "jpg"}) {
            if (format.equals("jpg") && most > 255) continue;
            Tensor grey = read(Images.grey(), encode(image, format)),
                    colour = read(Images.rgb(), encode(image, format));
            assertEquals(.5, grey.get(0, 0, 1), .02, format);
            assertEquals(1, grey.get(0, 0, 2), .02, format);
            for (int c = 0; c < 3; c++) assertEquals(grey.get(0, 0, 1), colour.get(c, 0, 1));
        }
    }

    @Test void transparencyIsLaidOnWhite() {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00112233);
        image.setRGB(1, 0, 0x80ff0000);
        image.setRGB(2, 0, 0xff0000ff);
        Tensor picture = read(Images.rgb(), encode(image, "png"));
        assertArrayEquals(new float[] {1, 1, 0, 1, 127 / 255f, 0, 1, 127 / 255f, 1}, picture.data(), 1e-6f);
    }

    @Test void greyWithTransparency() {
        ComponentColorModel model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
        raster.setPixels(0, 0, 2, 1, new int[] {100, 255, 100, 51});
        Tensor picture = read(Images.grey(), encode(new BufferedImage(model, raster, false, null), "png"));
        assertArrayEquals(new float[] {100 / 255f, 100 / 255f * .2f + .8f}, picture.data(), 1e-6f);
    }

    @Test void palettesAndOneBit() {
        Tensor palette = read(Images.rgb(), encode(drawn(BufferedImage.TYPE_BYTE_INDEXED), "gif"));
        assertArrayEquals(new int[] {3, 3, 4}, palette.shape());
        BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.setRGB(1, 0, 0xffffffff);
        assertArrayEquals(new float[] {0, 1}, read(Images.grey(), encode(bits, "png")).data());
    }

    @Test void filesAndEntriesOfAnArchive() throws IOException {
        byte[] png = encode(drawn(BufferedImage.TYPE_INT_RGB), "png");
        Path file = Files.write(folder.resolve("a.png"), png), zip = folder.resolve("b.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("pictures/a.png"));
            out.write(png);
        }
        float[] expected = read(Images.rgb(), png).data();
        assertArrayEquals(expected, Images.rgb().read(file).data());
        try (ZipFile archive = new ZipFile(zip.toFile())) {
            assertArrayEquals(expected, Images.rgb().read(archive, "pictures/a.png").data());
            String message = Refused.by(Reason.UNREADABLE, () -> Images.rgb().read(archive, "c.png")).getMessage();
            assertTrue(message.contains("b.zip!c.png") && message.contains("no such entry"), message);
        }
        String message = Refused.by(Reason.UNREADABLE, () -> Images.rgb().read(folder.resolve("nowhere.png")))
                .getMessage();
        assertTrue(message.contains("nowhere.png") && message.contains("NoSuchFileException"), message);
    }

    @Test void whatIsNoPictureIsRefused() {
        refused(new byte[0], "no picture");
        refused("Once upon a time there was a text.\n".repeat(50).getBytes(StandardCharsets.UTF_8), "no picture",
                "PNG, JPEG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"}) void whatIsCutOffIsRefused(String format) {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Rng rng = Rng.seed(1);
        for (int i = 0; i < 1200; i++) image.setRGB(i % 40, i / 40, rng.nextInt(1 << 24));
        byte[] whole = encode(image, format);
        read(Images.rgb(), whole);
        for (int length = 20; length < whole.length - 50; length += 37) refused(Arrays.copyOf(whole, length));
        refused(Arrays.copyOf(whole, whole.length / 2), "ends too early");
    }

    /** Whatever a damaged file holds, it is a picture or a named error. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"}) void whatIsDamagedIsReadOrRefused(String format) {
        byte[] whole = encode(drawn(BufferedImage.TYPE_INT_RGB), format);
        Rng rng = Rng.seed(2);
        Images images = Images.rgb().limits(1 << 20, 1 << 20);
        int failed = 0;
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            for (int k = rng.nextInt(3); k >= 0; k--) damaged[rng.nextInt(damaged.length)] = (byte) rng.nextInt(256);
            try {
                assertEquals(3, read(images, damaged).rank());
            } catch (DatasetException e) {
                failed++;
            }
        }
        assertTrue(failed > 0);
    }

    /** 100,000 x 100,000 pixels would take 40 GB; the header alone is enough to say no. */
    @Test void sizesAreLimitedBeforeDecoding() {
        ByteBuffer png = ByteBuffer.allocate(33);
        png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}).putInt(13);
        byte[] header = ByteBuffer.allocate(17).put(new byte[] {'I', 'H', 'D', 'R'}).putInt(100_000).putInt(100_000)
                .put(new byte[] {8, 2, 0, 0, 0}).array();
        CRC32 crc = new CRC32();
        crc.update(header);
        png.put(header).putInt((int) crc.getValue());
        refused(png.array(), "100000 x 100000", "50000000");
        byte[] small = encode(drawn(BufferedImage.TYPE_INT_RGB), "png");
        refused(Images.rgb().limits(1 << 20, 11), small, "4 x 3", "11");
        assertEquals(36, read(Images.rgb().limits(small.length, 12), small).size());
        refused(Images.rgb().limits(small.length - 1, 12), small, "more than " + (small.length - 1) + " bytes");
    }

    private static byte[] noise(String format) {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Rng rng = Rng.seed(1);
        for (int i = 0; i < 1200; i++) image.setRGB(i % 40, i / 40, rng.nextInt(1 << 24));
        return encode(image, format);
    }

    private static byte[] chunk(String type, byte... content) {
        byte[] typed = ByteBuffer.allocate(4 + content.length).put(type.getBytes(StandardCharsets.US_ASCII))
                .put(content).array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        return ByteBuffer.allocate(8 + typed.length).putInt(content.length).put(typed).putInt((int) crc.getValue())
                .array();
    }

    /** A grey PNG with these bytes, packed, as its data. */
    private static byte[] png(int width, int height, int depth, byte[] rows, byte[]... more) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream(), packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            out.write(rows);
        }
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        file.write(chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) depth).array()));
        for (byte[] chunk : more) file.write(chunk);
        file.write(chunk("IDAT", packed.toByteArray()));
        file.write(chunk("IEND"));
        return file.toByteArray();
    }

    /** Everything in a PNG is under one of its sums. */
    @Test void noBitOfAPngTurnsUnnoticed() {
        byte[] whole = encode(drawn(BufferedImage.TYPE_INT_ARGB), "png");
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            refused(damaged);
        }
        for (int n = 0; n < whole.length; n++) refused(Arrays.copyOf(whole, n));
        assertEquals(36, read(Images.rgb(), Arrays.copyOf(whole, whole.length + 9)).size(),
                "what follows the end is no part of it");
    }

    @Test void aPngHasTheDataThatItsHeaderPromises() throws IOException {
        byte[] rows = {0, 10, 20, 0, 30, 40};
        assertEquals(40 / 255f, read(Images.grey(), png(2, 2, 8, rows)).get(0, 1, 1));
        refused(png(2, 3, 8, rows), "ends too early", "6 of the 9 bytes");
        refused(png(2, 1, 8, rows), "more pixels than its header says");
        refused(png(2, 2, 3, rows), "kind of PNG that is not defined");
        refused(png(2, 2, 8, rows, chunk("IEND")), "0 of the 6 bytes");
        refused(png(2, 2, 8, rows, chunk("IDAT"), chunk("tEXt", (byte) 'a')), "IDAT is not where it should be");
        refused(png(2, 2, 8, rows, chunk("IHDR", new byte[13])), "its first chunk, and no other");
        refused(png(2, 2, 2, new byte[] {0, 16, 0, 32}, chunk("tRNS", (byte) 0, (byte) 1)), "transparent shade");
    }

    @Test void aJpegHasItsEnd() {
        byte[] whole = noise("jpg");
        refused(Arrays.copyOf(whole, whole.length - 2), "ends too early");
        for (int n = 0; n < whole.length; n += 7) refused(Arrays.copyOf(whole, n));
        read(Images.rgb(), Arrays.copyOf(whole, whole.length + 20));
    }

    /** The last scan of a progressive file again and again. */
    @Test void scansAreCountedBeforeDecoding() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(drawn(BufferedImage.TYPE_INT_RGB), null, null), param);
        }
        byte[] whole = bytes.toByteArray();
        read(Images.rgb(), whole);
        int scan = whole.length - 2;
        while (whole[scan] != (byte) 0xff || whole[scan + 1] != (byte) 0xda) scan--;
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(whole, 0, scan);
        for (int i = 0; i < 31; i++) many.write(whole, scan, whole.length - 2 - scan);
        many.write(whole, whole.length - 2, 2);
        refused(many.toByteArray(), "more than 30 scans");
    }

    /** Where each corner of [[1, 2, 3], [4, 5, 6]] comes to lie: the table of the EXIF standard. */
    @ParameterizedTest
    @CsvSource({"1, 123456, 3", "2, 321654, 3", "3, 654321, 3", "4, 456123, 3", "5, 142536, 2", "6, 415263, 2",
            "7, 635241, 2",
            "8, 362514, 2"}) void picturesAreTurnedUprightAsTheirExifSays(int orientation, String expected, int width)
                    throws IOException {
        for (boolean little : new boolean[] {true, false}) {
            ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 24 + 4)
                    .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            tiff.put((byte) (little ? 'I' : 'M')).put((byte) (little ? 'I' : 'M')).putShort((short) 42).putInt(8)
                    .putShort((short) 2);
            tiff.putShort((short) 0x10f).putShort((short) 2).putInt(4).putInt(0).putShort((short) 0x112)
                    .putShort((short) 3).putInt(1)
                    .putShort((short) orientation).putShort((short) 0).putInt(0);
            byte[] six = png(3, 2, 8, new byte[] {0, 1, 2, 3, 0, 4, 5, 6}, chunk("eXIf", tiff.array()));
            Tensor upright = read(Images.grey(), six);
            assertArrayEquals(new int[] {1, 6 / width, width}, upright.shape());
            for (int i = 0; i < 6; i++)
                assertEquals((expected.charAt(i) - '0') / 255f, upright.data()[i], "pixel " + i);
            // blocks of 16, so that JPEG keeps them
            BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 48 * 32; p++)
                image.setRGB(p % 48, p / 48, 0x202020 * (1 + p % 48 / 16 + 3 * (p / 48 / 16)));
            byte[] plain = encode(image, "jpg"),
                    app1 = ByteBuffer.allocate(10 + tiff.capacity()).putShort((short) 0xffe1)
                            .putShort((short) (8 + tiff.capacity()))
                            .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff.array()).array();
            Tensor photograph = read(Images.rgb(),
                    ByteBuffer.allocate(plain.length + app1.length).put(plain, 0, 2).put(app1)
                            .put(plain, 2, plain.length - 2).array());
            assertArrayEquals(new int[] {3, 16 * 6 / width, 16 * width}, photograph.shape());
            for (int i = 0; i < 6; i++)
                for (int c = 0; c < 3; c++)
                    assertEquals(32 * (expected.charAt(i) - '0') / 255f,
                            photograph.get(c, 8 + 16 * (i / width), 8 + 16 * (i % width)), .03);
        }
    }

    @Test void sixteenBitsOfColourAreKept() {
        ComponentColorModel model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
                Transparency.OPAQUE,
                DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
        raster.setPixels(0, 0, 1, 1, new int[] {1, 300, 65535});
        assertArrayEquals(new float[] {1 / 65535f, 300 / 65535f, 1},
                read(Images.rgb(), encode(new BufferedImage(model, raster, false, null), "png")).data());
    }

    /** A few kilobytes may say that they are more than all memory. */
    @Test void sizesAreLimitedByTheMemoryThereIs() throws IOException {
        refused(Images.rgb().limits(1 << 20, Integer.MAX_VALUE), png(46_340, 46_340, 8, new byte[1]),
                "46340 x 46340 pixels, which take", "-Xmx");
    }

    @Test void coloursForPrintAreNamed() {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
        byte[] four = encode(new IIOImage(raster, null, null), "jpg"),
                adobe = {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0,
                        // the marker that says: four channels are CMYK
                        0, 0, 0};
        byte[] marked = ByteBuffer.allocate(four.length + adobe.length).put(four, 0, 2).put(adobe)
                .put(four, 2, four.length - 2).array();
        refused(marked, "CMYK", "convert");
        refused(four, "CMYK", "convert");
    }

    @Test void aStreamThatFailsIsNamed() {
        InputStream broken = new InputStream() {
            @Override public int read() throws IOException { throw new IOException("wire cut"); }
        };
        String message = Refused.by(Reason.UNREADABLE, () -> Images.rgb().read(broken, "remote")).getMessage();
        assertTrue(message.contains("Image remote") && message.contains("wire cut"), message);
    }

    @Test void limitsAreAtLeastOne() {
        assertThrows(IllegalArgumentException.class, () -> Images.rgb().limits(0, 1));
        assertThrows(IllegalArgumentException.class, () -> Images.grey().limits(1, 0));
        assertEquals("Images(grey, maxBytes=1, maxPixels=2)", Images.grey().limits(1, 2).toString());
    }
}
