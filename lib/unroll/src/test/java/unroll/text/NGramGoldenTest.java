package unroll.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Kneser-Ney probabilities by brute force in double precision. The system property {@code unroll.language-goldens}
 * names another file of the same form.
 */
class NGramGoldenTest {
    private static Reader open() throws IOException {
        String file = System.getProperty("unroll.language-goldens");
        if (file == null)
            return new InputStreamReader(NGramGoldenTest.class.getResourceAsStream("/language_goldens.json"),
                    StandardCharsets.UTF_8);
        // Maven runs the tests of a module in its folder
        Path given = Path.of(file), fromRoot = Path.of("..", "..").resolve(file);
        return Files.newBufferedReader(Files.exists(given) ? given : fromRoot);
    }

    private static int[] ints(JsonElement array) {
        return elements(array).mapToInt(JsonElement::getAsInt).toArray();
    }

    private static Stream<JsonElement> elements(JsonElement array) {
        JsonArray all = array.getAsJsonArray();
        return StreamSupport.stream(all.spliterator(), false);
    }

    @TestFactory Stream<DynamicTest> kneserNey() throws IOException {
        try (Reader reader = open()) {
            Stream<JsonObject> cases = elements(JsonParser.parseReader(reader).getAsJsonObject().get("cases"))
                    .map(JsonElement::getAsJsonObject).filter(c -> c.get("kind").getAsString().equals("kneser-ney"));
            return cases.toList().stream()
                    .map(c -> DynamicTest.dynamicTest(c.get("name").getAsString(), () -> compare(c)));
        }
    }

    private static void compare(JsonObject c) {
        int symbols = c.get("vocabulary").getAsInt();
        NGramModel model = NGramModel.count(c.get("order").getAsInt(), ints(c.get("text")), symbols,
                c.get("discounting").getAsString().equals("modified")
                        ? NGramModel.Smoothing.MODIFIED_KNESER_NEY
                        : NGramModel.Smoothing.KNESER_NEY);
        elements(c.get("contexts")).map(JsonElement::getAsJsonObject).forEach(golden -> {
            double[] expected = elements(golden.get("probabilities")).mapToDouble(JsonElement::getAsDouble).toArray();
            int[] context = ints(golden.get("context"));
            double[] all = model.probabilities(context);
            for (int s = 0; s < symbols; s++) {
                int[] with = IntStream.concat(IntStream.of(context), IntStream.of(s)).toArray();
                assertEquals(expected[s], model.probability(with, context.length), 1e-12);
                assertEquals(expected[s], all[s], 1e-12);
            }
        });
        int[] test = ints(c.get("test"));
        double nats = IntStream.range(0, test.length).mapToDouble(i -> -Math.log(model.probability(test, i))).sum();
        assertEquals(c.get("nats_per_symbol").getAsDouble(), nats / test.length, 1e-12);
    }
}
