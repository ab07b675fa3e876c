package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.nn.Initializer.identity;
import static unroll.nn.Initializer.orthogonal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * One word of a configuration gives another published recurrence; what it starts from, what it says of itself, and what
 * it refuses.
 */
class RecurrentSpecTest {
    private static final int I = 3, H = 4;

    /** Each variant with the name of its cell. */
    static Map<String, RecurrentSpec<?>> variants() {
        Map<String, RecurrentSpec<?>> all = new LinkedHashMap<>();
        all.put("simple RNN", Rnn.of(I, H));
        all.put("simple RNN, state before σ", Rnn.of(I, H).preactivation());
        all.put("skip over time", Rnn.of(I, H).timeSkip());
        all.put("IndRNN", Rnn.of(I, H).independent());
        all.put("LSTM", Lstm.of(I, H));
        all.put("LSTM without forget gate", Lstm.of(I, H).withoutForgetGate());
        all.put("peephole LSTM", Lstm.of(I, H).peepholes());
        all.put("coupled LSTM", Lstm.of(I, H).coupledGates());
        all.put("GRU", Gru.of(I, H));
        for (GruConvention convention : GruConvention.values())
            all.put("GRU, " + convention, Gru.of(I, H).convention(convention));
        all.put("simplified GRU", Gru.of(I, H).simplified());
        all.put("minimal gated unit", Gru.of(I, H).minimal());
        all.put("minGRU", MinGru.of(I, H));
        all.put("minLSTM", MinLstm.of(I, H));
        return all;
    }

    private static Stream<DynamicTest> each(Consumer<RecurrentSpec<?>> test) {
        return variants().values().stream()
                .map(spec -> DynamicTest.dynamicTest(spec.toString(), () -> test.accept(spec)));
    }

    private static Map<String, Parameter> weights(RecurrentSpec<?> spec) {
        return spec.build(Rng.seed(1)).namedParameters();
    }

    @Test void onlyTheJordanNetworkHasNoConfiguration() {
        List<String> names = EveryCell.all().map(EveryCell::name)
                .filter(n -> !variants().containsKey(n)).toList();
        assertEquals(List.of("Jordan network"), names);
    }

