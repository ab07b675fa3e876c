package unroll.data;
import unroll.data.Dataset.DataFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

final class CatalogueFileTest {
    private static final String SHA = "0".repeat(64);
    private static final String GOOD = """
            {"version": 1, "datasets": [{"name": "letters", "title": "Some letters", "folder": "letters", "format": "text", "licence": "CC0",
              "licenceSource": "README", "citation": "none",
              "files": [{"path": "a/b.txt", "url": "https://example.org/b.txt", "sha256": "%s", "bytes": 12}]}]}"""
            .formatted(SHA);

    private static String refusal(String json) {
        DatasetException e = assertThrows(DatasetException.class, () -> CatalogueFile.parse(json, "test.json"));
        assertEquals(Reason.BAD_CATALOGUE, e.reason());
        assertTrue(e.getMessage().startsWith("Catalogue test.json: "), e.getMessage());
        return e.getMessage();
    }

    private static String with(String from, String to) {
        assertTrue(GOOD.contains(from));
        return GOOD.replace(from, to);
    }

    @Test void anEntryIsReadWhole() {
        List<Dataset> sets = CatalogueFile.parse(GOOD, "test.json");
        assertEquals("letters", sets.get(0).name());
        assertEquals(12, sets.get(0).file("a/b.txt").bytes());
        assertEquals(Reason.UNKNOWN_FILE,
                assertThrows(DatasetException.class, () -> sets.get(0).file("c.txt")).reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../b.txt", "a/../../b.txt", "/etc/passwd", "a//b", "a/", "", "..", ".hidden", "a\\\\b",
            "C:/b", "a/b\\u0000", "a/b\\n",
            "~/b"}) void pathsThatLeaveTheirFolderAreRefused(String path) {
        assertTrue(refusal(with("a/b.txt", path)).contains("\"path\""));
        refusal(with("\"folder\": \"letters\"", "\"folder\": \"" + path + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "datasets", "name", "title", "folder", "format", "licence", "licenceSource",
            "citation", "files", "path",
            "url",
            "sha256", "bytes"}) void everyMissingFieldIsNamed(String field) {
        String message = refusal(with("\"" + field + "\":", "\"other\":"));
        assertTrue(message.contains(field), message);
    }

    @ParameterizedTest
    @CsvSource({"12, 0", "12, -1", "12, 1e9", "12, 1.5", "12, 99999999999", "12, '\"12\"'", "12, null",
            "https://example.org/b.txt, b.txt",
            "https://example.org/b.txt, 'https:/ /x'", "'\"letters\", \"title\"', '\"Upper Case\", \"title\"'",
            "'[{\"path', '[7, {\"path'",
            "'\"Some letters\"', '[]'", "1, 2"}) void valuesThatMakeNoSenseAreRefused(String from, String to) {
        assertFalse(refusal(
                GOOD.replaceFirst(java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to)))
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{", "{\"version\": 1, \"datasets\": [}", "{'version': 1}",
            "{\"version\": 1, \"datasets\": []} more"}) void whatIsNoCatalogueIsRefused(String json) {
        refusal(json);
    }

    @Test void deepNestingIsRefusedAndDoesNotOverflow() { refusal("[".repeat(1_000_000)); }

    @Test void aHugeFileIsRefusedUnread() { assertTrue(refusal(" ".repeat(4_000_001)).contains("at most 4000000")); }

    @Test void namesAndFoldersAreUnique() {
        String entry = GOOD.substring(GOOD.indexOf("[{") + 1, GOOD.length() - 2);
        assertTrue(refusal("{\"version\": 1, \"datasets\": [" + entry + "," + entry + "]}")
                .contains("two data sets are called letters"));
        assertTrue(refusal("{\"version\": 1, \"datasets\": [" + entry + ","
                + entry.replace("\"name\": \"letters\"", "\"name\": \"other\"") + "]}")
                .contains("two data sets have the folder letters"));
    }

    @Test void theCatalogueOfTheLibraryIsWellFormedAndHttpsOnly() {
        Catalogue catalogue = Catalogue.standard();
        assertEquals(List.of("tiny-shakespeare", "wikitext-2", "sentence-polarity", "ud-english-ewt", "wnut17",
                "cmudict", "tatoeba-swe-eng", "mnist",
                "coco-cc-subset"), catalogue.datasets().stream().map(Dataset::name).toList());
        for (Dataset set : catalogue.datasets())
            for (DataFile file : set.files()) assertEquals("https", file.url().getScheme());
        assertEquals(1_115_394, catalogue.dataset("tiny-shakespeare").file("input.txt").bytes());
    }
}
