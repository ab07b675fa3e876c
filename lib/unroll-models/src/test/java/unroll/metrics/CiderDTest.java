package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

/** CIDEr-D against the figures of metrics/make_cider_goldens.py, and by hand. */
final class CiderDTest {
    private static final List<List<List<String>>> REFERENCES = List.of(
            List.of(words("a red circle left of a blue square")),
            List.of(words("a green triangle above a small red circle")),
            List.of(words("a white square"), words("a small white square")));

    private static List<String> words(String text) { return text.isEmpty() ? List.of() : List.of(text.split(" ")); }

    private static List<List<String>> sentences(JsonElement texts) {
        List<List<String>> all = new ArrayList<>();
        for (JsonElement text : texts.getAsJsonArray()) all.add(words(text.getAsString()));
        return all;
    }

    @Test void asTheDefinitionComputesIt() throws IOException {
        JsonArray cases;
        try (Reader reader = new InputStreamReader(CiderDTest.class.getResourceAsStream("/metrics/cider_goldens.json"),
                StandardCharsets.UTF_8)) {
            cases = JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("cases");
        }
        assertEquals(4, cases.size());
        for (JsonElement element : cases) {
            JsonObject one = element.getAsJsonObject();
            List<List<List<String>>> references = new ArrayList<>();
            for (JsonElement own : one.getAsJsonArray("references")) references.add(sentences(own));
            List<List<String>> written = sentences(one.get("written"));
            double[] expected = one.getAsJsonArray("scores").asList().stream().mapToDouble(JsonElement::getAsDouble)
                    .toArray();
            assertArrayEquals(expected, CiderD.of(references).scores(written), 1e-9, one.get("name").getAsString());
            assertEquals(one.get("mean").getAsDouble(), CiderD.of(references).mean(written), 1e-9);
        }
    }

    @Test void tenForTheOnlyReferenceItself() {
        CiderD cider = CiderD.of(REFERENCES);
        assertEquals(10, cider.score(REFERENCES.get(0).get(0), REFERENCES.get(0)), 1e-12);
        for (String other : List.of("a red circle left of a blue", "a red circle right of a blue square",
                "a blue square left of a red circle",
                "a red circle left of a blue square square", "a square"))
            assertTrue(cider.score(words(other), REFERENCES.get(0)) < 9.9, other);
        assertEquals(7.5, cider.score(words("a white square"), List.of(words("a white square"))), 1e-12,
                "no run of four");
        assertTrue(cider.score(words("a white square"), REFERENCES.get(2)) < 7.5, "two references that differ");
    }

    /** Three pictures; two have "red", one has "blue", all have "a". */
    @Test void byHand() {
        CiderD cider = CiderD.of(List.of(List.of(words("a red")), List.of(words("a red blue")), List.of(words("a"))));
        double red = Math.log(1.5), blue = Math.log(3), pair = Math.log(1.5), penalty = Math.exp(-1 / 72.0);
        double one = red * red / (red * Math.hypot(red, blue)),
                two = pair * pair / (pair * Math.hypot(pair, Math.log(3)));
        assertEquals(10 * penalty * (one + two) / 4, cider.score(words("a red"), List.of(words("a red blue"))), 1e-12);
        // "blue" counts once, whatever its length in the caption
        double clipped = blue * blue / (3 * blue * Math.hypot(red, blue));
        assertEquals(10 * clipped / 4, cider.score(words("blue blue blue"), List.of(words("a red blue"))), 1e-12);
        assertEquals(0, cider.score(words("a"), List.of(words("a"))), 0, "a word of all pictures says nothing");
        assertEquals(0, cider.score(List.of(), List.of(words("a red"))), 0);
        assertEquals(0, CiderD.of(List.of(List.of(words("a red")))).mean(List.of(words("a red"))), 0, "one picture");
    }

    @Test void theOrderOfReferencesAndPicturesDoesNotMatter() {
        List<List<String>> written = List.of(words("a red circle"), words("a green circle above a red circle"),
                words("a small square"));
        List<List<String>> references = new ArrayList<>(REFERENCES.get(2)), turned = new ArrayList<>(written);
        Collections.reverse(references);
        CiderD cider = CiderD.of(REFERENCES);
        assertEquals(cider.score(written.get(2), REFERENCES.get(2)), cider.score(written.get(2), references), 1e-12);
        List<List<List<String>>> pictures = new ArrayList<>(REFERENCES);
        Collections.reverse(pictures);
        Collections.reverse(turned);
        assertEquals(cider.mean(written), CiderD.of(pictures).mean(turned), 1e-12);
        double[] scores = cider.scores(written);
        assertEquals((scores[0] + scores[1] + scores[2]) / 3, cider.mean(written), 1e-12);
    }

    @Test void mistakesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> CiderD.of(List.of()));
        assertThrows(IllegalArgumentException.class, () -> CiderD.of(List.of(List.of())));
        assertThrows(IllegalArgumentException.class, () -> CiderD.of(REFERENCES).score(words("a"), List.of()));
        String message = assertThrows(IllegalArgumentException.class,
                () -> CiderD.of(REFERENCES).scores(List.of(words("a")))).getMessage();
        assertTrue(message.contains("3 pictures") && message.endsWith("but got 1"), message);
    }
}
