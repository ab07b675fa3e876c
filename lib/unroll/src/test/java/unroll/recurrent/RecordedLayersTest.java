package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import unroll.nn.SequenceLayer;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Which layers are recorded, what a cell must do for it, and what is said where it cannot be. */
class RecordedLayersTest {
    private static final int T = 5, B = 2, I = 3, H = 4;
    private static final Tensor X = Rng.seed(1).normal(T, B, I);

    @Test void layersOfAStackFromTheLowest() {
        Stacked deep = (Stacked) Lstm.of(I, H).layers(3).build(Rng.seed(2));
        Recording.Recorded<SequenceLayer.Output> run = Recording.during(() -> deep.apply(X));
        assertEquals(deep.layers(), run.layers().stream().map(Recording::layer).toList());
        assertArrayEquals(run.result().states().data(), run.layers().get(2).states().data());
        run.result().states().sum().backward();
        for (Recording r : run.layers()) assertTrue(r.stateGradient().norm() > 0);
    }

    @Test void bothDirections() {
        Bidirectional both = (Bidirectional) Gru.of(I, H).bidirectional().build(Rng.seed(2));
        Recording.Recorded<SequenceLayer.Output> run = Recording.during(() -> both.apply(X));
        assertEquals(List.of(both.forward(), both.backward()), run.layers().stream().map(Recording::layer).toList());
        Tensor backward = run.layers().get(1).states(), turned = run.result().states().columns(H, 2 * H);
        for (int t = 0; t < T; t++) assertArrayEquals(turned.at(t).data(), backward.at(T - 1 - t).data());
    }

    @Test void anOuterRecordingSeesWhatAnInnerOneRecords() {
        SequenceLayer layer = Lstm.of(I, H).build(Rng.seed(2));
        Recording.Recorded<Recording> run = Recording.during(() -> Recording.of(layer, X));
        assertEquals(1, run.layers().size());
        assertSame(run.result(), run.layers().get(0));
        assertEquals(0, Recording.during(() -> 1).layers().size());
    }

    @Test void workThatFailsIsNotRecordedOn() {
        SequenceLayer layer = Lstm.of(I, H).build(Rng.seed(2));
        assertThrows(RuntimeException.class, () -> Recording.of(layer, Tensor.zeros(T, B, I + 1)));
        assertEquals(1, Recording.during(() -> layer.apply(X)).layers().size());
    }

    /** Every cell can be recorded, under the names of its equations. */
    @Test void namesOfEveryCell() {
        Map<String, List<String>> names = new HashMap<>();
        for (EveryCell e : EveryCell.all().toList()) {
            Recording r = Recording.of(new Unrolled<>(e.cell(I, H, Rng.seed(3))), X);
            names.put(e.name(), r.gates());
            for (String gate : r.gates()) {
                assertArrayEquals(new int[] {T, B, H}, r.gate(gate).shape());
            }
        }
        assertEquals(List.of("i", "f", "g", "o", "c"), names.get("LSTM"));
        assertEquals(List.of("i", "g", "o", "c"), names.get("LSTM without forget gate"));
        assertEquals(List.of("i", "g", "o", "c"), names.get("coupled LSTM"));
        assertEquals(List.of("i", "f", "g", "c", "o"), names.get("peephole LSTM"));
        for (GruConvention c : GruConvention.values()) assertEquals(List.of("r", "z", "n"), names.get("GRU, " + c));
        assertEquals(List.of("z", "n"), names.get("simplified GRU"));
        assertEquals(List.of("f", "n"), names.get("minimal gated unit"));
        assertEquals(List.of("z", "n"), names.get("minGRU"));
        assertEquals(List.of("a", "n"), names.get("minLSTM"));
        assertEquals(List.of("k"), names.get("Jordan network"));
        for (String simple : List.of("simple RNN", "skip over time", "IndRNN"))
            assertEquals(List.of("h"), names.get(simple));
        assertEquals(List.of("r", "z", "n"), names.get("GRU"));
        assertEquals(List.of("z"), names.get("simple RNN, state before σ"));
        for (var entry : names.entrySet()) assertTrue(!entry.getValue().isEmpty(), entry.getKey());
    }

    /** h' = 0.9 h + 0.1 tanh(x + h u). */
    private static final class LeakyCell implements Cell<Hidden> {
        private final Parameter u = new Parameter("u", Rng.seed(4).normal(I));
        private final String[] names;
        private int step;

        LeakyCell(String... names) { this.names = names; }

