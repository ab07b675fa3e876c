package unroll.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
 * {@code safetensors.numpy.load_file} and PyTorch's reader open too; the texts are its metadata.
 *
 * <pre>{@code
 * Checkpoint.of(model).write(folder, "final");
 * Checkpoint.read(folder, "final").into(model);                    // another day, a model built by the same code
 * }</pre>
 *
 * @param texts  {@code model} and {@code optimizer} as they describe themselves; {@code step}, the optimizer's steps;
 *     {@code structure/PATH}, which must be the same when it is loaded; {@code generators/PATH}; and what a run says of
 *     its progress, data and settings
 * @param arrays {@code parameters/PATH}, {@code buffers/PATH}, {@code state/0 ..} of the state that is carried, and
 *     {@code moments/PARAMETER.SLOT}, which the optimizer remembers
 */
public record Checkpoint(Map<String, String> texts, Map<String, Tensor> arrays) {
    /** Before the first batch, and where nobody trained. */
    static final Map<String, String> START = Map.of("optimizer", "", "step", "0", "batches", "0", "best", "Infinity",
            "waited", "0", "validated", "0", "data/perEpoch", "0", "data/firstBatch", "", "data/batches", "");

    /**
     * @throws IllegalArgumentException if a text is missing, a number is none that a run can have, or a name or text
     * holds control characters
     */
    public Checkpoint {
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        List<String> all = new ArrayList<>(texts.keySet());
        all.addAll(texts.values());
        all.addAll(arrays.keySet());
        for (String text : all)
            if (text.chars().anyMatch(Character::isISOControl))
                throw new IllegalArgumentException(Message.of("Checkpoint: a name or text holds control characters: "
                        + text.replaceAll("\\p{Cntrl}", "?")));
        long step = number(texts, "step"), batches = number(texts, "batches"), waited = number(texts, "waited"),
                validated = number(texts, "validated"), perEpoch = number(texts, "data/perEpoch");
        double best = Double.parseDouble(text(texts, "best"));
        if (batches > step || waited > batches || validated > batches || batches > Integer.MAX_VALUE
                || Double.isNaN(best) || best == Double.NEGATIVE_INFINITY || perEpoch > Integer.MAX_VALUE)
            throw new IllegalArgumentException("Checkpoint: " + batches + " batches do not go with step=" + step
                    + ", waited=" + waited + ", validated=" + validated + ", best=" + best + " and perEpoch="
                    + perEpoch);
        if (batches > 0 && perEpoch == 0 && !text(texts, "data/firstBatch").isEmpty())
            throw new IllegalArgumentException("Checkpoint: expected perEpoch of at least 1 but got 0");
        for (String name : List.of("model", "optimizer", "data/batches")) text(texts, name);
        under("generators/", texts).values().forEach(Checkpoint::generator);
    }

    private static String text(Map<String, String> texts, String name) {
        if (!texts.containsKey(name)) throw new IllegalArgumentException(Message.of("there is no text " + name));
        return texts.get(name);
    }

    private static long number(Map<String, String> texts, String name) {
        long value = Long.parseLong(text(texts, name));
        if (value < 0)
            throw new IllegalArgumentException(
                    Message.of("Checkpoint: expected " + name + " of at least 0 but got " + value));
        return value;
    }

    private static Rng.State generator(String text) {
        int blank = Math.max(0, text.indexOf(' '));
        return new Rng.State(Long.parseUnsignedLong(text.substring(0, blank), 16),
                number(Map.of("calls of a generator", text.substring(blank + 1)), "calls of a generator"));
    }

