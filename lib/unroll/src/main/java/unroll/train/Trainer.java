package unroll.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;

import unroll.nn.Carried;
import unroll.nn.Configuration;
import unroll.nn.Module;
import unroll.nn.State;
import unroll.tensor.CheckpointException;
import unroll.tensor.DivergedException;
import unroll.tensor.Message;
import unroll.tensor.Tensor;
import unroll.text.Batches;

/**
 * The training loop: for each batch loss, gradients, clipping, one optimizer step; validation, early stopping and
 * checkpoints in between.
 *
 * <pre>{@code
 * var trainer = Trainer.of(model, new Adam(model.parameters(), 2e-3), model::start, model::loss)
 *         .epochs(4).clip(5.0).schedule(Schedule.cosine())
 *         .validate(() -> model.evaluate(held).natsPerSymbol())
 *         .checkpoint(Path.of("runs/shakespeare"))
 *         .listen(LossChart.live());
 * TrainingRun run = trainer.fit(batches);
 * }</pre>
 *
 * It changes nothing about the result of the visible loop. It stops within one batch when its thread is interrupted,
 * and at a loss or a gradient that is not finite, before the weights are touched; and it never runs twice in one model
 * at once: a second {@code fit} waits for the first. Each setting gives a new trainer.
 *
 * @param <B> what a batch is
 */
public final class Trainer<B> extends Configuration<Trainer<B>> {
    final Module model;
    final Optimizer optimizer;
    /** The state before the first batch, by batch size; null where none is carried. */
    final IntFunction<? extends State> start;
    final BiFunction<B, State, Carried> loss;
    /** Settings, for {@link TrainingLoop} too; 0 or null where nothing was chosen. */
    int epochs = 1, validateEvery, patience, checkpointEvery;
    double clip;
    Schedule schedule = Schedule.constant();
    DoubleSupplier validation;
    Path folder;
    List<TrainingListener> listeners = List.of();

    private Trainer(Module model, Optimizer optimizer, IntFunction<? extends State> start,
            BiFunction<B, State, Carried> loss) {
        require(model != null, "a model", null);
        require(optimizer != null, "an optimizer", null);
        require(loss != null, "a loss", null);
        if (Collections.disjoint(optimizer.parameters(), model.parameters()))
            throw new IllegalArgumentException(Message.of("Trainer: none of the " + optimizer.parameters().size()
                    + " parameters of " + optimizer + " is one of " + model + ", which would learn nothing. "
                    + "Was the model built anew after the optimizer? Make both in one cell"));
        this.model = model;
        this.optimizer = optimizer;
        this.start = start;
        this.loss = loss;
    }

    /**
     * One epoch, without clipping, validation or checkpoints. Parameters that the optimizer does not hold stay as they
     * are; the run's message says so.
     *
     * @throws IllegalArgumentException if the optimizer holds no parameter of the model
     */
    public static <B> Trainer<B> of(Module model, Optimizer optimizer, Function<B, Tensor> loss) {
        return new Trainer<>(model, optimizer, null,
                loss == null ? null : (batch, state) -> new Carried(loss.apply(batch), null));
    }

    /**
     * The same for a model that carries a state from batch to batch; gradients stop between two.
     *
     * @param start the state before the first step of so many rows
     * @param loss  of a batch, from the state after the batch before; that state is null at first
     */
    public static <B> Trainer<B> of(Module model, Optimizer optimizer, IntFunction<? extends State> start,
            BiFunction<B, State, Carried> loss) {
        require(start != null, "a state to start from", null);
        return new Trainer<>(model, optimizer, start, loss);
    }

    /** How often to go through the data. */
    public Trainer<B> epochs(int epochs) {
        require(epochs >= 1, "at least one epoch", epochs);
        return with(copy -> copy.epochs = epochs);
    }

    /** Clips gradients to this global norm: {@link Clip#byGlobalNorm}. */
    public Trainer<B> clip(double norm) {
        require(norm > 0, "a norm above 0", norm);
        return with(copy -> copy.clip = norm);
    }

