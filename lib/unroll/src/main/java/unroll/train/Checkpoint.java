package unroll.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import unroll.nn.Module;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * All that a training run needs to go on bit for bit: parameters, what the optimizer and the model remember, the random generators' states, and
 * the place in the data. On disk it is a {@code NAME.json} of settings and states and a {@code .npz} of arrays that {@code numpy.load} reads.
 *
 * <pre>{@code
 * Checkpoint.of(model).write(folder, "final");
 * Checkpoint.read(folder, "final").into(model);                    // another day, a model built by the same code
 * }</pre>
 *
 * @param model      the model's {@code toString}, which must be the same when it is loaded
 * @param optimizer  the optimizer's {@code toString}, for the reader; empty without one
 * @param step       optimizer steps done
 * @param batches    batches done, over all epochs
 * @param best       the lowest validation loss so far; infinite before the first validation
 * @param waited     validations since then
 * @param validated  batches done at the last validation; 0 before the first
 * @param parameters by path
 * @param memory     {@link Module#memory()}
 * @param moments    what the optimizer remembers, by parameter number and slot
 * @param generators the states of the model's random generators, by path
 */
public record Checkpoint(String model, String optimizer, long step, long batches, double best, int waited, long validated,
        Map<String, Tensor> parameters, Map<String, Tensor> memory, Map<String, Tensor> moments, Map<String, Rng.State> generators) {

    /** A copy of the present state of a model and its optimizer. */
    static Checkpoint of(Module model, Optimizer optimizer, long batches, double best, int waited, long validated) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        model.namedParameters().forEach((name, p) -> parameters.put(name, p.detach()));
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        model.namedGenerators().forEach((name, rng) -> generators.put(name, rng.state()));
        return new Checkpoint(model.toString(), optimizer.toString(), optimizer.steps(), batches, best, waited, validated, parameters, model.memory(),
                optimizer.memory(), generators);
    }

    /** The weights and buffers of a trained model, to be used later; a run cannot go on from it. */
    public static Checkpoint of(Module model) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        model.namedParameters().forEach((name, p) -> parameters.put(name, p.detach()));
        return new Checkpoint(model.toString(), "", 0, 0, Double.POSITIVE_INFINITY, 0, 0, parameters, model.namedBuffers(), Map.of(), Map.of());
    }

    /**
     * Writes {@code NAME.json} and its arrays into a folder, made if it is not there. Both are written aside and renamed, the JSON last, so a
     * process that dies meanwhile leaves the checkpoint of before.
     *
     * @throws CheckpointException if that is not possible; the checkpoint of before is still there
     */
    public Path write(Path folder, String name) { return CheckpointFiles.write(this, folder, name); }

    /**
     * Reads a checkpoint and proves by its checksums that it is whole.
     *
     * @throws CheckpointException if it is missing, cut off or damaged
     */
    public static Checkpoint read(Path folder, String name) { return CheckpointFiles.read(folder, name); }

    /** Whether there is a checkpoint of that name. */
    public static boolean exists(Path folder, String name) {
        return Files.exists(folder.resolve(name + ".json"));
    }

    /** Sets the weights and buffers of a model, after proving that they are those of such a model. */
    public void into(Module target) {
        requireFor(target);
        target.restoreBuffers(memory);
        target.namedParameters().forEach((name, p) -> p.set(parameters.get(name)));
    }

    /** Sets model and optimizer to the state in which the run was. */
    void into(Module target, Optimizer steps) {
        requireFor(target);
        if (!target.namedGenerators().keySet().equals(generators.keySet()))
            throw new CheckpointException(
                    "Checkpoint: it holds the random generators " + generators.keySet() + " but the model has " + target.namedGenerators().keySet()
                            + "; a checkpoint of weights alone cannot be resumed");
        if (!kind(steps.toString()).equals(kind(optimizer)))
            throw new CheckpointException("Checkpoint: it is of a run with " + optimizer + ", which cannot go on with " + steps);
        Map<String, Tensor> before = target.memory();
        try {
            target.namedGenerators().forEach((name, rng) -> {
                if (rng.state().key() != generators.get(name).key())
                    throw new CheckpointException(
                            "Checkpoint: generator " + name + " started from another seed; build the model with the seed of the run");
            });
            target.restoreMemory(memory);
            steps.restore(moments, step);
        } catch (IllegalArgumentException e) {
            target.restoreMemory(before);
            throw new CheckpointException("Checkpoint: " + e.getMessage(), e);
        }
        target.namedParameters().forEach((name, p) -> p.set(parameters.get(name)));
        target.namedGenerators().forEach((name, rng) -> rng.restore(generators.get(name)));
    }

    /** Without the settings: a rate may be lowered on the way. */
    private static String kind(String optimizer) {
        return optimizer.replaceAll("\\(.*", "");
    }

    private void requireFor(Module target) {
        List<String> differences = new ArrayList<>();
        if (!target.toString().equals(model)) differences.add("it is of " + model + ", the model is " + target);
        Map<String, Parameter> own = target.namedParameters();
        new TreeMap<>(parameters).forEach((name, t) -> {
            Parameter p = own.get(name);
            if (p == null) differences.add(name + " is not in the model");
            else
                if (!Arrays.equals(p.shape(), t.shape()))
                    differences.add(name + " has shape " + Arrays.toString(t.shape()) + " there and " + Arrays.toString(p.shape()) + " in the model");
        });
        target.namedBuffers().forEach((name, buffer) -> {
            Tensor t = memory.get(name);
            if (t == null) differences.add(name + " is missing there");
            else
                if (!Arrays.equals(buffer.shape(), t.shape()))
                    differences.add(name + " has shape " + Arrays.toString(t.shape()) + " there and " + Arrays.toString(buffer.shape())
                            + " in the model");
        });
        own.keySet().stream().filter(name -> !parameters.containsKey(name)).forEach(name -> differences.add(name + " is missing there"));
        if (!differences.isEmpty()) throw new CheckpointException("Checkpoint of another model: " + String.join("; ", differences));
    }

    /** A reason for people: what a file system says is often only a path. */
    static String reason(Exception e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
