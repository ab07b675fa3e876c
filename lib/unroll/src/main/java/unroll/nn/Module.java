package unroll.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * A part of a network: parameters with names, and modules within it.
 *
 * <pre>{@code
 * final class Mlp extends Module {
 *     private final Linear first, second;
 *     Mlp(Rng rng) {
 *         first = child("first", new Linear(784, 64, rng));
 *         second = child("second", new Linear(64, 10, rng));
 *     }
 *     Tensor apply(Tensor x) { return second.apply(first.apply(x).relu()); }
 * }
 * }</pre>
 *
 * In a notebook {@code import unroll.nn.Module;} is needed beside {@code import unroll.nn.*;}, because {@code java.lang} has a Module too.
 */
public abstract class Module {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private final Map<String, Rng> generators = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean training = true;

    /** Adds a parameter of this module, under its name. */
    protected final Parameter parameter(Parameter parameter) {
        requireFree(parameter.name());
        parameters.put(parameter.name(), parameter);
        return parameter;
    }

    /** Adds a module within this one; it takes this one's mode. */
    protected final <M extends Module> M child(String name, M module) {
        requireFree(name);
        children.put(name, module);
        ((Module) module).mode(training);
        return module;
    }

    private void requireFree(String name) {
        if (name.isEmpty() || name.contains("."))
            throw new IllegalArgumentException(Message.of(
                    getClass().getSimpleName() + ": a part cannot be named \"" + name + "\"; dots separate the parts of a path"));
        if (children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name))
            throw new IllegalArgumentException(Message.of(getClass().getSimpleName() + ": there are two parts named " + name));
    }

    /** Adds a random generator that is used in training, so that a checkpoint holds its state. */
    protected final Rng generator(String name, Rng rng) {
        if (generators.putIfAbsent(name, rng) != null)
            throw new IllegalArgumentException(Message.of(getClass().getSimpleName() + ": there are two generators named " + name));
        return rng;
    }

    /**
     * Sets a buffer: numbers that belong to this module like its parameters but are not learned, such as running statistics. Its first value gives its
     * shape. Every checkpoint holds it.
     */
    protected final void buffer(String name, Tensor value) {
        Tensor before = buffers.get(name);
        if (before == null) requireFree(name);
        else
            if (!Arrays.equals(before.shape(), value.shape()))
                throw new IllegalArgumentException(
                        Message.of(getClass().getSimpleName() + ": buffer " + name + " has shape " + Arrays.toString(before.shape())
                                + " and cannot become " + Arrays.toString(value.shape())));
        buffers.put(name, value.detach());
    }

    /** The present value of a buffer; read only. */
    protected final Tensor buffer(String name) { return buffers.get(name); }

    /** All buffers under it, by path; a part of {@link #memory()}. */
    public final Map<String, Tensor> namedBuffers() {
        Map<String, Tensor> all = new LinkedHashMap<>(buffers);
        children.forEach((name, m) -> m.namedBuffers().forEach((n, t) -> all.put(name + "." + n, t)));
        return all;
    }

    /**
     * Sets the buffers by path.
     *
     * @param values for each of {@link #namedBuffers()} one of its shape; others are not looked at
     */
    public final void restoreBuffers(Map<String, Tensor> values) { restoreBuffers("", values); }

    private void restoreBuffers(String path, Map<String, Tensor> values) {
        restoreOwnBuffers(path, values);
        children.forEach((name, m) -> m.restoreBuffers(path + name + ".", values));
    }

    private void restoreOwnBuffers(String path, Map<String, Tensor> values) {
        for (String name : List.copyOf(buffers.keySet())) {
            Tensor value = values.get(path + name);
            if (value == null)
                throw new IllegalArgumentException(
                        Message.of(getClass().getSimpleName() + ": there is no buffer " + path + name + " among " + values.keySet()));
            buffer(name, value);
        }
    }

    /** All parameters under it, by path: {@code "recurrent.w"}. Without repetition where modules share one. */
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        collect("", all);
        return all;
    }

    private void collect(String path, Map<String, Parameter> all) {
        parameters.forEach((name, p) -> {
            if (!all.containsValue(p)) all.put(path + name, p);
        });
        children.forEach((name, m) -> m.collect(path + name + ".", all));
    }

    public final List<Parameter> parameters() { return new ArrayList<>(namedParameters().values()); }

    /** The number of learned numbers. */
    public final long parameterCount() { return parameters().stream().mapToLong(Parameter::size).sum(); }

    /** All random generators under it, by path. */
    public final Map<String, Rng> namedGenerators() {
        Map<String, Rng> all = new LinkedHashMap<>();
        generators.forEach(all::put);
        children.forEach((name, m) -> m.namedGenerators().forEach((n, rng) -> all.put(name + "." + n, rng)));
        return all;
    }

    /** What else a training run must remember, besides parameters, by path: running means, a state that is carried over. */
    public final Map<String, Tensor> memory() {
        Map<String, Tensor> all = new LinkedHashMap<>(ownMemory());
        for (String name : all.keySet())
            if (owner(name) != null || buffers.containsKey(name))
                throw new IllegalStateException(Message.of(getClass().getSimpleName() + ": its own memory " + name + " has the path of a part's"));
        all.putAll(buffers);
        children.forEach((name, m) -> m.memory().forEach((n, t) -> all.put(name + "." + n, t)));
        return all;
    }

    /**
     * Sets back what {@link #memory()} gave.
     *
     * @throws IllegalArgumentException if it is that of another module; parts may be set already then
     */
    public final void restoreMemory(Map<String, Tensor> memory) {
        Map<String, Map<String, Tensor>> parts = new LinkedHashMap<>();
        children.keySet().forEach(name -> parts.put(name, new LinkedHashMap<>()));
        Map<String, Tensor> own = new LinkedHashMap<>();
        memory.forEach((name, t) -> {
            String child = owner(name);
            if (child == null) own.put(name, t);
            else parts.get(child).put(name.substring(child.length() + 1), t);
        });
        buffers.keySet().forEach(own::remove);
        restoreOwnMemory(own);
        children.forEach((name, m) -> m.restoreMemory(parts.get(name)));
        restoreOwnBuffers("", memory);
    }

    /** The child that a path leads into, or null. */
    private String owner(String path) {
        int dot = path.indexOf('.');
        return dot >= 0 && children.containsKey(path.substring(0, dot)) ? path.substring(0, dot) : null;
    }

    /** What this module remembers itself, without its children; a name must not begin with a child's and a dot. By default nothing. */
    protected Map<String, Tensor> ownMemory() {
        return Map.of();
    }

    /** Sets back what {@link #ownMemory()} gave; empty where there was nothing. */
    protected void restoreOwnMemory(Map<String, Tensor> memory) {
        if (!memory.isEmpty())
            throw new IllegalArgumentException(Message.of(getClass().getSimpleName() + " has no memory to restore, but got " + memory.keySet()));
    }

    /** Training mode: dropout drops. This is how a module starts. */
    public final void train() { mode(true); }

    /** Evaluation mode: nothing is random. */
    public final void eval() { mode(false); }

    private void mode(boolean on) {
        training = on;
        children.values().forEach(m -> m.mode(on));
    }

    public final boolean training() { return training; }

    /** Does something in evaluation mode and without recording, and then goes back to the mode it was in: {@code model.quietly(() -> model.loss(held))}. */
    public final <R> R quietly(Supplier<R> work) {
        boolean wasTraining = training;
        eval();
        try {
            return Tape.noGrad(work);
        } finally {
            if (wasTraining) train();
        }
    }

    /** Held by the loop that trains this module: two loops never run in one model at once. */
    public final ReentrantLock lock() { return lock; }

    /** Forgets all gradients. */
    public final void zeroGradients() { parameters().forEach(Parameter::zeroGradient); }
}
