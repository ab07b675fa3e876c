package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.GradientCheck;
import unroll.tensor.IntTensor;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** The layers with a backward pass of their own are the same functions as their cells, unrolled. */
class FusedLayersTest {
    private enum Kind {
        LSTM, GRU, GRU_RESET_BEFORE, GRU_KEEPS_NEW, GRU_KEEPS_NEW_RESET_BEFORE, RNN_TANH, RNN_RELU, RNN_LOGISTIC;

        Cell<?> cell(int I, int H) {
            Rng rng = Rng.seed(3);
            return switch (this) {
                case LSTM -> new LstmCell(I, H, rng);
                case GRU -> new GruCell(I, H, rng);
                case GRU_RESET_BEFORE -> new GruCell(I, H, GruConvention.KEEPS_OLD_RESET_BEFORE, rng);
                case GRU_KEEPS_NEW -> new GruCell(I, H, GruConvention.KEEPS_NEW_RESET_AFTER, rng);
                case GRU_KEEPS_NEW_RESET_BEFORE -> new GruCell(I, H, GruConvention.KEEPS_NEW_RESET_BEFORE, rng);
                case RNN_TANH -> new ElmanCell(I, H, Nonlinearity.TANH, rng);
                case RNN_RELU -> new ElmanCell(I, H, Nonlinearity.RELU, rng);
                case RNN_LOGISTIC -> new ElmanCell(I, H, Nonlinearity.LOGISTIC, rng);
            };
        }

        SequenceLayer fused(Cell<?> cell) {
            return cell instanceof LstmCell l
                    ? new Lstm(l)
                    : cell instanceof GruCell g ? new Gru(g) : new Rnn((ElmanCell) cell);
        }
    }

