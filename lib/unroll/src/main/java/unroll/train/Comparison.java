package unroll.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

import unroll.nn.Configuration;
import unroll.tensor.Message;
import unroll.text.Batches;
import unroll.train.ComparisonResult.Trial;

/**
 * Trains several settings with several seeds on the same data, one after the other.
 *
 * <pre>{@code
 * ComparisonResult result = Comparison.<VectorBatch>of("Adding problem", "mean squared error", 1, 2, 3)
 * // a Trainer with a model of its own, and with validate(…)
 *         .add("LSTM", seed -> trainer(Lstm.of(2, 32), seed))
 *         .add("GRU", seed -> trainer(Gru.of(2, 37), seed))
 *         .listen(ComparisonView.live())
 *         .run(seed -> task.batches(50, 200, Rng.seed(seed)));
 * result.last("LSTM").median();
 * }</pre>
 *
 * A training that diverges is a result like any other. An interrupt ends the comparison; what was measured until then
 * is the result. Each setting gives a new comparison.
 *
 * @param <B> what a batch is
 */
public final class Comparison<B> extends Configuration<Comparison<B>> {
    private final String title, measure;
    private final long[] seeds;
    private Map<String, LongFunction<Trainer<B>>> settings = Map.of();
    private List<Listener> listeners = List.of();

    /** Hears how a comparison goes on, on the training thread. */
    public interface Listener {
        /** After each validation of each training, and after the end of each. */
        void changed(ComparisonResult soFar);

        /** After the last training, or where it was interrupted. */
        default void finished(ComparisonResult result) {
        }
    }

    private Comparison(String title, String measure, long[] seeds) {
        this.title = title;
        this.measure = measure;
        this.seeds = seeds;
    }

    /** Compares nothing yet. The measure is what the trainers' validation gives; lower is better. */
    public static <B> Comparison<B> of(String title, String measure, long... seeds) {
        if (title == null || title.isBlank() || measure == null || measure.isBlank())
            throw new IllegalArgumentException(Message.of("Comparison: expected a title and the name of the measure "
                    + "but got \"" + title + "\" and \"" + measure + "\""));
        if (seeds.length == 0 || Arrays.stream(seeds).distinct().count() < seeds.length)
            throw new IllegalArgumentException(Message.of("Comparison " + title
                    + ": expected different seeds, at least one, but got " + Arrays.toString(seeds)));
        return new Comparison<>(title, measure, seeds.clone());
    }

    /** One more setting; the function makes a new model and its trainer for a seed. */
    public Comparison<B> add(String name, LongFunction<Trainer<B>> trainer) {
        if (settings.containsKey(name))
            throw new IllegalArgumentException(
                    Message.of("Comparison " + title + ": there are two settings named " + name));
        Map<String, LongFunction<Trainer<B>>> more = new LinkedHashMap<>(settings);
        more.put(name, trainer);
        return with(copy -> copy.settings = more);
    }

    /** Tells a view how it goes on. */
    public Comparison<B> listen(Listener listener) {
        List<Listener> more = new ArrayList<>(listeners);
        more.add(listener);
        return with(copy -> copy.listeners = List.copyOf(more));
    }

    /**
     * Trains everything. Equal seeds give equal batches to all settings; the first seed of all comes first, so that
     * there is something to see early.
     */
    public ComparisonResult run(LongFunction<Batches<B>> batches) {
        if (settings.isEmpty())
            throw new IllegalStateException(
                    Message.of("Comparison " + title + ": there is nothing to compare; add(…) a setting"));
        List<Trial> trials = new ArrayList<>();
        boolean goesOn = true;
        for (long seed : seeds)
            for (String name : settings.keySet())
                if (goesOn) goesOn = train(name, seed, batches.apply(seed), trials);
        ComparisonResult result = result(trials);
        listeners.forEach(l -> l.finished(result));
        return result;
    }

    /** Whether it was not interrupted. */
    private boolean train(String name, long seed, Batches<B> batches, List<Trial> trials) {
        Trainer<B> trainer = settings.get(name).apply(seed);
        if (trainer.validation == null)
            throw new IllegalArgumentException(Message.of("Comparison " + title + ": the trainer of " + name
                    + " measures nothing; call validate(…)"));
        long parameters = trainer.model.parameterCount();
        int at = trials.size();
        trials.add(new Trial(name, seed, parameters, Optional.empty(), "", 0, List.of()));
        List<Validation> validations = new ArrayList<>();
        TrainingRun run = trainer.listen(new TrainingListener() {
            @Override public void validated(Validation v) {
                validations.add(v);
                tell(trials, at, new Trial(name, seed, parameters, Optional.empty(), "", v.step(),
                        validations));
            }
        }).run(batches, false);
        tell(trials, at, new Trial(name, seed, parameters, Optional.of(run.outcome()), run.message(),
                run.steps().size(), run.validations()));
        return run.outcome() != TrainingRun.Outcome.INTERRUPTED;
    }

    private void tell(List<Trial> trials, int at, Trial now) {
        trials.set(at, now);
        listeners.forEach(l -> l.changed(result(trials)));
    }

    private ComparisonResult result(List<Trial> trials) {
        return new ComparisonResult(title, measure, List.copyOf(settings.keySet()), seeds.length, trials);
    }

    @Override public String toString() {
        return "Comparison(" + title + ": " + String.join(", ", settings.keySet()) + "; seeds " + Arrays.toString(seeds)
                + ")";
    }
}
