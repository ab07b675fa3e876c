package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

final class IdxFileTest {
    static byte[] gzip(int... bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int b : bytes) gzip.write(b);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String refused(byte[] file) {
        DatasetException e = assertThrows(DatasetException.class,
                () -> IdxFile.read(new ByteArrayInputStream(file), "a.gz"));
        assertEquals(Reason.UNREADABLE, e.reason());
        assertTrue(e.getMessage().startsWith("IDX file a.gz: "), e.getMessage());
        return e.getMessage();
    }

    @Test void readsShapeAndValues() {
        IdxFile file = IdxFile
                .read(new ByteArrayInputStream(gzip(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 250, 5, 6)), "a.gz");
        assertArrayEquals(new int[] {2, 3}, file.shape());
        assertArrayEquals(new byte[] {1, 2, 3, (byte) 250, 5, 6}, file.values());
    }

    @Test void anotherTypeOrNumberOfAxesIsRefused() {
        assertTrue(refused(gzip(0, 0, 13, 1, 0, 0, 0, 1, 0)).contains("00000d01"));
        refused(gzip(0, 0, 8, 0));
        refused(gzip(0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0));
        refused(gzip(1, 0, 8, 1, 0, 0, 0, 1, 0));
    }

    @Test void lengthsThatAreNegativeZeroOrTooLargeAreRefusedBeforeMemoryIsTaken() {
        assertTrue(refused(gzip(0, 0, 8, 1, 255, 255, 255, 255)).contains("length -1"));
        assertTrue(refused(gzip(0, 0, 8, 1, 0, 0, 0, 0)).contains("length 0"));
        assertTrue(refused(gzip(0, 0, 8, 1, 127, 255, 255, 255)).contains("more than"));
        assertTrue(refused(gzip(0, 0, 8, 3, 127, 255, 255, 255, 127, 255, 255, 255, 127, 255, 255, 255))
                .contains("more than"));
        assertTrue(refused(gzip(0, 0, 8, 3, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 1)).contains("more than"));
    }

    @Test void moreOrLessThanPromisedIsRefused() {
        assertTrue(refused(gzip(0, 0, 8, 1, 0, 0, 0, 3, 1, 2)).contains("ends after 2"));
        assertTrue(refused(gzip(0, 0, 8, 1, 0, 0, 0, 1, 1, 2)).contains("there is more"));
        assertTrue(refused(gzip(0, 0, 8, 2, 0, 0)).contains("ends too early"));
        assertTrue(refused(gzip()).contains("ends too early"));
    }

    @Test void whatIsNoGzipFileIsRefused() {
        refused(new byte[0]);
        refused("no archive at all, but long enough".getBytes());
        byte[] whole = gzip(0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3);
        refused(Arrays.copyOf(whole, whole.length - 9));
        whole[whole.length - 8] ^= 1;                                      // its checksum
        refused(whole);
    }

    @Test void aFileThatIsNotThereIsNamed() {
        assertTrue(assertThrows(DatasetException.class, () -> IdxFile.read(Path.of("nowhere", "b.gz"))).getMessage()
                .contains("b.gz"));
    }
}
