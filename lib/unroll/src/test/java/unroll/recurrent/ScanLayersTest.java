package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** minGRU and minLSTM in one operation and step by step are one function. */
class ScanLayersTest {
    private static List<Tensor> all(SequenceLayer layer, int T, int B) {
        Tensor x = Rng.seed(5).normal(T, B, layer.inputSize()).tracked(),
                h0 = Rng.seed(6).normal(B, layer.outputSize()).tracked();
        layer.zeroGradients();
        var out = layer.apply(x, new Hidden(h0));
        Close.weighted(out.states()).add(out.last().h().square().sum()).backward();
        List<Tensor> all = new ArrayList<>(List.of(out.states(), out.last().h(), x.gradient(), h0.gradient()));
        layer.parameters().forEach(p -> all.add(p.gradient()));
        return all;
    }

    private static void sameAsUnrolled(SequenceLayer scan, Cell<Hidden> cell, int T, int B) {
        List<Tensor> whole = all(scan, T, B), steps = all(new Unrolled<>(cell), T, B);
        assertEquals(steps.size(), whole.size());
        for (int i = 0; i < whole.size(); i++)
            Close.assertClose(scan + ": array " + i, steps.get(i), whole.get(i), 1e-5);
    }

    @Property(tries = 20, seed = "8") void scansEqualTheirCells(@ForAll @IntRange(min = 1, max = 40) int T,
            @ForAll @IntRange(min = 1, max = 5) int B, @ForAll @IntRange(min = 1, max = 17) int I,
            @ForAll @IntRange(min = 1, max = 70) int H) {
        MinGruCell gru = new MinGruCell(I, H, Rng.seed(1));
        sameAsUnrolled(new MinGru(gru), gru, T, B);
        MinLstmCell lstm = new MinLstmCell(I, H, Rng.seed(1));
        sameAsUnrolled(new MinLstm(lstm), lstm, T, B);
    }

    /** More units than one part takes. */
    @Test void manyUnitsAreCutIntoParts() {
        MinGruCell gru = new MinGruCell(3, 600, Rng.seed(1));
        sameAsUnrolled(new MinGru(gru), gru, 7, 3);
        MinLstmCell lstm = new MinLstmCell(3, 257, Rng.seed(1));
        sameAsUnrolled(new MinLstm(lstm), lstm, 7, 3);
    }

    @Test void layersAreBitEqualForAnyNumberOfThreads() {
        for (SequenceLayer layer : List.of(MinGru.of(5, 300).build(Rng.seed(1)),
                MinLstm.of(5, 300).build(Rng.seed(1))))
            for (int B : new int[] {1, 6, 35}) {
                List<Tensor> one = Parallel.withThreads(1, () -> all(layer, 20, B));
                for (int threads : new int[] {2, 3, 4, 8}) {
                    List<Tensor> more = Parallel.withThreads(threads, () -> all(layer, 20, B));
                    for (int i = 0; i < one.size(); i++) assertArrayEquals(one.get(i).data(), more.get(i).data());
                }
            }
    }

    /** More steps than a block has, fewer sequences than parts, more sequences than parts, and lengths of their own. */
    @Test void blocksAndPartsOfAnySize() {
        for (int[] size : new int[][] {{300, 1, 150}, {150, 2, 130}, {140, 3, 70}, {20, 37, 9}, {3, 200, 5}}) {
            int T = size[0], B = size[1];
            MinGruCell gru = new MinGruCell(3, size[2], Rng.seed(1));
            sameAsUnrolled(new MinGru(gru), gru, T, B);
            MinLstmCell lstm = new MinLstmCell(3, size[2], Rng.seed(1));
            sameAsUnrolled(new MinLstm(lstm), lstm, T, B);
            int[] lengths = new int[B];
            for (int b = 0; b < B; b++) lengths[b] = 1 + (b * 7 + T - 1) % T;
            lengths[B - 1] = T;
            Tensor x = Rng.seed(5).normal(T, B, 3);
            List<List<Tensor>> found = new ArrayList<>();
            for (SequenceLayer layer : List.of(new MinLstm(lstm), new Unrolled<>(lstm))) {
                layer.zeroGradients();
                Tensor in = x.detach().tracked();
                var out = layer.apply(in, layer.initialState(B), Lengths.of(lengths));
                Close.weighted(out.states()).add(out.last().h().square().sum()).backward();
                found.add(List.of(out.states(), out.last().h(), in.gradient(), lstm.w().gradient(),
                        lstm.b().gradient()));
            }
            for (int i = 0; i < found.get(0).size(); i++)
                Close.assertClose(T + " steps: array " + i, found.get(1).get(i), found.get(0).get(i), 1e-5);
        }
    }

