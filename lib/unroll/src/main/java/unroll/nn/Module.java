package unroll.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import unroll.tensor.LoopInterruptedException;
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
 * In a notebook {@code import unroll.nn.Module;} is needed beside {@code import unroll.nn.*;}, because
 * {@code java.lang} has a Module too.
 *
 * <p>A checkpoint knows a model by its {@link #structure()}, not by the name of its class: the paths and shapes of its
 * parameters, and for each part its settings. Those of a class with a {@code toString} of its own are that text; of
 * another one its final fields that hold a number, a truth value, a text or an enum constant. A setting that is to be
 * compared stands in one of the two.
 *
 * <p>Any number of threads may evaluate a module at once ({@link #quietly}), but not while one trains it.
 */
public abstract class Module {
    private static final int PATIENCE = 10;

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private final Map<String, Rng> generators = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition evaluated = lock.newCondition();
    // who is within quietly, and how deep; guarded by the lock
    private final Map<Thread, Integer> evaluating = new HashMap<>();
    // how often this or a module around it is within quietly
    private final AtomicInteger quiet = new AtomicInteger();
    private volatile boolean training = true;

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

    /** The modules within this one. */
    final Collection<Module> children() { return children.values(); }

    private void requireFree(String name) {
        if (name.isEmpty() || name.contains(".") || name.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + ": a part cannot be named \"" + Settings.inOneLine(name)
                            + "\"; dots separate the parts of a path, and control characters cannot be read"));
        if (children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name))
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + ": there are two parts named " + name));
    }

    /** Adds a random generator that is used in training, so that a checkpoint holds its state. */
    protected final Rng generator(String name, Rng rng) {
        if (generators.putIfAbsent(name, rng) != null)
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + ": there are two generators named " + name));
        return rng;
    }

    /**
     * Sets a buffer: numbers that belong to this module like its parameters but are not learned, such as running
     * statistics. Its first value gives its shape. Every checkpoint holds it.
     */
    protected final void buffer(String name, Tensor value) {
        Tensor before = buffers.get(name);
        if (before == null) requireFree(name);
        else if (!Arrays.equals(before.shape(), value.shape()))
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + ": buffer " + name + " has shape "
                            + Arrays.toString(before.shape())
                            + " and cannot become " + Arrays.toString(value.shape())));
        buffers.put(name, value.detach());
    }

    /** The present value of a buffer; read only. */
    protected final Tensor buffer(String name) {
        return buffers.get(name);
    }

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
                        Message.of(getClass().getSimpleName() + ": there is no buffer " + path + name + " among "
                                + values.keySet()));
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
    public final long parameterCount() {
        return parameters().stream().mapToLong(Parameter::size).sum();
    }

    /** All random generators under it, by path. */
    public final Map<String, Rng> namedGenerators() {
        Map<String, Rng> all = new LinkedHashMap<>();
        generators.forEach(all::put);
        children.forEach((name, m) -> m.namedGenerators().forEach((n, rng) -> all.put(name + "." + n, rng)));
        return all;
    }

    /**
     * What else a training run must remember, besides parameters, by path: running means, a state that is carried over.
     */
    public final Map<String, Tensor> memory() {
        Map<String, Tensor> all = new LinkedHashMap<>(ownMemory());
        for (String name : all.keySet())
            if (owner(name) != null || buffers.containsKey(name))
                throw new IllegalStateException(Message
                        .of(getClass().getSimpleName() + ": its own memory " + name + " has the path of a part's"));
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
            else
                parts.get(child).put(name.substring(child.length() + 1), t);
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

    /**
     * What this module remembers itself, without its children; a name must not begin with a child's and a dot. By
     * default nothing.
     */
    protected Map<String, Tensor> ownMemory() {
        return Map.of();
    }

    /** Sets back what {@link #ownMemory()} gave; empty where there was nothing. */
    protected void restoreOwnMemory(Map<String, Tensor> memory) {
        if (!memory.isEmpty())
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + " has no memory to restore, but got " + memory.keySet()));
    }

    /** Training mode: dropout drops. This is how a module starts. */
    public final void train() { mode(true); }

    /** Evaluation mode: nothing is random. */
    public final void eval() { mode(false); }

    private void mode(boolean on) {
        training = on;
        children.values().forEach(m -> m.mode(on));
    }

    public final boolean training() { return training && quiet.get() <= 0; }

    /**
     * Does something in evaluation mode and without recording, and then goes back to the mode it was in:
     * {@code model.quietly(() -> model.loss(held))}. Several threads may do so at once. A loop that trains this module
     * in another thread is waited for, since one that was interrupted ends soon.
     *
     * @throws IllegalStateException if that loop does not end within {@value #PATIENCE} seconds
     */
    public final <R> R quietly(Supplier<R> work) {
        awaitTraining();
        try {
            evaluating.merge(Thread.currentThread(), 1, Integer::sum);
            quiet(1);
        } finally {
            lock.unlock();
        }
        try {
            return Tape.noGrad(work);
        } finally {
            lock.lock();
            try {
                quiet(-1);
                evaluating.computeIfPresent(Thread.currentThread(), (thread, n) -> n == 1 ? null : n - 1);
                evaluated.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void quiet(int more) {
        quiet.addAndGet(more);
        children.values().forEach(m -> m.quiet(more));
    }

    private void awaitTraining() {
        try {
            if (lock.tryLock() || lock.tryLock(PATIENCE, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoopInterruptedException(
                    this + ": interrupted while it waited for a loop that trains this model in another thread");
        }
        throw new IllegalStateException(
                Message.of(this
                        + ": is being trained in another thread, so what it gives would be of no one state of its "
                        + "weights. Wait "
                        + "until that loop has ended, or interrupt it"));
    }

    /**
     * Held by the loop that trains this module: two loops never run in one model at once. Who holds it calls
     * {@link #awaitEvaluations()} before the first change.
     */
    public final ReentrantLock lock() { return lock; }

    /**
     * Waits until no other thread is within {@link #quietly}; later ones wait for the lock, which the caller holds.
     *
     * @throws IllegalStateException if the caller is within {@code quietly} itself
     */
    public final void awaitEvaluations() throws InterruptedException {
        if (evaluating.containsKey(Thread.currentThread()))
            throw new IllegalStateException(
                    Message.of(this + ": is to be changed within its own quietly(…), where it is evaluated"));
        while (!evaluating.isEmpty()) evaluated.await();
    }

    /**
     * What a checkpoint compares: by path the settings of this module, {@code ""}, and of each part under it. Equal for
     * models that the same code built, in any process and whatever the names of their classes.
     */
    public final Map<String, String> structure() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("", Settings.stable(settings()));
        children.forEach(
                (name, m) -> m.structure().forEach((n, text) -> all.put(n.isEmpty() ? name : name + "." + n, text)));
        return all;
    }

    /** What tells this module from others with parameters of the same names and shapes. */
    protected String settings() {
        return Settings.of(this);
    }

    /** The same of what is no module, such as a cell: its own text, or its final fields. */
    protected static String settingsOf(Object part) {
        return Settings.of(part);
    }

    /** The name of its class, its settings and its parts. */
    @Override public String toString() {
        List<String> parts = new ArrayList<>(Settings.fields(this));
        children.forEach((name, m) -> parts.add(name + "=" + m));
        return Settings.name(getClass()) + "(" + String.join(", ", parts) + ")";
    }

    /** Forgets all gradients. */
    public final void zeroGradients() { parameters().forEach(Parameter::zeroGradient); }
}
