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
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SafetensorsTest {
    /**
     * safetensors.torch.save of w = [[1.5, -2, 3], [4, 5, 6e-30]] and scalar = 7 in float32, d = [0.1, -0.25] in
     * float64, h = [1/3, 65504, 6e-8, inf, -2.5] in float16, b = [1/3, -1e38, 0] in bfloat16 and empty = zeros(2, 0),
     * with metadata {"format": "pt"}.
     */
    private static final byte[] BY_PYTHON = Base64.getDecoder()
            .decode("eAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJkIjp7ImR0eXBlIjoiRjY0Iiwi"
                    + "c2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMCwxNl19LCJlbXB0eSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwwXSwiZGF0YV9vZmZzZXRzIjpbMTYsMTZdfSwic2Nh"
                    + "bGFyIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlsxNiwyMF19LCJ3Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNl"
                    + "dHMiOlsyMCw0NF19LCJiIjp7ImR0eXBlIjoiQkYxNiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzQ0LDUwXX0sImgiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzVd"
                    + "LCJkYXRhX29mZnNldHMiOls1MCw2MF19fSAgmpmZmZmZuT8AAAAAAADQvwAA4EAAAMA/AAAAwAAAQEAAAIBAAACgQJBj8w6rPpb+AABVNf97AQAAfADB");

    private static byte[] written(Map<String, Tensor> tensors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Safetensors.write(out, tensors, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Map<String, Tensor> read(byte[] file) throws IOException {
        return content(file, 1_000_000).tensors();
    }

    private static Safetensors.Content content(byte[] file, long limit) throws IOException {
        return Safetensors.read(new ByteArrayInputStream(file), file.length, new WantedTensors(Set.of(), limit));
    }

    private static void assertRefused(String part, byte[] file) {
        String message = assertThrows(CheckpointException.class, () -> read(file)).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** A file of this header and so many bytes of numbers. */
    private static byte[] file(String header, int bytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), bytes);
    }

    private static byte[] file(byte[] header, int bytes) {
        return ByteBuffer.allocate(8 + header.length + bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .put(header).array();
    }

    private static String entry(String name, String shape, long from, long to) {
        return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[" + from + "," + to
                + "]}";
    }

    @Property(tries = 100) void givesBackWhatWasWritten(@ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> lengths,
            @ForAll long seed)
            throws IOException {
        int[] shape = lengths.stream().mapToInt(Integer::intValue).toArray();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("layer0/w.é \"'\n", Rng.seed(seed).normal(shape));
        tensors.put("b", Tensor.of(new float[] {Float.NaN, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY}, 4));
        Map<String, Tensor> read = read(written(tensors));
        assertEquals(tensors.keySet(), read.keySet());
        tensors.forEach((name, t) -> {
            assertArrayEquals(t.shape(), read.get(name).shape());
            assertArrayEquals(t.data(), read.get(name).data());
        });
    }

    @Example void givesBackMoreNumbersThanOneBlockHolds() throws IOException {
        Tensor large = Rng.seed(5).normal(3, 100_001);
        assertArrayEquals(large.data(), read(written(Map.of("large", large))).get("large").data());
    }

    @Example void readsWhatPythonWrote() throws IOException {
        Map<String, Tensor> read = read(BY_PYTHON);
        assertEquals(Set.of("w", "scalar", "d", "h", "b", "empty"), read.keySet());
        assertArrayEquals(new int[] {2, 3}, read.get("w").shape());
        assertArrayEquals(new float[] {1.5f, -2, 3, 4, 5, 6e-30f}, read.get("w").data());
        assertArrayEquals(new float[] {0.1f, -0.25f}, read.get("d").data(), "float64, rounded");
        assertArrayEquals(new float[] {0.333251953125f, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -2.5f},
                read.get("h").data());
        assertArrayEquals(new float[] {0.333984375f, -9.969209968386869e37f, 0}, read.get("b").data());
        assertEquals(7, read.get("scalar").item());
        assertArrayEquals(new int[] {2, 0}, read.get("empty").shape());
    }

    @Example void writesAHeaderOfAMultipleOfEightBytesAndThenTheNumbers() {
        ByteBuffer expected = ByteBuffer.allocate(8 + 64 + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(64);
        expected.put("{\"w1\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}       "
                .getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(expected.putFloat(1.5f).putFloat(-2).array(),
                written(Map.of("w1", Tensor.of(new float[] {1.5f, -2}, 1, 2))));
    }

    @Example void cutOffAnywhereItIsNoticed() {
        for (int n = 0; n < BY_PYTHON.length; n++) {
            byte[] part = Arrays.copyOf(BY_PYTHON, n);
            assertThrows(CheckpointException.class, () -> read(part),
                    "cut off after " + n + " of " + BY_PYTHON.length);
        }
        assertRefused("bytes of numbers but 61 follow", Arrays.copyOf(BY_PYTHON, BY_PYTHON.length + 1));
    }

    /** There are no checksums: damage may go unseen, but nothing else than reading or refusing happens. */
    @Example void aDamagedFileIsReadOrRefused() throws IOException {
        for (int i = 0; i < BY_PYTHON.length; i++)
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] damaged = BY_PYTHON.clone();
                damaged[i] ^= (byte) bit;
                try {
                    read(damaged);
                } catch (CheckpointException e) {
                    assertTrue(e.getMessage() != null, "byte " + i);
                }
            }
    }

    @Example void theLengthOfTheHeaderIsBounded() {
        for (long length : new long[] {0, 1, (16 << 20) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
            assertRefused("a header of " + Long.toUnsignedString(length) + " bytes",
                    ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        assertRefused("ends after 92 of the 16777216 bytes",
                ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(16 << 20).array());
    }

    @Example void tensorsMustLieBehindEachOther() {
        assertRefused("b begins at byte 4, within the tensor before it at 8",
                file("{" + entry("a", "[2]", 0, 8) + "," + entry("b", "[2]", 4, 12) + "}", 12));
        assertRefused("b begins at byte 0, within",
                file("{" + entry("a", "[2]", 0, 8) + "," + entry("b", "[2]", 0, 8) + "}", 8));
        assertRefused("b begins at byte 12 but the tensor before it ends at 8",
                file("{" + entry("a", "[2]", 0, 8) + "," + entry("b", "[2]", 12, 20) + "}", 20));
        assertRefused("a begins at byte 4", file("{" + entry("a", "[1]", 4, 8) + "}", 8));
        assertRefused("tells of 8 bytes of numbers but 7 follow", file("{" + entry("a", "[2]", 0, 8) + "}", 7));
        assertRefused("tells of 8 bytes of numbers but 9 follow", file("{" + entry("a", "[2]", 0, 8) + "}", 9));
    }

    @Example void shapesMustFillTheirBytes() {
        assertRefused("a of shape [3] needs 12 bytes of F32 but has those from 0 to 8",
                file("{" + entry("a", "[3]", 0, 8) + "}", 8));
        assertRefused("a has the bytes from 8 to 0", file("{" + entry("a", "[2]", 8, 0) + "}", 8));
        assertRefused("is larger than the 1000000 numbers",
                file("{" + entry("a", "[1000,1001]", 0, 4_004_000) + "}", 4_004_000));
        assertRefused("is larger than", file("{" + entry("a", "[4294967296,4294967296]", 0, 0) + "}", 0));
        assertRefused("is larger than",
                file("{" + entry("a", "[2147483647,2147483647,2147483647,2147483647]", 0, 4) + "}", 4));
        for (String bad : List.of("[-1]", "[1.5]", "[1e0]", "[9999999999999999999]", "[[1]]", "[\"1\"]", "1", "[null]"))
            assertThrows(CheckpointException.class, () -> read(file("{" + entry("a", bad, 0, 4) + "}", 4)), bad);
    }

    @Example void aShapeThatLiesTakesNoMemory() {
        byte[] file = file("{" + entry("a", "[2147483000]", 0, 4L * 2147483000) + "}", 8);
        String message = assertThrows(CheckpointException.class,
                () -> content(file, Long.MAX_VALUE))
                .getMessage();
        assertTrue(message.contains("tells of 8589932000 bytes of numbers but 8 follow"), message);
    }

    @Example void theLimitIsForAllTensorsTogether() throws IOException {
        Map<String, Tensor> two = new LinkedHashMap<>();
        two.put("a", Tensor.ones(6));
        two.put("b", Tensor.ones(5));
        byte[] file = written(two);
        assertEquals(2, content(file, 11).tensors().size());
        assertThrows(CheckpointException.class, () -> content(file, 10));
    }

    @Example void aHeaderThatIsNotOfTheFormatIsRefused() {
        assertRefused("not a JSON object", file("[1, 2]", 0));
        assertRefused("not the JSON", file("{\"a\": ", 0));
        assertRefused("not the JSON", file("{a: 1}", 0));
        assertRefused("not the JSON", file("{\"a\": 3}", 0));
        assertRefused("not the JSON", file("{\"a\":".repeat(100_000), 0));
        assertRefused("lacks its dtype", file("{\"a\": {\"dtype\": \"F32\", \"shape\": [0]}}", 0));
        assertRefused("lacks its dtype",
                file("{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4]}}", 4));
        assertRefused("two tensors a", file("{" + entry("a", "[1]", 0, 4) + "," + entry("a", "[1]", 4, 8) + "}", 8));
        assertRefused("not UTF-8", file(new byte[] {'{', (byte) 0xff, '}'}, 0));
        assertRefused("a holds C64; expected one of [F64, F32, F16, BF16, I64,",
                file("{" + entry("a", "[1]", 0, 8).replace("F32", "C64") + "}", 8));
        assertThrows(CheckpointException.class, () -> read(file("{}{}", 0)));
    }

    /** One number of each type by the bytes that PyTorch writes for -3, or for the largest where there is no sign. */
    @Example void integersOfAllWidthsAndBooleansAreRead() throws IOException {
        String types = "I8,U8,BOOL,I16,U16,I32,U32,I64,U64", header = "";
        ByteBuffer numbers = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN).put((byte) -3).put((byte) -1)
                .put((byte) 1);
        numbers.putShort((short) -3).putShort((short) -1).putInt(-3).putInt(-1).putLong(-3).putLong(-1);
        int at = 0;
        for (String type : types.split(",")) {
            int width = type.equals("BOOL") ? 1 : Integer.parseInt(type.substring(1)) / 8;
            header += (at == 0 ? "{" : ",") + entry(type, "[]", at, at += width).replace("F32", type);
        }
        Map<String, Tensor> read = read(
                ByteBuffer.wrap(file(header + "}", 31)).position(8 + header.length() + 1).put(numbers.flip()).array());
        float[] values = {-3, 255, 1, -3, 65535, -3, 0x1p32f, -3, 0x1p64f};
        for (int i = 0; i < values.length; i++)
            assertEquals(values[i], read.get(types.split(",")[i]).item(), types.split(",")[i]);
    }

    /**
     * What batch normalization counts with stands in every state_dict; what is no number must not stand in the way of
     * the others.
     */
    @Example void tensorsOfOtherTypesAreLeftOut() throws IOException {
        byte[] file = file(
                "{" + entry("a", "[2]", 0, 2).replace("F32", "F8_E4M3") + "," + entry("b", "[2]", 2, 10) + "}", 10);
        assertEquals(Set.of("b"), read(file).keySet());
        assertRefused("but the tensor before it ends at 3",
                file("{" + entry("a", "[2]", 0, 3).replace("F32", "F8_E4M3") + "," + entry("b", "[2]", 4, 12) + "}",
                        12));
    }

    /** A block of memory for each tensor, however small, made this take 20 GB. */
    @Example void emptyTensorsTakeNoMemory() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 20_000; i++) header.append(i == 0 ? "" : ",").append(entry("t" + i, "[0]", 0, 0));
        byte[] file = file(header + "}", 0);
        long before = allocated();
        assertEquals(20_000, read(file).size());
        assertTrue(allocated() - before < 200_000_000, "bytes " + (allocated() - before));
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Example void errorsAreShortAndPlain() {
        String message = assertThrows(CheckpointException.class,
                () -> read(file("{" + entry("x\\n".repeat(9000), "[2]", 4, 8) + "}", 8)))
                .getMessage();
        assertTrue(message.length() < 300 && message.chars().noneMatch(Character::isISOControl), message);
        assertRefused("has 65 axes", file("{" + entry("a", "[1" + ",1".repeat(64) + "]", 0, 4) + "}", 4));
    }

    @Example void textsStandBesideTheTensors() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("checkpoint", "{\"step\": 3, \"é\": \"\\u2028\\n\"}\n");
        texts.put("", "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(out, Map.of("w", Tensor.ones(2)), texts);
        Safetensors.Content read = content(out.toByteArray(), 2);
        assertEquals(List.copyOf(texts.entrySet()), List.copyOf(read.metadata().entrySet()));
        assertEquals(Set.of("w"), read.tensors().keySet());
        assertEquals(Map.of("format", "pt"), content(BY_PYTHON, 1_000).metadata());
        assertEquals(Map.of(), content(written(Map.of()), 0).metadata());
        for (String bad : List.of("3", "[]", "{\"a\": [\"b\"]}", "{\"a\": null}"))
            assertRefused("not the JSON of this format", file("{\"__metadata__\": " + bad + "}", 0));
    }

    @Example void theNameOfTheMetadataIsNoNameOfATensor() {
        assertThrows(IllegalArgumentException.class, () -> written(Map.of("__metadata__", Tensor.ones(1))));
    }
}