    private static <V> Map<String, V> under(String prefix, Map<String, V> all) {
        Map<String, V> found = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) found.put(name.substring(prefix.length()), value);
        });
        return found;
    }

    /** A copy of the present state of a model and its optimizer, of what a run carries, and of where it is. */
    static Checkpoint of(Module model, Optimizer optimizer, State state, Map<String, String> progress) {
        Map<String, String> texts = new TreeMap<>(progress);
        texts.put("optimizer", inOneLine(optimizer));
        texts.put("step", "" + optimizer.steps());
        generators(model).forEach((path, random) -> texts.put("generators/" + path,
                Long.toHexString(random.key()) + " " + random.calls()));
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        List<Tensor> carried = state == null ? List.of() : state.tensors();
        for (int i = 0; i < carried.size(); i++) arrays.put("state/" + i, carried.get(i));
        optimizer.memory().forEach((name, t) -> arrays.put("moments/" + name, t));
        return with(model, texts, arrays);
    }

    /** The weights and buffers of a trained model, to be used later; a run cannot go on from it. */
    public static Checkpoint of(Module model) {
        return model.quietly(() -> with(model, new TreeMap<>(START), new LinkedHashMap<>()));
    }

    private static Checkpoint with(Module model, Map<String, String> texts, Map<String, Tensor> arrays) {
        texts.put("model", inOneLine(model));
        model.structure().forEach((path, text) -> texts.put("structure/" + path, text));
        model.namedParameters().forEach((path, p) -> arrays.put("parameters/" + path, p.detach()));
        model.namedBuffers().forEach((path, b) -> arrays.put("buffers/" + path, b));
        return new Checkpoint(texts, arrays);
    }

    /** The states of a model's random generators, by path. */
    static Map<String, Rng.State> generators(Module model) {
        Map<String, Rng.State> all = new LinkedHashMap<>();
        model.namedGenerators().forEach((path, rng) -> all.put(path, rng.state()));
        return all;
    }

    private static String inOneLine(Object described) {
        return described.toString().replaceAll("\\p{Cntrl}+", " ");
    }

    /** Batches done, over all epochs. */
    public int batches() { return (int) number(texts, "batches"); }

    /** The lowest validation loss so far; infinite before the first validation. */
    public double best() {
        return Double.parseDouble(texts.get("best"));
    }

    /** The weights, by path. */
    public Map<String, Tensor> parameters() { return under("parameters/", arrays); }

    /** What the optimizer remembers, by parameter number and slot. */
    Map<String, Tensor> moments() {
        return under("moments/", arrays);
    }

    /** The state that is carried on, of the kind of another one; null where none is. */
    State state(IntFunction<? extends State> start) {
        List<Tensor> tensors = new ArrayList<>();
        while (arrays.containsKey("state/" + tensors.size())) tensors.add(arrays.get("state/" + tensors.size()));
        if (tensors.isEmpty() || start == null) return null;
        State kind = start.apply(tensors.get(0).rank() == 0 ? 1 : tensors.get(0).size(0));
        if (!shapes(kind.tensors()).equals(shapes(tensors)))
            throw new CheckpointException("Checkpoint: the carried state does not fit: it has the shapes "
                    + shapes(tensors) + ", that of the model " + shapes(kind.tensors()));
        return kind.with(tensors);
    }

    private static List<String> shapes(List<Tensor> tensors) {
        return tensors.stream().map(t -> Arrays.toString(t.shape())).toList();
    }

    private static Map<String, String> shapes(Map<String, ? extends Tensor> tensors) {
        Map<String, String> all = new TreeMap<>();
        tensors.forEach((path, t) -> all.put(path, Arrays.toString(t.shape())));
        return all;
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
        infinite(parameters(), moments()).ifPresent(what -> {
            throw new DivergedException("Checkpoint " + name + " is not written, since the " + what
                    + " are not finite: " + texts.get("model") + " has diverged");
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
            target.restoreBuffers(under("buffers/", arrays));
            target.namedParameters().forEach((path, p) -> p.set(arrays.get("parameters/" + path)));
            return null;
        });
    }

    /** Sets model and optimizer to the state in which the run was. */
    void into(Module target, Optimizer steps) {
        requireFor(target);
        Map<String, String> generators = under("generators/", texts);
        Map<String, Rng> own = target.namedGenerators();
        if (!own.keySet().equals(generators.keySet()))
            throw new CheckpointException("Checkpoint: it holds the random generators " + generators.keySet()
                    + " but the model has " + own.keySet() + "; a checkpoint of weights alone cannot be resumed");
        if (!kind(inOneLine(steps)).equals(kind(texts.get("optimizer"))))
            throw new CheckpointException(
                    "Checkpoint: it is of a run with " + texts.get("optimizer") + ", which cannot go on with " + steps);
        own.forEach((path, rng) -> {
            if (rng.state().key() != generator(generators.get(path)).key())
                throw new CheckpointException("Checkpoint: generator " + path
                        + " started from another seed; build the model with the seed of the run");
        });
        try {
            steps.restore(moments(), number(texts, "step"));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Checkpoint: " + e.getMessage(), e);
        }
        into(target);
        own.forEach((path, rng) -> rng.restore(generator(generators.get(path))));
    }

    /** Without the rate, which may be lowered on the way. */
    private static String kind(String optimizer) {
        return optimizer.replaceAll("rate=[^,)]*", "");
    }

    private void requireFor(Module target) {
        List<String> differences = new ArrayList<>();
        Map<String, String> there = under("structure/", texts), own = target.structure();
        if (!own.get("").equals(there.get("")))
            differences.add("it is of " + described(there, texts.get("model")) + ", the model is "
                    + described(own, inOneLine(target)));
        compare("part ", " is ", there, own, differences);
        compare("", " has shape ", shapes(parameters()), shapes(target.namedParameters()), differences);
        compare("", " has shape ", shapes(under("buffers/", arrays)), shapes(target.namedBuffers()), differences);
        if (!differences.isEmpty())
            throw new CheckpointException("Checkpoint of another model: " + String.join("; ", differences));
    }

    private static String described(Map<String, String> structure, String model) {
        String settings = structure.getOrDefault("", "");
        return model.contains(settings) ? model : settings;
    }

    private static void compare(String what, String is, Map<String, String> there, Map<String, String> own,
            List<String> differences) {
        own.forEach((path, text) -> {
            String other = there.get(path);
            if (other == null) differences.add(what + path + " is missing there");
            else if (!path.isEmpty() && !other.equals(text))
                differences.add(what + path + is + other + " there and " + text + " in the model");
        });
        there.keySet().stream().filter(path -> !own.containsKey(path))
                .forEach(path -> differences.add(what + path + " is not in the model"));
    }
}
