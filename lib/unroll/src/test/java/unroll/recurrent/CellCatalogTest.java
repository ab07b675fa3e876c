package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** What the catalogue says about a cell is what the cell does. */
class CellCatalogTest {
    static List<CatalogEntry> entries() { return new CellCatalog(1, 1).entries(); }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries") void parametersAreThoseOfTheCell(CatalogEntry entry) {
        for (int[] size : new int[][] {{1, 1}, {3, 5}, {7, 4}}) {
            long actual = entry.cell(size[0], size[1], Rng.seed(1)).parameters().stream().mapToLong(Parameter::size)
                    .sum();
            assertEquals(actual, entry.parameters().of(size[0], size[1]));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries") void multiplicationsAreThoseOnTheTapeOfOneStep(CatalogEntry entry) {
        for (int[] size : new int[][] {{1, 1}, {3, 5}, {7, 4}})
            assertEquals(multiplications(entry.cell(size[0], size[1], Rng.seed(1))),
                    entry.multiplyAdds().of(size[0], size[1]));
    }

    private static <S extends State> long multiplications(Cell<S> cell) {
        S zero = cell.initialState(1);
        @SuppressWarnings("unchecked")
        S start = (S) zero.with(zero.tensors().stream().map(Tensor::tracked).toList());
        long count = 0;
        List<Tensor> open = new ArrayList<>(cell.step(Tensor.ones(1, cell.inputSize()), start).tensors());
        Set<Tensor> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Tensor t = open.remove(open.size() - 1);
            if (!seen.add(t)) continue;
            open.addAll(t.inputs());
            // one row times a matrix
            if (t.operation().equals("matmul")) count += t.inputs().get(1).size();
            if (t.operation().equals("mul") && t.inputs().size() == 2) count += t.size();
        }
        return count;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries") void layersAreTheirCells(CatalogEntry entry) {
        SequenceLayer layer = entry.spec(3, 4).build(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(5, 2, 3);
        Close.assertClose("states", new Unrolled<>(entry.cell(3, 4, Rng.seed(1).split())).apply(x).states(),
                layer.apply(x).states(), 3e-6);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries") void everyOneCanBeStackedInBothDirections(CatalogEntry entry) {
        SequenceLayer layer = entry.spec(3, 4).layers(2).bidirectional().build(Rng.seed(1));
        Tensor states = layer.apply(Rng.seed(2).normal(5, 2, 3), Lengths.of(5, 3)).states();
        assertEquals(8, states.size(2));
        assertTrue(states.isFinite());
    }

    @Test void namesDiffer() {
        assertEquals(entries().size(), entries().stream().map(CatalogEntry::name).distinct().count());
    }

    @Test void printsATable() {
        String text = new CellCatalog(64, 256).toString();
        List<String> lines = text.lines().toList();
        assertEquals(1 + 2 * entries().size(), lines.size());
        String peephole = lines.stream().filter(l -> l.startsWith("peephole LSTM")).findFirst().orElseThrow();
        assertTrue(
                peephole.contains("4 I H + 4 H² + 7 H     329,472") && peephole.endsWith("Gers and Schmidhuber 2000"),
                peephole);
        assertTrue(text.contains("    h' = ReLU(x W + u ∘ h + b)\n"), text);
    }

    @Test void anUnknownNameIsAnsweredWithTheNames() {
        var e = assertThrows(IllegalArgumentException.class, () -> new CellCatalog(1, 1).entry("LTSM"));
        assertTrue(e.getMessage().contains("LTSM") && e.getMessage().contains("peephole LSTM"), e.getMessage());
    }
}
