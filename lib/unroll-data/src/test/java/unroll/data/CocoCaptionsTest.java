package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.data.Dataset.DataFile;
import unroll.tensor.Tensor;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

/** Files of captions written here, sound and damaged, and pictures beside them. */
final class CocoCaptionsTest {
    private static final ImageTransform SMALL = ImageTransform.resizeShorterSide(4)
            .then(ImageTransform.centreCrop(4, 4));
    private static final String SOUND = """
            {"info": {"year": 2017, "deep": [[1, {"a": null}]]}, "licenses": [{"url": "http:\\\\/\\\\/x", "id": 1}],
             "images": [{"license": 3, "file_name": "000000000009.png", "height": 8, "width": 12, "id": 9}, {"id": 25, "file_name": "grey.png"}],
             "annotations": [{"image_id": 9, "id": 1, "caption": "A man's red-and-white bike, parked.\\n"}, {"image_id": 25, "id": 2, "caption": "Fog"},
              {"id": 3, "caption": " Two  BIKES ", "image_id": 9}, {"image_id": 9, "id": 4, "caption": " . "}]}""";
    @TempDir Path folder;

    @BeforeEach void pictures() throws IOException {
        BufferedImage red = new BufferedImage(12, 8, BufferedImage.TYPE_INT_RGB),
                grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 96; i++) red.setRGB(i % 12, i / 12, 0xff0000);
        grey.getRaster().setSamples(0, 0, 4, 4, 0,
                new int[] {51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51});
        ImageIO.write(red, "png", folder.resolve("000000000009.png").toFile());
        ImageIO.write(grey, "png", folder.resolve("grey.png").toFile());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("captions.json"), text);
    }

    private CocoCaptions coco(String json) throws IOException { return CocoCaptions.coco(file(json), folder, SMALL); }

    private void refused(String json, String... words) {
        DatasetException e = assertThrows(DatasetException.class, () -> coco(json), json);
        assertEquals(Reason.UNREADABLE, e.reason());
        for (String word : words) assertTrue(e.getMessage().contains(word), e.getMessage());
    }

    @Test void captionsAndPicturesBelongTogether() throws IOException {
        CocoCaptions all = coco(SOUND);
        assertEquals(2, all.size());
        assertEquals(List.of(List.of("a", "mans", "redandwhite", "bike", "parked"), List.of("two", "bikes")),
                all.captions(0));
        assertEquals(List.of(all.captions(0), List.of(List.of("fog"))), all.references());
        Tensor red = all.picture(0), grey = all.picture(1);
        assertArrayEquals(new int[] {3, 4, 4}, red.shape());
        assertArrayEquals(new int[] {3, 4, 4}, grey.shape());
        for (int p = 0; p < 16; p++) {
            assertEquals(1, red.data()[p], 1e-6);
            assertEquals(0, red.data()[16 + p], 1e-6);
            for (int c = 0; c < 3; c++) assertEquals(.2, grey.data()[16 * c + p], 1e-6);
        }
        CaptionedImage one = all.captioned(0, 1);
        assertEquals("two bikes", one.text());
        assertTrue(one.boxes().isEmpty());
        assertEquals("grey.png", all.part(1, 2).file(0).getFileName().toString());
        assertThrows(IndexOutOfBoundsException.class, () -> all.part(1, 3));
        assertTrue(all.toString().startsWith("CocoCaptions(2 images, 3 captions; resizeShorterSide(4)"),
                all.toString());
    }

    @Test void transparencyIsLaidOnWhite() throws IOException {
        BufferedImage glass = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
        for (int p = 0; p < 16; p++) glass.setRGB(p % 4, p / 4, 0x800000ff);
        ImageIO.write(glass, "png", folder.resolve("grey.png").toFile());
        Tensor picture = coco(SOUND).picture(1);
        assertArrayEquals(new int[] {3, 4, 4}, picture.shape());
        for (int c = 0; c < 3; c++) assertEquals(c == 2 ? 1 : 127 / 255f, picture.get(c, 2, 2), 1e-6);
    }

    @Test void flickr8kInBothForms() throws IOException {
        Path tokens = Files.writeString(folder.resolve("Flickr8k.token.txt"),
                "grey.png#0\tFog on # the sea .\n000000000009.png#0\tA bike\r\n\ngrey.png#1\tGrey\n");
        CocoCaptions all = CocoCaptions.flickr8k(tokens, folder, SMALL);
        assertEquals(
                List.of(List.of(List.of("fog", "on", "the", "sea"), List.of("grey")), List.of(List.of("a", "bike"))),
                all.references());
        assertEquals(.2, all.picture(0).get(1, 0, 0), 1e-6);
        Path kaggle = Files.writeString(folder.resolve("captions.txt"),
                "image,caption\ngrey.png,\"Fog, \"\"thick\"\" .\"\ngrey.png,Grey\n");
        assertEquals(List.of(List.of(List.of("fog", "thick"), List.of("grey"))),
                CocoCaptions.flickr8k(kaggle, folder, SMALL).references());
    }

    /** The published list names a picture 2258277193_586949ec62.jpg.1, which is not among the published pictures. */
    @Test void theNumberOfACopyAfterTheNameOfAPictureIsNotPartOfIt() throws IOException {
        Path tokens = Files.writeString(folder.resolve("Flickr8k.token.txt"),
                "grey.png#0\tFog\n22_5e.jpg.1#0\tA dog\n22_5e.jpg.1#1\tA brown dog\n");
        CocoCaptions without = CocoCaptions.flickr8k(tokens, folder, SMALL);
        assertEquals(List.of(List.of(List.of("fog"))), without.references());
        assertEquals(1, without.withoutPicture());
        Path dog = Files.copy(folder.resolve("grey.png"), folder.resolve("22_5e.jpg"));
        CocoCaptions all = CocoCaptions.flickr8k(tokens, folder, SMALL);
        assertEquals(dog, all.file(1));
        assertEquals(List.of(List.of("a", "dog"), List.of("a", "brown", "dog")), all.captions(1));
        Path copy = Files.copy(dog, folder.resolve("22_5e.jpg.1"));
        assertEquals(copy, CocoCaptions.flickr8k(tokens, folder, SMALL).file(1));
        Files.delete(copy);
        Files.writeString(tokens, "22_5e.jpg#0\tA dog\n22_5e.jpg.1#0\tA cat\n");
        assertEquals(List.of(List.of(List.of("a", "dog"))),
                CocoCaptions.flickr8k(tokens, folder, SMALL).references(), "a picture belongs to its own name");
        refused(SOUND.replace("grey.png", "gone.jpg.1"), "gone.jpg.1 is not in the folder");
    }

    private static DataFile listed(String path, byte[] bytes) {
        return new DataFile(path, URI.create("https://example.org/" + path), Catalogue.sha256(bytes), bytes.length,
                Optional.empty(), Optional.empty());
    }

    /** A catalogue of the captions of two pictures of which it has one; offline, with files of a folder. */
    private Catalogue catalogue(Path mirror) throws IOException {
        byte[] grey = Files.readAllBytes(folder.resolve("grey.png")), json = SOUND.getBytes(StandardCharsets.UTF_8);
        Path own = folder.resolve("mirror/photographs");
        Files.createDirectories(own.resolve("annotations"));
        Files.createDirectories(own.resolve("val"));
        Files.write(own.resolve("annotations/captions_val.json"), json);
        Files.write(own.resolve("val/grey.png"), grey);
        Dataset set = new Dataset("coco-cc-subset", "Some photographs", "photographs", "coco-captions", "CC0", "README",
                "none", Optional.empty(),
                List.of(listed("annotations/captions_val.json", json), listed("val/grey.png", grey)));
        return new Catalogue(List.of(set), new Locations(Optional.of(mirror), folder.resolve("cache"), true),
                (address, limit, target) -> {
                    throw new AssertionError("no network");
                });
    }

    @Test void theCataloguesPhotographsAreThoseThatItHas() throws IOException {
        CocoCaptions all = CocoCaptions.catalogued(catalogue(folder.resolve("mirror")), SMALL);
        assertEquals(List.of(List.of(List.of("fog"))), all.references());
        assertEquals("grey.png", all.file(0).getFileName().toString());
        assertEquals(.2, all.picture(0).get(2, 3, 3), 1e-6);
        assertEquals(1, all.withoutPicture());
    }

    @Test void theCataloguesPhotographsMayBeOutOfReach() throws IOException {
        Catalogue none = catalogue(folder.resolve("nowhere"));
        assertEquals(Reason.OFFLINE,
                assertThrows(DatasetException.class, () -> CocoCaptions.catalogued(none, SMALL)).reason());
    }

    /** Without a download: what the list that comes with the library says. */
    @Test void theCatalogueListsThePhotographsOfItsCaptions() {
        List<String> paths = Catalogue.standard().dataset("coco-cc-subset").files().stream().map(DataFile::path)
                .toList();
        assertEquals(2, paths.stream().filter(path -> path.startsWith("annotations/captions_")).count());
        assertEquals(32, paths.stream().filter(path -> path.matches("(train|val)2017/.+\\.jpg")).count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey.png\tFog", "grey.png#0 Fog", "\tFog", "Fog",
            "grey.png\tFog #1"}) void linesThatAreNoneAreNamed(String line)
                    throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens.txt"), "grey.png#0\tFog\n" + line + "\n");
        Refused e = Refused.by(Reason.MALFORMED, () -> CocoCaptions.flickr8k(tokens, folder, SMALL));
        assertEquals(2, e.line());
        assertTrue(e.getMessage().contains("Flickr captions tokens.txt"), e.getMessage());
    }

    @Test void flickr8kIsCheckedAsCocoIs() throws IOException {
        for (String[] bad : new String[][] {{"../grey.png#0\tFog", "not opened"}, {"grey.png#0\t.", "no caption"},
                {"", "no image"},
                {"gone.png#0\tFog", "gone.png is not in the folder"}}) {
            Path tokens = Files.writeString(folder.resolve("tokens.txt"), bad[0]);
            String message = assertThrows(DatasetException.class, () -> CocoCaptions.flickr8k(tokens, folder, SMALL))
                    .getMessage();
            assertTrue(message.contains(bad[1]), message);
        }
    }

    @Test void whatDoesNotBelongTogetherIsNamed() {
        refused(SOUND.replace("\"image_id\": 25", "\"image_id\": 26"), "caption of image 26, but no such image",
                "captions.json");
        refused("{\"images\": [{\"id\": 1, \"file_name\": \"grey.png\"}], \"annotations\": []}",
                "no caption of at least one word in it, of 1 images");
        refused(SOUND.replace("\"id\": 25", "\"id\": 9"), "two images have the id 9");
        refused(SOUND.replace("grey.png", "000000000009.png"), "two images have the file");
        refused("{\"images\": [], \"annotations\": []}", "no image");
        refused("{}", "no image");
    }

    @Test void imagesWithoutCaptionsAreLeftOutAndCounted() throws IOException {
        for (String json : new String[] {SOUND.replace("\"Fog\"", "\"!\""),
                SOUND.replace("{\"image_id\": 25, \"id\": 2, \"caption\": \"Fog\"},", "")}) {
            CocoCaptions all = coco(json);
            assertEquals(1, all.size());
            assertEquals(1, all.withoutCaption());
            assertTrue(all.toString().contains("1 images left out, which have no caption"), all.toString());
        }
        Path tokens = Files.writeString(folder.resolve("t.token"), "000000000009.png#0\tA bike\ngrey.png#0\t.\n");
        assertEquals(1, CocoCaptions.flickr8k(tokens, folder, SMALL).withoutCaption());
    }

    /** Names as people give them; composed here and decomposed on the disk, or the other way round. */
    @ParameterizedTest
    @ValueSource(strings = {"b c.png", "x (1).png", "[a] {b}.png", "100%.png", "a%20b.png", "caf\u00e9.png",
            "cafe\u0301.png",
            "\u732b, \u72ac & 'x'.png",
            "a+b=c!.png", "sub folder/x.png", "IMG-2020#1.png", "-rf.png"}) void namesOfFilesAreNames(String name)
                    throws IOException {
        for (Normalizer.Form form : new Normalizer.Form[] {null, Normalizer.Form.NFC, Normalizer.Form.NFD}) {
            Path file;
            try {
                file = folder.resolve(form == null ? name : Normalizer.normalize(name, form));
            } catch (InvalidPathException e) {
                return;                                                    // this system cannot have the name
            }
            Files.createDirectories(file.getParent());
            Files.copy(folder.resolve("grey.png"), file);
            assertEquals(file, coco(SOUND.replace("grey.png", name)).file(1));
            Path tokens = Files.writeString(folder.resolve("t.token"), name + "#0\tFog\n");
            assertEquals(file, CocoCaptions.flickr8k(tokens, folder, SMALL).file(0));
            Path bars = Files.writeString(folder.resolve("results.csv"),
                    "image_name| comment_number| comment\n" + name + "| 0| Fog .\n");
            assertEquals(file, CocoCaptions.flickr8k(bars, folder, SMALL).file(0));
            Path commas = Files.writeString(folder.resolve("captions.txt"), "image,caption\n\"" + name + "\",Fog .\n");
            assertEquals(file, CocoCaptions.flickr8k(commas, folder, SMALL).file(0));
            Files.delete(file);
        }
    }

    /** The forms in which Flickr30k goes round, with the line of the published file that lacks its second bar. */
    @Test void flickr30kInItsForms() throws IOException {
        List<List<List<String>>> expected = List.of(List.of(List.of("a", "dog", "runs"), List.of("fog", "and", "sea")));
        for (String text : new String[] {
                "image_name| comment_number| comment\ngrey.png| 0| A dog runs .\ngrey.png| 4   Fog, and | sea .\n",
                "image_name,comment_number,comment\ngrey.png,0, A dog runs .\ngrey.png,1,\"Fog, and sea .\"\n",
                "grey.png#0\tA dog runs .\ngrey.png#1\tFog and sea .\n",
                "image,caption\r\ngrey.png,A dog runs .\r\ngrey.png,\"Fog, and sea\"\r\n"})
            assertEquals(expected, CocoCaptions
                    .flickr8k(Files.writeString(folder.resolve("captions.txt"), text), folder, SMALL).references(),
                    text);
    }

    private static final String SPLITS = """
            {"images": [{"filepath": "val2014", "sentids": [1], "filename": "a.png", "imgid": 0, "split": "train", "cocoid": 5, "sentences":
              [{"tokens": ["a", "mans", "bike"], "raw": "A man's bike.", "imgid": 0, "sentid": 1}]},
             {"filepath": "val2014", "filename": "b.png", "split": "restval", "sentences": [{"tokens": [], "raw": ""}, {"raw": "Two  BIKES."}]},
             {"split": "test", "filename": "grey.png", "sentences": [{"raw": "x", "tokens": ["fog"]}]},
             {"split": "test", "filename": "none.png", "sentences": []}], "dataset": "coco"}""";

    @Test void karpathysSplitsAreRead() throws IOException {
        Path json = Files.writeString(folder.resolve("dataset_coco.json"), SPLITS),
                pictures = Files.createDirectory(folder.resolve("val2014"));
        for (String name : new String[] {"a.png", "b.png"})
            Files.copy(folder.resolve("grey.png"), pictures.resolve(name));
        CocoCaptions train = CocoCaptions.karpathy(json, Set.of("train", "restval"), folder, SMALL),
                test = CocoCaptions.karpathy(json, Set.of("test"), folder, SMALL);
        assertEquals(List.of(List.of(List.of("a", "mans", "bike")), List.of(List.of("two", "bikes"))),
                train.references());
        assertEquals(List.of(pictures.resolve("a.png"), pictures.resolve("b.png")),
                List.of(train.file(0), train.file(1)));
        assertEquals(List.of(List.of(List.of("fog"))), test.references());
        assertEquals(1, test.withoutCaption());
        Files.delete(pictures.resolve("b.png"));
        assertEquals(1, CocoCaptions.karpathyPresent(json, Set.of("train", "restval"), folder, SMALL).withoutPicture());
        for (Object[] bad : new Object[][] {{SPLITS, "of the split \"dev\", but of"},
                {SPLITS.replace("\"split\": \"test\",", ""), "image number 2 lacks its \"split\""},
                {SPLITS.replace("[\"fog\"]", "[7]"), "image number 2: \"tokens\" must be a text but is a NUMBER"},
                {SPLITS.replace("none.png", "../x").replace("[]}]", "[{\"raw\": \"a\"}]}]").replace("\"test\"",
                        "\"dev\""), "not opened"}}) {
            Files.writeString(json, (String) bad[0]);
            String message = assertThrows(DatasetException.class,
                    () -> CocoCaptions.karpathy(json, Set.of("dev"), folder, SMALL)).getMessage();
            assertTrue(message.contains((String) bad[1]), message);
        }
        Files.writeString(json, SPLITS);
        String advice = assertThrows(DatasetException.class, () -> CocoCaptions.coco(json, folder, SMALL)).getMessage();
        assertTrue(advice.contains("CocoCaptions.karpathy"), advice);
    }

    @Test void blanksThatAreNotAsciiBelongToTheWord() throws IOException {
        assertEquals(List.of(List.of("\u3000fog", "a\u00a0b", "\u2028")),
                coco(SOUND.replace("\"Fog\"", "\" \u3000Fog\\ta\u00a0b \u2028 \"")).captions(1));
        for (String line : new String[] {"grey.png#0\tA\u0085 \u2028b\n", "image,caption\ngrey.png,A\u0085 \u2028b\n",
                "image_name| comment_number| comment\ngrey.png| 0| A\u0085 \u2028b\n"})
            assertEquals(List.of(List.of("a\u0085", "\u2028b")),
                    CocoCaptions.flickr8k(Files.writeString(folder.resolve("captions.txt"), line), folder, SMALL)
                            .captions(0));
    }

    @Test void absentPicturesAreNamedOrLeftOut() throws IOException {
        Files.delete(folder.resolve("grey.png"));
        refused(SOUND, "grey.png is not in the folder", "cocoPresent");
        CocoCaptions there = CocoCaptions.cocoPresent(file(SOUND), folder, SMALL);
        assertEquals(1, there.size());
        assertTrue(there.toString().contains("1 images left out"), there.toString());
        Files.delete(folder.resolve("000000000009.png"));
        String none = assertThrows(DatasetException.class, () -> CocoCaptions.cocoPresent(file(SOUND), folder, SMALL))
                .getMessage();
        assertTrue(none.contains("none of the 2 pictures") && none.contains(file(SOUND).getFileName().toString()),
                none);
        assertThrows(DatasetException.class, () -> CocoCaptions.coco(folder.resolve("nowhere.json"), folder, SMALL));
    }

    /** Wherever the file is cut off, it is an error that names it. */
    @Test void whatIsCutOffIsRefused() {
        for (int length = 0; length < SOUND.length(); length += 7)
            refused(SOUND.substring(0, length), "COCO captions captions.json", "cut off", "at line");
        refused(SOUND + "{}", "not JSON, at line 4");
        refused("[]", "not JSON of this form");
        refused("{\"images\": {}}", "not JSON of this form");
        refused("{\"images\": [[]]}", "not JSON of this form");
        refused("[".repeat(100_000), "not JSON of this form");
        refused("{\"info\": " + "[".repeat(100_000), "COCO captions captions.json");
    }

    @ParameterizedTest
    @CsvSource({"'\"id\": 25', '\"id\": \"25\"', 'a STRING'", "'\"id\": 25', '\"id\": 25.5', 'is 25.5'",
            "'\"id\": 25', '\"id\": -25', 'is -25'",
            "'\"id\": 25', '\"id\": 1e99', 'is 1e99'", "'\"id\": 25', '\"id\": null', 'a NULL'",
            "'\"id\": 25', '\"id\": [25]', 'a BEGIN_ARRAY'",
            "'\"image_id\": 25', '\"image_id\": \"25\"', 'caption number 1: \"image_id\"'",
            "'\"Fog\"', '7', '\"caption\" must be a text'",
            "'\"grey.png\"', 'true', 'image number 1: \"file_name\"'", "'\"id\": 25,', '', 'lacks its \"id\"'",
            "', \"file_name\": \"grey.png\"', '', 'lacks its \"file_name\"'",
            "'\"image_id\": 25,', '', 'lacks its \"image_id\"'",
            "', \"caption\": \"Fog\"', '', 'lacks its \"caption\"'"}) void valuesOfAWrongTypeAreNamed(String from,
                    String to, String what) {
        assertTrue(SOUND.contains(from), from);
        refused(SOUND.replace(from, to), what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../grey.png", "a/../../grey.png", "/etc/passwd", "..", ".", "a//b.png", "..\\\\grey.png",
            "C:grey.png", "a\\\\grey.png",
            "grey.png\\u0000", "",
            ".hidden"}) void picturesOutsideTheFolderAreNotOpened(String path) {
        refused(SOUND.replace("grey.png", path), "not opened");
    }

    @Test void bytesThatAreNoTextAreRefused() throws IOException {
        byte[] bytes = SOUND.getBytes(StandardCharsets.ISO_8859_1);
        bytes[SOUND.indexOf("Fog")] = (byte) 0xe9;
        Files.write(folder.resolve("captions.json"), bytes);
        String message = assertThrows(DatasetException.class,
                () -> CocoCaptions.coco(folder.resolve("captions.json"), folder, SMALL)).getMessage();
        assertTrue(message.contains("not UTF-8"), message);
    }

    @Test void picturesThatAreNoneAreNamed() throws IOException {
        CocoCaptions all = coco(SOUND);
        byte[] sound = Files.readAllBytes(folder.resolve("grey.png"));
        Files.write(folder.resolve("grey.png"), new byte[100]);
        picture(all, "it is no picture");
        Files.write(folder.resolve("grey.png"), Arrays.copyOf(sound, sound.length / 2));
        picture(all, "");
        ByteBuffer png = ByteBuffer.allocate(33).put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})
                .putInt(13);
        byte[] header = ByteBuffer.allocate(17).put(new byte[] {'I', 'H', 'D', 'R'}).putInt(60_000).putInt(60_000)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        CRC32 crc = new CRC32();
        crc.update(header);
        Files.write(folder.resolve("grey.png"), png.put(header).putInt((int) crc.getValue()).array());
        picture(all, "60000 x 60000 pixels; more than");
        Files.delete(folder.resolve("grey.png"));
        picture(all, "NoSuchFileException");
    }

    private static void picture(CocoCaptions all, String what) {
        String message = Refused.by(Reason.UNREADABLE, () -> all.picture(1)).getMessage();
        assertTrue(message.contains("grey.png") && message.contains(what), message);
    }
}
