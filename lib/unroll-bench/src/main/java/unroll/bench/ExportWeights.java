package unroll.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.nn.SequenceLayer;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.Nonlinearity;
import unroll.recurrent.RecurrentSpec;
import unroll.recurrent.Rnn;
import unroll.recurrent.TorchWeights;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

/**
 * Writes the weights of layers of all kinds, each with an input x and its output y, into a folder: for
 * {@code check_weights.py}, which gives them to PyTorch.
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.ExportWeights FOLDER
 * }</pre>
 */
public final class ExportWeights {
    private static final int STEPS = 7, BATCH = 3, INPUT = 5, HIDDEN = 6;

    private ExportWeights() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1) throw new IllegalArgumentException("expected FOLDER but got " + List.of(arguments));
        Map<String, RecurrentSpec<?>> kinds = Map.of("LSTM", Lstm.of(INPUT, HIDDEN), "GRU", Gru.of(INPUT, HIDDEN),
                "RNN-tanh", Rnn.of(INPUT, HIDDEN),
                "RNN-relu", Rnn.of(INPUT, HIDDEN, Nonlinearity.RELU));
        kinds.forEach((name, spec) -> {
            for (int layers = 1; layers <= 2; layers++) {
                write(Path.of(arguments[0], name + "-x" + layers), spec.layers(layers));
                write(Path.of(arguments[0], name + "-x" + layers + "-bidirectional"),
                        spec.layers(layers).bidirectional());
            }
        });
    }

    private static void write(Path file, RecurrentSpec<?> spec) {
        Rng rng = Rng.seed(17);
        SequenceLayer layer = spec.build(rng.split());
        Map<String, Tensor> tensors = new LinkedHashMap<>(TorchWeights.export(layer, "layer."));
        Tensor x = rng.normal(STEPS, BATCH, INPUT);
        tensors.put("x", x);
        tensors.put("y", layer.apply(x).states().detach());
        for (String ending : List.of(".npz", ".safetensors"))
            TensorFile.write(file.resolveSibling(file.getFileName() + ending), tensors);
    }
}
