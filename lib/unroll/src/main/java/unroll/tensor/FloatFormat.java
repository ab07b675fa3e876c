package unroll.tensor;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** How a file holds floating-point numbers, little-endian: what readers and writers of arrays share. */
enum FloatFormat {
    F64(8), F32(4), F16(2), BF16(2);

    private static final int BLOCK = 1 << 16;

    final int width;

    FloatFormat(int width) { this.width = width; }

    /** Reads so many numbers; those of F64 are rounded. Grows with what is really there, so that a header that lies does not take memory. */
    float[] read(DataInputStream in, int size) throws IOException {
        float[] values = new float[Math.min(size, 1 << 18)];
        byte[] block = new byte[BLOCK];
        ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < size;) {
            int n = Math.min(size - at, BLOCK / width);
            in.readFully(block, 0, n * width);
            if (at + n > values.length) values = Arrays.copyOf(values, (int) Math.min(size, 2L * (at + n)));
            for (int i = 0; i < n; i++) values[at + i] = number(buffer, i * width);
            at += n;
        }
        return values.length == size ? values : Arrays.copyOf(values, size);
    }

    private float number(ByteBuffer from, int at) {
        return switch (this) {
            case F64 -> (float) from.getDouble(at);
            case F32 -> from.getFloat(at);
            case F16 -> half(from.getShort(at));
            case BF16 -> Float.intBitsToFloat(from.getShort(at) << 16);    // the upper half of an F32
        };
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

    /** Writes all numbers as F32. */
    static void write(OutputStream out, float[] values) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length;) {
            int n = Math.min(values.length - at, BLOCK / 4);
            block.asFloatBuffer().put(values, at, n);
            out.write(block.array(), 0, 4 * n);
            at += n;
        }
    }
}
