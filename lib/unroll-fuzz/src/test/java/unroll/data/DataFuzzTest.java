package unroll.data;
import unroll.data.Dataset.DataFile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import unroll.fuzz.Bytes;
import unroll.fuzz.Campaign;
import unroll.fuzz.Gzips;
import unroll.fuzz.Json;
import unroll.fuzz.Mutation;
import unroll.fuzz.Outcome;
import unroll.fuzz.Texts;
import unroll.fuzz.Zips;
import unroll.text.DatasetException;

/** Readers that only the library itself calls. */
class DataFuzzTest {
    private static final String CATALOGUE = "{\"version\":1,\"datasets\":[{\"name\":\"letters\",\"title\":\"Letters\",\"folder\":\"letters\",\"format\":\"text\","
            + "\"licence\":\"CC0-1.0\",\"licenceSource\":\"its "
            + "page\",\"citation\":\"nobody\",\"alternative\":\"built-in\",\"files\":["
            + "{\"path\":\"train/a.txt\",\"url\":\"https://example.org/a.txt\",\"sha256\":\"" + "0f".repeat(32)
            + "\",\"bytes\":12,\"licence\":\"x\"},"
            + "{\"path\":\"b.txt\",\"url\":\"https://example.org/b.txt\",\"origin\":\"https://example.org/\",\"sha256\":\""
            + "a1".repeat(32)
            + "\",\"bytes\":4000000000}]},{\"name\":\"second\",\"title\":\"é\",\"folder\":\"two/parts\",\"format\":\"idx\",\"licence\":\"y\",\"licenceSource\":\"z\","
            + "\"citation\":\"c\",\"files\":[{\"path\":\"c\",\"url\":\"https://example.org/c\",\"sha256\":\""
            + "00".repeat(32)
            + "\",\"bytes\":1}]}]}";

    /** Whatever the catalogue says, nothing outside of the folder and no absurd size. */
    @Test void catalogue() {
        List<Mutation> mutations = new ArrayList<>(Texts.mutations());
        for (int i = 0; i < 20; i++) mutations.add((input, random, seeds) -> {
            String text = new String(input, StandardCharsets.UTF_8);
            return Json.mutate(text, random).getBytes(StandardCharsets.UTF_8);
        });
        Campaign.of("catalogue", "catalogue.json").seed(CATALOGUE).mutate(mutations).reads(file -> {
            List<Dataset> sets = CatalogueFile.parse(TextFile.decode(Files.readAllBytes(file), "catalogue.json"),
                    "catalogue.json");
            for (Dataset set : sets)
                for (DataFile f : set.files()) {
                    Path root = Path.of("/root"), path = root.resolve(set.folder()).resolve(f.path());
                    if (!path.normalize().equals(path) || !path.startsWith(root.resolve(set.folder()))
                            || path.toString().length() > 1_300)
                        throw new AssertionError("a path outside: " + path);
                    if (f.bytes() < 1 || f.bytes() > 4_000_000_000L || !f.sha256().matches("[0-9a-f]{64}")
                            || f.url().getHost() == null)
                        throw new AssertionError("unchecked: " + f);
                }
            return sets;
        }).names(List.of(DatasetException.class)).run();
    }

    private static byte[] idx(int magic, int... shapeAndValues) {
        ByteBuffer out = ByteBuffer.allocate(200).putInt(magic);
        int axes = magic & 0xff;
        for (int i = 0; i < axes; i++) out.putInt(shapeAndValues[i]);
        for (int i = axes; i < shapeAndValues.length; i++) out.put((byte) shapeAndValues[i]);
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private static Outcome independentIdx(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < 8 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 || bytes[3] < 1 || bytes[3] > 3
                || bytes.length < 4 + 4 * bytes[3])
            return Outcome.refusal();
        List<Integer> shape = new ArrayList<>();
        double size = 1;
        for (int i = 0; i < bytes[3]; i++) {
            shape.add(in.getInt(4 + 4 * i));
            size *= shape.get(i);
            if (shape.get(i) < 1) return Outcome.refusal();
        }
        int start = 4 + 4 * bytes[3];
        return size != bytes.length - start
                ? Outcome.refusal()
                : Outcome.content(List.of(shape, ByteBuffer.wrap(bytes, start, bytes.length - start).slice()));
    }

    @Test void idx() {
        Campaign.of("idx", "images.gz")
                .seed(Gzips.write(idx(0x803, 2, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 0, 255)),
                        Gzips.write(idx(0x801, 4, 7, 2, 1, 0)))
                .mutate(Gzips.mutations(Bytes.mutations())).reads(file -> {
                    IdxFile read = IdxFile.read(file);
                    return List.of(java.util.Arrays.stream(read.shape()).boxed().toList(),
                            ByteBuffer.wrap(read.values()));
                }).names(List.of(DatasetException.class))
                .expects(bytes -> Gzips.unpacked(bytes, DataFuzzTest::independentIdx)).run();
    }

    @Test void zippedText() {
        byte[] text = "it 's slow , but worth it .\nsimply great\n".getBytes(StandardCharsets.UTF_8),
                other = "bad\n".getBytes(StandardCharsets.UTF_8);
        Campaign.of("zipped text", "reviews.zip")
                .seed(Zips.write(List.of(Zips.Part.of("other.txt", other), Zips.Part.of("wanted.txt", text)), ""),
                        Zips.write(List.of(new Zips.Part("wanted.txt", text, false, false),
                                new Zips.Part("other.txt", other, true, true)), "c"))
                .mutate(Zips.mutations(Texts.mutations()))
                .reads(file -> TextFile.readZipped(Files.readAllBytes(file), "reviews.zip", "wanted.txt", 100_000))
                .names(List.of(DatasetException.class)).run();
    }
}
