package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unroll.Close;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * One step of each variant against its equations, number by number; the gradient of three steps; the special cases that
 * are other cells.
 */
class VariantCellsTest {
    private static final int I = 3, H = 4, B = 2;

    static List<Cell<?>> cells() {
        Rng rng = Rng.seed(1);
        List<Cell<?>> cells = new ArrayList<>(List.of(new NoForgetGateLstmCell(I, H, rng),
                new PeepholeLstmCell(I, H, rng),
                new CoupledLstmCell(I, H, rng), new SimplifiedGruCell(I, H, rng), new MinimalGatedUnitCell(I, H, rng),
                new PreactivationCell(I, H, Nonlinearity.TANH, rng),
                new PreactivationCell(I, H, Nonlinearity.LOGISTIC, rng),
                new LearnedInitialState<>(new PreactivationCell(I, H, Nonlinearity.TANH, rng)),
                new LearnedInitialState<>(new LstmCell(I, H, rng)), new TimeSkipCell(I, H, Nonlinearity.TANH, rng),
                new IndRnnCell(I, H, Nonlinearity.LOGISTIC, rng), new JordanCell(I, 5, H, Nonlinearity.TANH, rng)));
        for (GruConvention convention : GruConvention.values()) cells.add(new GruCell(I, H, convention, rng));
        return cells;
    }

