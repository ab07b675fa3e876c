package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** A recording says what happened in a layer, and changes nothing there. */
class RecordingTest {
    private static final int T = 6, B = 5, I = 3, H = 4;
    private static final int[] LENGTHS = {6, 2, 4, 1, 6}, FULL = {6, 6, 6, 6, 6};

    private static List<Cell<?>> cells() {
        List<Cell<?>> all = new ArrayList<>(List.of(new LstmCell(I, H, Rng.seed(1))));
        for (GruConvention c : GruConvention.values()) all.add(new GruCell(I, H, c, Rng.seed(2)));
        for (Nonlinearity f : Nonlinearity.values()) all.add(new ElmanCell(I, H, f, Rng.seed(3)));
        return all;
    }

    private static SequenceLayer fused(Cell<?> cell) {
        return cell instanceof LstmCell l
                ? new Lstm(l)
                : cell instanceof GruCell g ? new Gru(g) : new Rnn((ElmanCell) cell);
    }

    static Stream<Arguments> cellsAndLengths() {
        return cells().stream().flatMap(cell -> Stream.of(FULL, LENGTHS).map(lengths -> Arguments.of(cell, lengths)));
    }

    private static Tensor x() { return Rng.seed(5).normal(T, B, I); }

    private static State start(SequenceLayer layer) {
        Rng rng = Rng.seed(6);
        State zero = layer.initialState(B);
        return zero.with(zero.tensors().stream().map(t -> rng.normal(t.shape()).tracked()).toList());
    }

    private static Tensor seed() { return Rng.seed(7).normal(T, B, H); }

    private static List<Tensor> lastSeed(State last) {
        Rng rng = Rng.seed(8);
        return last.tensors().stream().map(t -> rng.normal(t.shape())).toList();
    }

    private static Tensor loss(Output out) {
        Tensor loss = out.states().mul(seed()).sum();
        List<Tensor> seeds = lastSeed(out.last());
        for (int i = 0; i < seeds.size(); i++) loss = loss.add(out.last().tensors().get(i).mul(seeds.get(i)).sum());
        return loss;
    }

    private static Recording recorded(SequenceLayer layer, int[] lengths) {
        layer.zeroGradients();
        Recording r = Recording.of(layer, x(), start(layer), Lengths.of(lengths));
        loss(r.output()).backward();
        return r;
    }

    @ParameterizedTest
    @MethodSource("cellsAndLengths") void fusedEqualsUnrolled(Cell<?> cell, int[] lengths) {
        Recording fused = recorded(fused(cell), lengths), unrolled = recorded(new Unrolled<>(cell), lengths);
        assertEquals(unrolled.gates(), fused.gates());
        assertFalse(fused.gates().isEmpty());
        Close.assertClose("states", unrolled.states(), fused.states(), 1e-5);
        Close.assertClose("state gradient", unrolled.stateGradient(), fused.stateGradient(), 1e-5);
        for (String gate : fused.gates()) {
            Close.assertClose(gate, unrolled.gate(gate), fused.gate(gate), 1e-5);
            Close.assertClose("preactivation of " + gate, unrolled.preactivationGradient(gate),
                    fused.preactivationGradient(gate), 1e-5);
        }
    }

    /**
     * Every state gradient, memory gradient and gradient of a gate is the difference quotient of a double-precision
     * twin.
     */
    @ParameterizedTest
    @MethodSource("cellsAndLengths") void gradientsAreDifferenceQuotients(Cell<?> cell, int[] lengths) {
        SequenceLayer layer = fused(cell);
        Recording r = recorded(layer, lengths);
        Close.assertClose("∂L/∂h", differences(layer, cell, lengths, "h"), r.stateGradient(), 1e-5);
        for (String gate : r.gates())
            Close.assertClose("∂L/∂ of " + gate, differences(layer, cell, lengths, gate.equals("c") ? "c" : "z" + gate),
                    r.preactivationGradient(gate), 1e-5);
    }

