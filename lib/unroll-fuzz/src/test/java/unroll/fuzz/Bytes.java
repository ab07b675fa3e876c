package unroll.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Mutations of any bytes. */
public final class Bytes {
    private static final long[] EDGES = {0, 1, -1, 2, 7, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536,
            Integer.MAX_VALUE, Integer.MIN_VALUE,
            1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 0xFFFFFFFFL, Double.doubleToLongBits(Double.NaN),
            Double.doubleToLongBits(1e308),
            Float.floatToIntBits(Float.NaN), Float.floatToIntBits(Float.POSITIVE_INFINITY)};

    private Bytes() {
    }

    public static List<Mutation> mutations() {
        return List.of(Bytes::flipBit, Bytes::setByte, Bytes::insert, Bytes::delete, Bytes::truncate, Bytes::repeat,
                Bytes::move, Bytes::splice,
                Bytes::number,
                Bytes::run);
    }

    static byte[] without(byte[] input, int at, int n) { return replaced(input, at, n, new byte[0]); }

    /** The bytes with {@code n} of them replaced. */
    static byte[] replaced(byte[] input, int at, int n, byte[] by) {
        byte[] changed = new byte[input.length - n + by.length];
        System.arraycopy(input, 0, changed, 0, at);
        System.arraycopy(by, 0, changed, at, by.length);
        System.arraycopy(input, at + n, changed, at + by.length, input.length - at - n);
        return changed;
    }

    private static byte[] flipBit(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        if (input.length == 0) return input;
        byte[] changed = input.clone();
        changed[random.nextInt(input.length)] ^= 1 << random.nextInt(8);
        return changed;
    }

    private static byte[] setByte(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        if (input.length == 0) return input;
        byte[] changed = input.clone();
        byte[] usual = {0, 1, 9, 10, 13, 32, 34, 44, 127, -128, -1};
        changed[random.nextInt(input.length)] = random.nextBoolean()
                ? usual[random.nextInt(usual.length)]
                : (byte) random.nextInt(256);
        return changed;
    }

    private static byte[] insert(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        byte[] some = new byte[1 + random.nextInt(8)];
        random.nextBytes(some);
        return replaced(input, random.nextInt(input.length + 1), 0, some);
    }

    private static byte[] delete(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        if (input.length == 0) return input;
        int at = random.nextInt(input.length), most = random.nextBoolean() ? 8 : input.length;
        return without(input, at, 1 + random.nextInt(Math.min(most, input.length - at)));
    }

    private static byte[] truncate(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        return Arrays.copyOf(input, random.nextInt(input.length + 1));
    }

    private static byte[] repeat(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        if (input.length == 0 || input.length > 100_000) return input;
        int from = random.nextInt(input.length), to = from + 1 + random.nextInt(input.length - from),
                times = 1 << random.nextInt(4);
        byte[] block = Arrays.copyOfRange(input, from, to), more = new byte[block.length * times];
        for (int i = 0; i < times; i++) System.arraycopy(block, 0, more, i * block.length, block.length);
        return replaced(input, to, 0, more);
    }

    private static byte[] move(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        if (input.length < 2) return input;
        int from = random.nextInt(input.length), n = 1 + random.nextInt(Math.min(64, input.length - from));
        byte[] block = Arrays.copyOfRange(input, from, from + n), rest = without(input, from, n);
        return replaced(rest, random.nextInt(rest.length + 1), 0, block);
    }

    private static byte[] splice(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int at = random.nextInt(input.length + 1), from = random.nextInt(other.length + 1);
        byte[] tail = Arrays.copyOfRange(other, from, other.length);
        return random.nextBoolean() ? replaced(input, at, input.length - at, tail) : replaced(input, at, 0, tail);
    }

    /** An integer or a floating-point number at the edge of something, in either order of bytes. */
    private static byte[] number(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        int width = 1 << 1 + random.nextInt(3);
        if (input.length < width) return input;
        ByteBuffer number = ByteBuffer.allocate(8)
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        number.putLong(EDGES[random.nextInt(EDGES.length)]);
        int from = number.order() == ByteOrder.LITTLE_ENDIAN ? 0 : 8 - width;
        return replaced(input, random.nextInt(input.length - width + 1), width,
                Arrays.copyOfRange(number.array(), from, from + width));
    }

    /** One byte many times. */
    private static byte[] run(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        byte[] run = new byte[1 << random.nextInt(13)];
        Arrays.fill(run,
                input.length > 0 && random.nextBoolean()
                        ? input[random.nextInt(input.length)]
                        : (byte) random.nextInt(256));
        return replaced(input, random.nextInt(input.length + 1), 0, run);
    }
}
