package unroll.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import unroll.nn.Module;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * The moving average of a model's weights over its training steps (Polyak and Juditsky 1992), which errs less than the
 * weights of any one step:
 *
 * <pre>{@code
 * a ← d a + (1 - d) w,    d = min(decay, (1 + step) / (10 + step))
 *
 * var average = AveragedWeights.of(model, 0.99);
 * Trainer.of(model, adam, model::loss).epochs(6)
 *         .validate(() -> average.during(() -> model.evaluate(held))).listen(average).fit(batches);
 * }</pre>
 *
 * Buffers, such as the running statistics of batch normalization, are averaged in the same way: they are to be of the
 * age of the weights that they were measured with.
 *
 * Training itself goes on with w. When it has ended, the model gets the average as it was at the best validation since
 * {@code fit} or {@code resume} was called, or the last one where nothing is validated. With decay 0 the average is w
 * itself: then the model gets its weights of the best validation. A run that was interrupted or diverged keeps w, so
 * that it can go on; its average begins anew.
 */
public final class AveragedWeights implements TrainingListener {
    private final Module model;
    private final double decay;
    /** Of parameters and buffers, by path. */
    private final Map<String, float[]> average = new LinkedHashMap<>(), best = new LinkedHashMap<>();
    private double lowest;
    private long changes;                                                  // before the first step
    private int steps;

    private AveragedWeights(Module model, double decay) {
        this.model = Objects.requireNonNull(model, "model");
        if (!(decay >= 0 && decay < 1))
            throw new IllegalArgumentException("AveragedWeights: expected a decay in 0 <= d < 1 but got " + decay);
        this.decay = decay;
    }

    /** Of the model that is trained; 0.99 looks about a hundred steps back. */
    public static AveragedWeights of(Module model, double decay) {
        return new AveragedWeights(model, decay);
    }

    @Override public void started(String name, int firstStep, int stepsInAll) {
        forget();
        lowest = Double.POSITIVE_INFINITY;
        steps = 0;
        changes = changes();
    }

    /** How often weights of the model were changed. */
    private long changes() {
        return model.parameters().stream().mapToLong(Parameter::version).sum();
    }

    private void forget() {
        average.clear();
        best.clear();
    }

    @Override public void stepped(Step step) {
        if (changes() == changes)
            throw new IllegalStateException(Message.of(this + ": step " + step.number()
                    + " changed no weight of its model, so another one is trained. Was the model "
                    + "built anew after AveragedWeights.of(model, …)?"));
        float d = (float) Math.min(decay, (1.0 + steps) / (10 + steps));
        steps++;
        model.namedParameters().forEach((name, p) -> add(name, p.data(), d));
        model.namedBuffers().forEach((name, b) -> add(name, b.data().clone(), d));
    }

    /** What stays as it is stays so bit for bit, infinite numbers too. */
    private void add(String name, float[] now, float d) {
        float[] a = average.putIfAbsent(name, now);
        if (a != null) for (int i = 0; i < a.length; i++) if (a[i] != now[i]) a[i] = d * a[i] + (1 - d) * now[i];
    }

    @Override public void validated(Validation validation) {
        if (!(validation.loss() < lowest)) return;
        lowest = validation.loss();
        average.forEach((name, a) -> best.put(name, a.clone()));
    }

    @Override public void finished(TrainingRun run) {
        if (run.outcome() == TrainingRun.Outcome.COMPLETED || run.outcome() == TrainingRun.Outcome.STOPPED_EARLY)
            give(best.isEmpty() ? average : best);
        forget();
    }

    /**
     * Does something with the average in the place of the weights, and puts these back; before the first step there is
     * no difference.
     */
    public <R> R during(Supplier<R> work) {
        return model.alone(() -> {
            Map<String, Tensor> own = new LinkedHashMap<>(), ownBuffers = model.namedBuffers();
            model.namedParameters().forEach((name, p) -> own.put(name, p.detach()));
            give(average);
            try {
                return work.get();
            } finally {
                model.namedParameters().forEach((name, p) -> p.set(own.get(name)));
                model.restoreBuffers(ownBuffers);
            }
        });
    }

    private void give(Map<String, float[]> values) {
        if (values.isEmpty()) return;
        Map<String, Tensor> buffers = model.namedBuffers();
        model.namedParameters().forEach((name, p) -> p.set(Tensor.of(values.get(name).clone(), p.shape())));
        buffers.replaceAll((name, b) -> Tensor.of(values.get(name).clone(), b.shape()));
        model.restoreBuffers(buffers);
    }

    @Override public String toString() { return "AveragedWeights(" + model + ", decay=" + decay + ")"; }
}
