package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** What all cells have in common, those of a reader too. */
class EveryCellTest {
    static Stream<EveryCell> cells() { return EveryCell.all(); }

    @Test void noneIsForgotten() throws IOException {
        Set<String> tried = cells().map(c -> c.cell(1, 1, Rng.seed(1)).getClass().getSimpleName() + ".java")
                .collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> files = Files.list(Path.of("src/main/java/unroll/recurrent"))) {
            assertEquals(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith("Cell.java"))
                    .filter(f -> !Set.of("Cell.java", "GatedCell.java", "SimpleCell.java").contains(f))
                    .collect(Collectors.toCollection(TreeSet::new)), tried);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells") void weightsHaveNames(EveryCell every) {
        GatedCell<?> cell = (GatedCell<?>) every.cell(3, 4, Rng.seed(1));
        for (Parameter p : cell.parameters()) assertEquals(p, cell.weight(p.name()));
        var e = assertThrows(IllegalArgumentException.class, () -> cell.weight("peep"));
        assertTrue(e.getMessage().contains(cell + ": there is no weight \"peep\"; there are [w, "), e.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells") void everyOneCanBeStackedInBothDirections(EveryCell every) {
        Rng rng = Rng.seed(1);
        SequenceLayer below = new Bidirectional(new Unrolled<>(every.cell(3, 4, rng)),
                new Unrolled<>(every.cell(3, 4, rng)), Bidirectional.Combination.CONCATENATED);
        SequenceLayer layer = new Stacked(List.of(below, new Unrolled<>(every.cell(8, 4, rng))), .1, rng);
        Tensor states = layer.apply(rng.normal(5, 2, 3), Lengths.of(5, 3)).states();
        assertEquals(4, states.size(2));
        assertTrue(states.isFinite());
    }

    /** h' = tanh(x W + h U + b) ∘ s, as a reader would copy it. */
    private static final class ScaledCell extends GatedCell<Hidden> {
        ScaledCell(int inputSize, int hiddenSize, Rng rng) {
            super(inputSize, hiddenSize, 1, rng);
            add("s", Tensor.ones(H));
        }

        @Override public Hidden step(Tensor x, Hidden s) {
            require(x, s);
            return new Hidden(x.matmul(w()).add(s.h().matmul(u())).add(b()).tanh().mul(weight("s")));
        }

        @Override public Hidden initialState(int batch) { return new Hidden(Tensor.zeros(batch, H)); }
    }

    @Test void aReadersCellIsItsEquations() {
        ScaledCell cell = new ScaledCell(3, 4, Rng.seed(1));
        assertEquals("ScaledCell(input=3, hidden=4)", cell.toString());
        assertEquals(List.of("w", "u", "b", "s"), cell.parameters().stream().map(Parameter::name).toList());
        Tensor x = Rng.seed(2).normal(5, 2, 3);
        Close.assertClose("states", new Rnn(new ElmanCell(3, 4, Nonlinearity.TANH, Rng.seed(1))).apply(x).states(),
                new Unrolled<>(cell).apply(x).states(), 1e-6);
        Close.assertGradient(() -> new Unrolled<>(cell).apply(x).states(),
                cell.parameters().toArray(Parameter[]::new));
    }
}
