package unroll.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import unroll.nn.Module;
import unroll.tensor.Tensor;

/**
 * Gives a model the weights of its best validation back when its training has ended: on little data the last weights are not the best.
 *
 * <pre>{@code
 * Trainer.of(model, adam, model::loss).epochs(6).validate(() -> model.evaluate(held)).listen(BestWeights.of(model)).fit(batches);
 * }</pre>
 *
 * It holds one copy of the weights, in memory; {@link Trainer#checkpoint} keeps them on disk. The best validation is the one with the lowest loss since
 * {@code fit} or {@code resume} was called, the first of equal ones. A run that was interrupted or diverged keeps its last weights, so that it can go on.
 */
public final class BestWeights implements TrainingListener {
    private final Module model;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private double lowest;

    private BestWeights(Module model) { this.model = model; }

    /** Of the model that is trained. */
    public static BestWeights of(Module model) { return new BestWeights(Objects.requireNonNull(model, "model")); }

    @Override public void started(String name, int firstStep, int stepsInAll) {
        weights.clear();
        lowest = Double.POSITIVE_INFINITY;
    }

    @Override public void validated(Validation validation) {
        if (!(validation.loss() < lowest)) return;
        lowest = validation.loss();
        model.namedParameters().forEach((name, p) -> weights.put(name, p.detach()));
    }

    @Override public void finished(TrainingRun run) {
        boolean whole = run.outcome() == TrainingRun.Outcome.COMPLETED || run.outcome() == TrainingRun.Outcome.STOPPED_EARLY;
        if (whole && !weights.isEmpty()) model.namedParameters().forEach((name, p) -> p.set(weights.get(name)));
        weights.clear();
    }

    @Override public String toString() { return "BestWeights(" + model + ")"; }
}
