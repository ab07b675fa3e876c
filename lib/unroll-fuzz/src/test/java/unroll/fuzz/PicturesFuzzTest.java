package unroll.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import unroll.data.CocoCaptions;
import unroll.text.DatasetException;
import unroll.data.ImageTransform;
import unroll.data.Images;

/** The readers of pictures and of their captions. */
class PicturesFuzzTest {
    private static final int MOST_PIXELS = 250_000;

    private static BufferedImage drawn(int type) {
        BufferedImage image = new BufferedImage(13, 9, type);
        for (int y = 0; y < 9; y++)
            for (int x = 0; x < 13; x++) image.setRGB(x, y, 0xff000000 | 17 * x << 16 | 25 * y << 8 | 5 * x * y % 256);
        return image;
    }

    private static byte[] encoded(int type, String format, boolean progressive) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        if (progressive) param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(drawn(type), null, null), param);
        }
        writer.dispose();
        return bytes.toByteArray();
    }

    private static Campaign pictures(String format, byte[]... seeds) {
        return Campaign.of(format, "cat." + format).seed(seeds).mutate(Bytes.mutations())
                .reads(file -> NaiveArrays.value(Images.rgb().limits(1 << 20, MOST_PIXELS).read(file)))
                .names(List.of(DatasetException.class))
                .expects(bytes -> Arrays.stream(seeds).anyMatch(seed -> begins(seed, bytes))
                        ? Outcome.refusal()
                        : Outcome.OPEN);
    }

    /** Whether bytes are a picture that is cut off; the last bytes may only mark its end. */
    private static boolean begins(byte[] seed, byte[] bytes) {
        return bytes.length < seed.length - 4 && Arrays.equals(Arrays.copyOf(seed, bytes.length), bytes);
    }

    @Test void png() throws IOException {
        pictures("png", encoded(BufferedImage.TYPE_INT_RGB, "png", false),
                encoded(BufferedImage.TYPE_BYTE_GRAY, "png", false),
                encoded(BufferedImage.TYPE_INT_RGB, "png", true), encoded(BufferedImage.TYPE_INT_ARGB, "png", false),
                encoded(BufferedImage.TYPE_BYTE_INDEXED, "png", false)).mutate(Pngs.mutations())
                .expects(bytes -> Pngs.read(bytes, MOST_PIXELS))
                .run();
    }

    @Test void jpeg() throws IOException {
        pictures("jpeg", encoded(BufferedImage.TYPE_INT_RGB, "jpeg", false),
                encoded(BufferedImage.TYPE_BYTE_GRAY, "jpeg", false),
                encoded(BufferedImage.TYPE_INT_RGB, "jpeg", true)).run();
    }

    @Test void gif() throws IOException {
        pictures("gif", encoded(BufferedImage.TYPE_INT_RGB, "gif", false),
                encoded(BufferedImage.TYPE_BYTE_GRAY, "gif", true)).run();
    }

    @Test void bmp() throws IOException {
        pictures("bmp", encoded(BufferedImage.TYPE_INT_RGB, "bmp", false),
                encoded(BufferedImage.TYPE_BYTE_INDEXED, "bmp", false)).run();
    }

    private static final List<String> PICTURES = List.of("a.jpg", "b1.jpg", "c22.jpg");
    private static final String COCO = "{\"info\":{\"year\":2017},\"images\":[{\"license\":3,\"file_name\":\"a.jpg\",\"height\":8,\"id\":9},"
            + "{\"id\":25,\"file_name\":\"b1.jpg\"}],\"annotations\":[{\"image_id\":9,\"id\":1,\"caption\":\"A man's "
            + "red-and-white bike, parked.\"},"
            + "{\"image_id\":25,\"id\":2,\"caption\":\"Fog\"},{\"id\":3,\"caption\":\" Two BIKES "
            + "\",\"image_id\":9},{\"image_id\":9,\"id\":4,\"caption\":\" . \"}]}";

    private static Object captions(CocoCaptions read) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) all.add(List.of(read.file(i).getFileName().toString(), read.captions(i)));
        return all;
    }

    private static void pictures(Path folder) throws IOException {
        for (String name : PICTURES) Files.createFile(folder.resolve(name));
    }

    /** Those images of which the folder has the pictures. */
    private static Outcome present(Outcome all) {
        if (!(all instanceof Outcome.Content c)) return all;
        List<?> there = ((List<?>) c.value()).stream().filter(e -> PICTURES.contains(((List<?>) e).get(0))).toList();
        return there.isEmpty() ? Outcome.refusal() : Outcome.content(there);
    }

    private static Campaign json(String name, String seed) {
        List<Mutation> mutations = new ArrayList<>(Texts.mutations());
        for (int i = 0; i < 20; i++) mutations.add((input, random, seeds) -> {
            String text = Texts.text(input);
            return text == null ? input : Json.mutate(text, random).getBytes(StandardCharsets.UTF_8);
        });
        return Campaign.of(name, "captions.json").seed(seed).mutate(mutations).names(List.of(DatasetException.class));
    }

    @Test void coco(@TempDir Path folder) throws IOException {
        pictures(folder);
        json("coco", COCO)
                .reads(file -> captions(CocoCaptions.cocoPresent(file, folder, ImageTransform.resizeShorterSide(4))))
                .expects(bytes -> present(Naive.coco(bytes))).run();
    }

    @Test void karpathy(@TempDir Path folder) throws IOException {
        pictures(folder);
        json("karpathy",
                "{\"images\":[{\"filename\":\"a.jpg\",\"imgid\":0,\"split\":\"train\",\"sentences\":[{\"tokens\":[\"a\",\"mans\",\"bike\"],"
                        + "\"raw\":\"A man's bike.\"},{\"tokens\":[],\"raw\":\"\"}]},{\"filename\":\"b1.jpg\",\"split\":\"test\",\"sentences\":[{\"tokens\":[\"fog\"],"
                        + "\"raw\":\"x\"}]},{\"filename\":\"c22.jpg\",\"split\":\"train\",\"sentences\":[{\"raw\":\"Sea\",\"tokens\":[\"sea\"]}]}],\"dataset\":\"x\"}")
                .reads(file -> captions(CocoCaptions.karpathyPresent(file, Set.of("train"), folder,
                        ImageTransform.resizeShorterSide(4))))
                .expects(bytes -> present(Naive.karpathy(bytes))).run();
    }

    @Test void flickr(@TempDir Path folder) throws IOException {
        pictures(folder);
        Campaign.of("flickr", "Flickr8k.token.txt")
                .seed("a.jpg#0\tA child in a pink dress .\na.jpg#1\tA girl goes in .\nb1.jpg#0\tTwo dogs\n",
                        "c22.jpg#0\tA dog, a cat\na.jpg#0\tA dog\n",
                        "image,caption\na.jpg,Fog .\nb1.jpg,Two dogs\n",
                        "image_name| comment_number| comment\na.jpg| 0| Two bikes .\na.jpg| 1| Fog\n")
                .mutate(Texts.mutations())
                .reads(file -> captions(
                        CocoCaptions.flickr8kPresent(file, folder, ImageTransform.resizeShorterSide(4))))
                .names(List.of(DatasetException.class))
                .expects(bytes -> present(Naive.flickr(bytes))).sameAfter("CR LF instead of LF", Texts::carriageReturns)
                .sameAfter("a byte order mark", Texts::mark)
                .run();
    }
}
