package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.tensor.Rng;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;
import unroll.text.Vocabulary;

final class ReviewsTest {
    private static final String POS = "sentence_polarity/rt-polarity.pos", NEG = "sentence_polarity/rt-polarity.neg";

    @TempDir Path folder;

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (var e : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(e.getKey()));
                zip.write(e.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    private Catalogue catalogue(byte[] archive, boolean there) throws IOException {
        DataFile file = new DataFile("sentence_polarity.zip", URI.create("https://example.org/s.zip"),
                Catalogue.sha256(archive), archive.length,
                Optional.empty(), Optional.empty());
        if (there) Files.write(Files.createDirectories(folder.resolve("s")).resolve("sentence_polarity.zip"), archive);
        Dataset set = new Dataset("sentence-polarity", "Sentences", "s", "sentences-zip", "CC0", "README", "none",
                Optional.empty(), List.of(file));
        return new Catalogue(List.of(set), new Locations(Optional.of(folder), folder.resolve("cache"), true),
                (address, limit, target) -> {});
    }

    private Reason refused(Map<String, byte[]> entries) throws IOException {
        Catalogue catalogue = catalogue(zip(entries), true);
        return assertThrows(DatasetException.class, () -> Reviews.moviePolarity(catalogue)).reason();
    }

    @Test void theRealOnesAreReadFromTheirArchive() throws IOException {
        Reviews reviews = Reviews.moviePolarity(
                catalogue(zip(Map.of(POS, utf8("so good . \nfine é\n"), NEG, utf8("it's  dull\r\n"))), true));
        assertEquals(List.of(new LabelledText(List.of("so", "good", "."), "positive"),
                new LabelledText(List.of("fine", "é"), "positive"),
                new LabelledText(List.of("it's", "dull"), "negative")), reviews.texts());
        assertFalse(reviews.builtIn());
    }

    @Test void anArchiveThatLacksAPartIsRefused() throws IOException {
        assertEquals(Reason.UNREADABLE, refused(Map.of(POS, utf8("good\n"))));
    }

    @Test void anEntryThatUnpacksToTooMuchIsRefused() throws IOException {
        assertEquals(Reason.TOO_LARGE, refused(Map.of(POS, new byte[(4 << 20) + 1], NEG, utf8("dull\n"))));
    }

    @Test void whatIsNoArchiveIsRefused() throws IOException {
        Catalogue catalogue = catalogue(utf8("no archive"), true);
        assertEquals(Reason.UNREADABLE,
                assertThrows(DatasetException.class, () -> Reviews.moviePolarity(catalogue)).reason());
    }

    @Test void anotherEncodingIsRefused() throws IOException {
        Catalogue catalogue = catalogue(zip(Map.of(POS, new byte[] {'a', (byte) 0x97}, NEG, utf8("b"))), true);
        assertEquals(1, Refused.by(Reason.MALFORMED, () -> Reviews.moviePolarity(catalogue)).offset());
    }

    @Test void generatedOnesStandInForWhatIsOutOfReachAndSaySo() throws IOException {
        Reviews reviews = Reviews.moviePolarity(catalogue(utf8("x"), false));
        assertTrue(reviews.builtIn());
        assertEquals(4_000, reviews.texts().size());
        assertTrue(reviews.source().contains("stand in for sentence-polarity") && reviews.source().contains("OFFLINE"),
                reviews.source());
    }

    @Test void generatedOnesAreDifferentHalfPositiveAndDependOnTheSeed() {
        Reviews reviews = Reviews.builtIn(1_001, Rng.seed(3));
        assertEquals(reviews, Reviews.builtIn(1_001, Rng.seed(3)));
        assertNotEquals(reviews, Reviews.builtIn(1_001, Rng.seed(4)));
        assertEquals(1_001, new HashSet<>(reviews.texts().stream().map(LabelledText::words).toList()).size(),
                "no sentence has both labels");
        assertEquals(501, reviews.texts().stream().filter(t -> t.label().equals(Reviews.POSITIVE)).count());
    }

    @Test void theSentencesOfTheLecturesAreNotAmongThemButTheirWordsAre() {
        Reviews reviews = Reviews.builtIn(4_000, Rng.seed(5));
        Vocabulary words = Vocabulary.words(reviews.texts().stream().map(LabelledText::words), 1);
        for (List<String> sentence : Reviews.lecture(Grammar.named("reviews"))) {
            assertTrue(words.symbols().containsAll(sentence), sentence.toString());
            assertTrue(reviews.texts().stream().noneMatch(t -> t.words().equals(sentence)), sentence.toString());
        }
    }

    /** A weight for each word, the label by the sign of the sum, trained to the end: no bag of words solves them. */
    @Test void aBagOfWordsIsNotEnough() {
        Split<LabelledText> parts = Split.random(Reviews.builtIn(4_000, Rng.seed(5)).texts(), 0, 0.25, Rng.seed(1));
        Map<String, Double> weights = new HashMap<>();
        for (int epoch = 0; epoch < 60; epoch++)
            for (LabelledText text : parts.train()) {
                double error = (text.label().equals(Reviews.POSITIVE) ? 1 : 0)
                        - 1 / (1 + Math.exp(-sum(text, weights)));
                for (String word : text.words()) weights.merge(word, 0.3 / (1 + epoch) * error, Double::sum);
            }
        long right = parts.test().stream().filter(t -> (sum(t, weights) > 0) == t.label().equals(Reviews.POSITIVE))
                .count();
        double rate = (double) right / parts.test().size();
        assertTrue(rate > 0.55 && rate < 0.85, "" + rate);
    }

    private static double sum(LabelledText text, Map<String, Double> weights) {
        return text.words().stream().mapToDouble(w -> weights.getOrDefault(w, 0.0)).sum();
    }
}
