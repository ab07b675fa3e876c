package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * Values of state-space layers in double precision, {@code {"cases": [{"name": …, "kind": …, "inputs": …, "outputs":
 * …}, …]}}. The system property {@code unroll.ssm-goldens} names another file of the same form.
 */
final class SsmGoldens {
    private SsmGoldens() {
    }

    static List<Case> cases() {
        try (Reader reader = open()) {
            List<Case> cases = new ArrayList<>();
            for (JsonElement e : JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("cases"))
                cases.add(new Case(e.getAsJsonObject().get("name").getAsString(), e.getAsJsonObject()));
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reader open() throws IOException {
        String file = System.getProperty("unroll.ssm-goldens");
        if (file == null)
            return new InputStreamReader(SsmGoldens.class.getResourceAsStream("/ssm_goldens.json"),
                    StandardCharsets.UTF_8);
        // Maven runs the tests of a module in its folder
        Path given = Path.of(file), fromRoot = Path.of("..", "..").resolve(file);
        return Files.newBufferedReader(Files.exists(given) ? given : fromRoot);
    }

    /** One test for each case of a kind; a file with none of them is an error. */
    static Stream<DynamicTest> tests(String kind, ThrowingConsumer<Case> test) {
        List<Case> found = cases().stream().filter(c -> c.text("kind").equals(kind)).toList();
        if (found.isEmpty()) throw new IllegalStateException("the golden file has no case of kind " + kind);
        return found.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> test.accept(c)));
    }

    static double[] vector(Case c, String path) { return c.array(path).values(); }

    static double[][] matrix(Case c, String path) {
        Goldens.Array a = c.array(path);
        double[][] rows = new double[a.shape()[0]][];
        for (int i = 0; i < rows.length; i++) rows[i] = a.at(i).values();
        return rows;
    }

    static Complex[] complex(Case c, String path) {
        double[] re = vector(c, path + "_re"), im = vector(c, path + "_im");
        Complex[] z = new Complex[re.length];
        for (int i = 0; i < z.length; i++) z[i] = new Complex(re[i], im[i]);
        return z;
    }

    static void assertOutput(Case c, String name, double... ours) {
        Goldens.assertGolden(name, c.array("outputs." + name), Tensor.of(ours, ours.length));
    }

    static void assertOutput(Case c, String name, double[][] ours) {
        Goldens.assertGoldenShape(name, c.array("outputs." + name), Tensor.of(ours));
    }

    static void assertOutput(Case c, String name, Tensor ours) {
        Goldens.assertGoldenShape(name, c.array("outputs." + name), ours);
    }

    static void assertOutput(Case c, String name, Complex[] ours) {
        double[] re = new double[ours.length], im = new double[ours.length];
        for (int i = 0; i < re.length; i++) {
            re[i] = ours[i].re();
            im[i] = ours[i].im();
        }
        assertOutput(c, name + "_re", re);
        assertOutput(c, name + "_im", im);
    }

    /** The sum of all outputs that have a cotangent, each times it: what the gradients of the file are of. */
    static Tensor loss(Case c, Map<String, Tensor> outputs) {
        Tensor loss = null;
        for (String name : c.json().getAsJsonObject("cotangents").keySet()) {
            Tensor part = outputs.get(name).mul(c.tensor("cotangents." + name)).sum();
            loss = loss == null ? part : loss.add(part);
        }
        return loss;
    }

    /** Backward from that loss; then each gradient of the file against ours, which must be as many. */
    static void assertGradients(Case c, Map<String, Tensor> outputs, Map<String, Tensor> inputs) {
        assertEquals(c.json().getAsJsonObject("grads").keySet(), inputs.keySet(), "inputs with gradients");
        inputs.values().forEach(Tensor::zeroGradient);
        loss(c, outputs).backward();
        inputs.forEach((name, t) -> Goldens.assertGoldenShape("∂L/∂" + name, c.array("grads." + name),
                t.gradientData() == null ? Tensor.zeros(t.shape()) : t.gradient()));
    }

    static void set(Parameter parameter, Case c, String input) { parameter.set(c.tensor("inputs." + input)); }
}
