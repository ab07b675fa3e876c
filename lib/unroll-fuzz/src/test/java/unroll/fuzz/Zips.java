package unroll.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Zip archives: written with right checksums whatever is in them, and read by their directory alone. */
public final class Zips {
    private static final int LOCAL = 0x04034b50, ENTRY = 0x02014b50, END = 0x06054b50;

    private Zips() {
    }

    /** An entry and how it is packed. {@code piped}: its sizes stand behind it only. */
    public record Part(String name, byte[] bytes, boolean deflated, boolean piped) {
        public static Part of(String name, byte[] bytes) { return new Part(name, bytes, true, false); }
    }

    public static byte[] write(List<Part> parts, String comment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(), directory = new ByteArrayOutputStream();
        for (Part p : parts) {
            byte[] name = p.name.getBytes(StandardCharsets.UTF_8),
                    packed = p.deflated ? deflate(p.bytes, true) : p.bytes;
            CRC32 sum = new CRC32();
            sum.update(p.bytes);
            int at = out.size(), flags = 0x800 | (p.piped ? 8 : 0), method = p.deflated ? 8 : 0;
            ByteBuffer sizes = buffer(12).putInt((int) sum.getValue()).putInt(packed.length).putInt(p.bytes.length);
            out.writeBytes(buffer(14).putInt(LOCAL).putShort((short) 20).putShort((short) flags)
                    .putShort((short) method).putInt(33 << 16).array());
            out.writeBytes(p.piped ? new byte[12] : sizes.array());
            out.writeBytes(buffer(4).putShort((short) name.length).putShort((short) 0).array());
            out.writeBytes(name);
            out.writeBytes(packed);
            if (p.piped) out.writeBytes(buffer(4).putInt(0x08074b50).array());
            if (p.piped) out.writeBytes(sizes.array());
            directory.writeBytes(buffer(16).putInt(ENTRY).putShort((short) 20).putShort((short) 20)
                    .putShort((short) flags).putShort((short) method)
                    .putInt(33 << 16).array());
            directory.writeBytes(sizes.array());
            directory.writeBytes(buffer(18).putShort((short) name.length).putInt(14, at).array());
            directory.writeBytes(name);
        }
        byte[] note = comment.getBytes(StandardCharsets.UTF_8);
        ByteBuffer end = buffer(22).putInt(END).putInt(0).putShort((short) parts.size()).putShort((short) parts.size())
                .putInt(directory.size())
                .putInt(out.size()).putShort((short) note.length);
        out.writeBytes(directory.toByteArray());
        out.writeBytes(end.array());
        out.writeBytes(note);
        return out.toByteArray();
    }

