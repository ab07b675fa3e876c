package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.tensor.Rng;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.LabelledBatch;

final class DigitsTest {
    @TempDir Path folder;

    private static IdxFile pictures(int n) {
        byte[] values = new byte[n * 784];
        for (int i = 0; i < values.length; i++) values[i] = (byte) (i % 251);
        return new IdxFile(new int[] {n, 28, 28}, values);
    }

    private static IdxFile labels(int... labels) {
        byte[] values = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) values[i] = (byte) labels[i];
        return new IdxFile(new int[] {labels.length}, values);
    }

    @Test void aPictureIsReadRowByRow() {
        Digits digits = Digits.of(pictures(3), labels(7, 0, 9), "three");
        LabelledBatch batch = digits.rows(2, 0);
        assertArrayEquals(new int[] {28, 2, 28}, batch.inputs().shape());
        assertArrayEquals(new int[] {9, 7}, batch.labels().data());
        for (int t = 0; t < 28; t++)
            for (int i = 0; i < 28; i++) {
                assertEquals((2 * 784 + 28 * t + i) % 251 / 255.0, batch.inputs().get(t, 0, i), 1e-6);
                assertEquals(digits.picture(0)[t][i], batch.inputs().get(t, 1, i), 1e-6);
            }
    }

    @Test void partsDoNotOverlap() {
        Digits digits = Digits.of(pictures(3), labels(7, 0, 9), "three");
        assertEquals(9, digits.part(2, 3).label(0));
        assertEquals(2, digits.part(0, 2).size());
        assertEquals(digits.picture(2)[5][5], digits.part(2, 3).picture(0)[5][5]);
        assertThrows(IndexOutOfBoundsException.class, () -> digits.part(2, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> digits.part(1, 1));
    }

    @Test void filesThatDoNotFitTogetherAreRefused() {
        assertThrows(DatasetException.class, () -> Digits.of(pictures(3), labels(1, 2), ""));
        assertThrows(DatasetException.class, () -> Digits.of(pictures(2), labels(1, 10), ""));
        assertThrows(DatasetException.class, () -> Digits.of(pictures(2), labels(1, 255), ""));
        assertThrows(DatasetException.class,
                () -> Digits.of(new IdxFile(new int[] {1, 27, 28}, new byte[27 * 28]), labels(1), ""));
    }

    private static Catalogue catalogue(Path mirror, byte[] images) {
        List<DataFile> files = List.of("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz").stream()
                .map(name -> new DataFile(name, URI.create("https://example.org/" + name), Catalogue.sha256(images),
                        images.length, Optional.empty(),
                        Optional.empty()))
                .toList();
        Dataset set = new Dataset("mnist", "Digits", "mnist", "idx-gzip", "CC0", "README", "none", Optional.empty(),
                files);
        return new Catalogue(List.of(set), new Locations(Optional.of(mirror), mirror.resolve("cache"), true),
                (address, limit, target) -> {});
    }

    @Test void drawnOnesStandInForWhatIsOutOfReachAndSaySo() {
        Digits digits = Digits.mnistTest(catalogue(folder, new byte[1]));
        assertTrue(digits.builtIn());
        assertEquals(10_000, digits.size());
        assertTrue(digits.source().contains("stand in for mnist") && digits.source().contains("OFFLINE"),
                digits.source());
    }

    @Test void aDamagedFileIsAnError() throws IOException {
        byte[] bad = "no archive".getBytes();
        Files.createDirectories(folder.resolve("mnist"));
        Files.write(folder.resolve("mnist/t10k-images-idx3-ubyte.gz"), bad);
        assertEquals(Reason.UNREADABLE,
                assertThrows(DatasetException.class, () -> Digits.mnistTest(catalogue(folder, bad))).reason());
    }

    @Test void drawnDigitsDependOnTheSeedAndFillThePicture() {
        Digits one = Digits.drawn(60, Rng.seed(1)), same = Digits.drawn(60, Rng.seed(1)),
                other = Digits.drawn(60, Rng.seed(2));
        assertArrayEquals(one.rows().inputs().data(), same.rows().inputs().data());
        assertFalse(Arrays.equals(one.rows().inputs().data(), other.rows().inputs().data()));
        for (int i = 0; i < 60; i++) {
            double ink = Arrays.stream(one.picture(i)).flatMapToDouble(Arrays::stream).sum();
            assertTrue(ink > 20 && ink < 300, "digit " + one.label(i) + " has ink for " + ink + " pixels");
        }
    }

    /**
     * Else nothing could be learned from them: pictures are nearer to the mean of their own class than to others,
     * mostly.
     */
    @Test void drawnDigitsOfAClassResembleEachOther() {
        Digits digits = Digits.drawn(600, Rng.seed(4));
        double[][] mean = new double[10][784];
        int[] count = new int[10];
        for (int i = 0; i < 400; i++) count[digits.label(i)]++;
        for (int i = 0; i < 400; i++)
            for (int p = 0; p < 784; p++)
                mean[digits.label(i)][p] += digits.picture(i)[p / 28][p % 28] / count[digits.label(i)];
        int right = 0;
        for (int i = 400; i < 600; i++) {
            double[] flat = Arrays.stream(digits.picture(i)).flatMapToDouble(Arrays::stream).toArray(),
                    far = new double[10];
            for (int k = 0; k < 10; k++)
                for (int p = 0; p < 784; p++) far[k] += (flat[p] - mean[k][p]) * (flat[p] - mean[k][p]);
            int nearest = 0;
            for (int k = 1; k < 10; k++) if (far[k] < far[nearest]) nearest = k;
            if (nearest == digits.label(i)) right++;
        }
        assertTrue(right > 120 && right < 200, right + " of 200");
    }
}
