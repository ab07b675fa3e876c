package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import unroll.nn.SequenceLayer;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * Weights in the layout of PyTorch's {@code nn.RNN}, {@code nn.LSTM} and {@code nn.GRU}, so that a layer trained there
 * runs here and the other way round. For each layer l0, l1, … (of the backward direction l0_reverse, …), with G = 1
 * (RNN), 4 (LSTM: i, f, g, o) or 3 (GRU: r, z, n):
 *
 * <pre>{@code
 * weight_ih_l0 [G H, I] = Wᵀ       weight_hh_l0 [G H, H] = Uᵀ       bias_ih_l0 [G H] + bias_hh_l0 [G H] = b
 *
 * SequenceLayer lstm = Lstm.of(64, 256).layers(2).build(rng);
 * TorchWeights.load(lstm, TensorFile.read(Path.of("model.safetensors")), "encoder.");
 * TensorFile.write(Path.of("lstm.npz"), TorchWeights.export(lstm));
 * }</pre>
 *
 * Of PyTorch's two biases one is enough, except of the GRU's n, whose second one is inside the reset: there bias_ih is
 * b and bias_hh is c. On export the second bias of all others is 0. In Python, {@code torch.save} is not readable here;
 * {@code safetensors.torch.save_file(model.state_dict(), …)} is, and so is {@code numpy.savez(…, **{k: v.numpy() for k,
 * v in model.state_dict().items()})}.
 */
public final class TorchWeights {
    private TorchWeights() {
    }

    /** Copies of the weights of a layer, as {@code nn.LSTM.load_state_dict} takes them. */
    public static Map<String, Tensor> export(SequenceLayer layer) {
        return export(layer, "");
    }

    /** The same with a prefix before each name: {@code "encoder."} for the layer {@code encoder} of a model. */
    public static Map<String, Tensor> export(SequenceLayer layer, String prefix) {
        Map<String, Tensor> entries = new LinkedHashMap<>();
        cells(layer).forEach((suffix, cell) -> {
            Parameter c = secondBias(cell);
            int H = cell.hiddenSize();
            entries.put(prefix + "weight_ih_" + suffix, cell.w().detach().transpose());
            entries.put(prefix + "weight_hh_" + suffix, cell.u().detach().transpose());
            entries.put(prefix + "bias_ih_" + suffix, cell.b().detach());
            entries.put(prefix + "bias_hh_" + suffix,
                    c == null
                            ? Tensor.zeros(cell.b().size())
                            : Tensor.concat(0, List.of(Tensor.zeros(2 * H), c.detach())));
        });
        return entries;
    }

    /** Sets the weights of a layer to these entries, which must be exactly those of the layer. */
    public static void load(SequenceLayer layer, Map<String, Tensor> entries) {
        load(layer, entries, "");
    }

    /**
     * Sets the weights of a layer to the entries whose names begin with a prefix, and leaves the others aside. Entries
     * that are missing, not expected, of another shape, or NaN or infinite give one exception that lists them all, and
     * nothing changes.
     */
    public static void load(SequenceLayer layer, Map<String, Tensor> entries, String prefix) {
        Map<String, GatedCell<?>> cells = cells(layer);
        List<String> problems = problems(export(layer, prefix), entries, prefix);
        if (!problems.isEmpty()) throw doNotFit(layer, problems, advice(entries, prefix));
        Map<Parameter, Tensor> values = new LinkedHashMap<>();
        cells.forEach((suffix, cell) -> values(cell, prefix, suffix, entries).forEach((parameter, value) -> {
            Tensor other = values.put(parameter, value);
            if (!value.isFinite())
                problems.add(prefix + "bias_ih_" + suffix + " and bias_hh_" + suffix + ": their sum is not finite");
            if (other != null && !Arrays.equals(other.data(), value.data()))
                problems.add(prefix + "…" + suffix + " differs from the weights of another layer that shares its "
                        + parameter.name() + " here");
        }));
        if (!problems.isEmpty()) throw doNotFit(layer, problems, "");
        values.forEach(Parameter::set);
    }

    private static Map<Parameter, Tensor> values(GatedCell<?> cell, String prefix, String suffix,
            Map<String, Tensor> entries) {
        Parameter c = secondBias(cell);
        Tensor input = entries.get(prefix + "bias_ih_" + suffix).detach(),
                hidden = entries.get(prefix + "bias_hh_" + suffix).detach();
        Tensor sum = input.add(hidden);
        Map<Parameter, Tensor> values = new LinkedHashMap<>();
        values.put(cell.w(), entries.get(prefix + "weight_ih_" + suffix).detach().transpose());
        values.put(cell.u(), entries.get(prefix + "weight_hh_" + suffix).detach().transpose());
        if (c == null) values.put(cell.b(), sum);
        else {
            int H = cell.hiddenSize();
            values.put(cell.b(), Tensor.concat(0, List.of(sum.slice(0, 0, 2 * H), input.slice(0, 2 * H, 3 * H))));
            values.put(c, hidden.slice(0, 2 * H, 3 * H));
        }
        return values;
    }

