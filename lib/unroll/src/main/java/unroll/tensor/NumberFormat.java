package unroll.tensor;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a file holds numbers, under the names that {@code .safetensors} has for them: what readers and writers of arrays
 * share.
 */
enum NumberFormat {
    F64(8), F32(4), F16(2), BF16(2), I64(8), I32(4), I16(2), I8(1), U64(8), U32(4), U16(2), U8(1), BOOL(1);

    private static final int BLOCK = 1 << 16;
    private static final Map<String, NumberFormat> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toMap(Enum::name, Function.identity()));
    private static final Pattern NUMPY = Pattern.compile("[<>|=]([fiu])([1248])|[<>|=]?b1");

    final int width;

    NumberFormat(int width) { this.width = width; }

    /** The format of this name, or null where it is none of these. */
    static NumberFormat of(String name) {
        return BY_NAME.get(name);
    }

    /**
     * The format that NumPy writes as {@code <f4}, {@code |b1}, {@code >i8}, or null; the sign before it is the order
     * of its bytes.
     */
    static NumberFormat ofNumPy(String type) {
        Matcher m = NUMPY.matcher(type);
        if (!m.matches()) return null;
        return m.group(1) == null ? BOOL : of(m.group(1).toUpperCase(Locale.ROOT) + 8 * Integer.parseInt(m.group(2)));
    }

    /** Reads so many numbers, whose bytes are known to be there, each as the float nearest to it. */
    float[] read(DataInputStream in, int size, ByteOrder order) throws IOException {
        float[] values = new float[size];
        ByteBuffer block = ByteBuffer.allocate((int) Math.min((long) size * width, BLOCK)).order(order);
        for (int at = 0; at < size;) {
            int n = Math.min(size - at, BLOCK / width);
            in.readFully(block.array(), 0, n * width);
            for (int i = 0; i < n; i++) values[at + i] = number(block, i * width);
            at += n;
        }
        return values;
    }

    private float number(ByteBuffer from, int at) {
        return switch (this) {
            case F64 -> (float) from.getDouble(at);
            case F32 -> from.getFloat(at);
            case F16 -> half(from.getShort(at));
            case BF16 -> Float.intBitsToFloat(from.getShort(at) << 16);    // the upper half of an F32
            case I64 -> from.getLong(at);
            case I32 -> from.getInt(at);
            case I16 -> from.getShort(at);
            case I8 -> from.get(at);
            case U64 -> unsigned(from.getLong(at));
            case U32 -> from.getInt(at) & 0xffffffffL;
            case U16 -> from.getShort(at) & 0xffff;
            case U8 -> from.get(at) & 0xff;
            case BOOL -> from.get(at) == 0 ? 0 : 1;
        };
    }

    /** Halved where it is too large to be signed; the bit that falls out stays, for the rounding. */
    private static float unsigned(long bits) {
        return bits >= 0 ? bits : 2f * (bits >>> 1 | bits & 1);
    }

    /** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 31, fraction = bits & 1023;
        float magnitude = switch (exponent) {
            case 0 -> Math.scalb((float) fraction, -24);
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb((float) (1024 + fraction), exponent - 25);
        };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** Writes all numbers as F32, little-endian. */
    static void write(OutputStream out, float[] values) throws IOException {
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(4L * values.length, BLOCK))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length;) {
            int n = Math.min(values.length - at, BLOCK / 4);
            block.asFloatBuffer().put(values, at, n);
            out.write(block.array(), 0, 4 * n);
            at += n;
        }
    }
}