        @Override public Hidden step(Tensor x, Hidden s) {
            Tensor n = x.add(s.h().mul(u)).tanh();
            for (String name : names[step++ % names.length].split(",")) n.add(0).named(name);
            return new Hidden(s.h().mul(.9).add(n.mul(.1)));
        }

        @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, I)); }

        @Override public List<Parameter> parameters() { return List.of(u); }

        @Override public int inputSize() { return I; }

        @Override public int hiddenSize() { return I; }

        @Override public String toString() { return "LeakyCell"; }
    }

    private static Recording leaky(String... names) { return Recording.of(new Unrolled<>(new LeakyCell(names)), X); }

    @Test void aCellOfYourOwn() {
        Recording r = leaky("n,late");
        assertEquals(List.of("n", "late"), r.gates());
        r.output().last().h().sum().backward();
        for (int t = 0; t < T - 1; t++) assertTrue(r.stateGradient().at(t).norm() > 0);
        assertEquals(0, r.preactivationGradient("late").norm());           // it is read by nothing
    }

    @Test void namesMustBeTheSameAtEachStep() {
        assertSays(IllegalStateException.class, () -> leaky("n", "m"), "LeakyCell", "[m]", "step 1", "[n]");
        assertSays(IllegalStateException.class, () -> leaky("n,n"), "two tensors \"n\"");
    }

    @Test void gradientsBeforeBackward() {
        for (SequenceLayer layer : List.of(Lstm.of(I, H).build(Rng.seed(1)),
                new Unrolled<>(new LstmCell(I, H, Rng.seed(1))))) {
            Recording r = Recording.of(layer, X), blind = Tape.noGrad(() -> Recording.of(layer, X));
            for (Executable ask : List.<Executable>of(r::stateGradient, r::memoryGradient,
                    () -> r.preactivationGradient("f")))
                assertSays(IllegalStateException.class, ask, layer.toString(), "Gradient", "no gradient has arrived",
                        "backward()");
            assertSays(IllegalStateException.class, blind::stateGradient, layer.toString(), "noGrad");
        }
        assertSays(IllegalStateException.class,
                () -> Recording.of(Gru.of(I, H).build(Rng.seed(1)), X).inputWeightGradient(0), "backward()");
    }

    @Test void unknownGates() {
        Recording gru = Recording.of(Gru.of(I, H).build(Rng.seed(1)), X);
        assertSays(IllegalArgumentException.class, () -> gru.gate("f"), "Gru(input=3, hidden=4)", "\"f\"", "r, z, n");
        assertSays(IllegalArgumentException.class, gru::memory, "\"c\"", "r, z, n");
        assertSays(IllegalArgumentException.class, () -> gru.preactivationGradient("i"), "\"i\"", "r, z, n");
    }

    @Test void stepsOutsideTheSequence() {
        Recording r = Recording.of(Rnn.of(I, H).build(Rng.seed(1)), X);
        r.output().states().sum().backward();
        assertSays(IndexOutOfBoundsException.class, () -> r.recurrentWeightGradient(T), "0 to 4", "got 5");
        assertSays(IndexOutOfBoundsException.class, () -> r.inputWeightGradient(-1), "0 to 4", "got -1");
    }

    @Test void whatAnUnrolledCellCannotSay() {
        Recording lstm = Recording.of(new Unrolled<>(new LstmCell(I, H, Rng.seed(1))), X);
        assertSays(UnsupportedOperationException.class, () -> lstm.recurrentWeightGradient(0),
                "recurrentWeightGradient", "Lstm, Gru and Rnn");
        Recording r = Recording.of(new Unrolled<>(new PreactivationCell(I, H, Nonlinearity.TANH, Rng.seed(1))), X);
        r.output().states().sum().backward();
        assertSays(UnsupportedOperationException.class, r::stateGradient, "PreactivationCell", "preactivationGradient");
        assertTrue(r.preactivationGradient("z").at(0).norm() > 0);
    }

    @Test void layersThatCannotBeRecorded() {
        SequenceLayer deep = Lstm.of(I, H).layers(2).build(Rng.seed(1)), scan = MinGru.of(I, H).build(Rng.seed(1));
        assertSays(IllegalArgumentException.class, () -> Recording.of(deep, X), "Stacked", "the 2 within it",
                "Recording.during");
        assertSays(IllegalArgumentException.class, () -> Recording.of(scan, X), "MinGru", "new Unrolled<>");
    }

    private static void assertSays(Class<? extends RuntimeException> kind, Executable call, String... words) {
        String message = assertThrows(kind, call).getMessage();
        for (String word : words) assertTrue(message.contains(word), "«" + message + "» does not say " + word);
    }
}
