package unroll.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.nn.SequenceLayer;
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
        TorchLayout.cells(layer).forEach((suffix, cell) -> {
            Weights own = Weights.of(cell);
            int H = cell.hiddenSize();
            entries.put(prefix + "weight_ih_" + suffix, own.w().detach().transpose());
            entries.put(prefix + "weight_hh_" + suffix, own.u().detach().transpose());
            entries.put(prefix + "bias_ih_" + suffix, own.b().detach());
            entries.put(prefix + "bias_hh_" + suffix,
                    own.c() == null
                            ? Tensor.zeros(own.b().size())
                            : Tensor.concat(0, List.of(Tensor.zeros(2 * H), own.c().detach())));
        });
        return entries;
    }

    /** Sets the weights of a layer to these entries, which must be exactly those of the layer. */
    public static void load(SequenceLayer layer, Map<String, Tensor> entries) {
        load(layer, entries, "");
    }

    /**
     * Sets the weights of a layer to the entries whose names begin with a prefix, and leaves the others aside. Entries
     * that are missing, not expected, of another shape, or NaN or infinite give one {@link WeightsException} that lists
     * them all, and nothing changes.
     */
    public static void load(SequenceLayer layer, Map<String, Tensor> entries, String prefix) {
        Map<String, Cell<?>> cells = TorchLayout.cells(layer);
        Map<String, int[]> shapes = new LinkedHashMap<>();
        cells.forEach(
                (suffix, cell) -> shapes(cell).forEach((name, shape) -> shapes.put(prefix + name + suffix, shape)));
        List<String> problems = problems(shapes, entries, prefix);
        if (!problems.isEmpty())
            throw new WeightsException("The weights do not fit " + layer, problems, advice(entries, prefix));
        Map<Parameter, Tensor> values = new LinkedHashMap<>();
        cells.forEach((suffix, cell) -> values(cell, prefix, suffix, entries).forEach((parameter, value) -> {
            Tensor other = values.put(parameter, value);
            if (!value.isFinite())
                problems.add(prefix + "bias_ih_" + suffix + " and bias_hh_" + suffix + ": their sum is not finite");
            if (other != null && !Arrays.equals(other.data(), value.data()))
                problems.add(prefix + "…" + suffix + " differs from the weights of another layer that shares its "
                        + parameter.name() + " here");
        }));
        if (!problems.isEmpty()) throw new WeightsException("The weights do not fit " + layer, problems, "");
        values.forEach(Parameter::set);
    }

    private static Map<String, int[]> shapes(Cell<?> cell) {
        int H = cell.hiddenSize(), gates = Weights.of(cell).b().size();
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("weight_ih_", new int[] {gates, cell.inputSize()});
        shapes.put("weight_hh_", new int[] {gates, H});
        shapes.put("bias_ih_", new int[] {gates});
        shapes.put("bias_hh_", new int[] {gates});
        return shapes;
    }

    private static Map<Parameter, Tensor> values(Cell<?> cell, String prefix, String suffix,
            Map<String, Tensor> entries) {
        Weights own = Weights.of(cell);
        Tensor input = entries.get(prefix + "bias_ih_" + suffix).detach(),
                hidden = entries.get(prefix + "bias_hh_" + suffix).detach();
        Tensor sum = input.add(hidden);
        Map<Parameter, Tensor> values = new LinkedHashMap<>();
        values.put(own.w(), entries.get(prefix + "weight_ih_" + suffix).detach().transpose());
        values.put(own.u(), entries.get(prefix + "weight_hh_" + suffix).detach().transpose());
        if (own.c() == null) values.put(own.b(), sum);
        else {
            int H = cell.hiddenSize();
            values.put(own.b(), Tensor.concat(0, List.of(sum.slice(0, 0, 2 * H), input.slice(0, 2 * H, 3 * H))));
            values.put(own.c(), hidden.slice(0, 2 * H, 3 * H));
        }
        return values;
    }

    private static List<String> problems(Map<String, int[]> shapes, Map<String, Tensor> entries, String prefix) {
        List<String> problems = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            Tensor t = entries.get(name);
            if (t == null) problems.add(name + " is missing; expected shape " + Arrays.toString(shape));
            else if (!Arrays.equals(t.shape(), shape))
                problems.add(
                        name + " has shape " + Arrays.toString(t.shape()) + "; expected " + Arrays.toString(shape));
            else if (!t.isFinite()) problems.add(name + " has numbers that are NaN or infinite: " + notFinite(t));
        });
        for (String name : entries.keySet())
            if (name.startsWith(prefix) && !shapes.containsKey(name))
                problems.add(name + " of shape " + Arrays.toString(entries.get(name).shape())
                        + " is not one of its weights");
        return problems;
    }

    private static String notFinite(Tensor t) {
        float[] values = t.data();
        int count = 0, first = -1;
        for (int i = values.length - 1; i >= 0; i--) {
            if (Float.isFinite(values[i])) continue;
            count++;
            first = i;
        }
        int columns = t.size(-1);
        return count + " of " + t.size() + ", the first at "
                + (t.rank() == 1 ? "[" + first : "[" + first / columns + ", " + first % columns) + "]";
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

    /** The parameters of a cell by their names; c is that of a GRU and null otherwise. */
    private record Weights(Parameter w, Parameter u, Parameter b, Parameter c) {
        static Weights of(Cell<?> cell) {
            Map<String, Parameter> named = new LinkedHashMap<>();
            cell.parameters().forEach(p -> named.put(p.name(), p));
            return new Weights(named.get("w"), named.get("u"), named.get("b"), named.get("c"));
        }
    }
}