    private static Stream<DynamicTest> each(java.util.function.Consumer<Cell<?>> test) {
        return cells().stream().map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> test.accept(cell)));
    }

    @TestFactory Stream<DynamicTest> gradientsAreThoseOfDifferences() {
        return each(VariantCellsTest::gradient);
    }

    /** From a given state, and from the cell's own, which may be learned. */
    private static <S extends State> void gradient(Cell<S> cell) {
        Parameter x = new Parameter("x", Rng.seed(2).normal(3, B, I));
        S zero = cell.initialState(B);
        List<Parameter> start = new ArrayList<>();
        for (Tensor t : zero.tensors())
            start.add(new Parameter("start" + start.size(), Rng.seed(3 + start.size()).normal(t.shape())));
        Parameter[] all = Stream.of(List.of(x), start, cell.parameters()).flatMap(List::stream)
                .toArray(Parameter[]::new);
        Close.assertGradient(() -> {
            List<Tensor> out = new ArrayList<>();
            for (State begin : List.of(zero.with(List.copyOf(start)), cell.initialState(B))) {
                @SuppressWarnings("unchecked")
                S s = (S) begin;
                for (int t = 0; t < 3; t++) s = cell.step(x.at(t), s);
                out.addAll(s.tensors());
            }
            return Tensor.concat(1, out);
        }, all);
    }

    @TestFactory Stream<DynamicTest> runsOverTimeAndSaysItsSizes() {
        return each(cell -> {
            Tensor states = new Unrolled<>(cell).apply(Rng.seed(2).normal(5, B, I)).states();
            assertArrayEquals(new int[] {5, B, cell.hiddenSize()}, states.shape());
            assertTrue(states.isFinite());
            assertTrue(cell.toString().contains("input=3") && cell.toString().contains("4"), cell.toString());
        });
    }

    @TestFactory Stream<DynamicTest> wrongShapesAreNamed() {
        return each(VariantCellsTest::wrongShapes);
    }

    private static <S extends State> void wrongShapes(Cell<S> cell) {
        var e = assertThrows(ShapeException.class, () -> cell.step(Tensor.zeros(B, I + 1), cell.initialState(B)));
        assertTrue(e.getMessage().contains("[B, 3]") && e.getMessage().contains("[2, 4]"), e.getMessage());
        var s = assertThrows(ShapeException.class, () -> cell.step(Tensor.zeros(B, I), cell.initialState(B + 1)));
        assertTrue(s.getMessage().contains("[2, 4]") && s.getMessage().contains("[3, 4]"), s.getMessage());
    }

    // ---- the equations, unit by unit in double precision
    // --------------------------------------------------------------------------------------

    private final Tensor x = Rng.seed(2).normal(B, I), h = Rng.seed(3).normal(B, H), c = Rng.seed(4).normal(B, H);

    private static double sigmoid(double z) { return 1 / (1 + Math.exp(-z)); }

    private static double dot(Tensor a, int row, Tensor w, int column) {
        double sum = 0;
        for (int i = 0; i < a.size(1); i++) sum += (double) a.get(row, i) * w.get(i, column);
        return sum;
    }

    private static Map<String, Parameter> named(Cell<?> cell) {
        return cell.parameters().stream().collect(Collectors.toMap(Parameter::name, p -> p));
    }

    /** x W + h U + b of all gates of unit j in row r. */
    private double[] gates(Cell<?> cell, int r, int j) {
        Map<String, Parameter> p = named(cell);
        double[] z = new double[p.get("w").size(1) / H];
        for (int g = 0; g < z.length; g++)
            z[g] = dot(x, r, p.get("w"), g * H + j) + dot(h, r, p.get("u"), g * H + j) + p.get("b").get(g * H + j);
        return z;
    }

    private interface Unit {
        void check(int row, int unit);
    }

    private static void everyUnit(Unit unit) {
        for (int r = 0; r < B; r++) for (int j = 0; j < H; j++) unit.check(r, j);
    }

    @Test void noForgetGate() {
        var cell = new NoForgetGateLstmCell(I, H, Rng.seed(1));
        LstmState next = cell.step(x, new LstmState(h, c));
        everyUnit((r, j) -> {
            double[] z = gates(cell, r, j);
            double memory = c.get(r, j) + sigmoid(z[0]) * Math.tanh(z[1]);
            assertEquals(memory, next.c().get(r, j), 2e-6);
            assertEquals(sigmoid(z[2]) * Math.tanh(memory), next.h().get(r, j), 2e-6);
        });
    }

    @Test void coupled() {
        var cell = new CoupledLstmCell(I, H, Rng.seed(1));
        LstmState next = cell.step(x, new LstmState(h, c));
        everyUnit((r, j) -> {
            double[] z = gates(cell, r, j);
            double memory = (1 - sigmoid(z[0])) * c.get(r, j) + sigmoid(z[0]) * Math.tanh(z[1]);
            assertEquals(memory, next.c().get(r, j), 2e-6);
            assertEquals(sigmoid(z[2]) * Math.tanh(memory), next.h().get(r, j), 2e-6);
        });
    }

    @Test void peepholes() {
        var cell = new PeepholeLstmCell(I, H, Rng.seed(1));
        Parameter p = named(cell).get("p");
        LstmState next = cell.step(x, new LstmState(h, c));
        everyUnit((r, j) -> {
            double[] z = gates(cell, r, j);
            double old = c.get(r, j), i = sigmoid(z[0] + p.get(j) * old), f = sigmoid(z[1] + p.get(H + j) * old);
            double memory = f * old + i * Math.tanh(z[2]);
            assertEquals(memory, next.c().get(r, j), 2e-6);
            assertEquals(sigmoid(z[3] + p.get(2 * H + j) * memory) * Math.tanh(memory), next.h().get(r, j), 2e-6);
        });
    }

    @Test void gruInFourConventions() {
        for (GruConvention convention : GruConvention.values()) {
            var cell = new GruCell(I, H, convention, Rng.seed(1));
            Map<String, Parameter> p = named(cell);
            Parameter u = p.get("u");
            Tensor next = cell.step(x, new Hidden(h)).h();
            everyUnit((row, j) -> {
                double[] gates = gates(cell, row, j);
                double z = sigmoid(gates[1]), n = dot(x, row, p.get("w"), 2 * H + j) + p.get("b").get(2 * H + j);
                if (convention.resetAfter()) n += sigmoid(gates[0]) * (dot(h, row, u, 2 * H + j) + p.get("c").get(j));
                else
                    for (int k = 0; k < H; k++)
                        n += sigmoid(gates(cell, row, k)[0]) * h.get(row, k) * u.get(k, 2 * H + j);
                double keep = convention.keepsOld() ? z : 1 - z;
                assertEquals(keep * h.get(row, j) + (1 - keep) * Math.tanh(n), next.get(row, j), 2e-6,
                        convention.toString());
            });
        }
    }

    @Test void simplifiedGru() {
        var cell = new SimplifiedGruCell(I, H, Rng.seed(1));
        Tensor next = cell.step(x, new Hidden(h)).h();
        everyUnit((r, j) -> {
            double[] gates = gates(cell, r, j);
            double z = sigmoid(gates[0]);
            assertEquals(z * Math.tanh(gates[1]) + (1 - z) * h.get(r, j), next.get(r, j), 2e-6);
        });
    }

    @Test void minimalGatedUnit() {
        var cell = new MinimalGatedUnitCell(I, H, Rng.seed(1));
        Map<String, Parameter> p = named(cell);
        Tensor next = cell.step(x, new Hidden(h)).h();
        everyUnit((r, j) -> {
            double f = sigmoid(gates(cell, r, j)[0]), n = dot(x, r, p.get("w"), H + j) + p.get("b").get(H + j);
            for (int k = 0; k < H; k++) n += sigmoid(gates(cell, r, k)[0]) * h.get(r, k) * p.get("u").get(k, H + j);
            assertEquals(f * Math.tanh(n) + (1 - f) * h.get(r, j), next.get(r, j), 2e-6);
        });
    }

    @Test void independentUnitsSeeOnlyTheirOwnPast() {
        var cell = new IndRnnCell(I, H, Nonlinearity.RELU, Rng.seed(1));
        Map<String, Parameter> p = named(cell);
        Tensor next = cell.step(x, new Hidden(h)).h();
        everyUnit((r, j) -> {
            double z = dot(x, r, p.get("w"), j) + p.get("u").get(j) * h.get(r, j) + p.get("b").get(j);
            assertEquals(Math.max(0, z), next.get(r, j), 2e-6);
        });
    }

    @Test void skipOverTime() {
        var cell = new TimeSkipCell(I, H, Nonlinearity.TANH, Rng.seed(1));
        Map<String, Parameter> p = named(cell);
        TimeSkipCell.TimeSkipState next = cell.step(x, new TimeSkipCell.TimeSkipState(h, c));
        everyUnit((r, j) -> {
            double z = dot(x, r, p.get("w"), j) + dot(h, r, p.get("u1"), j) + dot(c, r, p.get("u2"), j)
                    + p.get("b").get(j);
            assertEquals(Math.tanh(z), next.h().get(r, j), 2e-6);
        });
        assertArrayEquals(h.data(), next.before().data());
    }

    /** The same network written in the hidden units: k_t = σ(x_t W + (k_{t-1} V + c) U + b). */
    @Test void jordanFeedsItsOutputBack() {
        var cell = new JordanCell(I, 5, 2, Nonlinearity.LOGISTIC, Rng.seed(1));
        Map<String, Parameter> p = named(cell);
        Tensor inputs = Rng.seed(5).normal(4, B, I), states = new Unrolled<>(cell).apply(inputs).states();
        Tensor fed = Tensor.zeros(B, 2);
        for (int t = 0; t < 4; t++) {
            Tensor hidden = inputs.at(t).matmul(p.get("w")).add(p.get("b")).add(fed.matmul(p.get("u"))).sigmoid();
            fed = hidden.matmul(p.get("v")).add(p.get("c"));
            Close.assertClose("y_" + t, fed, states.at(t), 1e-6);
        }
    }

    // ---- special cases
    // ---------------------------------------------------------------------------------------------

    @Test void withoutAChoiceAGruIsWrittenAsInPyTorch() {
        var cell = new GruCell(I, H, Rng.seed(1));
        assertEquals(GruConvention.KEEPS_OLD_RESET_AFTER, cell.convention());
        assertEquals("GruCell(input=3, hidden=4)", cell.toString());
        assertEquals(List.of("w", "u", "b", "c"), cell.parameters().stream().map(Parameter::name).toList());
        var before = new GruCell(I, H, GruConvention.KEEPS_NEW_RESET_BEFORE, Rng.seed(1));
        assertEquals("GruCell(input=3, hidden=4, z keeps new, reset before)", before.toString());
        assertEquals(List.of("w", "u", "b"), before.parameters().stream().map(Parameter::name).toList());
    }

    @Test void aLearnedInitialStateStartsInZeros() {
        var learned = new LearnedInitialState<>(new LstmCell(I, H, Rng.seed(1)));
        Tensor inputs = Rng.seed(5).normal(6, B, I);
        assertArrayEquals(new Unrolled<>(learned.cell()).apply(inputs).states().data(),
                new Unrolled<>(learned).apply(inputs).states().data());
        assertEquals(List.of("w", "u", "b", "initial0", "initial1"),
                learned.parameters().stream().map(Parameter::name).toList());
    }

    /** h = σ(z): the state before the non-linearity and after it are the same network, started in h_0 = σ(z_0). */
    @TestFactory Stream<DynamicTest> beforeTheNonlinearityIsTheUsualForm() {
        return Stream.of(Nonlinearity.values()).map(f -> DynamicTest.dynamicTest(f.name(), () -> {
            var before = new PreactivationCell(I, H, f, Rng.seed(1));
            var usual = new ElmanCell(I, H, f, Rng.seed(1));
            Tensor inputs = Rng.seed(5).normal(6, B, I), z0 = Rng.seed(6).normal(B, H);
            var a = new Unrolled<>(before).apply(inputs, new PreactivationCell.PreactivationState(z0, f));
            var b = new Unrolled<>(usual).apply(inputs, new Hidden(f.apply(z0)));
            Close.assertClose("states", b.states(), a.states(), 1e-6);
        }));
    }

    @Test void aShortcutShowsTheInputBesideTheStates() {
        var inner = new Lstm(new LstmCell(I, H, Rng.seed(1)));
        var layer = new InputShortcut(inner);
        Tensor inputs = Rng.seed(5).normal(6, B, I);
        var out = layer.apply(inputs);
        assertEquals(H + I, layer.outputSize());
        assertArrayEquals(inner.apply(inputs).states().data(), out.states().columns(0, H).data());
        assertArrayEquals(inputs.data(), out.states().columns(H, H + I).data());
        assertEquals(H + I, InputShortcut.around(Lstm.of(I, H)).build(Rng.seed(1)).outputSize());
        assertEquals(inner.parameters(), layer.parameters());
    }
}
