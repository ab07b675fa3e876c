package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class GenresTest {
    private static final String FILE = "f.conllu";

    @TempDir Path folder;

    private static String word(String id, String form) {
        return id + "\t" + form + "\t_\tNOUN\t_\t_\t_\t_\t_\t_\n";
    }

    private static String sentence(String id, String... forms) {
        StringBuilder lines = new StringBuilder("# sent_id = " + id + "\n# text = …\n");
        for (int i = 0; i < forms.length; i++) lines.append(word("" + (i + 1), forms[i]));
        return lines.append("\n").toString();
    }

    private static void refused(Reason reason, String part, String text) {
        says(part, Refused.by(reason, () -> Genres.parse(text, FILE)));
    }

    private static void says(String part, Refused refused) {
        assertTrue(refused.getMessage().contains(part), refused::getMessage);
    }

    @Test void aGenreIsTheFirstPartOfTheIdOfASentence() {
        String text = sentence("weblog-a.com_20-0001", "Hello", "there") + sentence("email-x-y-0002", "Dear", "Anna");
        assertEquals(List.of("weblog: Hello there", "email: Dear Anna"),
                Genres.parse(text, FILE).stream().map(LabelledText::toString).toList());
    }

    @Test void multiwordTokensEmptyNodesAndOtherCommentsAreNoSentences() {
        String text = "# newdoc id = weblog-x\n# sent_id = reviews-1-0001\n" + word("1-2", "don't") + word("1", "do")
                + word("2", "n't") + word("2.1", "go") + "\n\n# sent_id = answers-1-0001\n" + word("0.1", "x")
                + word("1", "Yes");
        assertEquals(List.of("reviews: do n't", "answers: Yes"),
                Genres.parse(text, FILE).stream().map(LabelledText::toString).toList());
    }

    @Test void aSentenceWithoutAnIdIsNamedByItsLine() {
        refused(Reason.MALFORMED, "f.conllu, line 5: expected a line \"# sent_id = …\" before the sentence",
                sentence("weblog-1", "a") + word("1", "b"));
    }

    @Test void anIdOfNoGenreIsNamedByItsLine() {
        refused(Reason.MALFORMED, "f.conllu, line 1: expected # sent_id = GENRE-…, where GENRE is one of answers, "
                + "email, newsgroup, reviews, weblog but got \"# sent_id = novel-1\"", sentence("novel-1", "a"));
        refused(Reason.MALFORMED, "line 1: expected # sent_id = GENRE", sentence("weblog", "a"));
        refused(Reason.MALFORMED, "line 1: expected # sent_id = GENRE", sentence("", "a"));
    }

    @Test void whatIsNoConlluIsRefused() {
        refused(Reason.EMPTY, "f.conllu: it has no sentences", "# sent_id = weblog-1\n");
        refused(Reason.MALFORMED, "line 2: expected 10 columns", "# sent_id = weblog-1\n1\ta\n");
    }

    @Test void aFileOfTheReadersOwnIsRead() throws IOException {
        Path file = folder.resolve("own.conllu");
        Files.writeString(file, sentence("newsgroup-1", "Stars"));
        assertEquals(List.of(new LabelledText(List.of("Stars"), "newsgroup")), Genres.read(file));
        Files.writeString(file, word("1", "a"));
        says("CoNLL-U file own.conllu, line 1:", Refused.by(Reason.MALFORMED, () -> Genres.read(file)));
    }

    /** A catalogue whose treebank has one sentence in each part. */
    private Catalogue catalogue() throws IOException {
        List<DataFile> files = new ArrayList<>();
        Path ewt = Files.createDirectories(folder.resolve("ewt"));
        for (String part : List.of("train", "dev", "test")) {
            String name = "en_ewt-ud-" + part + ".conllu";
            byte[] bytes = sentence("email-1", part).getBytes(StandardCharsets.UTF_8);
            Files.write(ewt.resolve(name), bytes);
            files.add(new DataFile(name, URI.create("https://example.org/" + name), Catalogue.sha256(bytes),
                    bytes.length, Optional.empty(), Optional.empty()));
        }
        Dataset set = new Dataset("ud-english-ewt", "Sentences", "ewt", "conllu", "CC-BY-SA", "README", "none",
                Optional.empty(), files);
        return new Catalogue(List.of(set), new Locations(Optional.of(folder), folder.resolve("cache"), true),
                (address, limit, target) -> {});
    }

    @Test void theThreePartsAreThoseOfTheTreebank() throws IOException {
        Genres genres = Genres.webTreebank(catalogue());
        assertFalse(genres.builtIn());
        assertEquals(List.of(List.of("train"), List.of("dev"), List.of("test")),
                List.of(genres.parts().train(), genres.parts().validation(), genres.parts().test()).stream()
                        .map(part -> part.get(0).words()).toList());
    }

    @Test void whereItIsOutOfReachSentencesAreDrawnAndItIsSaid() throws IOException {
        Catalogue catalogue = catalogue();
        Files.delete(folder.resolve("ewt").resolve("en_ewt-ud-dev.conllu"));
        Genres genres = Genres.webTreebank(catalogue);
        assertTrue(genres.builtIn());
        assertTrue(genres.source().contains("They stand in for ud-english-ewt"), genres.source());
        assertEquals(Genres.generated().parts(), genres.parts());
    }

    @Test void drawnSentencesAreDifferentAndAreOfAllGenresInEachPart() {
        Split<LabelledText> parts = Genres.generated().parts();
        assertEquals(List.of(2_000, 300, 300),
                List.of(parts.train().size(), parts.validation().size(), parts.test().size()));
        Set<List<String>> all = new HashSet<>();
        for (List<LabelledText> part : List.of(parts.train(), parts.validation(), parts.test())) {
            assertEquals(new HashSet<>(Genres.LABELS),
                    part.stream().map(LabelledText::label).collect(Collectors.toSet()));
            part.forEach(text -> assertTrue(all.add(text.words()), text::toString));
        }
    }
}
