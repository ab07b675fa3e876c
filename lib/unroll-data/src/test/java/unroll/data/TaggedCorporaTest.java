package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class TaggedCorporaTest {
    private static final List<String> WNUT = List.of("wnut17train.conll", "emerging.dev.conll",
            "emerging.test.annotated");

    @TempDir Path folder;

    /** A catalogue with one set, whose files hold these texts; what is not in the folder cannot be had. */
    private Catalogue catalogue(String name, List<String> files, List<String> texts) {
        List<DataFile> all = Stream.iterate(0, i -> i < files.size(), i -> i + 1).map(i -> {
            byte[] bytes = texts.get(i).getBytes();
            return new DataFile(files.get(i), URI.create("https://example.org/" + files.get(i)),
                    Catalogue.sha256(bytes),
                    bytes.length, Optional.empty(),
                    Optional.empty());
        }).toList();
        Dataset set = new Dataset(name, "Sentences", name, "conll", "CC0", "README", "none", Optional.empty(), all);
        return new Catalogue(List.of(set), new Locations(Optional.of(folder), folder.resolve("cache"), true),
                (address, limit, target) -> {});
    }

    private Catalogue wnut(String train) throws IOException {
        List<String> texts = List.of(train, "b\tO\n", "c\tB-x\n");
        Files.createDirectories(folder.resolve("wnut17"));
        for (int i = 0; i < 3; i++) Files.writeString(folder.resolve("wnut17").resolve(WNUT.get(i)), texts.get(i));
        return catalogue("wnut17", WNUT, texts);
    }

    private static int count(List<TaggedSentence> sentences, Set<TaggedSentence> among) {
        return (int) sentences.stream().filter(among::contains).count();
    }

    @Test void theRealOneIsReadInItsThreeParts() throws IOException {
        TaggedCorpus corpus = TaggedCorpora.wnut17(wnut("a\tO\n\na\tB-y\n"));
        assertEquals(List.of(2, 1, 1),
                List.of(corpus.train().size(), corpus.validation().size(), corpus.test().size()));
        assertEquals(List.of("B-x", "B-y", "O"), corpus.tags().symbols());
        assertEquals(List.of("<unk>", "a"), corpus.words(2).symbols());
        assertFalse(corpus.builtIn());
        assertEquals("Sentences; licence: CC0.", corpus.source());
    }

    @Test void aMalformedOneIsAnErrorAndNotReplaced() throws IOException {
        Catalogue damaged = wnut("a\tO\nb\n");
        assertEquals(2, Refused.by(Reason.MALFORMED, () -> TaggedCorpora.wnut17(damaged)).line());
    }

    @Test void whatIsOutOfReachIsReplacedAndSaysSo() {
        TaggedCorpus names = TaggedCorpora.wnut17(catalogue("wnut17", WNUT, List.of("a", "b", "c")));
        assertTrue(names.builtIn());
        assertTrue(names.source().contains("stand in for wnut17") && names.source().contains("OFFLINE"),
                names.source());
        List<String> files = List.of("en_ewt-ud-train.conllu", "en_ewt-ud-dev.conllu", "en_ewt-ud-test.conllu");
        TaggedCorpus words = TaggedCorpora.englishEwt(catalogue("ud-english-ewt", files, List.of("a", "b", "c")));
        assertEquals(TaggedCorpora.generatedPartsOfSpeech().train(), words.train());
        assertTrue(words.source().contains("stand in for ud-english-ewt"), words.source());
    }

    @Test void anEmptyPartIsRefused() {
        List<TaggedSentence> one = List.of(new TaggedSentence(List.of("a"), List.of("O")));
        Refused.by(Reason.EMPTY, () -> new TaggedCorpus("x", one, List.of(), one, "", true));
    }

    @Test void generatedPartsHaveNoSentenceInCommonAndStayTheSame() {
        for (TaggedCorpus corpus : List.of(TaggedCorpora.generatedPartsOfSpeech(), TaggedCorpora.generatedNames())) {
            Set<TaggedSentence> all = new HashSet<>();
            for (var part : List.of(corpus.train(), corpus.validation(), corpus.test())) {
                assertEquals(0, count(part, all), corpus.name());
                all.addAll(part);
            }
            assertEquals(2_600, all.size());
        }
        assertEquals(TaggedCorpora.generatedNames(), TaggedCorpora.generatedNames());
    }

    /**
     * Else a table of words would do: 92 % of the words of one corpus and 80 % of the other get the right tag by it.
     */
    @Test void theWordAloneDoesNotTellTheTag() {
        for (TaggedCorpus corpus : List.of(TaggedCorpora.generatedPartsOfSpeech(), TaggedCorpora.generatedNames())) {
            Map<String, Map<String, Long>> seen = corpus.train().stream()
                    .flatMap(s -> Stream.iterate(0, i -> i < s.words().size(), i -> i + 1)
                            .map(i -> List.of(s.words().get(i), s.tags().get(i))))
                    .collect(Collectors.groupingBy(p -> p.get(0), HashMap::new,
                            Collectors.groupingBy(p -> p.get(1), TreeMap::new, Collectors.counting())));
            int right = 0, all = 0;
            for (TaggedSentence s : corpus.test())
                for (int i = 0; i < s.words().size(); i++, all++) {
                    var tags = seen.getOrDefault(s.words().get(i), Map.of("O", 1L));
                    if (tags.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey()
                            .equals(s.tags().get(i)))
                        right++;
                }
            double rate = (double) right / all;
            assertTrue(rate > 0.75 && rate < 0.94, corpus.name() + ": " + rate);
        }
    }

    /** What stands before is equal; only what follows differs. */
    @Test void theSentencesOfTheLecturesAreInTheTestPartOnly() {
        TaggedCorpus parts = TaggedCorpora.generatedPartsOfSpeech(), names = TaggedCorpora.generatedNames();
        assertEquals("Do/AUX n't/PART desert/VERB me/PRON in/ADP the/DET desert/NOUN !/PUNCT",
                parts.test().get(0).toString());
        assertEquals(List.of("DET", "NOUN", "VERB", "DET", "NOUN", "PUNCT"), parts.test().get(1).tags());
        assertEquals(parts.test().get(2).words().subList(0, 5), parts.test().get(3).words().subList(0, 5));
        assertEquals(List.of("PROPN", "NOUN"),
                List.of(parts.test().get(2).tags().get(4), parts.test().get(3).tags().get(4)));
        assertEquals(List.of("O", "O", "B-person", "I-person", "O", "B-person", "I-person", "O"),
                names.test().get(0).tags());
        assertEquals(List.of("B-person", "O"),
                List.of(names.test().get(1).tags().get(4), names.test().get(2).tags().get(4)));
        for (TaggedCorpus corpus : List.of(parts, names))
            for (TaggedSentence s : corpus.test().subList(0, 3))
                assertTrue(Stream.concat(corpus.train().stream(), corpus.validation().stream())
                        .noneMatch(t -> t.words().equals(s.words())));
    }

    @Test void theSameBeginningGoesOnInTwoWaysInTrainingToo() {
        TaggedCorpus parts = TaggedCorpora.generatedPartsOfSpeech();
        for (String tags : List.of("[DET, NOUN, VERB, DET]", "[DET, ADJ, NOUN, VERB]"))
            assertTrue(
                    parts.train().stream()
                            .filter(s -> s.words().get(1).equals("old")
                                    && s.tags().subList(0, 4).toString().equals(tags))
                            .count() > 5,
                    tags);
    }

    @Test void namesOfTheTestArePartlyUnseen() {
        TaggedCorpus names = TaggedCorpora.generatedNames();
        Set<String> known = new HashSet<>(names.words(1).symbols());
        Set<String> inTest = names.test().stream()
                .flatMap(s -> Stream.iterate(0, i -> i < s.words().size(), i -> i + 1)
                        .filter(i -> !s.tags().get(i).equals("O"))
                        .map(i -> s.words().get(i)))
                .collect(Collectors.toSet());
        long unseen = inTest.stream().filter(w -> !known.contains(w)).count();
        assertTrue(unseen > inTest.size() / 5 && unseen < 4 * inTest.size() / 5, unseen + " of " + inTest.size());
        assertFalse(known.contains("Potter") || known.contains("Granger") || known.contains("Roosevelt"));
    }
}