    static Stream<Arguments> sizes() {
        int[][] sizes = {{1, 1, 1, 1}, {5, 1, 3, 4}, {7, 3, 5, 6}, {6, 2, 3, 128}, {20, 33, 17, 40}, {3, 70, 64, 64},
                // more rows than are treated at once
                {64, 70, 5, 8}, {9, 64, 6, 200}};
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(sizes).map(s -> Arguments.of(kind, s[0], s[1], s[2], s[3])));
    }

    /** Everything that comes out of a layer and goes back through it, one array after the other. */
    private static List<float[]> all(SequenceLayer layer, int T, int B) {
        return all(layer, T, B, null);
    }

    /** The same with sequences of these lengths. */
    static List<float[]> all(SequenceLayer layer, int T, int B, int[] lengths) {
        Rng rng = Rng.seed(5);
        Tensor x = rng.normal(T, B, layer.inputSize()).tracked();
        State zero = layer.initialState(B);
        boolean learned = zero.h().requiresGradient();
        List<Tensor> start = learned
                ? List.of()
                : zero.tensors().stream().map(t -> rng.normal(t.shape()).tracked()).toList();
        State begin = learned ? zero : zero.with(start);
        layer.zeroGradients();
        SequenceLayer.Output out = lengths == null ? layer.apply(x, begin) : layer.apply(x, begin, Lengths.of(lengths));
        Tensor loss = out.states().mul(rng.normal(out.states().shape())).sum();
        List<float[]> all = new ArrayList<>(List.of(out.states().data()));
        for (Tensor t : out.last().tensors()) {
            loss = loss.add(t.mul(rng.normal(t.shape())).sum());
            all.add(t.data());
        }
        loss.backward();
        all.add(x.gradientData());
        start.forEach(t -> all.add(t.gradientData()));
        layer.parameters().forEach(p -> all.add(p.gradientData()));
        return all;
    }

    @ParameterizedTest(name = "{0} T={1} B={2} I={3} H={4}")
    @MethodSource("sizes") void fusedEqualsUnrolled(Kind kind, int T, int B, int I, int H) {
        Cell<?> cell = kind.cell(I, H);
        close(all(new Unrolled<>(cell), T, B), all(kind.fused(cell), T, B), 3e-6);
    }

    /** Each array within {@code tolerance} of its largest number. */
    static void close(List<float[]> unrolled, List<float[]> fused, double tolerance) {
        assertEquals(unrolled.size(), fused.size());
        for (int i = 0; i < fused.size(); i++) {
            double scale = 1e-6;
            for (float v : unrolled.get(i)) scale = Math.max(scale, Math.abs(v));
            for (int k = 0; k < fused.get(i).length; k++)
                assertEquals(unrolled.get(i)[k], fused.get(i)[k], tolerance * scale, "array " + i + ", element " + k);
        }
    }

    /** The same for inputs that are rows of a table, with the gradient of the table in place of that of the inputs. */
    private static List<float[]> ofRows(SequenceLayer layer, int T, int B, int symbols, boolean known, int[] lengths) {
        Rng rng = Rng.seed(7);
        Parameter table = new Parameter("table", rng.normal(symbols, layer.inputSize()));
        IntTensor ids = IntTensor.of(rng.permutation(T * B), T, B);
        Arrays.setAll(ids.data(), i -> ids.data()[i] % symbols);
        Tensor rows = table.rows(ids), x = known ? rows : Tensor.of(rows.data().clone(), rows.shape()).tracked();
        layer.zeroGradients();
        SequenceLayer.Output out = layer.apply(x, layer.initialState(B),
                lengths == null ? Lengths.full(T, B) : Lengths.of(lengths));
        // padding is set to zero, which no table has
        if (lengths == null) assertEquals(known && 2 * symbols <= T * B, out.states().inputs().get(0) == table);
        Tensor loss = out.states().mul(rng.normal(out.states().shape())).sum();
        List<float[]> all = new ArrayList<>(List.of(out.states().data()));
        for (Tensor t : out.last().tensors()) all.add(t.data());
        loss.backward();
        if (!known) {
            float[] sum = table.gradientRoom();
            for (int i = 0; i < T * B; i++)
                for (int j = 0; j < layer.inputSize(); j++)
                    sum[ids.data()[i] * layer.inputSize() + j] += x.gradientData()[i * layer.inputSize() + j];
        }
        all.add(table.gradientData());
        layer.parameters().forEach(p -> all.add(p.gradientData()));
        Tensor again = Tape.noGrad(() -> layer.apply(table.rows(ids), layer.initialState(B),
                lengths == null ? Lengths.full(T, B) : Lengths.of(lengths)).states());
        close(List.of(out.states().data()), List.of(again.data()), 3e-6);
        return all;
    }

    @ParameterizedTest(name = "{0} T={1} B={2} I={3} H={4}")
    @MethodSource("sizes") void rowsOfATableAreWhatTheyAre(Kind kind, int T, int B, int I, int H) {
        int symbols = Math.max(1, Math.min(65, T * B / 3));
        SequenceLayer layer = kind.fused(kind.cell(I, H));
        close(ofRows(layer, T, B, symbols, false, null), ofRows(layer, T, B, symbols, true, null), 1e-5);
        int[] lengths = Rng.seed(9).permutation(B);
        Arrays.setAll(lengths, b -> 1 + lengths[b] % T);
        lengths[0] = T;
        close(ofRows(layer, T, B, symbols, false, lengths), ofRows(layer, T, B, symbols, true, lengths), 1e-5);
    }

    @ParameterizedTest
    @EnumSource void rowsOfATableAreTheSameBitsForAnyNumberOfThreads(Kind kind) {
        for (int B : new int[] {1, 5, 20, 70}) {
            List<float[]> one = Parallel.withThreads(1,
                    () -> ofRows(kind.fused(kind.cell(64, 128)), 30, B, 13, true, null));
            for (int threads : new int[] {2, 3, 4, 8}) {
                List<float[]> more = Parallel.withThreads(threads,
                        () -> ofRows(kind.fused(kind.cell(64, 128)), 30, B, 13, true, null));
                for (int i = 0; i < one.size(); i++) assertArrayEquals(one.get(i), more.get(i), "array " + i);
            }
        }
    }

    /** Two tables in one graph, and weights that change between two passes. */
    @Test void eachPassReadsItsOwnTable() {
        Lstm layer = new Lstm(new LstmCell(3, 4, Rng.seed(3)));
        Parameter a = new Parameter("a", Rng.seed(1).normal(2, 3)), b = new Parameter("b", Rng.seed(2).normal(3, 3));
        IntTensor ids = IntTensor.of(new int[] {0, 1, 1, 0, 1, 0}, 6, 1);
        layer.apply(a.rows(ids)).states().square().sum().backward();
        float[] alone = a.gradientData().clone();
        a.zeroGradient();
        Tensor loss = layer.apply(a.rows(ids)).states().square().sum();
        layer.apply(b.rows(ids)).states().square().sum().backward();
        loss.backward();
        assertArrayEquals(alone, a.gradientData());
        Tensor before = layer.apply(a.rows(ids)).states();
        a.set(a.mul(2).detach());
        Tensor after = layer.apply(a.rows(ids)).states();
        assertNotEquals(before.get(5, 0, 0), after.get(5, 0, 0));
        close(List.of(layer.apply(Tensor.of(a.rows(ids).data().clone(), 6, 1, 3)).states().data()),
                List.of(after.data()), 3e-6);
        layer.parameters().get(0).set(layer.parameters().get(0).mul(2).detach());
        assertNotEquals(after.get(5, 0, 0), layer.apply(a.rows(ids)).states().get(5, 0, 0));
    }

    @ParameterizedTest
    @EnumSource void bitEqualForAnyNumberOfThreads(Kind kind) {
        for (int B : new int[] {1, 5, 20, 70}) {
            List<float[]> one = Parallel.withThreads(1, () -> all(kind.fused(kind.cell(64, 128)), 30, B));
            for (int threads : new int[] {2, 3, 4, 8}) {
                List<float[]> more = Parallel.withThreads(threads, () -> all(kind.fused(kind.cell(64, 128)), 30, B));
                for (int i = 0; i < one.size(); i++)
                    assertArrayEquals(one.get(i), more.get(i),
                            "batch of " + B + ", " + threads + " threads, array " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "RNN_RELU", mode = EnumSource.Mode.EXCLUDE) void gradientsAreThoseOfDifferences(Kind kind) {
        SequenceLayer layer = kind.fused(kind.cell(3, 4));
        Tensor x = Rng.seed(2).normal(5, 2, 3), cotangent = Rng.seed(3).normal(5, 2, 4);
        GradientCheck check = GradientCheck.of(() -> layer.apply(x).states().mul(cotangent).sum(),
                layer.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 2e-3, check.toString());
    }

    @ParameterizedTest
    @EnumSource void aPassIsNotDisturbedByOthersBeforeItsBackward(Kind kind) {
        SequenceLayer layer = kind.fused(kind.cell(3, 4));
        Tensor x = Rng.seed(2).normal(5, 2, 3).tracked();
        layer.apply(x).states().sum().backward();
        float[] alone = x.gradientData().clone();
        x.zeroGradient();
        Tensor loss = layer.apply(x).states().sum();
        layer.apply(Rng.seed(4).normal(5, 2, 3)).states().sum().backward();
        loss.backward();
        assertArrayEquals(alone, x.gradientData());
    }

    @ParameterizedTest
    @EnumSource void memoryOfALongerPassServesAShorterOne(Kind kind) {
        Cell<?> cell = kind.cell(5, 6);
        SequenceLayer layer = kind.fused(cell);
        all(layer, 14, 3);
        List<float[]> again = all(layer, 9, 3), fresh = all(kind.fused(cell), 9, 3);
        for (int i = 0; i < fresh.size(); i++) assertArrayEquals(fresh.get(i), again.get(i));
    }

    @ParameterizedTest
    @EnumSource(names = {"LSTM", "GRU", "GRU_RESET_BEFORE"}) void nativeMemoryIsFlatOverBatchesOfRandomLength(
            Kind kind) {
        SequenceLayer layer = kind.fused(kind.cell(16, 32));
        Rng rng = Rng.seed(7);
        long largest = 0, before = 0;
        for (int step = 0; step < 400; step++) {
            all(layer, 1 + rng.nextInt(60), 8);
            long bytes = org.bytedeco.javacpp.Pointer.totalBytes();
            if (step < 100) before = Math.max(before, bytes);
            else
                largest = Math.max(largest, bytes);
        }
        assertTrue(largest <= before + 1_000_000, largest + " bytes of native memory after " + before);
    }

    @ParameterizedTest
    @EnumSource void wrongShapesAreNamedWithBothShapes(Kind kind) {
        SequenceLayer layer = kind.fused(kind.cell(64, 8));
        ShapeException e = assertThrows(ShapeException.class, () -> layer.apply(Tensor.zeros(100, 32, 65)));
        assertTrue(e.getMessage().contains("[T, B, 64]") && e.getMessage().contains("[100, 32, 65]"), e.getMessage());
        ShapeException s = assertThrows(ShapeException.class,
                () -> layer.apply(Tensor.zeros(10, 32, 64), layer.initialState(31)));
        assertTrue(s.getMessage().contains("[32, 8]") && s.getMessage().contains("[31, 8]"), s.getMessage());
    }

    @Test void aStateOfAnotherKindIsNamed() {
        Lstm layer = new Lstm(new LstmCell(3, 4, Rng.seed(1)));
        var e = assertThrows(IllegalArgumentException.class,
                () -> layer.apply(Tensor.zeros(5, 2, 3), new Hidden(Tensor.zeros(2, 4))));
        assertTrue(e.getMessage().contains("LstmState") && e.getMessage().contains("Hidden"), e.getMessage());
    }

    /** What a layer keeps for its next batch is room, not the last batch. */
    @ParameterizedTest
    @EnumSource void aBatchThatIsOverIsNotHeld(Kind kind) {
        SequenceLayer layer = kind.fused(kind.cell(3, 4));
        List<WeakReference<float[]>> held = usedBy(layer);
        for (int i = 0; i < 50 && held.stream().anyMatch(r -> !r.refersTo(null)); i++) System.gc();
        assertTrue(held.stream().allMatch(r -> r.refersTo(null)));
    }

    private static List<WeakReference<float[]>> usedBy(SequenceLayer layer) {
        Tensor x = Rng.seed(2).normal(50, 20, 3), y = layer.apply(x).states();
        y.sum().backward();
        return List.of(new WeakReference<>(x.data()), new WeakReference<>(y.data()));
    }
}