    private static double[] differences(SequenceLayer layer, Cell<?> cell, int[] lengths, String what) {
        DoubleTwin twin = new DoubleTwin(cell);
        List<Tensor> initial = start(layer).tensors(), last = lastSeed(layer.initialState(B));
        Tensor x = x(), seed = seed();
        double[] all = new double[T * B * H];
        for (int k = 0; k < all.length; k++) {
            int t = k / (B * H), row = k / H % B;
            if (t < lengths[row])
                all[k] = twin.gradient(new DoubleTwin.Place(what, t, k % H),
                        (at, added) -> twin.loss(x, initial, row, lengths[row], seed, last, at, added));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cellsAndLengths") void whatEachStepGivesToAWeightAddsUpToItsGradient(Cell<?> cell, int[] lengths) {
        Recording r = recorded(fused(cell), lengths);
        Tensor w = r.inputWeightGradient(0), u = r.recurrentWeightGradient(0);
        for (int t = 1; t < T; t++) {
            w = w.add(r.inputWeightGradient(t));
            u = u.add(r.recurrentWeightGradient(t));
        }
        Close.assertClose("W", cell.parameters().get(0).gradient(), w, 1e-5);
        Close.assertClose("U", cell.parameters().get(1).gradient(), u, 1e-5);
    }

    @ParameterizedTest
    @MethodSource("cellsAndLengths") void outputsAndGradientsAreTheSameBits(Cell<?> cell, int[] lengths) {
        for (SequenceLayer layer : List.of(fused(cell), new Unrolled<>(cell))) {
            List<List<float[]>> runs = new ArrayList<>();
            // the last one uses the memory of a recorded pass
            for (boolean record : new boolean[] {false, true, false}) {
                Tensor x = x().tracked();
                State start = start(layer);
                layer.zeroGradients();
                Output out = record
                        ? Recording.of(layer, x, start, Lengths.of(lengths)).output()
                        : layer.apply(x, start, Lengths.of(lengths));
                loss(out).backward();
                List<float[]> all = new ArrayList<>(List.of(out.states().data(), x.gradientData()));
                out.last().tensors().forEach(t -> all.add(t.data()));
                start.tensors().forEach(t -> all.add(t.gradientData()));
                for (Parameter p : layer.parameters()) all.add(p.gradient().data());
                runs.add(all);
            }
            for (int run = 1; run < 3; run++)
                for (int i = 0; i < runs.get(0).size(); i++)
                    assertArrayEquals(runs.get(0).get(i), runs.get(run).get(i), layer + ", array " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("cellsAndLengths") void paddingIsZero(Cell<?> cell, int[] lengths) {
        for (SequenceLayer layer : List.of(fused(cell), new Unrolled<>(cell))) {
            Recording r = recorded(layer, lengths);
            List<Tensor> all = new ArrayList<>(List.of(r.states(), r.stateGradient()));
            r.gates().forEach(gate -> all.addAll(List.of(r.gate(gate), r.preactivationGradient(gate))));
            for (Tensor a : all)
                for (int b = 0; b < B; b++)
                    assertEquals(0, a.slice(1, b, b + 1).slice(0, lengths[b], T).norm(), layer + ", sequence " + b);
        }
    }

    /** A later pass takes over the memory of the recorded one. */
    @Test void aRecordingIsNotOverwritten() {
        for (Cell<?> cell : cells()) {
            SequenceLayer layer = fused(cell);
            Recording r = recorded(layer, LENGTHS), same = recorded(fused(cell), LENGTHS);
            layer.apply(Rng.seed(9).normal(T, B, I)).states().sum().backward();
            assertArrayEquals(same.stateGradient().data(), r.stateGradient().data());
            for (String gate : r.gates()) {
                assertArrayEquals(same.gate(gate).data(), r.gate(gate).data());
                assertArrayEquals(same.preactivationGradient(gate).data(), r.preactivationGradient(gate).data());
            }
        }
    }

    @Test void gatesCanBeSeenWithinNoGrad() {
        for (Cell<?> cell : cells())
            for (SequenceLayer layer : List.of(fused(cell), new Unrolled<>(cell))) {
                Recording r = Tape.noGrad(() -> Recording.of(layer, x(), Lengths.of(LENGTHS))),
                        graph = Recording.of(layer, x(), Lengths.of(LENGTHS));
                for (String gate : graph.gates()) assertArrayEquals(graph.gate(gate).data(), r.gate(gate).data());
            }
    }

    /** The equations of an LSTM hold between what was recorded. */
    @Test void memoryIsForgottenAndWritten() {
        SequenceLayer layer = new Lstm(new LstmCell(I, H, Rng.seed(1)));
        Recording r = Recording.of(layer, x());
        Tensor before = r.memory().slice(0, 0, T - 1);
        Tensor now = r.gate("f").slice(0, 1, T).mul(before).add(r.gate("i").mul(r.gate("g")).slice(0, 1, T));
        Close.assertClose("c", r.memory().slice(0, 1, T), now, 1e-6);
        Close.assertClose("h", r.states(), r.gate("o").mul(r.memory().tanh()), 1e-6);
    }

    @Test void aLossOfAnEarlyStateReachesNoLaterOne() {
        for (SequenceLayer layer : List.of(Lstm.of(I, H).build(Rng.seed(1)),
                new Unrolled<>(new LstmCell(I, H, Rng.seed(1))))) {
            Recording r = Recording.of(layer, x());
            r.output().states().at(2).sum().backward();
            assertEquals(0, r.stateGradient().slice(0, 3, T).norm());
            assertEquals(B * H, r.stateGradient().at(2).sum().item());
            assertEquals(T * B * H, r.stateGradient().size());
        }
    }
}
