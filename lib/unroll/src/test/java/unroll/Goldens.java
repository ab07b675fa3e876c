package unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import unroll.tensor.IntTensor;
import unroll.tensor.Tensor;

/**
 * Values that PyTorch computed in double precision: {@code {"cases": [{"name": …, …}, …]}}. The system property
 * {@code unroll.goldens} names another file of the same form.
 */
public final class Goldens {
    /**
     * {@code |ours - theirs| <= RELATIVE |theirs| + FLOOR max|theirs|} over the tensor: the floor is for elements where
     * large terms cancel.
     */
    private static final double RELATIVE = 1e-5, FLOOR = 3e-6;

    private Goldens() {
    }

    /** Numbers with a shape. */
    public record Array(double[] values, int[] shape) {
        public Tensor tensor() { return Tensor.of(values, shape); }

        public IntTensor integers() {
            return IntTensor.of(Arrays.stream(values).mapToInt(v -> (int) v).toArray(), shape);
        }

        /** Number i of the first axis. */
        public Array at(int i) {
            int n = values.length / shape[0];
            return new Array(Arrays.copyOfRange(values, i * n, (i + 1) * n),
                    Arrays.copyOfRange(shape, 1, shape.length));
        }

        public Array transposed() {
            double[] t = new double[values.length];
            for (int i = 0; i < shape[0]; i++)
                for (int j = 0; j < shape[1]; j++) t[j * shape[0] + i] = values[i * shape[1] + j];
            return new Array(t, new int[] {shape[1], shape[0]});
        }
    }

    /** One case of the file; fields within fields by path: {@code "parameters.weight_ih_l0"}, {@code "inputs.1"}. */
    public record Case(String name, JsonObject json) {
        /** Whether the field is there and not null. */
        public boolean has(String path) { return find(path) != null; }

        public double number(String path) { return need(path).getAsDouble(); }

        public int integer(String path) { return need(path).getAsInt(); }

        public String text(String path) { return need(path).getAsString(); }

        public boolean flag(String path) { return need(path).getAsBoolean(); }

        /** A number or nested lists of numbers. */
        public Array array(String path) {
            List<Integer> shape = new ArrayList<>();
            JsonElement field = need(path);
            for (JsonElement e = field; e.isJsonArray(); e = e.getAsJsonArray().get(0)) {
                shape.add(e.getAsJsonArray().size());
                if (e.getAsJsonArray().isEmpty()) break;
            }
            List<Double> values = new ArrayList<>();
            flatten(field, values);
            return new Array(values.stream().mapToDouble(Double::doubleValue).toArray(),
                    shape.stream().mapToInt(Integer::intValue).toArray());
        }

        public Tensor tensor(String path) { return array(path).tensor(); }

        private JsonElement need(String path) {
            JsonElement found = find(path);
            if (found == null)
                throw new IllegalArgumentException("golden " + name + " has no " + path + "; it has " + json.keySet());
            return found;
        }

        private JsonElement find(String path) {
            JsonElement at = json;
            for (String step : path.split("\\.")) {
                if (at instanceof JsonObject o) at = o.get(step);
                else if (at instanceof JsonArray a && step.matches("\\d+") && Integer.parseInt(step) < a.size())
                    at = a.get(Integer.parseInt(step));
                else
                    return null;
            }
            return at == null || at.isJsonNull() ? null : at;
        }

        private static void flatten(JsonElement e, List<Double> to) {
            if (e.isJsonArray()) e.getAsJsonArray().forEach(x -> flatten(x, to));
            else
                to.add(e.getAsDouble());
        }

        @Override public String toString() { return name; }
    }

    /** All cases of the file. */
    public static List<Case> cases() {
        try (Reader reader = open()) {
            return cases(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Case> cases(Reader reader) {
        List<Case> cases = new ArrayList<>();
        for (JsonElement e : JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("cases"))
            cases.add(new Case(e.getAsJsonObject().get("name").getAsString(), e.getAsJsonObject()));
        return cases;
    }

    private static Reader open() throws IOException {
        String file = System.getProperty("unroll.goldens");
        if (file == null)
            return new InputStreamReader(Goldens.class.getResourceAsStream("/goldens.json"), StandardCharsets.UTF_8);
        // Maven runs the tests of a module in its folder
        Path given = Path.of(file), fromRoot = Path.of("..", "..").resolve(file);
        return Files.newBufferedReader(Files.exists(given) ? given : fromRoot);
    }

    /**
     * One test for each case of torch/nn_goldens.json, which make_nn_goldens.py beside it writes, whose name begins so.
     */
    public static Stream<DynamicTest> pictureTests(String name, ThrowingConsumer<Case> test) {
        try (Reader reader = new InputStreamReader(Goldens.class.getResourceAsStream("/torch/nn_goldens.json"),
                StandardCharsets.UTF_8)) {
            return tests(name, cases(reader), c -> c.name().startsWith(name), test);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One test for each case that {@code wanted} takes; a file with none of them is an error. */
    public static Stream<DynamicTest> tests(String what, Predicate<Case> wanted, ThrowingConsumer<Case> test) {
        return tests(what, cases(), wanted, test);
    }

    private static Stream<DynamicTest> tests(String what, List<Case> cases, Predicate<Case> wanted,
            ThrowingConsumer<Case> test) {
        List<Case> found = cases.stream().filter(wanted).toList();
        if (found.isEmpty()) throw new IllegalStateException("the golden file has no case of: " + what);
        return found.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> test.accept(c)));
    }

    /** Ours equals theirs: the same number of elements, each near enough. */
    public static void assertGolden(String what, Array theirs, Tensor ours) {
        Close.assertWithin(what, theirs.values(), ours, RELATIVE, FLOOR);
    }

    /** The same, with equal shapes. */
    public static void assertGoldenShape(String what, Array theirs, Tensor ours) {
        assertArrayEquals(theirs.shape(), ours.shape(), what + ": shape");
        assertGolden(what, theirs, ours);
    }
}