    private static ByteBuffer buffer(int bytes) { return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN); }

    static byte[] deflate(byte[] bytes, boolean raw) {
        Deflater deflater = new Deflater(6, raw);
        deflater.setInput(bytes);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[4096];
        while (!deflater.finished()) out.write(block, 0, deflater.deflate(block));
        deflater.end();
        return out.toByteArray();
    }

    /** What a deflated stream holds, and how many bytes of it were needed; null where it is none or would be long. */
    static byte[] inflate(byte[] packed, int at, int length, boolean raw, int[] used) {
        Inflater inflater = new Inflater(raw);
        try {
            inflater.setInput(packed, at, length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] block = new byte[4096];
            while (!inflater.finished()) {
                int n = inflater.inflate(block);
                if (n == 0 && !inflater.finished() || out.size() > 1 << 24) return null;
                out.write(block, 0, n);
            }
            if (used != null) used[0] = (int) inflater.getBytesRead();
            return out.toByteArray();
        } catch (DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }

    /** The entries of an archive that has no surprises; null for any other. */
    static List<Part> read(byte[] zip) {
        List<Part> parts = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry e; (e = in.getNextEntry()) != null;)
                parts.add(new Part(e.getName(), in.readAllBytes(), e.getMethod() == ZipEntry.DEFLATED, false));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
        return parts.isEmpty() ? null : parts;
    }

    /**
     * The entries that the directory of an archive names, with all sums and sizes right and nothing before, between and
     * behind that a plain archive has not; null for any other. {@code damaged[0]} is set where a plain archive has a
     * wrong sum.
     */
    static List<Part> directory(byte[] zip, boolean[] damaged) {
        ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int end = -1;
        for (int i = zip.length - 22; i >= 0 && end < 0; i--)
            if (in.getInt(i) == END && i + 22 + (in.getShort(i + 20) & 0xffff) == zip.length) end = i;
        if (end < 0) return null;
        int count = in.getShort(end + 10), length = in.getInt(end + 12), at = in.getInt(end + 16);
        if (count < 0 || length < 0 || at < 0 || in.getShort(end + 8) != count || (long) at + length != end)
            return null;
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (at + 46 > end || in.getInt(at) != ENTRY) return null;
            int flags = in.getShort(at + 8), method = in.getShort(at + 10), packed = in.getInt(at + 20),
                    size = in.getInt(at + 24);
            int name = in.getShort(at + 28) & 0xffff, extra = in.getShort(at + 30) & 0xffff,
                    comment = in.getShort(at + 32) & 0xffff,
                    local = in.getInt(at + 42);
            if ((flags & ~0x808) != 0 || method != 0 && method != 8 || at + 46 + name + extra + comment > end
                    || local < 0 || packed < 0 || size < 0)
                return null;
            if (extra > 0 || (long) local + 30 + name > end || in.getInt(local) != LOCAL
                    || (in.getShort(local + 26) & 0xffff) != name)
                return null;
            String text = new String(zip, at + 46, name, StandardCharsets.UTF_8);
            if (!text.matches("[ -~]+") || !text.equals(new String(zip, local + 30, name, StandardCharsets.UTF_8)))
                return null;
            int from = local + 30 + name + (in.getShort(local + 28) & 0xffff);
            if ((long) from + packed > end) return null;
            int[] used = new int[1];
            byte[] bytes = method == 8
                    ? inflate(zip, from, packed, true, used)
                    : java.util.Arrays.copyOfRange(zip, from, from + packed);
            if (bytes == null || method == 8 && used[0] != packed) return null;
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (bytes.length != size || (int) sum.getValue() != in.getInt(at + 16)) damaged[0] = true;
            parts.add(new Part(text, bytes, method == 8, false));
            at += 46 + name + extra + comment;
        }
        return at == end ? parts : null;
    }

    /** Mutations of the archive, of its entries and, by those given, of what is in them. */
    public static List<Mutation> mutations(List<Mutation> inner) {
        List<Mutation> all = new ArrayList<>(Bytes.mutations());
        for (int i = 0; i < 8; i++) all.add((input, random, seeds) -> entries(input, random, inner));
        return List.copyOf(all);
    }

    private static byte[] entries(byte[] input, SplittableRandom random, List<Mutation> inner) {
        List<Part> parts = read(input);
        if (parts == null) return input;
        int i = random.nextInt(parts.size());
        Part p = parts.get(i);
        String comment = "";
        switch (random.nextInt(10)) {
            case 0 -> parts.remove(i);
            case 1 -> parts.add(random.nextInt(parts.size() + 1), p);
            case 2 -> parts.set(i,
                    new Part(p.name + (random.nextBoolean() ? "\u0000" : "é/\n"), p.bytes, p.deflated, p.piped));
            case 3 -> parts.set(i, new Part(p.name, p.bytes, !p.deflated, random.nextBoolean()));
            case 4 -> comment = "PK\5\6".repeat(random.nextInt(20)) + "made by hand";
            case 5 -> parts.add(random.nextInt(parts.size() + 1), new Part("folder/", new byte[0], false, false));
            case 6 -> parts.add(random.nextInt(parts.size() + 1),
                    Part.of(random.nextBoolean() ? "README.txt" : "x.npy", p.bytes));
            default -> {
                byte[] bytes = inner.get(random.nextInt(inner.size())).apply(p.bytes, random,
                        parts.stream().map(Part::bytes).toList());
                parts.set(i, new Part(p.name, bytes, random.nextBoolean(), random.nextInt(4) == 0));
            }
        }
        return write(parts, comment);
    }
}
