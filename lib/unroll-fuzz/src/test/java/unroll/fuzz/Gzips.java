package unroll.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.CRC32;

/** Gzipped bytes (RFC 1952): members one after the other, each with its sum. */
public final class Gzips {
    private Gzips() {
    }

    /** One member. */
    public static byte[] write(byte[] bytes) {
        return member(bytes, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255});
    }

    private static byte[] member(byte[] bytes, byte[] header) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header);
        out.writeBytes(Zips.deflate(bytes, true));
        out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt((int) sum.getValue())
                .putInt(bytes.length).array());
        return out.toByteArray();
    }

    /**
     * What is packed; null where something is wrong with it, or where what follows the last member is open to opinion.
     */
    static byte[] read(byte[] gzip, boolean[] open) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        do {
            if (at + 18 > gzip.length || gzip[at] != 0x1f || gzip[at + 1] != (byte) 0x8b || gzip[at + 2] != 8) {
                open[0] |= at > 0;
                return null;
            }
            int flags = gzip[at + 3];
            open[0] |= flags != 0;                                         // names, comments, extra fields
            int[] used = new int[1];
            byte[] bytes = Zips.inflate(gzip, at + 10, gzip.length - at - 10, true, used);
            if (bytes == null || at + 10 + used[0] + 8 > gzip.length) return null;
            CRC32 sum = new CRC32();
            sum.update(bytes);
            ByteBuffer trailer = ByteBuffer.wrap(gzip, at + 10 + used[0], 8).order(ByteOrder.LITTLE_ENDIAN);
            if (trailer.getInt() != (int) sum.getValue() || trailer.getInt() != bytes.length) return null;
            out.writeBytes(bytes);
            at += 10 + used[0] + 8;
        } while (at < gzip.length);
        return out.toByteArray();
    }

    /** What an independent reader makes of the unpacked bytes. */
    public static Outcome unpacked(byte[] gzip, Function<byte[], Outcome> independent) {
        boolean[] open = new boolean[1];
        byte[] bytes = read(gzip, open);
        if (open[0]) return Outcome.OPEN;
        return bytes == null ? Outcome.refusal() : independent.apply(bytes);
    }

    /** Mutations of the packed bytes, of the members and, by those given, of what is in them. */
    public static List<Mutation> mutations(List<Mutation> inner) {
        List<Mutation> all = new ArrayList<>(Bytes.mutations());
        for (int i = 0; i < 12; i++) all.add((input, random, seeds) -> members(input, random, inner, seeds));
        return List.copyOf(all);
    }

    private static byte[] members(byte[] input, SplittableRandom random, List<Mutation> inner, List<byte[]> seeds) {
        byte[] bytes = read(input, new boolean[1]);
        if (bytes == null) return input;
        switch (random.nextInt(12)) {
            case 0 : {
                int cut = random.nextInt(bytes.length + 1);
                return joined(write(Arrays.copyOf(bytes, cut)), write(Arrays.copyOfRange(bytes, cut, bytes.length)));
            }
            case 1 :
                return joined(input, new byte[random.nextInt(600)]);
            case 2 :
                return member(bytes,
                        new byte[] {0x1f, (byte) 0x8b, 8, 12, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7, 'n', 'a', 'm', 'e', 0});
            case 3 : {
                byte[] empty = write(new byte[0]), many = new byte[empty.length << random.nextInt(13)];
                for (int i = 0; i < many.length; i++) many[i] = empty[i % empty.length];
                return random.nextBoolean() ? joined(many, input) : joined(input, many);
            }
            default : {
                List<byte[]> unpacked = seeds.stream().map(seed -> read(seed, new boolean[1])).toList();
                return write(inner.get(random.nextInt(inner.size())).apply(bytes, random, unpacked));
            }
        }
    }

    private static byte[] joined(byte[] a, byte[] b) { return Bytes.replaced(a, a.length, 0, b); }
}
