package unroll.fuzz;

import static unroll.fuzz.Outcome.OPEN;
import static unroll.fuzz.Outcome.content;
import static unroll.fuzz.Outcome.refusal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import unroll.tensor.Tensor;

/** Independent readers of NumPy's formats and of safetensors, and mutations that keep their frames sound. */
public final class NaiveArrays {
    private static final String[] TYPES = {"<f4", "<f8", ">f4", ">f8", "<f2", ">f2", "<i8", "<i4", ">i2", "|i1", "|u1",
            "<u2", ">u4", "<u8", "|b1",
            "<c8",
            "|O", "<U3", "|S4", "=f4", "<f16", "f4", "<M8[ns]"};
    private static final Pattern HEADER = Pattern
            .compile("\\{'descr': '([<>|])([fiub])([1248])', 'fortran_order': (True|False), 'shape': "
                    + "\\((|[1-9][0-9]{0,6},|[1-9][0-9]{0,6}(?:, [1-9][0-9]{0,6})+,?)\\), ?\\} *\n?");

    private NaiveArrays() {
    }

    /** A form that is compared by value. */
    static Object value(Map<String, Tensor> tensors) {
        Map<String, Object> all = new HashMap<>();
        tensors.forEach((name, t) -> all.put(name, value(t)));
        return all;
    }

    static Object value(Tensor t) {
        List<Float> values = new ArrayList<>();
        for (float v : t.data()) values.add(v);
        return List.of(Arrays.stream(t.shape()).boxed().toList(), values);
    }

    static byte[] npy(String type, boolean fortran, String shape, ByteBuffer numbers) {
        return npy("{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape
                + ", }", numbers.array());
    }

    private static byte[] npy(String header, byte[] numbers) {
        byte[] text = (header + " ".repeat((118 - header.length() % 64 + 63) % 64) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(10 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        return out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length).put(text)
                .put(numbers).array();
    }

    /** The header of an array changed as a text, its stated length kept right. */
    static byte[] mutateHeader(byte[] npy, SplittableRandom random, List<byte[]> seeds) {
        if (npy.length < 10 || npy[6] != 1) return npy;
        int length = (npy[8] & 0xff) + (npy[9] & 0xff) * 256;
        if (10 + length > npy.length) return npy;
        String header = new String(npy, 10, length, StandardCharsets.ISO_8859_1).strip();
        byte[] numbers = Arrays.copyOfRange(npy, 10 + length, npy.length);
        String changed = switch (random.nextInt(5)) {
            case 0 -> header.replaceFirst("'descr': '[^']*'", "'descr': '" + TYPES[random.nextInt(TYPES.length)] + "'");
            case 1 -> header.replace(random.nextBoolean() ? "False" : "True", random.nextBoolean() ? "True" : "False");
            case 2 -> header.replaceFirst("\\([^)]*\\)",
                    "(" + "1, ".repeat(random.nextInt(70)) + random.nextInt(12)
                            + (random.nextBoolean() ? ",)" : "L,)"));
            default -> {
                List<Mutation> texts = Texts.mutations();
                byte[] bytes = texts.get(random.nextInt(texts.size())).apply(header.getBytes(StandardCharsets.UTF_8),
                        random,
                        List.of(header.getBytes(StandardCharsets.UTF_8)));
                yield new String(bytes, 0, Math.min(bytes.length, 60_000), StandardCharsets.ISO_8859_1);
            }
        };
        return npy(changed, numbers);
    }

    /** {shape, values}; null where it is not decided. @throws IllegalArgumentException where it must be refused */
    private static Object array(byte[] npy) {
        if (npy.length < 10 || npy[0] != (byte) 0x93
                || !new String(npy, 1, 5, StandardCharsets.ISO_8859_1).equals("NUMPY"))
            throw new IllegalArgumentException();
        if (npy[6] != 1 || npy[7] != 0) return null;
        int length = (npy[8] & 0xff) + (npy[9] & 0xff) * 256;
        if (10 + length > npy.length) throw new IllegalArgumentException();
        Matcher m = HEADER.matcher(new String(npy, 10, length, StandardCharsets.ISO_8859_1));
        if (!m.matches()) return null;
        int width = Integer.parseInt(m.group(3));
        if (m.group(2).equals("b") && width != 1 || m.group(2).equals("f") && width == 1
                || m.group(1).equals("|") && width > 1)
            return null;
        List<Integer> shape = Arrays.stream(m.group(5).split(",")).map(String::strip).filter(s -> !s.isEmpty())
                .map(Integer::valueOf).toList();
        BigInteger size = shape.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
        if (shape.size() > 64) return null;
        if (!size.multiply(BigInteger.valueOf(width)).equals(BigInteger.valueOf(npy.length - 10 - length)))
            throw new IllegalArgumentException();
        List<Float> values = numbers(npy, 10 + length, size.intValue(),
                m.group(2).toUpperCase(java.util.Locale.ROOT) + 8 * width,
                m.group(1).equals(">"));
        return List.of(shape, m.group(4).equals("True") ? rows(values, shape) : values);
    }

    /** From the order in which the first axis runs fastest. */
    private static List<Float> rows(List<Float> columns, List<Integer> shape) {
        List<Float> rows = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int at = 0, left = i, below = columns.size(), stride = 1;
            for (int n : shape) {
                below /= n;
                at += left / below * stride;
                left %= below;
                stride *= n;
            }
            rows.add(columns.get(at));
        }
        return rows;
    }

