package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NpzTest {
    /**
     * numpy.savez_compressed(w=[[1.5, -2, 3], [4, 5, 6e-30]] as float32, d=[0.1, 1e300, -0.0] as float64,
     * scalar=float32(7)).
     */
    private static final String COMPRESSED_BY_NUMPY = "UEsDBC0AAAAIAAAAIQAp6cJA//////////8FABQAdy5ucHkBABAAmAAAAAAAAABcAAAAAAAAAJvsF+obEMnIUMZQrZ6S"
            + "WpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgaGA/YMQIKBwcGBgaEBiBc4TEj+zAcAUEsDBC0AAAAIAAAAIQDqCSpq////////"
            + "//8FABQAZC5ucHkBABAAmAAAAAAAAABWAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAK5ZM0Fg"
            + "p/2cUoYOmyfmdQwQ0AAAUEsDBC0AAAAIAAAAIQAqW9gI//////////8KABQAc2NhbGFyLm5weQEAEACEAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoq6j"
            + "oJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkamjoKtQoUAS4GhgcOAFBLAQItAy0AAAAIAAAAIQAp6cJAXAAAAJgAAAAFAAAAAAAAAAAAAACAAQAAAAB3Lm5weVBLAQItAy0A"
            + "AAAIAAAAIQDqCSpqVgAAAJgAAAAFAAAAAAAAAAAAAACAAZMAAABkLm5weVBLAQItAy0AAAAIAAAAIQAqW9gIRgAAAIQAAAAKAAAAAAAAAAAAAACAASABAABzY2FsYXIubnB5UEsF"
            + "BgAAAAADAAMAngAAAKIBAAAAAA==";
    /** numpy.savez(w=[[1.5, -2], [4, 5]] as float32). */
    private static final String STORED_BY_NUMPY = "UEsDBC0AAAAAAAAAIQDmNqDW//////////8FABQAdy5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzog"
            + "JzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
            + "ICAgICAKAADAPwAAAMAAAIBAAACgQFBLAQItAy0AAAAAAAAAIQDmNqDWkAAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAAB3Lm5weVBLBQYAAAAAAQABADMAAADHAAAAAAA=";

    /** numpy.savez(w=[[1.5, -2, 3]] as float32, n=7 as int64) to a pipe: the sizes stand behind what they are of. */
    private static final String PIPED_BY_NUMPY = "UEsDBC0ACAAAAAAAIQAAAAAA//////////8FABQAdy5ucHkBABAAAAAAAAAAAAAAAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFu"
            + "X29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
            + "ICAKAADAPwAAAMAAAEBAUEsHCC6/9xqMAAAAAAAAAIwAAAAAAAAAUEsDBC0ACAAAAAAAIQAAAAAA//////////8FABQAbi5ucHkBABAAAAAAAAAAAAAAAAAA"
            + "AAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgpLCB9ICAgICAgICAgICAgICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKBwAAAAAAAABQSwcII7jwbIgAAAAAAAAAiAAAAAAAAABQSwECLQMtAAgAAAAAACEA"
            + "Lr/3GowAAACMAAAABQAAAAAAAAAAAAAAgAEAAAAAdy5ucHlQSwECLQMtAAgAAAAAACEAI7jwbIgAAACIAAAABQAAAAAAAAAAAAAAgAHbAAAAbi5ucHlQSwUG"
            + "AAAAAAIAAgBmAAAAsgEAAAAA";
    /**
     * numpy.savez_compressed of i = [1, -2, 2**24 + 2] (int64), big = [[1, 2], [3, 4]] (>f4), h = [1.5, -0.25, 65504]
     * (float16), b = [True, False], f = asfortranarray(arange(24).reshape(2, 3, 4)) (float32), text = ["a", "bc"], obj
     * = [1, None], empty = zeros((0, 3)), u = [250, 3] (uint8), z = 5 (>i2).
     */
    private static final String KINDS_BY_NUMPY = "UEsDBC0AAAAIAAAAIQBagTnB//////////8FABQAaS5ucHkBABAAmAAAAAAAAABQAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSY"
            + "F59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC5GBgj49x8CmBgYwEIAUEsDBC0AAAAIAAAAIQCzLLyx//////////8HABQAYmlnLm5weQEAEACQAAAA"
            + "AAAAAFIAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpdmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKRpo6CrUKZAMu+wYGBgcGIAYS"
            + "DkA2AFBLAwQtAAAACAAAACEAZNiVkv//////////BQAUAGgubnB5AQAQAIYAAAAAAAAASgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2akrqOgnpZf"
            + "VFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuBjuGLf+rAVBLAwQtAAAACAAAACEA7hm7Xf//////////BQAUAGIubnB5AQAQAIIAAAAAAAAA"
            + "RgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBek2SorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuRgYAUEsDBC0AAAAIAAAA"
            + "IQCjb1Mj//////////8FABQAZi5ucHkBABAA4AAAAAAAAACHAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEg8pKk0F"
            + "ChdnJBakArkaRjoKxjoKJpo6CrUKZAIuBjBwcGRgaHAAYiDNAMQLQHx7BoYAEBso3gGkBYB4BUgeyE8A0geA9AQgrQDEG4DYAcgvANIPgPQMIG0AxDscAVBL"
            + "AwQtAAAACAAAACEAcEdtlv//////////CAAUAHRleHQubnB5AQAQAJAAAAAAAAAATQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuE2qkrqOgnpZfVFKU"
            + "mBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFACuRAYISALiZCAGAFBLAwQtAAAACAAAACEA8gKiuP//////////BwAUAG9iai5ucHkBABAAGAEAAAAA"
            + "AADEAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkaRjqaOgq1CpQArgaWqb0MENAjlleaW1Cp"
            + "F5+cX5Sql1uaU5KZWFSUWDmlhye+KDU5P6+4pKg0uWTK5Ck9rGCVU3rY81IgSiZP8WZoneLMmDSlfUrQFA1vRm+m1ikZzD2sKSWVBakgLUz+FlM6OyCyzD2M"
            + "NVP8/Py8/gMBmPC2L5mS1BkL0umXCmTqAQBQSwMELQAAAAgAAAAhAFj7YPj//////////wkAFABlbXB0eS5ucHkBABAAgAAAAAAAAABGAAAAAAAAAJvsF+ob"
            + "EMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GgY6CsaaOgq1CmQDLgBQSwMELQAAAAgAAAAhAIIKKt//////////"
            + "/wUAFAB1Lm5weQEAEACCAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqa"
            + "Ogq1ChQArl/MAFBLAwQtAAAACAAAACEAsydrB///////////BQAUAHoubnB5AQAQAIIAAAAAAAAARAAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBul2mk"
            + "rqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqaOgq1ChQBLgZWAFBLAQItAy0AAAAIAAAAIQBagTnBUAAAAJgAAAAFAAAAAAAAAAAAAACAAQAAAABp"
            + "Lm5weVBLAQItAy0AAAAIAAAAIQCzLLyxUgAAAJAAAAAHAAAAAAAAAAAAAACAAYcAAABiaWcubnB5UEsBAi0DLQAAAAgAAAAhAGTYlZJKAAAAhgAAAAUAAAAA"
            + "AAAAAAAAAIABEgEAAGgubnB5UEsBAi0DLQAAAAgAAAAhAO4Zu11GAAAAggAAAAUAAAAAAAAAAAAAAIABkwEAAGIubnB5UEsBAi0DLQAAAAgAAAAhAKNvUyOH"
            + "AAAA4AAAAAUAAAAAAAAAAAAAAIABEAIAAGYubnB5UEsBAi0DLQAAAAgAAAAhAHBHbZZNAAAAkAAAAAgAAAAAAAAAAAAAAIABzgIAAHRleHQubnB5UEsBAi0D"
            + "LQAAAAgAAAAhAPICorjEAAAAGAEAAAcAAAAAAAAAAAAAAIABVQMAAG9iai5ucHlQSwECLQMtAAAACAAAACEAWPtg+EYAAACAAAAACQAAAAAAAAAAAAAAgAFS"
            + "BAAAZW1wdHkubnB5UEsBAi0DLQAAAAgAAAAhAIIKKt9GAAAAggAAAAUAAAAAAAAAAAAAAIAB0wQAAHUubnB5UEsBAi0DLQAAAAgAAAAhALMnawdEAAAAggAA"
            + "AAUAAAAAAAAAAAAAAIABUAUAAHoubnB5UEsFBgAAAAAKAAoACQIAAMsFAAAAAA==";

    private static byte[] written(Map<String, Tensor> arrays) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Npz.write(out, arrays);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Map<String, Tensor> read(byte[] file) throws IOException {
        return read(file, 1_000_000);
    }

    private static Map<String, Tensor> read(byte[] file, long limit) throws IOException {
        Path path = Files.createTempFile("arrays", ".npz");
        try {
            Files.write(path, file);
            return TensorFile.open(path, open -> Npz.read(open, new WantedTensors(Set.of(), limit)));
        } finally {
            Files.delete(path);
        }
    }

    private static void assertRefused(String part, byte[] file) {
        String message = assertThrows(CheckpointException.class, () -> read(file)).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** A .npz file with one entry of these bytes. */
    static byte[] zip(String name, byte[] npy) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(npy);
        }
        return out.toByteArray();
    }

    /** A .npy array of version 1.0 as its specification says: magic, version, length of the header, header, numbers. */
    private static byte[] npy(String header, float... values) {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 0)
                .putShort((short) text.length).put(text);
        for (float v : values) bytes.putFloat(v);
        return bytes.array();
    }

    static byte[] array(String shape, float... values) throws IOException {
        return zip("w.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }", values));
    }

    @Property(tries = 100) void givesBackWhatWasWritten(@ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> lengths,
            @ForAll long seed)
            throws IOException {
        int[] shape = lengths.stream().mapToInt(Integer::intValue).toArray();
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("layer0/w.é", Rng.seed(seed).normal(shape));
        arrays.put("b", Tensor.of(new float[] {Float.NaN, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY}, 4));
        Map<String, Tensor> read = read(written(arrays));
        assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.keySet()));
        arrays.forEach((name, t) -> {
            assertArrayEquals(t.shape(), read.get(name).shape());
            assertArrayEquals(t.data(), read.get(name).data());
        });
    }

    @Example void givesBackMoreNumbersThanOneBlockHolds() throws IOException {
        Tensor large = Rng.seed(5).normal(3, 100_001);
        assertArrayEquals(large.data(), read(written(Map.of("large", large))).get("large").data());
    }

    /**
     * Byte for byte what numpy.save gives for [[1.5, -2]], except that the shape has one more comma, which Python's
     * tuples may have.
     */
    @Example void writesArraysAsNumPyDoes() throws IOException {
        byte[] file = written(Map.of("w", Tensor.of(new float[] {1.5f, -2}, 1, 2)));
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            assertEquals("w.npy", zip.getNextEntry().getName());
            byte[] specimen = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2,), }" + " ".repeat(57), 1.5f,
                    -2);
            assertEquals(128 + 8, specimen.length, "numbers begin at a multiple of 64");
            assertArrayEquals(specimen, zip.readAllBytes());
            assertEquals(null, zip.getNextEntry());
        }
    }

    @Example void aScalarAndALineHaveTheShapesOfPython() {
        assertTrue(new String(written(Map.of("s", Tensor.scalar(3))), StandardCharsets.ISO_8859_1)
                .contains("'shape': (), }"));
        assertTrue(new String(written(Map.of("l", Tensor.ones(3))), StandardCharsets.ISO_8859_1)
                .contains("'shape': (3,), }"));
    }

    @Example void readsWhatNumPyWrote() throws IOException {
        Map<String, Tensor> stored = read(Base64.getDecoder().decode(STORED_BY_NUMPY));
        assertArrayEquals(new int[] {2, 2}, stored.get("w").shape());
        assertArrayEquals(new float[] {1.5f, -2, 4, 5}, stored.get("w").data());
        Map<String, Tensor> compressed = read(Base64.getDecoder().decode(COMPRESSED_BY_NUMPY));
        assertArrayEquals(new float[] {1.5f, -2, 3, 4, 5, 6e-30f}, compressed.get("w").data());
        assertArrayEquals(new float[] {0.1f, Float.POSITIVE_INFINITY, -0f}, compressed.get("d").data(),
                "float64, rounded");
        assertArrayEquals(new int[0], compressed.get("scalar").shape());
        assertEquals(7, compressed.get("scalar").item());
    }

    @Example void readsWhatNumPyWroteToAPipe() throws IOException {
        Map<String, Tensor> piped = read(Base64.getDecoder().decode(PIPED_BY_NUMPY));
        assertArrayEquals(new float[] {1.5f, -2, 3}, piped.get("w").data());
        assertEquals(7, piped.get("n").item());
    }

    @Example void readsAllKindsOfNumbersAndLeavesOutTheRest() throws IOException {
        Map<String, Tensor> read = read(Base64.getDecoder().decode(KINDS_BY_NUMPY));
        assertEquals(List.of("i", "big", "h", "b", "f", "empty", "u", "z"), List.copyOf(read.keySet()));
        assertArrayEquals(new float[] {1, -2, (1 << 24) + 2}, read.get("i").data());
        assertArrayEquals(new float[] {1, 2, 3, 4}, read.get("big").data());
        assertArrayEquals(new float[] {1.5f, -.25f, 65504}, read.get("h").data());
        assertArrayEquals(new float[] {1, 0}, read.get("b").data());
        assertArrayEquals(new float[] {250, 3}, read.get("u").data());
        assertArrayEquals(new int[] {0, 3}, read.get("empty").shape());
        assertArrayEquals(new int[] {2, 3, 4}, read.get("f").shape());
        assertEquals(5, read.get("z").item());
        for (int n = 0; n < 24; n++) assertEquals(n, read.get("f").data()[n], "in columns");
    }

    /**
     * A comment, bytes before the archive as of a program that unpacks itself, and sizes in 64 bits where 32 would do.
     */
    @Example void whatStandsAroundAnArchiveDoesNotMatter() throws IOException {
        byte[] file = written(Map.of("w", Tensor.of(new float[] {1, 2, 3}, 3)));
        int end = file.length - 22;
        ByteBuffer commented = ByteBuffer.allocate(5 + file.length + 7)
                .put("#!sh\n".getBytes(StandardCharsets.US_ASCII)).put(file)
                .put("comment".getBytes(StandardCharsets.US_ASCII)).order(ByteOrder.LITTLE_ENDIAN)
                .putShort(5 + end + 20, (short) 7);
        assertArrayEquals(new float[] {1, 2, 3}, read(commented.array()).get("w").data());
        ByteBuffer old = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer large = ByteBuffer.allocate(file.length + 76).order(ByteOrder.LITTLE_ENDIAN).put(file, 0, end);
        large.putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0).putLong(1).putLong(1)
                .putLong(old.getInt(end + 12))
                .putLong(old.getInt(end + 16));
        large.putInt(0x07064b50).putInt(0).putLong(end).putInt(1).putInt(0x06054b50).putInt(0).putInt(-1).putLong(-1)
                .putShort((short) 0);
        assertArrayEquals(new float[] {1, 2, 3}, read(large.array()).get("w").data());
    }

    @Example void headersAreReadAsPythonReadsThem() throws IOException {
        for (String header : List.of("{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L), }",
                "{'shape': (1, 2), 'fortran_order': False, 'descr': '<f4'}",
                "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (1,2,)}     "))
            assertArrayEquals(new int[] {1, 2}, read(zip("w.npy", npy(header, 1, 2))).get("w").shape(), header);
        for (String header : List.of("{'descr': '<f4', 'fortran_order': False, }",
                "{'descr': '<f4', 'descr': '<f4', 'shape': (1, 2), }", "",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'x': 3}",
                "{'descr': '<f4', 'fortran_order': None, 'shape': (1, 2), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), } + 1"))
            assertRefused("unreadable header", zip("w.npy", npy(header, 1, 2)));
    }

    /** Zip has sums: of two arrays, one of texts, no bit can turn without being noticed or without effect. */
    @Example void damageDoesNotMakeAnArrayDisappear() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of("a", "b")) {
                zip.putNextEntry(new ZipEntry(name + ".npy"));
                zip.write(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 3));
            }
        }
        byte[] file = out.toByteArray();
        for (int i = 0; i < 8 * file.length; i++) {
            byte[] damaged = file.clone();
            damaged[i / 8] ^= (byte) (1 << i % 8);
            try {
                assertEquals(List.of("a", "b"), List.copyOf(read(damaged).keySet()), "bit " + i);
            } catch (CheckpointException e) {
                assertTrue(e.getMessage() != null && e.getMessage().length() < 2000, "bit " + i);
            }
        }
    }

    /** A directory may promise what deflate cannot make of so few bytes. */
    @Example void whatCannotBeUnpackedToSoMuchIsRefusedFirst() throws IOException {
        byte[] file = array("(100000000,)", 1, 2);
        ByteBuffer lying = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int directory = lying.getInt(file.length - 6),
                header = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (100000000,), }").length;
        lying.putInt(directory + 24, header + 400_000_000);
        String message = assertThrows(CheckpointException.class, () -> read(file, Long.MAX_VALUE)).getMessage();
        assertTrue(message.contains("cannot be unpacked to 400000"), message);
    }

    @Example void equalArraysGiveEqualFiles() {
        assertArrayEquals(written(Map.of("w", Tensor.ones(3))), written(Map.of("w", Tensor.ones(3))));
    }

    @Example void cutOffAnywhereItIsNoticed() {
        Map<String, Tensor> two = new LinkedHashMap<>();
        two.put("a", Tensor.ones(3));
        two.put("b", Tensor.ones(2, 2));
        byte[] file = written(two);
        for (int n = 0; n < file.length; n++) {
            byte[] part = Arrays.copyOf(file, n);
            assertThrows(CheckpointException.class, () -> read(part), "cut off after " + n + " of " + file.length);
        }
    }

    /**
     * Its sums cover the numbers, not all of the zip's own fields: damage there may go unseen, but nothing else may
     * happen.
     */
    @Example void aDamagedFileIsReadOrRefused() throws IOException {
        byte[] file = written(Map.of("w", Tensor.of(new float[] {1, 2, 3}, 3)));
        for (int i = 0; i < file.length; i++)
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] damaged = file.clone();
                damaged[i] ^= (byte) bit;
                try {
                    read(damaged).values().forEach(t -> assertArrayEquals(new float[] {1, 2, 3}, t.data()));
                } catch (CheckpointException e) {
                    assertTrue(e.getMessage() != null, "byte " + i);
                }
            }
    }

    @Example void aShapeThatLiesTakesNoMemory() throws IOException {
        byte[] file = array("(2147483000,)", 1, 2);
        String message = assertThrows(CheckpointException.class, () -> read(file, Long.MAX_VALUE))
                .getMessage();
        assertTrue(message.contains("ends in the middle"), message);
    }

    @Example void shapesThatCannotBeAreRefused() throws IOException {
        assertRefused("larger than the 1000000 numbers", array("(1000, 1001)"));
        assertRefused("larger than", array("(2147483647, 2147483647, 2147483647)"));
        assertRefused("unreadable shape", array("(99999999999,)"));
        assertRefused("unreadable header", array("(-3,)", 1, 2, 3));
        assertRefused("unreadable header", array("(3.5,)", 1, 2, 3));
        assertRefused("ends in the middle", array("(4,)", 1, 2, 3));
        assertRefused("goes on after the 2 numbers", array("(2,)", 1, 2, 3));
    }

    @Example void theLimitIsForAllArraysTogether() throws IOException {
        Map<String, Tensor> two = new LinkedHashMap<>();
        two.put("a", Tensor.ones(6));
        two.put("b", Tensor.ones(5));
        byte[] file = written(two);
        assertEquals(2, read(file, 11).size());
        assertThrows(CheckpointException.class, () -> read(file, 10));
    }

    /** 64 MB of zeros behind one number, in 64 kB. */
    @Example void anEntryThatGoesOnAndOnIsNotUnpacked() throws IOException {
        byte[] header = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 1);
        byte[] bomb = zip("w.npy", Arrays.copyOf(header, 64 << 20));
        assertTrue(bomb.length < 100_000);
        assertRefused("goes on after the 1 numbers", bomb);
        assertRefused("holds .npy entries only", zip("readme.txt", new byte[64 << 20]));
    }

    @Example void otherKindsOfArraysAreNamed() throws IOException {
        assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6},
                read(zip("w.npy", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", 1, 2, 3, 4, 5, 6)))
                        .get("w").data());
        assertEquals(2, read(zip("w.npy", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", 1, 2)))
                .get("w").size());
        for (String type : List.of("|O", "<c8", "<U5", "|S3", "<M8[ns]", "|V2", "<f3", "<f1"))
            assertRefused("holds " + type,
                    zip("w.npy", npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (1,), }", 1)));
        assertRefused("holds [('a', '<f4'), ('b', '<i4', (2,))]",
                zip("w.npy", npy(
                        "{'descr': [('a', '<f4'), ('b', '<i4', (2,))], 'fortran_order': False, 'shape': (1,), }", 1)));
        assertRefused("header of 5001 bytes", zip("w.npy", npy(" ".repeat(5000))));
    }

    @Example void aHeaderOfAnotherVersionIsReadWithItsOwnLength() throws IOException {
        byte[] one = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 7);
        ByteBuffer two = ByteBuffer.allocate(one.length + 2).order(ByteOrder.LITTLE_ENDIAN);
        two.put(one, 0, 6).put((byte) 2).put((byte) 0).putInt(one[8]).put(one, 10, one.length - 10);
        assertEquals(7, read(zip("w.npy", two.array())).get("w").item());
        two.putInt(8, -1);
        assertRefused("header of -1 bytes", zip("w.npy", two.array()));
        two.put(6, (byte) 9);
        assertRefused("not a NumPy array", zip("w.npy", two.array()));
    }

    @Example void whatIsNoZipFileIsNamed() {
        assertRefused("no arrays found", new byte[0]);
        assertRefused("no arrays found", "hello, this is no zip file at all".getBytes(StandardCharsets.UTF_8));
    }
}
