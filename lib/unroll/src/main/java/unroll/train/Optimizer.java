package unroll.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
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
 * A subclass states its rule for one parameter, {@link #update}, and how many numbers it remembers for each weight. Not for two threads at once.
 */
public abstract class Optimizer {
    private final List<Parameter> parameters;
    private final List<float[][]> memory = new ArrayList<>();
    private double learningRate;
    private long steps;

    /** @param slots how many numbers the rule remembers for each weight: 0 for plain descent, 2 for Adam */
    protected Optimizer(List<Parameter> parameters, double learningRate, int slots) {
        if (parameters.isEmpty())
            throw new IllegalArgumentException(Message.of(getClass().getSimpleName() + ": expected at least one parameter but got none"));
        this.parameters = List.copyOf(parameters);
        learningRate(learningRate);
        for (Parameter p : parameters) memory.add(new float[slots][p.size()]);
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

    /** One step; a parameter without a gradient stays as it is. Does nothing but throw when the thread was interrupted: see {@link Interrupts}. */
    public final void step() {
        Interrupts.check("Optimizer");
        steps++;
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            float[] g = p.gradientData();
            float[][] slots = memory.get(i);
            if (g != null) p.update(w -> Parallel.ranges(w.length, (from, to) -> update(w, g, slots, steps, from, to)));
        }
    }

    public final double learningRate() { return learningRate; }

    /** Sets the rate of the next step: for schedules. */
    public final void learningRate(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate))
            throw new IllegalArgumentException(Message.of(getClass().getSimpleName() + ": expected a learning rate of at least 0 but got " + rate));
        learningRate = rate;
    }

    public final List<Parameter> parameters() { return parameters; }

    /** The steps so far. */
    public final long steps() { return steps; }

    /** What it remembers, for a checkpoint: by parameter number and slot. */
    final Map<String, Tensor> memory() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < memory.size(); i++)
            for (int s = 0; s < memory.get(i).length; s++) all.put(i + "." + s, Tensor.of(memory.get(i)[s].clone(), parameters.get(i).shape()));
        return all;
    }

    /** Sets back what {@link #memory()} gave, after that many steps. */
    final void restore(Map<String, Tensor> saved, long stepsBefore) {
        Map<String, Tensor> own = memory();
        if (!own.keySet().equals(saved.keySet()))
            throw new IllegalArgumentException(Message.of(this + ": expected the memory " + own.keySet() + " but got " + saved.keySet()));
        saved.forEach((name, t) -> {
            if (t.size() != own.get(name).size())
                throw new ShapeException(this + ": memory " + name + " has " + t.size() + " numbers instead of " + own.get(name).size());
        });
        for (int i = 0; i < memory.size(); i++)
            for (int s = 0; s < memory.get(i).length; s++)
                System.arraycopy(saved.get(i + "." + s).data(), 0, memory.get(i)[s], 0, memory.get(i)[s].length);
        steps = stepsBefore;
    }
}