    private static List<Float> numbers(byte[] bytes, int at, int size, String type, boolean big) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int width = type.equals("BOOL") || type.equals("B8") ? 1 : Integer.parseInt(type.replaceAll("[A-Z]", "")) / 8;
        List<Float> values = new ArrayList<>();
        for (int i = at; i < at + size * width; i += width) {
            byte[] raw = Arrays.copyOfRange(bytes, i, i + width);
            if (!big) for (int k = 0; k < width / 2; k++) {
                byte kept = raw[k];
                raw[k] = raw[width - 1 - k];
                raw[width - 1 - k] = kept;
            }
            values.add(switch (type) {
                case "F64" -> (float) in.getDouble(i);
                case "F32" -> in.getFloat(i);
                case "F16" -> half(new BigInteger(1, raw).intValue());
                case "BF16" -> Float.intBitsToFloat(new BigInteger(1, raw).intValue() << 16);
                case "BOOL", "B8" -> raw[0] == 0 ? 0f : 1f;
                default -> new BigInteger(type.startsWith("U") ? 1 : raw[0] < 0 ? -1 : 1,
                        type.startsWith("U") || raw[0] >= 0 ? raw : negated(raw))
                        .floatValue();
            });
        }
        return values;
    }

    private static byte[] negated(byte[] raw) { return new BigInteger(raw).negate().toByteArray(); }

    private static float half(int bits) {
        int exponent = bits >> 10 & 31, fraction = bits & 1023;
        double value = exponent == 0
                ? fraction * Math.pow(2, -24)
                : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        if (exponent == 31) value = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        return (float) ((bits & 0x8000) != 0 ? -value : value);
    }

    static Outcome npy(byte[] bytes, String name) {
        try {
            Object array = array(bytes);
            return array == null ? OPEN : content(Map.of(name, array));
        } catch (IllegalArgumentException e) {
            return refusal();
        }
    }

    static Outcome npz(byte[] bytes) {
        boolean[] damaged = new boolean[1];
        List<Zips.Part> parts = Zips.directory(bytes, damaged);
        if (parts == null) return new String(bytes, StandardCharsets.ISO_8859_1).contains("PK\5\6") ? OPEN : refusal();
        Map<String, Object> all = new HashMap<>();
        boolean decided = true, arrays = false;
        try {
            for (Zips.Part p : parts) {
                if (!p.name().endsWith(".npy")) {
                    decided &= !damaged[0];
                    continue;
                }
                arrays = true;
                Object array = array(p.bytes());
                decided &= array != null;
                if (array != null && all.put(p.name().substring(0, p.name().length() - 4), array) != null)
                    return refusal();
            }
        } catch (IllegalArgumentException e) {
            return refusal();
        }
        if (!arrays || damaged[0] && decided) return refusal();
        return decided ? content(all) : OPEN;
    }

    public static Outcome safetensors(byte[] bytes) {
        if (bytes.length < 8) return refusal();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = in.getLong(0);
        if (length < 2 || length > bytes.length - 8) return refusal();
        int start = 8 + (int) length;
        String text = Texts.text(Arrays.copyOfRange(bytes, 8, start));
        if (text == null || !text.startsWith("{")) return refusal();
        Object header;
        try {
            header = Json.parse(text);
        } catch (Json.Extreme e) {
            return OPEN;
        } catch (IllegalArgumentException e) {
            return refusal();
        }
        record Entry(String name, String type, List<Long> shape, long from, long to) {
        }
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Object> f : ((Json.Obj) header).fields()) {
            if (f.getKey().equals("__metadata__")) {
                if (!(f.getValue() instanceof Json.Obj texts)
                        || !texts.fields().stream().allMatch(t -> t.getValue() instanceof String))
                    return OPEN;
                continue;
            }
            List<Long> shape = naturals(Json.field(f.getValue(), "shape")),
                    offsets = naturals(Json.field(f.getValue(), "data_offsets"));
            if (shape == null || offsets == null || offsets.size() != 2
                    || !(Json.field(f.getValue(), "dtype") instanceof String type)) {
                // names that come twice
                if (f.getValue() instanceof Json.Obj o && o.fields().size() > 3) return OPEN;
                if (Json.field(f.getValue(), "dtype") instanceof Json.Num) return OPEN;
                return refusal();
            }
            if (!type.matches("F64|F32|F16|BF16|[IU](8|16|32|64)|BOOL") || shape.size() > 64) return OPEN;
            if (shape.contains(0L)) return OPEN;
            entries.add(new Entry(f.getKey(), type, shape, offsets.get(0), offsets.get(1)));
        }
        long names = ((Json.Obj) header).fields().stream().map(Map.Entry::getKey).distinct().count();
        if (names < ((Json.Obj) header).fields().size()) return refusal();
        if (entries.isEmpty()) return OPEN;
        entries.sort(Comparator.comparingLong(Entry::from));
        Map<String, Object> all = new LinkedHashMap<>();
        long at = 0;
        for (Entry e : entries) {
            BigInteger size = e.shape.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
            int width = e.type.equals("BOOL") ? 1 : Integer.parseInt(e.type.replaceAll("[A-Z]", "")) / 8;
            if (e.from != at || !size.multiply(BigInteger.valueOf(width)).equals(BigInteger.valueOf(e.to - e.from))
                    || start + e.to > bytes.length)
                return refusal();
            all.put(e.name, List.of(e.shape.stream().map(Long::intValue).toList(),
                    numbers(bytes, start + (int) e.from, size.intValue(), e.type, false)));
            at = e.to;
        }
        return start + at == bytes.length ? content(all) : refusal();
    }

    private static List<Long> naturals(Object json) {
        if (!(json instanceof List<?> l)) return null;
        List<Long> all = new ArrayList<>();
        for (Object o : l) {
            if (!(o instanceof Json.Num n) || !n.raw().matches("[0-9]{1,18}")) return null;
            all.add(Long.valueOf(n.raw()));
        }
        return all;
    }

    static byte[] safetensors(String header, byte[] numbers) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                .put(text).put(numbers)
                .array();
    }

    /** The header changed as JSON, its stated length kept right. */
    public static byte[] mutateSafetensors(byte[] bytes, SplittableRandom random, List<byte[]> seeds) {
        if (bytes.length < 8) return bytes;
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > bytes.length - 8) return bytes;
        String header = Texts.text(Arrays.copyOfRange(bytes, 8, 8 + (int) length));
        if (header == null) return bytes;
        return safetensors(Json.mutate(header, random), Arrays.copyOfRange(bytes, 8 + (int) length, bytes.length));
    }

    /**
     * Word2vec's binary format, of files whose words and numbers hold no surprises: {@code words size LF}, then word,
     * blank and numbers of each.
     */
    static Outcome binaryVectors(byte[] bytes) {
        Matcher header = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})\n")
                .matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!header.lookingAt() || Texts.text(bytes) != null) return OPEN;
        int words = Integer.parseInt(header.group(1)), size = Integer.parseInt(header.group(2)), at = header.end();
        List<String> names = new ArrayList<>();
        List<List<Float>> rows = new ArrayList<>();
        while (names.size() < Math.min(words, 4)) {
            if (at < bytes.length && bytes[at] == '\n') at++;
            int end = at;
            while (end < bytes.length && bytes[end] != ' ') end++;
            String word = Texts.text(Arrays.copyOfRange(bytes, at, end));
            if (end + 1 + 4L * size > bytes.length || word == null || !word.matches("[ -~à-ü]{1,50}")
                    || names.contains(word))
                return OPEN;
            List<Float> row = numbers(bytes, end + 1, size, "F32", false);
            if (row.stream().anyMatch(v -> !Float.isFinite(v))) return OPEN;
            names.add(word);
            rows.add(row.stream().map(v -> v == 0 ? 0f : v).toList());
            at = end + 1 + 4 * size;
        }
        if (at < bytes.length && bytes[at] == '\n') at++;
        return names.size() < 2 || at < bytes.length && words <= 4 ? OPEN : content(List.of(names, rows));
    }
}
