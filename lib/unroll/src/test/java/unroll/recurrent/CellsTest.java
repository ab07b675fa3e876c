package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import unroll.tensor.Tensor;

/** One step of each cell against its equations, number by number; and the gradient of three steps. */
class CellsTest {
    private static final int I = 3, H = 4, B = 2;

    static List<Cell<?>> cells() {
        Rng rng = Rng.seed(1);
        return List.of(new ElmanCell(I, H, Nonlinearity.TANH, rng), new ElmanCell(I, H, Nonlinearity.LOGISTIC, rng),
                new LstmCell(I, H, rng),
                new GruCell(I, H, rng));
    }

    @TestFactory Stream<DynamicTest> gradients() {
        return cells().stream().map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> gradient(cell)));
    }

    private static <S extends State> void gradient(Cell<S> cell) {
        Parameter x = new Parameter("x", Rng.seed(2).normal(3, B, I)),
                h0 = new Parameter("h0", Rng.seed(3).normal(B, H)),
                c0 = new Parameter("c0", Rng.seed(4).normal(B, H));
        S zero = cell.initialState(B);
        List<Parameter> start = zero.tensors().size() == 2 ? List.of(h0, c0) : List.of(h0);
        Parameter[] all = Stream.concat(Stream.of(x), Stream.concat(start.stream(), cell.parameters().stream()))
                .toArray(Parameter[]::new);
        Close.assertGradient(() -> {
            @SuppressWarnings("unchecked")
            S s = (S) zero.with(List.copyOf(start));
            for (int t = 0; t < 3; t++) s = cell.step(x.at(t), s);
            return Tensor.concat(1, s.tensors());
        }, all);
    }

    private static double sigmoid(double z) { return 1 / (1 + Math.exp(-z)); }

    /** Σ_i x[row, i] w[i, column]. */
    private static double dot(Tensor x, int row, Tensor w, int column) {
        double sum = 0;
        for (int i = 0; i < x.size(1); i++) sum += (double) x.get(row, i) * w.get(i, column);
        return sum;
    }

    private final Tensor x = Rng.seed(2).normal(B, I), h = Rng.seed(3).normal(B, H), c = Rng.seed(4).normal(B, H);

    private static Map<String, Parameter> named(Cell<?> cell) {
        return cell.parameters().stream().collect(Collectors.toMap(Parameter::name, p -> p));
    }

    @Test void elman() {
        for (Nonlinearity f : Nonlinearity.values()) {
            ElmanCell cell = new ElmanCell(I, H, f, Rng.seed(1));
            Map<String, Parameter> p = named(cell);
            Tensor next = cell.step(x, new Hidden(h)).h();
            for (int b = 0; b < B; b++)
                for (int j = 0; j < H; j++) {
                    double z = dot(x, b, p.get("w"), j) + dot(h, b, p.get("u"), j) + p.get("b").get(j);
                    assertEquals(f == Nonlinearity.TANH
                            ? Math.tanh(z)
                            : f == Nonlinearity.RELU ? Math.max(0, z) : sigmoid(z), next.get(b, j), 2e-6);
                }
        }
    }

    @Test void lstm() {
        LstmCell cell = new LstmCell(I, H, Rng.seed(1));
        Map<String, Parameter> p = named(cell);
        LstmState next = cell.step(x, new LstmState(h, c));
        for (int b = 0; b < B; b++)
            for (int j = 0; j < H; j++) {
                double[] z = new double[4];
                for (int gate = 0; gate < 4; gate++)
                    z[gate] = dot(x, b, p.get("w"), gate * H + j) + dot(h, b, p.get("u"), gate * H + j)
                            + p.get("b").get(gate * H + j);
                double memory = sigmoid(z[1]) * c.get(b, j) + sigmoid(z[0]) * Math.tanh(z[2]);
                assertEquals(memory, next.c().get(b, j), 2e-6);
                assertEquals(sigmoid(z[3]) * Math.tanh(memory), next.h().get(b, j), 2e-6);
            }
    }

    @Test void gru() {
        GruCell cell = new GruCell(I, H, Rng.seed(1));
        Map<String, Parameter> p = named(cell);
        Tensor next = cell.step(x, new Hidden(h)).h();
        for (int b = 0; b < B; b++)
            for (int j = 0; j < H; j++) {
                double[] input = new double[3], recurrent = new double[3];
                for (int gate = 0; gate < 3; gate++) {
                    input[gate] = dot(x, b, p.get("w"), gate * H + j) + p.get("b").get(gate * H + j);
                    recurrent[gate] = dot(h, b, p.get("u"), gate * H + j);
                }
                double r = sigmoid(input[0] + recurrent[0]), z = sigmoid(input[1] + recurrent[1]);
                double n = Math.tanh(input[2] + r * (recurrent[2] + p.get("c").get(j)));
                assertEquals((1 - z) * n + z * h.get(b, j), next.get(b, j), 2e-6);
            }
    }

    @TestFactory Stream<DynamicTest> startsInZerosWithWeightsWithinOneOverTheRootOfH() {
        return cells().stream().map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> {
            for (Tensor t : cell.initialState(3).tensors()) {
                assertArrayEquals(new int[] {3, H}, t.shape());
                assertArrayEquals(new float[3 * H], t.data());
            }
            for (Parameter p : cell.parameters()) for (float v : p.data()) assertTrue(Math.abs(v) <= .5, p.name());
            assertEquals(I, cell.inputSize());
            assertEquals(H, cell.hiddenSize());
        }));
    }

    @Test void statesDetach() {
        LstmState s = new LstmState(h.tracked().mul(2), c.tracked().mul(2));
        State cut = s.detach();
        assertTrue(cut instanceof LstmState l && !l.h().requiresGradient() && !l.c().requiresGradient());
        assertArrayEquals(s.c().data(), cut.tensors().get(1).data());
    }
}