    @TestFactory Stream<DynamicTest> variantsAreTheirCells() {
        Tensor x = Rng.seed(2).normal(5, 2, I);
        return variants().entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
            Cell<?> cell = EveryCell.named(e.getKey()).cell(I, H, Rng.seed(1).split());
            SequenceLayer layer = e.getValue().build(Rng.seed(1));
            assertEquals(cell.parameters().stream().mapToLong(Parameter::size).sum(), layer.parameterCount());
            Close.assertClose("states", new Unrolled<>(cell).apply(x).states(), layer.apply(x).states(), 3e-6);
        }));
    }

    @TestFactory Stream<DynamicTest> gradientsAreThoseOfDifferences() {
        Tensor x = Rng.seed(2).normal(4, 2, I);
        return variants().values().stream().map(spec -> spec instanceof RnnSpec r ? r.tanh() : spec).map(spec -> {
            RecurrentSpec<?> learned = spec.learnedInitialState();         // not ReLU: differences see its kink
            return DynamicTest.dynamicTest(learned.toString(), () -> {
                SequenceLayer layer = learned.build(Rng.seed(1));
                Parameter[] all = layer.parameters().toArray(Parameter[]::new);
                assertTrue(all[all.length - 1].name().startsWith("initial"));
                for (Parameter p : all) if (p.name().startsWith("initial")) p.set(Rng.seed(4).normal(p.shape()));
                Close.assertGradient(() -> layer.apply(x, Lengths.of(4, 2)).states(), all);
            });
        });
    }

    @TestFactory Stream<DynamicTest> stacksInBothDirectionsRun() {
        return each(spec -> {
            SequenceLayer layer = spec.layers(2).bidirectional().learnedInitialState().layerNorm().residual()
                    .dropout(0.1).build(Rng.seed(1));
            Tensor states = layer.apply(Rng.seed(2).normal(5, 2, I), Lengths.of(5, 3)).states();
            assertArrayEquals(new int[] {5, 2, 2 * H}, states.shape());
            assertTrue(states.isFinite());
        });
    }

    // ---- how weights start
    // ---------------------------------------------------------------------------------------------

    @TestFactory Stream<DynamicTest> eachGateGetsAMatrixOfItsOwn() {
        return each(spec -> {
            boolean none = weights(spec).entrySet().stream()
                    .noneMatch(e -> e.getKey().startsWith("u") && e.getValue().rank() == 2);
            if (none) {
                var e = assertThrows(IllegalArgumentException.class,
                        () -> spec.recurrentInit(orthogonal()).build(Rng.seed(1)));
                assertTrue(e.getMessage().contains("recurrentInit(..)"), e.getMessage());
                return;
            }
            Map<String, Parameter> before = weights(spec), after = weights(spec.recurrentInit(orthogonal().times(0.5)));
            before.forEach((name, p) -> {
                if (name.startsWith("u")) assertOrthogonalBlocks(after.get(name), 0.25);
                else
                    assertArrayEquals(p.data(), after.get(name).data(), name + " is not changed");
            });
        });
    }

    private static void assertOrthogonalBlocks(Parameter u, double squaredLength) {
        double[] expected = new double[H * H];
        for (int i = 0; i < H; i++) expected[i * H + i] = squaredLength;
        for (int from = 0; from < u.size(1); from += H) {
            Tensor block = u.columns(from, from + H);
            Close.assertClose(u.name() + " from column " + from, expected, block.transpose().matmul(block), 1e-5);
            if (from > 0)
                assertFalse(Arrays.equals(u.columns(0, H).data(), block.data()), "each has numbers of its own");
        }
    }

    @TestFactory Stream<DynamicTest> inputWeightsStartAsToldAndNothingElseDoes() {
        return each(spec -> {
            Map<String, Parameter> before = weights(spec), after = weights(spec.inputInit(identity().times(2)));
            before.forEach((name, p) -> {
                if (!name.equals("w")) assertArrayEquals(p.data(), after.get(name).data(), name + " is not changed");
                else
                    for (int r = 0; r < I; r++)
                        for (int c = 0; c < p.size(1); c++)
                            assertEquals(c % H == r ? 2 : 0, after.get(name).get(r, c), "w[" + r + ", " + c + "]");
            });
        });
    }

    @Test void everyLayerAndDirectionOfAStackStartsSo() {
        Map<String, Parameter> all = weights(Gru.of(I, H).layers(2).bidirectional().recurrentInit(orthogonal()));
        List<Parameter> u = all.entrySet().stream().filter(e -> e.getKey().endsWith(".u")).map(Map.Entry::getValue)
                .toList();
        assertEquals(4, u.size());
        u.forEach(p -> assertOrthogonalBlocks(p, 1));
        assertEquals(4, u.stream().map(p -> Arrays.hashCode(p.data())).distinct().count());
    }

    @Test void biasOfTheForgetGate() {
        for (LstmSpec spec : List.of(Lstm.of(I, H), Lstm.of(I, H).peepholes())) {
            Map<String, Parameter> before = weights(spec), after = weights(spec.forgetBias(1.5));
            before.forEach((name, p) -> {
                float[] expected = p.data();
                if (name.equals("b")) Arrays.fill(expected, H, 2 * H, 1.5f);
                assertArrayEquals(expected, after.get(name).data(), name);
            });
        }
    }

    @Test void nothingChosenGivesTheDrawsOfTheCells() {
        LstmCell cell = new LstmCell(I, H, Rng.seed(1).split());
        List<Parameter> built = Lstm.of(I, H).build(Rng.seed(1)).parameters();
        for (int i = 0; i < built.size(); i++) assertArrayEquals(cell.parameters().get(i).data(), built.get(i).data());
    }

    @Test void aLearnedStateIsUsedAndLearned() {
        SequenceLayer layer = Gru.of(I, H).learnedInitialState().build(Rng.seed(1));
        assertInstanceOf(Gru.class, layer);
        Parameter initial = layer.namedParameters().get("initial0");
        assertEquals(0, initial.norm());
        initial.set(Tensor.ones(H));
        Tensor x = Rng.seed(2).normal(5, 2, I);
        SequenceLayer.Output out = layer.apply(x);
        assertArrayEquals(layer.apply(x, new Hidden(Tensor.ones(2, H))).states().data(), out.states().data());
        out.states().sum().backward();
        assertTrue(initial.gradient().norm() > 0);
    }

    // ---- what it says
    // ---------------------------------------------------------------------------------------------

    @Test void saysWhatDiffersFromTheDefault() {
        assertBuiltSays("Lstm(input=3, hidden=4)", Lstm.of(I, H));
        assertBuiltSays("Lstm(input=3, hidden=4, peepholes; unrolled)", Lstm.of(I, H).peepholes());
        assertBuiltSays("Lstm(input=3, hidden=4, peepholes, forgetBias=1.0; unrolled)",
                Lstm.of(I, H).forgetBias(1).peepholes());
        assertBuiltSays("Lstm(input=3, hidden=4, forgetBias=1.0, learned initial state)",
                Lstm.of(I, H).learnedInitialState().forgetBias(1));
        assertBuiltSays("Lstm(input=3, hidden=4, without forget gate; unrolled)", Lstm.of(I, H).withoutForgetGate());
        assertBuiltSays("Lstm(input=3, hidden=4, coupled gates; unrolled)", Lstm.of(I, H).coupledGates());
        assertBuiltSays("Gru(input=3, hidden=4)", Gru.of(I, H).convention(GruConvention.KEEPS_OLD_RESET_AFTER));
        assertBuiltSays("Gru(input=3, hidden=4, z keeps new, reset before)",
                Gru.of(I, H).convention(GruConvention.KEEPS_NEW_RESET_BEFORE));
        assertBuiltSays("Gru(input=3, hidden=4, minimal, learned initial state; unrolled)",
                Gru.of(I, H).minimal().learnedInitialState());
        assertBuiltSays("Gru(input=3, hidden=4, simplified; unrolled)", Gru.of(I, H).simplified());
        assertBuiltSays("Rnn(input=3, hidden=4, tanh, recurrentInit=orthogonal * 0.9)",
                Rnn.of(I, H).recurrentInit(orthogonal().times(0.9)));
        assertBuiltSays("Rnn(input=3, hidden=4, relu, inputInit=own function)",
                Rnn.of(I, H).relu().inputInit((in, out, r) -> Tensor.ones(in, out)));
        assertBuiltSays("Rnn(input=3, hidden=4, relu, independent; unrolled)", Rnn.of(I, H).independent());
        assertBuiltSays("Rnn(input=3, hidden=4, logistic, skip over time; unrolled)",
                Rnn.of(I, H).timeSkip().logistic());
        assertBuiltSays("MinGru(input=3, hidden=4)", MinGru.of(I, H));
        assertEquals(
                "Gru(input=3, hidden=4, minimal, layers=2, bidirectional, dropout=0.1, residual, layer norm; unrolled)",
                Gru.of(I, H).layers(2).residual().bidirectional().minimal().layerNorm().dropout(0.1).toString());
    }

    private static void assertBuiltSays(String text, RecurrentSpec<?> spec) {
        assertEquals(text, spec.toString());
        assertEquals(text, spec.build(Rng.seed(1)).toString());
    }

    // ---- what it refuses
    // ---------------------------------------------------------------------------------------------

    @TestFactory Stream<DynamicTest> contradictionsNameBothSides() {
        LstmSpec lstm = Lstm.of(I, H);
        GruSpec gru = Gru.of(I, H);
        RnnSpec rnn = Rnn.of(I, H);
        GruConvention before = GruConvention.KEEPS_NEW_RESET_BEFORE;
        return Stream.of(
                refused(() -> lstm.peepholes().coupledGates(), "coupledGates()", "peepholes()"),
                refused(() -> lstm.layers(2).coupledGates().dropout(0.1).withoutForgetGate(), "withoutForgetGate()",
                        "coupledGates()"),
                refused(() -> lstm.withoutForgetGate().peepholes(), "peepholes()", "withoutForgetGate()"),
                refused(() -> lstm.withoutForgetGate().forgetBias(1), "forgetBias(..)", "withoutForgetGate()"),
                refused(() -> lstm.forgetBias(1).coupledGates(), "forgetBias(..)", "coupledGates()"),
                refused(() -> gru.simplified().minimal(), "minimal()", "simplified()"),
                refused(() -> gru.convention(before).minimal(), "minimal()", "convention(..)"),
                refused(() -> gru.simplified().convention(before), "convention(..)", "simplified()"),
                refused(() -> rnn.independent().timeSkip(), "timeSkip()", "independent()"),
                refused(() -> rnn.timeSkip().preactivation(), "preactivation()", "timeSkip()"),
                refused(() -> rnn.recurrentInit(identity()).independent(), "recurrentInit(..)", "independent()"));
    }

    private static DynamicTest refused(Executable choice, String one, String other) {
        return DynamicTest.dynamicTest(one + " and " + other, () -> {
            String message = assertThrows(IllegalArgumentException.class, choice).getMessage();
            assertTrue(message.contains(one) && message.contains(" contradicts " + other), message);
            assertTrue(message.contains("(input=3, hidden=4"), message);
        });
    }

    @Test void theSameChoiceTwiceIsOne() {
        assertEquals(Lstm.of(I, H).peepholes().toString(), Lstm.of(I, H).peepholes().peepholes().toString());
        assertEquals("Rnn(input=3, hidden=4, relu)", Rnn.of(I, H).tanh().relu().toString());
    }

    @Test void aBiasThatIsNoNumberIsNamed() {
        var e = assertThrows(IllegalArgumentException.class, () -> Lstm.of(I, H).forgetBias(Double.NaN));
        assertTrue(e.getMessage().contains("finite bias") && e.getMessage().contains("NaN"), e.getMessage());
    }
}
