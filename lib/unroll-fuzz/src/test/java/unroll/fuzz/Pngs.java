package unroll.fuzz;

import static unroll.fuzz.Outcome.OPEN;
import static unroll.fuzz.Outcome.content;
import static unroll.fuzz.Outcome.refusal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** PNG: an independent reader of grey and RGB of 8 bits, and mutations of chunks with right sums. */
final class Pngs {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

    private record Chunk(String type, byte[] content) {
    }

    private Pngs() {
    }

    static List<Mutation> mutations() {
        List<Mutation> all = new ArrayList<>(Bytes.mutations());
        for (int i = 0; i < 10; i++) all.add(Pngs::mutate);
        return all;
    }

    private static List<Chunk> chunks(byte[] png) {
        List<Chunk> chunks = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(png);
        for (int at = 8; at + 12 <= png.length;) {
            int length = in.getInt(at);
            if (length < 0 || length > png.length - at - 12) break;
            chunks.add(new Chunk(new String(png, at + 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1),
                    Arrays.copyOfRange(png, at + 8, at + 8 + length)));
            at += 12 + length;
        }
        return chunks;
    }

    private static byte[] write(List<Chunk> chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        for (Chunk c : chunks) {
            byte[] body = Bytes.replaced(c.type.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 4, 0,
                    c.content);
            CRC32 sum = new CRC32();
            sum.update(body);
            out.writeBytes(ByteBuffer.allocate(4).putInt(c.content.length).array());
            out.writeBytes(body);
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
        }
        return out.toByteArray();
    }

    private static byte[] mutate(byte[] png, SplittableRandom random, List<byte[]> seeds) {
        List<Chunk> chunks = chunks(png);
        if (chunks.isEmpty()) return png;
        int i = random.nextInt(chunks.size());
        Chunk c = chunks.get(i);
        List<Mutation> any = Bytes.mutations();
        switch (random.nextInt(7)) {
            case 0 -> chunks.remove(i);
            case 1 -> chunks.add(random.nextInt(chunks.size() + 1), c);
            case 2 -> chunks.add(random.nextInt(chunks.size() + 1),
                    new Chunk(random.nextBoolean() ? "tEXt" : "zzZz", c.content));
            case 3 -> {
                if (c.content.length == 0) return png;
                int cut = random.nextInt(c.content.length);
                chunks.set(i, new Chunk(c.type, Arrays.copyOf(c.content, cut)));
                chunks.add(i + 1, new Chunk(c.type, Arrays.copyOfRange(c.content, cut, c.content.length)));
            }
            case 4, 5 -> {                                                 // what is packed
                if (!c.type.equals("IDAT")) return png;
                byte[] rows = Zips.inflate(c.content, 0, c.content.length, false, null);
                if (rows == null) return png;
                chunks.set(i, new Chunk("IDAT",
                        Zips.deflate(any.get(random.nextInt(any.size())).apply(rows, random, List.of(rows)), false)));
            }
            default -> chunks.set(i, new Chunk(c.type,
                    any.get(random.nextInt(any.size())).apply(c.content, random, List.of(c.content))));
        }
        return write(chunks);
    }

    /** [3, H, W] of values in 0 .. 1. */
    static Outcome read(byte[] png, int maxPixels) {
        if (png.length < 8 || !Arrays.equals(Arrays.copyOf(png, 8), SIGNATURE)) return OPEN;
        ByteBuffer in = ByteBuffer.wrap(png);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        int width = 0, height = 0, channels = 0, at = 8;
        String before = "";
        boolean open = false;
        while (true) {
            if (at + 12 > png.length) return refusal();
            int length = in.getInt(at);
            if (length < 0 || length > png.length - at - 12) return refusal();
            String type = new String(png, at + 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
            CRC32 sum = new CRC32();
            sum.update(png, at + 4, 4 + length);
            boolean sound = (int) sum.getValue() == in.getInt(at + 8 + length),
                    critical = Character.isUpperCase(type.charAt(0));
            if (!sound && critical) return refusal();
            open |= !sound || !List.of("IHDR", "IDAT", "IEND").contains(type);
            if (at == 8 != type.equals("IHDR")) return refusal();
            if (type.equals("IHDR")) {
                if (length != 13) return refusal();
                width = in.getInt(16);
                height = in.getInt(20);
                if (width < 1 || height < 1 || (long) width * height > maxPixels) return refusal();
                if (in.get(24) != 8 || in.get(25) != 0 && in.get(25) != 2 || in.get(26) != 0 || in.get(27) != 0
                        || in.get(28) != 0)
                    return OPEN;
                channels = in.get(25) == 0 ? 1 : 3;
            }
            if (type.equals("IDAT")) {
                open |= !before.equals("IHDR") && !before.equals("IDAT");
                packed.write(png, at + 8, length);
            }
            at += 12 + length;
            before = type;
            if (type.equals("IEND")) break;
        }
        if (at != png.length) open = true;
        int row = 1 + width * channels, needed = row * height;
        byte[] rows = new byte[needed + 1];
        Inflater inflater = new Inflater();
        inflater.setInput(packed.toByteArray());
        int got = 0;
        try {
            for (int n; got < rows.length && (n = inflater.inflate(rows, got, rows.length - got)) > 0;) got += n;
            open |= !inflater.finished();
        } catch (DataFormatException e) {
            open = true;
        }
        inflater.end();
        if (got < needed) return refusal();
        if (open || got > needed) return OPEN;
        float[][][] planes = new float[3][height][width];
        for (int y = 0; y < height; y++) {
            int filter = rows[y * row];
            if (filter < 0 || filter > 4) return OPEN;
            for (int i = 1; i < row; i++) {
                int left = i > channels ? rows[y * row + i - channels] & 0xff : 0,
                        up = y > 0 ? rows[(y - 1) * row + i] & 0xff : 0;
                int corner = y > 0 && i > channels ? rows[(y - 1) * row + i - channels] & 0xff : 0,
                        p = left + up - corner;
                int a = Math.abs(p - left), b = Math.abs(p - up), c = Math.abs(p - corner);
                rows[y * row + i] += (byte) new int[] {0, left, up, (left + up) / 2,
                        a <= b && a <= c ? left : b <= c ? up : corner}[filter];
                float value = (rows[y * row + i] & 0xff) / 255f;
                for (int plane = 0; plane < 3; plane++)
                    if (channels == 1 || (i - 1) % 3 == plane) planes[plane][y][(i - 1) / channels] = value;
            }
        }
        List<Float> values = new ArrayList<>();
        for (float[][] plane : planes) for (float[] line : plane) for (float v : line) values.add(v);
        return content(List.of(List.of(3, height, width), values));
    }
}
