package unroll.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.tensor.DivergedException;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Changes parameters by their gradients.
 *
 * <pre>{@code
 * var adam = new Adam(model.parameters(), 2e-3);
 * adam.zeroGrad();
 * loss.backward();
 * adam.step();
 * }</pre>
 *
 * A subclass states its rule for one parameter, {@link #update}, and how many numbers it remembers for each weight. Not
 * for two threads at once.
 */
public abstract class Optimizer {
    private final List<Parameter> parameters;
    private final List<float[][]> memory = new ArrayList<>();
    private double learningRate;
    private long steps;

    /** @param slots how many numbers the rule remembers for each weight: 0 for plain descent, 2 for Adam */
    protected Optimizer(List<Parameter> parameters, double learningRate, int slots) {
        if (parameters.isEmpty())
            throw new IllegalArgumentException(
                    Message.of(getClass().getSimpleName() + ": expected at least one parameter but got none"));
        if (learningRate == 0)
            throw new IllegalArgumentException(Message.of(getClass().getSimpleName()
                    + ": expected a learning rate above 0 but got 0, with which nothing is learned"));
        this.parameters = parameters.stream().distinct().toList();         // one that two parts share is moved once
        learningRate(learningRate);
        for (Parameter p : this.parameters) memory.add(new float[slots][p.size()]);
    }

    /**
     * The rule: changes w[from .. to - 1] by the gradient g.
     *
     * @param memory what this rule remembers for the parameter, {@code [slots][size]}, zeros at first
     * @param step   1, 2, …
     */
    protected abstract void update(float[] w, float[] g, float[][] memory, long step, int from, int to);

    /** Forgets all gradients. */
    public final void zeroGrad() { parameters.forEach(Parameter::zeroGradient); }

    /**
     * One step; a parameter without a gradient stays as it is. Does nothing but throw when the thread was interrupted:
     * see {@link Interrupts}.
     *
     * @throws IllegalStateException if no parameter has a gradient: then the loss is of other ones, or has not gone
     *     backward
     * @throws DivergedException     if a gradient is not finite, or so large that its square is not: memories of
     *     squares would stay infinite for ever
     */
    public final void step() {
        step(Clip.norm(parameters));
    }

    /** @param norm of all gradients, as they are now */
    final void step(double norm) {
        Interrupts.check("the optimizer's step");
        if (parameters.stream().allMatch(p -> p.gradientData() == null))
            throw new IllegalStateException(Message.of(this + ": none of its " + parameters.size()
                    + " parameters has a gradient, so there is nothing to learn from. "
                    + "Was the model built anew after the optimizer, or is backward() missing?"));
        if (!isUsable(norm))
            throw new DivergedException(this + ": the step was not taken, since the norm of the gradients is " + norm
                    + ", whose square is no finite number. Try a lower learning rate or Clip");
        steps++;
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            float[] g = p.gradientData();
            float[][] slots = memory.get(i);
            if (g != null) p.updateEach((w, from, to) -> update(w, g, slots, steps, from, to));
        }
    }

    /** Whether a gradient's squares stay finite as floats. */
    static boolean isUsable(double norm) {
        return norm * norm <= Float.MAX_VALUE;
    }

    public final double learningRate() { return learningRate; }

    /** Sets the rate of the next step: for schedules. */
    public final void learningRate(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate))
            throw new IllegalArgumentException(Message
                    .of(getClass().getSimpleName() + ": expected a learning rate of at least 0 but got " + rate));
        learningRate = rate;
    }

    public final List<Parameter> parameters() { return parameters; }

    /** The steps so far. */
    public final long steps() { return steps; }

    @Override public String toString() { return getClass().getSimpleName() + "(rate=" + learningRate + ")"; }

    /** What it remembers, for a checkpoint: by parameter number and slot. */
    final Map<String, Tensor> memory() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < memory.size(); i++)
            for (int s = 0; s < memory.get(i).length; s++)
                all.put(i + "." + s, Tensor.of(memory.get(i)[s].clone(), parameters.get(i).shape()));
        return all;
    }

    /** Sets back what {@link #memory()} gave, after that many steps. */
    final void restore(Map<String, Tensor> saved, long stepsBefore) {
        Map<String, Tensor> own = memory();
        if (!own.keySet().equals(saved.keySet()))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected the memory " + own.keySet() + " but got " + saved.keySet()));
        saved.forEach((name, t) -> {
            if (t.size() != own.get(name).size())
                throw new ShapeException(
                        this + ": memory " + name + " has " + t.size() + " numbers instead of " + own.get(name).size());
        });
        for (int i = 0; i < memory.size(); i++)
            for (int s = 0; s < memory.get(i).length; s++)
                System.arraycopy(saved.get(i + "." + s).data(), 0, memory.get(i)[s], 0, memory.get(i)[s].length);
        steps = stepsBefore;
    }
}
