package unroll.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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

    /** Adds a random generator that is used in training, so that a checkpoint holds its state. */
    protected final Rng generator(String name, Rng rng) {
        if (generators.putIfAbsent(name, rng) != null) throw wrong("there are two generators named " + name);
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
            throw wrong("buffer " + name + " has shape " + Arrays.toString(before.shape()) + " and cannot become "
                    + Arrays.toString(value.shape()));
        buffers.put(name, value.detach());
    }

    private void requireFree(String name) {
        if (name.isEmpty() || name.contains(".") || name.chars().anyMatch(Character::isISOControl))
            throw wrong("a part cannot be named \"" + Settings.inOneLine(name)
                    + "\"; dots separate the parts of a path, and control characters cannot be read");
        if (children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name))
            throw wrong("there are two parts named " + name);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(Message.of(getClass().getSimpleName() + ": " + what));
    }

    /** The present value of a buffer; read only. */
    protected final Tensor buffer(String name) {
        return buffers.get(name);
    }

    /** The modules within this one. */
    final Collection<Module> children() { return children.values(); }

    /** All parameters under it, by path: {@code "recurrent.w"}. Without repetition where modules share one. */
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> all = byPath(m -> m.parameters);
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        all.values().removeIf(p -> !seen.add(p));
        return all;
    }

    public final List<Parameter> parameters() { return new ArrayList<>(namedParameters().values()); }

    /** The number of learned numbers. */
    public final long parameterCount() {
        return parameters().stream().mapToLong(Parameter::size).sum();
    }

    /** All random generators under it, by path. */
    public final Map<String, Rng> namedGenerators() {
        return byPath(m -> m.generators);
    }

    /** All buffers under it, by path. */
    public final Map<String, Tensor> namedBuffers() {
        return byPath(m -> m.buffers);
    }

    private <T> Map<String, T> byPath(Function<Module, Map<String, T>> own) {
        Map<String, T> all = new LinkedHashMap<>(own.apply(this));
        children.forEach((name, m) -> m.byPath(own)
                .forEach((path, value) -> all.put(path.isEmpty() ? name : name + "." + path, value)));
        return all;
    }

    /**
     * Sets the buffers by path.
     *
     * @param values for each of {@link #namedBuffers()} one of its shape; others are not looked at
     */
    public final void restoreBuffers(Map<String, Tensor> values) { restoreBuffers("", values); }

    private void restoreBuffers(String path, Map<String, Tensor> values) {
        for (String name : List.copyOf(buffers.keySet())) {
            Tensor value = values.get(path + name);
            if (value == null) throw wrong("there is no buffer " + path + name + " among " + values.keySet());
            buffer(name, value);
        }
        children.forEach((name, m) -> m.restoreBuffers(path + name + ".", values));
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
     * {@code model.quietly(() -> model.evaluate(held))}. Several threads may do so at once. A loop that trains this
     * module in another thread is waited for, since one that was interrupted ends soon.
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
        throw new IllegalStateException(Message.of(this
                + ": is being trained in another thread, so what it gives would be of no one state of its weights. "
                + "Wait until that loop has ended, or interrupt it"));
    }

    /**
     * Does something that changes this module while no other thread trains or evaluates it: those that do are waited
     * for, those that come meanwhile wait.
     *
     * @throws IllegalStateException    if the caller is within {@link #quietly}
     * @throws LoopInterruptedException if it is interrupted while it waits; then nothing was done
     */
    public final <R> R alone(Supplier<R> work) {
        try {
            if (!lock.tryLock()) lock.lockInterruptibly();
            try {
                if (evaluating.containsKey(Thread.currentThread()))
                    throw new IllegalStateException(Message
                            .of(this + ": is to be changed within its own quietly(…), where it is evaluated"));
                while (!evaluating.isEmpty()) evaluated.await();
                return work.get();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoopInterruptedException(
                    "interrupted while it waited for another loop to leave " + this + "; nothing was trained");
        }
    }

    /** Held by who is within {@link #alone}: two loops never train one model at once. */
    public final ReentrantLock lock() {
        return lock;
    }

    /**
     * What a checkpoint compares: by path the settings of this module, {@code ""}, and of each part under it. Equal for
     * models that the same code built, in any process and whatever the names of their classes.
     */
    public final Map<String, String> structure() {
        return byPath(m -> Map.of("", Settings.stable(m.settings())));
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
