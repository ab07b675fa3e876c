package unroll.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.nn.SequenceLayer;
import unroll.tensor.Parameter;

/** The cells of a layer under the names that PyTorch gives them: l0, l0_reverse, l1, … */
final class TorchLayout {
    private TorchLayout() {
    }

    /** Refuses what PyTorch's layers do not compute, so that equal weights always mean equal outputs. */
    static Map<String, Cell<?>> cells(SequenceLayer layer) {
        List<List<Cell<?>>> levels = levels(layer);
        Map<String, Cell<?>> cells = new LinkedHashMap<>();
        List<Parameter> placed = new ArrayList<>();
        Cell<?> first = levels.get(0).get(0);
        for (int l = 0; l < levels.size(); l++) {
            List<Cell<?>> level = levels.get(l);
            if (level.size() != levels.get(0).size())
                throw new NoTorchLayoutException(layer + ": layer " + l
                        + " and layer 0 differ in their directions; PyTorch has one or both in all");
            for (int d = 0; d < level.size(); d++) {
                Cell<?> cell = level.get(d);
                if (cell.getClass() != first.getClass() || cell.hiddenSize() != first.hiddenSize()
                        || nonlinearity(cell) != nonlinearity(first))
                    throw new NoTorchLayoutException(
                            layer + ": " + cell + " in layer " + l + " beside " + first
                                    + "; PyTorch has one kind and one hidden size in all");
                cells.put("l" + l + (d == 0 ? "" : "_reverse"), cell);
                placed.addAll(cell.parameters());
            }
        }
        layer.namedParameters().forEach((path, p) -> {
            if (!placed.contains(p))
                throw new NoTorchLayoutException(layer + ": PyTorch's layer has no place for the parameter " + path);
        });
        return cells;
    }

    /** From the bottom to the top, the directions of each layer. */
    private static List<List<Cell<?>>> levels(SequenceLayer layer) {
        if (layer instanceof Stacked s) {
            if (s.residual())
                throw new NoTorchLayoutException(
                        layer + ": PyTorch's layers add nothing to their outputs; build it without residual()");
            return s.layers().stream().flatMap(l -> levels(l).stream()).toList();
        }
        if (layer instanceof Bidirectional b) {
            if (b.outputSize() != b.forward().outputSize() + b.backward().outputSize())
                throw new NoTorchLayoutException(
                        layer + ": PyTorch's layers put both directions side by side; build it with bidirectional()");
            return List.of(List.of(cell(b.forward()), cell(b.backward())));
        }
        return List.of(List.of(cell(layer)));
    }

    private static Cell<?> cell(SequenceLayer layer) {
        Cell<?> cell = layer instanceof FusedLayer<?> f ? f.cell() : layer instanceof Unrolled<?> u ? u.cell() : null;
        if (cell instanceof LstmCell
                || cell instanceof GruCell g && g.convention() == GruConvention.KEEPS_OLD_RESET_AFTER
                || cell instanceof ElmanCell e && e.nonlinearity() != Nonlinearity.LOGISTIC)
            return cell;
        throw new NoTorchLayoutException(
                layer + ": expected Lstm, Gru in its first convention, or Rnn with tanh or ReLU; "
                        + "PyTorch has no layer that computes this one");
    }

    private static Nonlinearity nonlinearity(Cell<?> cell) {
        return cell instanceof ElmanCell e ? e.nonlinearity() : null;
    }
}
