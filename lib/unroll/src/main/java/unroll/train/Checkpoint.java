package unroll.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import unroll.nn.Module;
import unroll.tensor.CheckpointException;
import unroll.tensor.DivergedException;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * All that a training run needs to go on bit for bit: parameters, what the optimizer and the model remember, the random
 * generators' states, and the place in the data. On disk it is a {@code NAME.json} of settings and states and a
 * {@code .npz} of arrays that {@code numpy.load} reads.
 *
 * <pre>{@code
 * Checkpoint.of(model).write(folder, "final");
 * Checkpoint.read(folder, "final").into(model);                    // another day, a model built by the same code
 * }</pre>
 *
 * @param model      the model's {@code toString}, for the reader
 * @param structure  {@link Module#structure()}, which must be the same when it is loaded
 * @param optimizer  the optimizer's {@code toString}, which must be the same but for its rate; empty without one
 * @param step       optimizer steps done
 * @param batches    batches done, over all epochs
 * @param best       the lowest validation loss so far; infinite before the first validation
 * @param waited     validations since then
 * @param validated  batches done at the last validation; 0 before the first
 * @param data       what was read, which must be the same when the run goes on
 * @param settings   of the run, which may be others when it goes on: its message tells them
 * @param parameters by path
 * @param memory     {@link Module#memory()}
 * @param moments    what the optimizer remembers, by parameter number and slot
 * @param generators the states of the model's random generators, by path
 */
public record Checkpoint(String model, Map<String, String> structure, String optimizer, long step, long batches,
        double best, int waited,
        long validated, Data data, Map<String, String> settings, Map<String, Tensor> parameters,
        Map<String, Tensor> memory,
        Map<String, Tensor> moments, Map<String, Rng.State> generators) {
    /**
     * What a run read, by which other data are told.
     *
     * @param perEpoch   the batches of an epoch; 0 where nobody trained
     * @param firstBatch a fingerprint of the first batch of the epoch that was read last; empty before the first step
     * @param batches    the same of all that were read of it
     */
    public record Data(int perEpoch, String firstBatch, String batches) {
        static final Data NONE = new Data(0, "", "");
    }

    /**
     * @throws IllegalArgumentException if a number is none that a run can have, or a name or text holds control
     * characters
     */
    public Checkpoint {
        least("batches", batches, 0);
        least("waited", waited, 0);
        least("validated", validated, 0);
        least("perEpoch", data.perEpoch(), batches > 0 && !data.firstBatch().isEmpty() ? 1 : 0);
        if (batches > step || waited > batches || validated > batches || batches > Integer.MAX_VALUE
                || Double.isNaN(best)
                || best == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException(
                    "Checkpoint: " + batches + " batches do not go with step=" + step + ", waited=" + waited
                            + ", validated="
                            + validated + " and best=" + best);
        generators.forEach((name, state) -> least("calls of generator " + name, state.calls(), 0));
        readable(List.of(model, optimizer, data.firstBatch(), data.batches()));
        for (Map<String, ?> named : List.of(structure, settings, parameters, memory, moments, generators))
            readable(named.keySet());
        readable(structure.values());
        readable(settings.values());
    }

    private static void least(String what, long value, int least) {
        if (value < least)
            throw new IllegalArgumentException(
                    Message.of("Checkpoint: expected " + what + " of at least " + least + " but got " + value));
    }

    private static void readable(Collection<String> texts) {
        for (String text : texts)
            if (text.chars().anyMatch(Character::isISOControl))
                throw new IllegalArgumentException(
                        Message.of("Checkpoint: a name or text holds control characters: "
                                + text.replaceAll("\\p{Cntrl}", "?")));
    }

    /** A copy of the present state of a model and its optimizer. */
    static Checkpoint of(Module model, Optimizer optimizer, long batches, double best, int waited, long validated) {
        return of(model, optimizer, batches, best, waited, validated, Data.NONE, Map.of());
    }

    /** The same with what the run reads, and its settings. */
    static Checkpoint of(Module model, Optimizer optimizer, long batches, double best, int waited, long validated,
            Data data,
            Map<String, String> settings) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        model.namedParameters().forEach((name, p) -> parameters.put(name, p.detach()));
        Map<String, Rng.State> generators = new LinkedHashMap<>();
        model.namedGenerators().forEach((name, rng) -> generators.put(name, rng.state()));
        return new Checkpoint(inOneLine(model), model.structure(), inOneLine(optimizer), optimizer.steps(), batches,
                best, waited, validated, data,
                settings, parameters, model.memory(), optimizer.memory(), generators);
    }

    /** The weights and buffers of a trained model, to be used later; a run cannot go on from it. */
    public static Checkpoint of(Module model) {
        return model.quietly(() -> weights(model));
    }

    private static Checkpoint weights(Module model) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        model.namedParameters().forEach((name, p) -> parameters.put(name, p.detach()));
        return new Checkpoint(inOneLine(model), model.structure(), "", 0, 0, Double.POSITIVE_INFINITY, 0, 0, Data.NONE,
                Map.of(), parameters,
                model.namedBuffers(), Map.of(), Map.of());
    }

    private static String inOneLine(Object described) {
        return described.toString().replaceAll("\\p{Cntrl}+", " ");
    }

    /** What is not finite among weights, and what an optimizer remembers of them. */
    static Optional<String> infinite(Map<String, ? extends Tensor> parameters, Map<String, Tensor> moments) {
        for (Map.Entry<String, ? extends Tensor> p : parameters.entrySet())
            if (!p.getValue().isFinite()) return Optional.of("weights " + p.getKey());
        for (Map.Entry<String, Tensor> m : moments.entrySet())
            if (!m.getValue().isFinite()) return Optional.of("optimizer's moments " + m.getKey());
        return Optional.empty();
    }

    /**
     * Writes {@code NAME.json} and its arrays into a folder, made if it is not there. Both are written aside and
     * renamed, the JSON last, so a process that dies meanwhile leaves the checkpoint of before.
     *
     * @throws CheckpointException if that is not possible; the checkpoint of before is still there
     * @throws DivergedException   if a weight or a moment is not finite; likewise
     */
    public Path write(Path folder, String name) {
        infinite(parameters, moments).ifPresent(what -> {
            throw new DivergedException("Checkpoint " + name + " is not written, since the " + what
                    + " are not finite: " + model + " has diverged");
        });
        return CheckpointFiles.write(this, folder, name);
    }

    /**
     * Reads a checkpoint and proves by its checksums that it is whole.
     *
     * @throws CheckpointException if it is missing, cut off or damaged
     */
    public static Checkpoint read(Path folder, String name) { return CheckpointFiles.read(folder, name); }

    /** Whether there is a checkpoint of that name. */
    public static boolean exists(Path folder, String name) {
        return Files.exists(CheckpointFiles.json(folder, name));
    }

    /**
     * Sets the weights and buffers of a model, after proving that they are those of such a model.
     *
     * @throws CheckpointException naming all that differs, in its settings, vocabularies, weights and buffers; then
     *     nothing was changed
     */
    public void into(Module target) {
        requireFor(target);
        Trainer.await(target);
        try {
            target.restoreBuffers(memory);
            target.namedParameters().forEach((name, p) -> p.set(parameters.get(name)));
        } finally {
            target.lock().unlock();
        }
    }

    /** Sets model and optimizer to the state in which the run was. */
    void into(Module target, Optimizer steps) {
        requireFor(target);
        if (!target.namedGenerators().keySet().equals(generators.keySet()))
            throw new CheckpointException(
                    "Checkpoint: it holds the random generators " + generators.keySet() + " but the model has "
                            + target.namedGenerators().keySet()
                            + "; a checkpoint of weights alone cannot be resumed");
        if (!kind(inOneLine(steps)).equals(kind(optimizer)))
            throw new CheckpointException(
                    "Checkpoint: it is of a run with " + optimizer + ", which cannot go on with " + steps);
        Map<String, Tensor> before = target.memory();
        try {
            target.namedGenerators().forEach((name, rng) -> {
                if (rng.state().key() != generators.get(name).key())
                    throw new CheckpointException(
                            "Checkpoint: generator " + name
                                    + " started from another seed; build the model with the seed of the run");
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

    /** Without the rate, which may be lowered on the way. */
    private static String kind(String optimizer) {
        return optimizer.replaceAll("rate=[^,)]*", "");
    }

    private void requireFor(Module target) {
        List<String> differences = new ArrayList<>();
        Map<String, String> parts = target.structure();
        if (!parts.get("").equals(structure.get("")))
            differences.add("it is of " + own(structure, model) + ", the model is " + own(parts, target));
        for (Map.Entry<String, String> part : parts.entrySet()) {
            String there = structure.get(part.getKey());
            if (there == null) differences.add("part " + part.getKey() + " is missing there");
            else if (!part.getKey().isEmpty() && !there.equals(part.getValue()))
                differences.add("part " + part.getKey() + " is " + there + " there and " + part.getValue()
                        + " in the model");
        }
        structure.keySet().stream().filter(path -> !parts.containsKey(path))
                .forEach(path -> differences.add("part " + path + " is not in the model"));
        Map<String, Parameter> own = target.namedParameters();
        new TreeMap<>(parameters).forEach((name, t) -> {
            Parameter p = own.get(name);
            if (p == null) differences.add(name + " is not in the model");
            else if (!Arrays.equals(p.shape(), t.shape()))
                differences.add(name + " has shape " + Arrays.toString(t.shape()) + " there and "
                        + Arrays.toString(p.shape()) + " in the model");
        });
        target.namedBuffers().forEach((name, buffer) -> {
            Tensor t = memory.get(name);
            if (t == null) differences.add(name + " is missing there");
            else if (!Arrays.equals(buffer.shape(), t.shape()))
                differences.add(name + " has shape " + Arrays.toString(t.shape()) + " there and "
                        + Arrays.toString(buffer.shape())
                        + " in the model");
        });
        own.keySet().stream().filter(name -> !parameters.containsKey(name))
                .forEach(name -> differences.add(name + " is missing there"));
        if (!differences.isEmpty())
            throw new CheckpointException("Checkpoint of another model: " + String.join("; ", differences));
    }

    private static String own(Map<String, String> structure, Object described) {
        String settings = structure.getOrDefault("", "");
        return inOneLine(described).contains(settings) ? inOneLine(described) : settings;
    }

    /** A reason for people: what a file system says is often only a path. */
    static String reason(Exception e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