    /** Memory that a layer uses again is none that anybody sees. */
    @Test void whatWasGivenStays() {
        SequenceLayer layer = MinGru.of(5, 30).build(Rng.seed(1));
        List<Tensor> given = all(layer, 40, 6);
        List<float[]> copies = given.stream().map(t -> t.data().clone()).toList();
        Tensor x = Rng.seed(9).normal(40, 6, 5).tracked(), y = Rng.seed(10).normal(40, 6, 5).tracked();
        var first = layer.apply(x);
        var second = layer.apply(y);                                       // before the first has gone back
        all(layer, 40, 6);
        Tape.noGrad(() -> layer.apply(y.mul(2)));
        second.states().sum().backward();
        first.states().sum().backward();
        float[] dx = x.gradient().data();
        x.zeroGradient();
        layer.apply(x).states().sum().backward();
        assertArrayEquals(dx, x.gradient().data());
        for (int i = 0; i < copies.size(); i++) assertArrayEquals(copies.get(i), given.get(i).data());
    }

    /** Where every gate is shut or open, layer and cell still agree and nothing overflows. */
    @Test void saturatedGatesStayFinite() {
        MinLstmCell lstm = new MinLstmCell(3, 64, Rng.seed(1));
        lstm.parameters().get(0).update(v -> {
            for (int i = 0; i < v.length; i++) v[i] *= i % 192 < 128 ? 100 : 1;
        });
        sameAsUnrolled(new MinLstm(lstm), lstm, 9, 4);
        lstm.parameters().get(1).update(v -> java.util.Arrays.fill(v, 0, 128, -1000));
        for (Tensor t : all(new MinLstm(lstm), 9, 4)) assertTrue(t.isFinite());
    }

    @Test void cellsAreTheirEquations() {
        Tensor x = Rng.seed(2).normal(2, 3), h = Rng.seed(3).normal(2, 4);
        MinGruCell gru = new MinGruCell(3, 4, Rng.seed(1));
        Tensor g = x.matmul(gru.parameters().get(0)).add(gru.parameters().get(1)),
                next = gru.step(x, new Hidden(h)).h();
        MinLstmCell lstm = new MinLstmCell(3, 4, Rng.seed(1));
        Tensor l = x.matmul(lstm.parameters().get(0)).add(lstm.parameters().get(1)),
                after = lstm.step(x, new Hidden(h)).h();
        for (int r = 0; r < 2; r++)
            for (int j = 0; j < 4; j++) {
                double z = sigmoid(g.get(r, j)), f = sigmoid(l.get(r, j)), i = sigmoid(l.get(r, 4 + j));
                assertEquals((1 - z) * h.get(r, j) + z * g.get(r, 4 + j), next.get(r, j), 2e-6);
                assertEquals(f / (f + i) * h.get(r, j) + i / (f + i) * l.get(r, 8 + j), after.get(r, j), 2e-6);
            }
    }

    private static double sigmoid(double z) { return 1 / (1 + Math.exp(-z)); }

    @Test void cellGradientsAreThoseOfDifferences() {
        Tensor x = Rng.seed(2).normal(4, 2, 3);
        for (Cell<Hidden> cell : List.of(new MinGruCell(3, 4, Rng.seed(1)), new MinLstmCell(3, 4, Rng.seed(1))))
            Close.assertGradient(() -> new Unrolled<>(cell).apply(x).states(),
                    cell.parameters().toArray(Parameter[]::new));
    }

    /** Both gates at e^-40: their quotient is one half, not 0/0. */
    @Test void shutGatesOfMinLstmShareEqually() {
        Tensor shut = Tensor.full(-40, 1, 1).tracked(), keep = MinLstmCell.keep(shut, Tensor.full(-40, 1, 1));
        keep.backward();
        assertEquals(.5, keep.item(), 1e-6);
        assertEquals(.25, shut.gradient().item(), 1e-6);
    }

    @Test void goesOnWhereItStopped() {
        SequenceLayer layer = MinGru.of(3, 4).build(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(6, 2, 3);
        var first = layer.apply(x.slice(0, 0, 2));
        Close.assertClose("h", layer.apply(x).last().h(), layer.apply(x.slice(0, 2, 6), first.last()).last().h(), 1e-6);
    }

    @Test void aWrongStateIsNamed() {
        SequenceLayer layer = MinLstm.of(3, 4).build(Rng.seed(1));
        var kind = assertThrows(IllegalArgumentException.class,
                () -> layer.apply(Tensor.zeros(5, 2, 3), new LstmState(Tensor.zeros(2, 4), Tensor.zeros(2, 4))));
        assertTrue(kind.getMessage().contains("LstmState"), kind.getMessage());
        var size = assertThrows(ShapeException.class, () -> layer.apply(Tensor.zeros(5, 2, 3), layer.initialState(7)));
        assertTrue(size.getMessage().contains("[2, 4]") && size.getMessage().contains("[7, 4]"), size.getMessage());
    }
}
