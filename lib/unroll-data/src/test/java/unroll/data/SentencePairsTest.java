package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.tensor.Rng;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class SentencePairsTest {
    @TempDir Path folder;

    @Test void threeColumnsAreRead() throws IOException {
        Path file = Files.writeString(folder.resolve("p.txt"),
                "Go.\tGå.\tby A\r\nRun!\t Spring! \t\n\nGo.\tÅk.\tby B\n");
        assertEquals(
                List.of(new SentencePairs.Pair("Go.", "Gå.", "by A"), new SentencePairs.Pair("Run!", "Spring!", ""),
                        new SentencePairs.Pair("Go.", "Åk.", "by B")),
                SentencePairs.read(file).pairs());
    }

    @Test void otherLinesAreNamed() throws IOException {
        for (String line : List.of("Go. Gå.", "Go.\tGå.", "Go.\t\tby A", "\tGå.\tby A", "Go.\tGå.\tby A\tmore")) {
            Refused e = Refused.by(Reason.MALFORMED, () -> SentencePairs.parse("Go.\tGå.\t\n" + line, "F"));
            assertEquals(2, e.line());
        }
        Path empty = Files.writeString(folder.resolve("p.txt"), "\n");
        Refused.by(Reason.EMPTY, () -> SentencePairs.read(empty));
    }

    @Test void translationsOfOneSentenceStayTogether() {
        List<SentencePairs.Pair> pairs = SentencePairs.generated(200, Rng.seed(1)).pairs().stream()
                .flatMap(p -> List.of(p, new SentencePairs.Pair(p.english(), p.swedish() + "!", "")).stream()).toList();
        Split<SentencePairs.Pair> split = new SentencePairs(pairs, "test", true).split(0.2, 0.2, Rng.seed(2));
        Set<String> train = english(split.train()), validation = english(split.validation()),
                test = english(split.test());
        assertEquals(200, train.size() + validation.size() + test.size());
        assertEquals(2 * test.size(), split.test().size());
        train.retainAll(test);
        assertTrue(train.isEmpty());
    }

    private static Set<String> english(List<SentencePairs.Pair> pairs) {
        Set<String> all = new HashSet<>();
        for (var p : pairs) all.add(p.english());
        return all;
    }

    @Test void generatedPairsFollowTheGrammar() {
        SentencePairs pairs = SentencePairs.generated(5000, Rng.seed(3));
        assertEquals(pairs, SentencePairs.generated(5000, Rng.seed(3)));
        assertEquals(5000, english(pairs.pairs()).size());
        for (var p : pairs.pairs()) {
            assertTrue(p.english().matches("[A-Z].*\\."), p.english());
            if (p.english().startsWith("Today the cat sees"))
                assertTrue(p.swedish().startsWith("Idag ser katten"), p.toString());
            assertEquals(p.english().contains(" not "), p.swedish().contains(" inte "), p.toString());
            if (p.english().contains("little house"))
                assertTrue(p.swedish().toLowerCase().contains("det lilla huset"), p.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> SentencePairs.generated(0, Rng.seed(1)));
        assertThrows(IllegalArgumentException.class, () -> SentencePairs.generated(50_001, Rng.seed(1)));
    }

    @Test void generatedOnesStandInForWhatIsOutOfReachAndSayIt() {
        DataFile file = new DataFile("swe.txt", URI.create("https://example.org/s"), Catalogue.sha256(new byte[1]), 1,
                Optional.empty(), Optional.empty());
        Dataset set = new Dataset("tatoeba-swe-eng", "Pairs", "t", "tab-separated", "CC-BY", "README", "none",
                Optional.empty(), List.of(file));
        SentencePairs pairs = SentencePairs
                .tatoeba(new Catalogue(List.of(set), new Locations(Optional.of(folder), folder, true),
                        (address, limit, target) -> {}));
        assertTrue(pairs.builtIn());
        assertTrue(pairs.source().contains("grammar") && pairs.source().contains("stand in for tatoeba-swe-eng"),
                pairs.source());
    }

    private static List<SentencePairs.Pair> parse(String text) { return SentencePairs.parse(text, "F"); }

    @Test void anAttributionNeedNotBeThere() {
        assertEquals(
                List.of(new SentencePairs.Pair("Go.", "Va !", ""),
                        new SentencePairs.Pair("Hi.", "Salut\u202f!\u00a0", "")),
                parse("Go.\tVa !\nHi.\tSalut\u202f!\u00a0"));
        for (String line : List.of("Go.", "Go.\tGå.\tby A", "Go.\t ", "\u3000"))
            assertEquals(2, Refused.by(Reason.MALFORMED, () -> parse("Go.\tVa !\n" + line)).line());
    }

    @Test void tatoebasNumbersBecomeTheAttribution() {
        assertEquals(List.of(new SentencePairs.Pair("Let's try.", "Låt oss försöka.", "tatoeba.org #1276 & #1158250")),
                parse("\ufeff1276\tLet's try.\t1158250\tLåt oss försöka.\r\n".substring(1)));
        for (String line : List.of("x\tGo.\t2\tGå.", "1\tGo.\tx\tGå.", "1\tGo.\t2\t", "1\tGo.\t2\tGå.\tmore"))
            assertEquals(1, Refused.by(Reason.MALFORMED, () -> parse(line)).line());
    }

    @Test void tatoebasOtherListsAreNoPairs() {
        assertTrue(assertThrows(DatasetException.class, () -> parse("1276\teng\tLet's try.\n1277\teng\tGo.\n"))
                .getMessage()
                .contains("sentences of one language"));
        assertTrue(assertThrows(DatasetException.class, () -> parse("1276\t1158250\n1277\t2\n")).getMessage()
                .contains("links"));
        assertEquals(2, parse("5\t5\nGo.\tGå.\n").size());
    }

    @Test void emptyFilesAreNamed() {
        assertEquals("F: it has no pairs", Refused.by(Reason.EMPTY, () -> parse("\n")).getMessage());
    }
}
