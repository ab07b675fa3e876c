package unroll.train;

import java.util.LinkedHashMap;
import java.util.Map;

import unroll.nn.Module;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** What a batch changes in a model besides its weights, so that a batch which no step follows can be taken back. */
record Remembered(Map<String, Tensor> memory, Map<String, Rng.State> generators) {
    static Remembered of(Module model) {
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        model.namedGenerators().forEach((name, rng) -> generators.put(name, rng.state()));
        return new Remembered(model.memory(), generators);
    }

    void into(Module model) {
        model.restoreMemory(memory);
        model.namedGenerators().forEach((name, rng) -> rng.restore(generators.get(name)));
    }
}