    /** How the learning rate goes. */
    public Trainer<B> schedule(Schedule schedule) {
        require(schedule != null, "a schedule", null);
        return with(copy -> copy.schedule = schedule);
    }

    /** The loss on held-out data, in nats; measured after each epoch, in evaluation mode, without recording. */
    public Trainer<B> validate(DoubleSupplier validation) {
        return validate(validation, validateEvery);
    }

    /** The same, measured after every so many steps, and after the last one, instead of after each epoch. */
    public Trainer<B> validate(DoubleSupplier validation, int everySteps) {
        require(validation != null, "a validation", null);
        require(everySteps >= 0, "a number of steps of at least 0", everySteps);
        return with(copy -> {
            copy.validation = validation;
            copy.validateEvery = everySteps;
        });
    }

    /** Stops early when so many validations in a row were not better than the best one. */
    public Trainer<B> patience(int validations) {
        require(validations >= 1, "a patience of at least 1", validations);
        return with(copy -> copy.patience = validations);
    }

    /**
     * Has a folder of checkpoints to itself while it trains: another run, of this or another process, is refused.
     * Writes the checkpoint {@code last} after each epoch and when interrupted, and {@code best} after each validation
     * that is the best so far. {@link #fit} begins a new run: both of an earlier run in the same folder go.
     */
    public Trainer<B> checkpoint(Path folder) { return checkpoint(folder, checkpointEvery); }

    /** The same, but {@code last} after every so many steps, and after the last one, instead of after each epoch. */
    public Trainer<B> checkpoint(Path folder, int everySteps) {
        require(folder != null, "a folder", null);
        require(everySteps >= 0, "a number of steps of at least 0", everySteps);
        return with(copy -> {
            copy.folder = folder;
            copy.checkpointEvery = everySteps;
        });
    }

    /** Tells a chart, a progress bar or a report what happens. */
    public Trainer<B> listen(TrainingListener listener) {
        require(listener != null, "a listener", null);
        List<TrainingListener> all = new ArrayList<>(listeners);
        all.add(listener);
        return with(copy -> copy.listeners = List.copyOf(all));
    }

    private static void require(boolean holds, String expected, Object got) {
        if (!holds) throw new IllegalArgumentException(Message.of("Trainer: expected " + expected + " but got " + got));
    }

    /**
     * Trains from the present state of the model, and leaves it in evaluation mode.
     *
     * @throws DivergedException     at a loss, a gradient, or anything that is remembered which is not finite; the run
     *     until then is told to {@link TrainingListener#finished}
     * @throws IllegalStateException if an epoch has fewer or more batches than it says
     * @throws CheckpointException   if a checkpoint cannot be written; the folder is tried before the first step
     */
    public TrainingRun fit(Batches<B> batches) { return sound(run(batches, false)); }

    /**
     * Goes on from the checkpoint {@code last}, bit for bit as if the run had not stopped; from the start where there
     * is none yet. Another learning rate, clipping or number of epochs is told in the run's message.
     *
     * @throws CheckpointException if the model, the optimizer's other settings, or the batches read so far are not
     *     those of the run
     */
    public TrainingRun resume(Batches<B> batches) {
        require(folder != null, "a folder to resume from; call checkpoint(folder)", "none");
        return sound(run(batches, true));
    }

    /** A run that may have diverged. */
    TrainingRun run(Batches<B> batches, boolean resume) {
        if (model.lock().isHeldByCurrentThread())
            throw new IllegalStateException(Message
                    .of("Trainer: " + model + " is being trained already, and this was called from within that loop"));
        require(patience == 0 || validation != null, "a validation that patience(…) can count; call validate(…)",
                "none");
        return model.alone(() -> new TrainingLoop<>(this, batches).run(resume));
    }

    private static TrainingRun sound(TrainingRun run) {
        if (run.outcome() == TrainingRun.Outcome.DIVERGED) throw new DivergedException(run.message());
        return run;
    }

    @Override public String toString() {
        return "Trainer(" + model + ", " + optimizer + ", epochs=" + epochs + (clip > 0 ? ", clip=" + clip : "")
                + (patience > 0 ? ", patience=" + patience : "") + (folder != null ? ", checkpoints" : "") + ")";
    }
}
