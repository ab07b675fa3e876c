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
import java.util.function.IntFunction;

import unroll.nn.Module;
import unroll.nn.State;
import unroll.tensor.CheckpointException;
import unroll.tensor.DivergedException;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * All that a training run needs to go on bit for bit: weights, what the optimizer remembers, the state that is carried,
 * the random generators' states, and the place in the data. On disk it is one file, {@code NAME.safetensors}, which
 * {@code safetensors.numpy.load_file} and PyTorch's reader open too; what is no array stands in its metadata.
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
 * @param buffers    by path
 * @param state      the tensors of the state that is carried to the next batch; none where none is
 * @param moments    what the optimizer remembers, by parameter number and slot
 * @param generators the states of the model's random generators, by path
 */
public record Checkpoint(String model, Map<String, String> structure, String optimizer, long step, long batches,
        double best, int waited, long validated, Data data, Map<String, String> settings,
        Map<String, Tensor> parameters, Map<String, Tensor> buffers, List<Tensor> state, Map<String, Tensor> moments,
        Map<String, Rng.State> generators) {
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
                || Double.isNaN(best) || best == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException("Checkpoint: " + batches + " batches do not go with step=" + step
                    + ", waited=" + waited + ", validated=" + validated + " and best=" + best);
        generators.forEach((name, random) -> least("calls of generator " + name, random.calls(), 0));
        readable(List.of(model, optimizer, data.firstBatch(), data.batches()));
        for (Map<String, ?> named : List.of(structure, settings, parameters, buffers, moments, generators))
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

    /** A copy of the present state of a model and its optimizer, of what a run carries, and of where it is. */
    static Checkpoint of(Module model, Optimizer optimizer, State state, long batches, double best, int waited,
            long validated, Data data, Map<String, String> settings) {
        return new Checkpoint(inOneLine(model), model.structure(), inOneLine(optimizer), optimizer.steps(), batches,
                best, waited, validated, data, settings, weights(model), model.namedBuffers(),
                state == null ? List.of() : state.tensors(), optimizer.memory(), generators(model));
    }

    /** The weights and buffers of a trained model, to be used later; a run cannot go on from it. */
    public static Checkpoint of(Module model) {
        return model.quietly(() -> new Checkpoint(inOneLine(model), model.structure(), "", 0, 0,
                Double.POSITIVE_INFINITY, 0, 0, Data.NONE, Map.of(), weights(model), model.namedBuffers(), List.of(),
                Map.of(), Map.of()));
    }

    private static Map<String, Tensor> weights(Module model) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        model.namedParameters().forEach((name, p) -> all.put(name, p.detach()));
        return all;
    }

    /** The states of a model's random generators, by path. */
    static Map<String, Rng.State> generators(Module model) {
        Map<String, Rng.State> all = new LinkedHashMap<>();
        model.namedGenerators().forEach((name, rng) -> all.put(name, rng.state()));
        return all;
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
     * Writes {@code NAME.safetensors} into a folder, made if it is not there; aside, then renamed, so a process that
     * dies meanwhile leaves the checkpoint of before.
     *
     * @throws CheckpointException if that is not possible; the checkpoint of before is still there
     * @throws DivergedException   if a weight or a moment is not finite; likewise
     */
    public Path write(Path folder, String name) {
        infinite(parameters, moments).ifPresent(what -> {
            throw new DivergedException("Checkpoint " + name + " is not written, since the " + what
                    + " are not finite: " + model + " has diverged");
        });
        return CheckpointFile.write(this, folder, name);
    }

    /**
     * Reads a checkpoint and proves by its checksum that it is whole.
     *
     * @throws CheckpointException if it is missing, cut off or damaged
     */
    public static Checkpoint read(Path folder, String name) { return CheckpointFile.read(folder, name); }

    /** Whether there is a checkpoint of that name. */
    public static boolean exists(Path folder, String name) {
        return Files.exists(CheckpointFile.path(folder, name));
    }

    /**
     * Sets the weights and buffers of a model, after proving that they are those of such a model.
     *
     * @throws CheckpointException naming all that differs, in its settings, vocabularies, weights and buffers; then
     *     nothing was changed
     */
    public void into(Module target) {
        requireFor(target);
        target.alone(() -> {
            target.restoreBuffers(buffers);
            target.namedParameters().forEach((name, p) -> p.set(parameters.get(name)));
            return null;
        });
    }

    /** Sets model and optimizer to the state in which the run was. */
    void into(Module target, Optimizer steps) {
        requireFor(target);
        Map<String, Rng> random = target.namedGenerators();
        if (!random.keySet().equals(generators.keySet()))
            throw new CheckpointException("Checkpoint: it holds the random generators " + generators.keySet()
                    + " but the model has " + random.keySet()
                    + "; a checkpoint of weights alone cannot be resumed");
        if (!kind(inOneLine(steps)).equals(kind(optimizer)))
            throw new CheckpointException(
                    "Checkpoint: it is of a run with " + optimizer + ", which cannot go on with " + steps);
        random.forEach((name, rng) -> {
            if (rng.state().key() != generators.get(name).key())
                throw new CheckpointException("Checkpoint: generator " + name
                        + " started from another seed; build the model with the seed of the run");
        });
        try {
            steps.restore(moments, step);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Checkpoint: " + e.getMessage(), e);
        }
        into(target);
        random.forEach((name, rng) -> rng.restore(generators.get(name)));
    }

    /** Without the rate, which may be lowered on the way. */
    private static String kind(String optimizer) {
        return optimizer.replaceAll("rate=[^,)]*", "");
    }

    /** The state that is carried on, of the kind of another one; null where none is. */
    State state(IntFunction<? extends State> start) {
        if (state.isEmpty() || start == null) return null;
        State kind = start.apply(state.get(0).rank() == 0 ? 1 : state.get(0).size(0));
        if (!shapes(kind.tensors()).equals(shapes(state)))
            throw new CheckpointException("Checkpoint: the carried state does not fit: it has the shapes "
                    + shapes(state) + ", that of the model " + shapes(kind.tensors()));
        return kind.with(state);
    }

    private static List<String> shapes(List<Tensor> tensors) {
        return tensors.stream().map(t -> Arrays.toString(t.shape())).toList();
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
        compare(parameters, target.namedParameters(), differences);
        compare(buffers, target.namedBuffers(), differences);
        if (!differences.isEmpty())
            throw new CheckpointException("Checkpoint of another model: " + String.join("; ", differences));
    }

    private static String own(Map<String, String> structure, Object described) {
        String settings = structure.getOrDefault("", "");
        return inOneLine(described).contains(settings) ? inOneLine(described) : settings;
    }

    private static void compare(Map<String, Tensor> there, Map<String, ? extends Tensor> own,
            List<String> differences) {
        new TreeMap<>(there).forEach((name, t) -> {
            Tensor mine = own.get(name);
            if (mine == null) differences.add(name + " is not in the model");
            else if (!Arrays.equals(mine.shape(), t.shape()))
                differences.add(name + " has shape " + Arrays.toString(t.shape()) + " there and "
                        + Arrays.toString(mine.shape()) + " in the model");
        });
        own.keySet().stream().filter(name -> !there.containsKey(name))
                .forEach(name -> differences.add(name + " is missing there"));
    }
}
