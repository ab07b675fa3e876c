package unroll.recurrent;

import static unroll.Goldens.assertGolden;
import static unroll.Goldens.assertGoldenShape;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Array;
import unroll.Goldens.Case;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Cells, unrolled and stacked, and whole-sequence layers give PyTorch's outputs, final states, loss and gradients. */
class CellGoldenTest {
    @TestFactory Stream<DynamicTest> elman() { return tests("RNN", Unrolled::new); }

    @TestFactory Stream<DynamicTest> lstm() { return tests("LSTM", Unrolled::new); }

    @TestFactory Stream<DynamicTest> gruOverWholeSequences() { return tests("GRU", cell -> new Gru((GruCell) cell)); }

    @TestFactory Stream<DynamicTest> rnnOverWholeSequences() { return tests("RNN", cell -> new Rnn((ElmanCell) cell)); }

    @TestFactory Stream<DynamicTest> lstmOverWholeSequences() {
        return tests("LSTM", cell -> new Lstm((LstmCell) cell));
    }

    @TestFactory Stream<DynamicTest> gru() { return tests("GRU", Unrolled::new); }

    private static Stream<DynamicTest> tests(String kind, Function<Cell<?>, SequenceLayer> layer) {
        return Goldens.tests("one-directional " + kind + " over whole sequences",
                c -> c.has("kind") && c.text("kind").equals(kind) && !c.flag("bidirectional") && !c.has("lengths"),
                c -> compare(c, layer));
    }

    private static void compare(Case c, Function<Cell<?>, SequenceLayer> layer) {
        int layers = c.integer("layers");
        Tensor x = c.tensor("x").tracked();
        List<Cell<?>> cells = new ArrayList<>();
        List<List<Tensor>> starts = new ArrayList<>();
        List<State> ends = new ArrayList<>();
        Tensor y = x;
        for (int l = 0; l < layers; l++) {
            Cell<?> cell = cell(c, l);
            List<Tensor> start = new ArrayList<>(List.of(c.array("h0").at(l).tensor().tracked()));
            if (c.has("c0")) start.add(c.array("c0").at(l).tensor().tracked());
            Output out = layer.apply(cell).apply(y, cell.initialState(x.size(1)).with(start));
            cells.add(cell);
            starts.add(start);
            ends.add(out.last());
            y = out.states();
        }
        Tensor loss = y.mul(c.tensor("cotangent_y")).sum();
        for (int l = 0; l < layers; l++) {
            loss = loss.add(ends.get(l).h().mul(c.array("cotangent_hT").at(l).tensor()).sum());
            if (c.has("c0"))
                loss = loss.add(ends.get(l).tensors().get(1).mul(c.array("cotangent_cT").at(l).tensor()).sum());
        }
        loss.backward();

        assertGoldenShape("y", c.array("y"), y);
        // The loss is a sum of products of both signs: it is as exact as its terms are.
        double terms = y.mul(c.tensor("cotangent_y")).abs().sum().item();
        assertGolden("loss", new Array(new double[] {c.number("loss"), terms}, new int[] {2}),
                Tensor.of(new double[] {loss.item(), terms}, 2));
        assertGoldenShape("grad_x", c.array("grad_x"), x.gradient());
        for (int l = 0; l < layers; l++) {
            for (int s = 0; s < starts.get(l).size(); s++) {
                String name = s == 0 ? "h" : "c";
                assertGoldenShape(name + "T of layer " + l, c.array(name + "T").at(l), ends.get(l).tensors().get(s));
                assertGoldenShape("grad_" + name + "0 of layer " + l, c.array("grad_" + name + "0").at(l),
                        starts.get(l).get(s).gradient());
            }
            compareWeights(c, l, cells.get(l));
        }
    }

    /**
     * PyTorch's weights are [gates, in], ours [in, gates]; of its two biases the gradients are equal, except of a GRU's
     * candidate.
     */
    private static void compareWeights(Case c, int layer, Cell<?> cell) {
        for (Parameter p : cell.parameters()) {
            Array theirs = switch (p.name()) {
                case "w" -> c.array("grad_parameters.weight_ih_l" + layer).transposed();
                case "u" -> c.array("grad_parameters.weight_hh_l" + layer).transposed();
                case "b" -> c.array("grad_parameters.bias_ih_l" + layer);
                case "c" -> candidate(c.array("grad_parameters.bias_hh_l" + layer), cell.hiddenSize());
                default -> throw new AssertionError("no golden for " + p.name());
            };
            assertGoldenShape("gradient of " + p.name() + " of layer " + layer, theirs, p.gradient());
        }
    }

    private static Cell<?> cell(Case c, int layer) {
        Array w = c.array("parameters.weight_ih_l" + layer).transposed(),
                u = c.array("parameters.weight_hh_l" + layer).transposed();
        Array input = c.array("parameters.bias_ih_l" + layer), hidden = c.array("parameters.bias_hh_l" + layer);
        int in = w.shape()[0], h = u.shape()[0];
        boolean gru = c.text("kind").equals("GRU");
        double[] bias = input.values().clone();
        for (int i = 0; i < (gru ? 2 * h : bias.length); i++) bias[i] += hidden.values()[i];
        Rng rng = Rng.seed(1);
        Cell<?> cell = switch (c.text("kind")) {
            case "RNN" -> new ElmanCell(in, h,
                    Nonlinearity.valueOf(c.text("nonlinearity").toUpperCase(java.util.Locale.ROOT)), rng);
            case "LSTM" -> new LstmCell(in, h, rng);
            default -> new GruCell(in, h, rng);
        };
        for (Parameter p : cell.parameters()) p.set(switch (p.name()) {
            case "w" -> w.tensor();
            case "u" -> u.tensor();
            case "b" -> Tensor.of(bias, bias.length);
            default -> candidate(hidden, h).tensor();
        });
        return cell;
    }

    private static Array candidate(Array bias, int h) {
        return new Array(java.util.Arrays.copyOfRange(bias.values(), 2 * h, 3 * h), new int[] {h});
    }
}
