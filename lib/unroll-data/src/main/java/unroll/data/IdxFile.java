package unroll.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * An array of bytes in the IDX format of MNIST, gzipped: two zeros, the type 8 (unsigned byte), the number of axes, the
 * length of each axis as a big-endian integer, then the values.
 *
 * @param shape  the length of each axis
 * @param values row-major, unsigned
 */
record IdxFile(int[] shape, byte[] values) {
    private static final int MAX_AXES = 3, MAX_VALUES = 64 << 20, UNSIGNED_BYTE = 8;

    /**
     * @throws DatasetException naming the file, if it is not one, or holds more or less than its header says or than 64
     * Mi values
     */
    static IdxFile read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw unreadable(String.valueOf(file.getFileName()), "it cannot be read (" + e + ")", e);
        }
    }

    static IdxFile read(InputStream gzipped, String name) {
        try (DataInputStream in = new DataInputStream(new Gunzip(gzipped))) {
            int magic = in.readInt(), axes = magic & 0xff;
            if (magic >>> 8 != UNSIGNED_BYTE || axes < 1 || axes > MAX_AXES)
                throw unreadable(name,
                        String.format("expected bytes along 1 to %d axes (magic number 0801 to 080%d) but got %08x",
                                MAX_AXES, MAX_AXES, magic),
                        null);
            int[] shape = new int[axes];
            long size = 1;
            for (int i = 0; i < axes; i++) {
                shape[i] = in.readInt();
                if (shape[i] < 1) throw unreadable(name, "axis " + i + " has the length " + shape[i], null);
                // two factors below 2^31, the first at most 2^26: no overflow
                size *= shape[i];
                if (size > MAX_VALUES)
                    throw unreadable(name, "its header promises more than " + MAX_VALUES + " values", null);
            }
            byte[] values = in.readNBytes((int) size);
            if (values.length < size)
                throw unreadable(name, "its header promises " + size + " values of shape " + Arrays.toString(shape)
                        + " but it ends after " + values.length, null);
            if (in.read() >= 0)
                throw unreadable(name, "there is more after the " + size + " values that its header promises", null);
            return new IdxFile(shape, values);
        } catch (EOFException e) {
            throw unreadable(name, "it ends too early", e);
        } catch (IOException e) {
            throw unreadable(name, "it is no sound gzip file (" + e.getMessage() + ")", e);
        }
    }

    private static DatasetException unreadable(String name, String what, Throwable cause) {
        return new DatasetException(Reason.UNREADABLE, "IDX file " + name + ": " + what, cause);
    }
}