    private static List<String> problems(Map<String, Tensor> expected, Map<String, Tensor> entries, String prefix) {
        List<String> problems = new ArrayList<>();
        expected.forEach((name, own) -> {
            Tensor t = entries.get(name);
            String shape = Arrays.toString(own.shape());
            if (t == null) problems.add(name + " is missing; expected shape " + shape);
            else if (!Arrays.equals(t.shape(), own.shape()))
                problems.add(name + " has shape " + Arrays.toString(t.shape()) + "; expected " + shape);
            else if (!t.isFinite()) problems.add(name + " has numbers that are NaN or infinite: " + notFinite(t));
        });
        for (String name : entries.keySet())
            if (name.startsWith(prefix) && !expected.containsKey(name))
                problems.add(name + " of shape " + Arrays.toString(entries.get(name).shape())
                        + " is not one of its weights");
        return problems;
    }

    private static String notFinite(Tensor t) {
        int[] at = IntStream.range(0, t.size()).filter(i -> !Float.isFinite(t.data()[i])).toArray();
        int columns = t.size(-1);
        return at.length + " of " + t.size() + ", the first at "
                + (t.rank() == 1 ? "[" + at[0] : "[" + at[0] / columns + ", " + at[0] % columns) + "]";
    }

    /** The mistakes that are made most. */
    private static String advice(Map<String, Tensor> entries, String prefix) {
        List<String> others = entries.keySet().stream().filter(n -> n.endsWith("weight_ih_l0"))
                .map(n -> n.substring(0, n.length() - "weight_ih_l0".length())).filter(p -> !p.equals(prefix)).toList();
        if (!entries.containsKey(prefix + "weight_ih_l0") && !others.isEmpty())
            return "There are weights of recurrent layers with the prefix \"" + String.join("\" and \"", others)
                    + "\".";
        if (entries.containsKey(prefix + "weight_ih_l0") && !entries.containsKey(prefix + "bias_ih_l0"))
            return "Was the layer made with bias=False? Zeros under the names of its biases give the same outputs.";
        return "";
    }

    /** c, inside the reset of a GRU; null otherwise. */
    private static Parameter secondBias(GatedCell<?> cell) {
        return cell instanceof GruCell gru ? gru.weight("c") : null;
    }

    private static IllegalArgumentException doNotFit(SequenceLayer layer, List<String> problems, String advice) {
        List<String> lines = new ArrayList<>(List.of("The weights do not fit " + layer + ":"));
        for (String problem : problems) lines.add("- " + problem);
        if (!advice.isEmpty()) lines.add(advice);
        return new IllegalArgumentException(Message.lines(lines.toArray(String[]::new)));
    }

    // The cells of a layer under the names that PyTorch gives them: l0, l0_reverse, l1, …

    /** Refuses what PyTorch's layers do not compute, so that equal weights always mean equal outputs. */
    private static Map<String, GatedCell<?>> cells(SequenceLayer layer) {
        List<List<GatedCell<?>>> levels = levels(layer);
        Map<String, GatedCell<?>> cells = new LinkedHashMap<>();
        List<Parameter> placed = new ArrayList<>();
        GatedCell<?> first = levels.get(0).get(0);
        for (int l = 0; l < levels.size(); l++) {
            List<GatedCell<?>> level = levels.get(l);
            if (level.size() != levels.get(0).size())
                throw noLayout(layer + ": layer " + l
                        + " and layer 0 differ in their directions; PyTorch has one or both in all");
            for (int d = 0; d < level.size(); d++) {
                GatedCell<?> cell = level.get(d);
                if (cell.getClass() != first.getClass() || cell.hiddenSize() != first.hiddenSize()
                        || nonlinearity(cell) != nonlinearity(first))
                    throw noLayout(
                            layer + ": " + cell + " in layer " + l + " beside " + first
                                    + "; PyTorch has one kind and one hidden size in all");
                cells.put("l" + l + (d == 0 ? "" : "_reverse"), cell);
                placed.addAll(cell.parameters());
            }
        }
        layer.namedParameters().forEach((path, p) -> {
            if (!placed.contains(p))
                throw noLayout(layer + ": PyTorch's layer has no place for the parameter " + path);
        });
        return cells;
    }

    /** From the bottom to the top, the directions of each layer. */
    private static List<List<GatedCell<?>>> levels(SequenceLayer layer) {
        if (layer instanceof Stacked s) {
            if (s.residual())
                throw noLayout(
                        layer + ": PyTorch's layers add nothing to their outputs; build it without residual()");
            return s.layers().stream().flatMap(l -> levels(l).stream()).toList();
        }
        if (layer instanceof Bidirectional b) {
            if (b.outputSize() != b.forward().outputSize() + b.backward().outputSize())
                throw noLayout(
                        layer + ": PyTorch's layers put both directions side by side; build it with bidirectional()");
            return List.of(List.of(cell(b.forward()), cell(b.backward())));
        }
        return List.of(List.of(cell(layer)));
    }

    private static GatedCell<?> cell(SequenceLayer layer) {
        Cell<?> cell = layer instanceof CellLayer<?> c ? c.cell() : null;
        if (cell instanceof LstmCell lstm) return lstm;
        if (cell instanceof GruCell gru && gru.convention() == GruConvention.KEEPS_OLD_RESET_AFTER) return gru;
        if (cell instanceof ElmanCell rnn && rnn.nonlinearity() != Nonlinearity.LOGISTIC) return rnn;
        throw noLayout(
                layer + ": expected Lstm, Gru in its first convention, or Rnn with tanh or ReLU; "
                        + "PyTorch has no layer that computes this one");
    }

    private static IllegalArgumentException noLayout(String reason) {
        return new IllegalArgumentException(Message.of(reason));
    }

    private static Nonlinearity nonlinearity(GatedCell<?> cell) {
        return cell instanceof ElmanCell e ? e.nonlinearity() : null;
    }
}
