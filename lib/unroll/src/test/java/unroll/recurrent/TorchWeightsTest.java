package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Close.assertClose;
import static unroll.Goldens.assertGolden;
import static unroll.Goldens.assertGoldenShape;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

class TorchWeightsTest {
    private static SequenceLayer small(long seed) { return Lstm.of(3, 2).layers(2).build(Rng.seed(seed)); }

    private static Map<String, Tensor> entries() { return new LinkedHashMap<>(TorchWeights.export(small(1))); }

    private static IllegalArgumentException refused(SequenceLayer layer, Map<String, Tensor> entries, String prefix) {
        Map<String, Tensor> before = TorchWeights.export(layer);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> TorchWeights.load(layer, entries, prefix));
        Map<String, Tensor> after = TorchWeights.export(layer);
        before.forEach((name, t) -> assertArrayEquals(t.data(), after.get(name).data(), name + " is unchanged"));
        return e;
    }

    private static List<String> problems(IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("The weights do not fit "), e.getMessage());
        return e.getMessage().lines().filter(l -> l.startsWith("- ")).map(l -> l.substring(2)).toList();
    }

    private static RecurrentSpec<?> spec(Case c) {
        int I = c.integer("I"), H = c.integer("H");
        RecurrentSpec<?> one = switch (c.text("kind")) {
            case "LSTM" -> Lstm.of(I, H);
            case "GRU" -> Gru.of(I, H);
            default -> Rnn.of(I, H, Nonlinearity.valueOf(c.text("nonlinearity").toUpperCase(Locale.ROOT)));
        };
        RecurrentSpec<?> deep = one.layers(c.integer("layers"));
        return c.flag("bidirectional") ? deep.bidirectional() : deep;
    }

    @TestFactory Stream<DynamicTest> weightsOfPyTorchGiveItsOutputs(@TempDir Path folder) {
        return Goldens.tests("recurrent layers", c -> c.has("kind"), c -> {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            for (String name : c.json().getAsJsonObject("parameters").keySet())
                weights.put(name, c.tensor("parameters." + name));
            Path file = folder.resolve("weights.safetensors");
            TensorFile.write(file, weights);
            SequenceLayer layer = spec(c).build(Rng.seed(9));
            TorchWeights.load(layer, TensorFile.read(file));
            List<Tensor> start = new ArrayList<>();
            for (int l = 0; l < c.array("h0").shape()[0]; l++)
                for (String s : states(c)) start.add(c.array(s + "0").at(l).tensor());
            State initial = layer.initialState(c.integer("B")).with(start);
            Output out = c.has("lengths")
                    ? layer.apply(c.tensor("x"), initial, Lengths.of(c.array("lengths").integers().data()))
                    : layer.apply(c.tensor("x"), initial);
            assertGoldenShape("y", c.array("y"), out.states());
            for (int i = 0; i < start.size(); i++) {
                int n = states(c).size();
                assertGolden("last state " + i, c.array(states(c).get(i % n) + "T").at(i / n),
                        out.last().tensors().get(i));
            }
        });
    }

    private static List<String> states(Case c) { return c.has("c0") ? List.of("h", "c") : List.of("h"); }

    /** The files are made by export_lstm.py beside them. */
    @ParameterizedTest
    @ValueSource(strings = {"lstm.npz", "lstm.safetensors", "lstm-bidirectional.npz",
            "lstm-bidirectional.safetensors"}) void aLayerOfAModelSavedInPythonGivesTheSameOutputs(
                    String file) throws URISyntaxException {
        RecurrentSpec<?> spec = Lstm.of(3, 4).layers(2);
        SequenceLayer lstm = (file.contains("bidirectional") ? spec.bidirectional() : spec).build(Rng.seed(9));
        Map<String, Tensor> saved = TensorFile
                .read(Path.of(TorchWeightsTest.class.getResource("/torch/" + file).toURI()));
        TorchWeights.load(lstm, saved, "lstm.");
        Output out = lstm.apply(saved.get("x"));
        assertClose("y", saved.get("y"), out.states(), 1e-5);
        for (int l = 0; l < saved.get("h").size(0); l++) {
            assertClose("h " + l, saved.get("h").at(l), out.last().tensors().get(2 * l), 1e-5);
            assertClose("c " + l, saved.get("c").at(l), out.last().tensors().get(2 * l + 1), 1e-5);
        }
    }

    static Stream<RecurrentSpec<?>> specs() {
        return Stream.of(Lstm.of(3, 5), Lstm.of(4, 2).layers(3), Gru.of(3, 5), Gru.of(2, 3).layers(2), Rnn.of(3, 5),
                Rnn.of(5, 3, Nonlinearity.RELU).layers(2), Lstm.of(3, 2).bidirectional(),
                Gru.of(3, 2).layers(2).bidirectional());
    }

    @ParameterizedTest
    @MethodSource("specs") void whatWasExportedGivesTheSameLayer(RecurrentSpec<?> spec) {
        SequenceLayer layer = spec.build(Rng.seed(1)), other = spec.build(Rng.seed(2));
        TorchWeights.load(other, TorchWeights.export(layer, "rnn."), "rnn.");
        layer.namedParameters()
                .forEach((path, p) -> assertArrayEquals(p.data(), other.namedParameters().get(path).data(), path));
    }

    @Test void exportedMatricesAreTransposedAndTheSecondBiasIsZero() {
        Lstm lstm = new Lstm(new LstmCell(3, 2, Rng.seed(1)));
        Map<String, Tensor> entries = TorchWeights.export(lstm);
        assertEquals(List.of("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"),
                List.copyOf(entries.keySet()));
        assertArrayEquals(new int[] {8, 3}, entries.get("weight_ih_l0").shape());
        assertArrayEquals(new int[] {8, 2}, entries.get("weight_hh_l0").shape());
        assertEquals(lstm.namedParameters().get("w").get(2, 5), entries.get("weight_ih_l0").get(5, 2));
        assertEquals(lstm.namedParameters().get("u").get(1, 5), entries.get("weight_hh_l0").get(5, 1));
        assertArrayEquals(lstm.namedParameters().get("b").data(), entries.get("bias_ih_l0").data());
        assertArrayEquals(new float[8], entries.get("bias_hh_l0").data());
    }

    @Test void theSecondBiasOfAGrusCandidateIsC() {
        Gru gru = new Gru(new GruCell(3, 2, Rng.seed(1)));
        float[] c = gru.namedParameters().get("c").data();
        assertArrayEquals(new float[] {0, 0, 0, 0, c[0], c[1]}, TorchWeights.export(gru).get("bias_hh_l0").data());
    }

    @Test void bothDirectionsOfAllLayersHaveNames() {
        SequenceLayer layer = Rnn.of(3, 2).layers(2).bidirectional().build(Rng.seed(1));
        Map<String, Tensor> entries = TorchWeights.export(layer);
        assertEquals(List.of("weight_ih_l0", "weight_ih_l0_reverse", "weight_ih_l1", "weight_ih_l1_reverse"),
                entries.keySet().stream().filter(n -> n.startsWith("weight_ih")).toList());
        assertArrayEquals(new int[] {2, 4}, entries.get("weight_ih_l1_reverse").shape());
    }

    @Test void theCellOfAnUnrolledLayerHasTheSameLayout() {
        LstmCell cell = new LstmCell(3, 2, Rng.seed(1));
        TorchWeights.export(new Lstm(cell))
                .forEach((name, t) -> assertArrayEquals(t.data(),
                        TorchWeights.export(new Unrolled<>(cell)).get(name).data(), name));
    }

    @Test void whatWasExportedIsACopy() {
        SequenceLayer layer = small(1);
        Map<String, Tensor> entries = TorchWeights.export(layer);
        float[] before = entries.get("bias_ih_l0").data().clone();
        layer.parameters().forEach(p -> p.set(Tensor.zeros(p.shape())));
        assertArrayEquals(before, entries.get("bias_ih_l0").data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"w.npz", "w.safetensors"}) void allThatIsWrongInAFileIsListedAtOnce(String name,
            @TempDir Path folder) {
        Map<String, Tensor> entries = entries();
        entries.remove("bias_hh_l0");
        entries.remove("weight_hh_l1");
        entries.put("weight_ih_l1", Tensor.zeros(2, 8));
        entries.put("weight_hr_l0", Tensor.zeros(1, 2));
        entries.put("bias_ih_l1", Tensor.of(new float[] {0, 1, Float.NaN, 3, Float.NEGATIVE_INFINITY, 5, 6, 7}, 8));
        float[] infinite = new float[8 * 3];
        infinite[3 * 4 + 2] = Float.POSITIVE_INFINITY;
        entries.put("weight_ih_l0", Tensor.of(infinite, 8, 3));
        TensorFile.write(folder.resolve(name), entries);
        IllegalArgumentException e = refused(small(2), TensorFile.read(folder.resolve(name)), "");
        assertEquals(List.of("weight_ih_l0 has numbers that are NaN or infinite: 1 of 24, the first at [4, 2]",
                "bias_hh_l0 is missing; expected shape [8]",
                "weight_ih_l1 has shape [2, 8]; expected [8, 2]", "weight_hh_l1 is missing; expected shape [8, 2]",
                "bias_ih_l1 has numbers that are NaN or infinite: 2 of 8, the first at [2]",
                "weight_hr_l0 of shape [1, 2] is not one of its weights"), problems(e));
    }

    @Test void weightsOfMoreLayersThanThereAreAreRefused() {
        IllegalArgumentException e = refused(Lstm.of(3, 2).build(Rng.seed(2)), entries(), "");
        assertEquals(4, problems(e).size(), e.getMessage());
    }

    @Test void biasesWhoseSumIsInfiniteAreRefused() {
        Map<String, Tensor> entries = entries();
        entries.put("bias_ih_l1", Tensor.full(3e38, 8));
        entries.put("bias_hh_l1", Tensor.full(3e38, 8));
        assertEquals(List.of("bias_ih_l1 and bias_hh_l1: their sum is not finite"),
                problems(refused(small(2), entries, "")));
    }

    @Test void entriesWithAnotherPrefixAreLeftAside() {
        Map<String, Tensor> model = new LinkedHashMap<>(TorchWeights.export(small(1), "encoder.rnn."));
        model.put("decoder.weight", Tensor.full(Float.NaN, 7));
        SequenceLayer layer = small(2);
        TorchWeights.load(layer, model, "encoder.rnn.");
        assertArrayEquals(entries().get("weight_hh_l1").data(), TorchWeights.export(layer).get("weight_hh_l1").data());
    }

    @Test void aForgottenPrefixIsNamed() {
        String message = refused(small(2), TorchWeights.export(small(1), "encoder.rnn."), "").getMessage();
        assertTrue(message.endsWith("with the prefix \"encoder.rnn.\"."), message);
    }

    @Test void weightsWithoutBiasesGetAdvice() {
        Map<String, Tensor> entries = entries();
        entries.keySet().removeIf(name -> name.startsWith("bias"));
        assertTrue(refused(small(2), entries, "").getMessage().contains("bias=False"));
    }

    @Test void layersThatShareWeightsTakeEqualOnesOnly() {
        Rnn shared = new Rnn(new ElmanCell(2, 2, Nonlinearity.TANH, Rng.seed(1)));
        SequenceLayer twice = new Stacked(List.of(shared, shared), 0, Rng.seed(1));
        TorchWeights.load(twice, TorchWeights.export(twice));
        IllegalArgumentException e = refused(twice, TorchWeights.export(Rnn.of(2, 2).layers(2).build(Rng.seed(3))), "");
        assertEquals(3, problems(e).size(), "w, u and b: " + e.getMessage());
    }

    @Test void layersThatPyTorchDoesNotHaveAreRefused() {
        Rng rng = Rng.seed(1);
        LstmCell five = new LstmCell(3, 5, rng), two = new LstmCell(5, 2, rng);
        assertNoLayout("PyTorch has no layer", Rnn.of(3, 2, Nonlinearity.LOGISTIC).build(rng));
        for (GruConvention convention : GruConvention.values())
            if (convention != GruConvention.KEEPS_OLD_RESET_AFTER)
                assertNoLayout("PyTorch has no layer", Gru.of(3, 2).convention(convention).build(rng));
        assertNoLayout("PyTorch has no layer", Lstm.of(3, 2).peepholes().build(rng));
        assertNoLayout("PyTorch has no layer", Lstm.of(3, 2).learnedInitialState().build(rng));
        assertNoLayout("one kind and one hidden size", new Stacked(List.of(new Lstm(five), new Lstm(two)), 0, rng));
        assertNoLayout("one kind and one hidden size",
                new Stacked(List.of(new Lstm(five), new Gru(new GruCell(5, 5, rng))), 0, rng));
        assertNoLayout("one kind and one hidden size",
                new Stacked(List.of(new Rnn(new ElmanCell(2, 2, Nonlinearity.TANH, rng)),
                        new Rnn(new ElmanCell(2, 2, Nonlinearity.RELU, rng))), 0, rng));
        assertNoLayout("put both directions side by side", Gru.of(3, 2).bidirectionalAdded().build(rng));
        assertNoLayout("PyTorch has no layer", Gru.of(3, 2).layers(2).separateDirections().build(rng));
        assertNoLayout("add nothing to their outputs", Gru.of(3, 2).layers(2).residual().build(rng));
        assertNoLayout("no place for the parameter norm0.", Gru.of(3, 2).layers(2).layerNorm().build(rng));
        assertNoLayout("differ in their directions", new Stacked(
                List.of(Gru.of(3, 4).bidirectional().build(rng), new Gru(new GruCell(8, 4, rng))), 0, rng));
    }

    private static void assertNoLayout(String part, SequenceLayer layer) {
        String message = assertThrows(IllegalArgumentException.class, () -> TorchWeights.export(layer)).getMessage();
        assertTrue(message.contains(part), message);
        assertThrows(IllegalArgumentException.class, () -> TorchWeights.load(layer, Map.of()));
    }
}
