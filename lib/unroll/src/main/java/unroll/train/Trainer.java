package unroll.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

import unroll.text.Batches;
import unroll.tensor.CheckpointException;
import unroll.tensor.LoopInterruptedException;
import unroll.nn.Module;
import unroll.tensor.Message;
import unroll.tensor.Tensor;

/**
 * The training loop: for each batch loss, gradients, clipping, one optimizer step; validation, early stopping and
 * checkpoints in between.
 *
 * <pre>{@code
 * var trainer = Trainer.of(model, new Adam(model.parameters(), 2e-3), model::loss)
 *         .epochs(4).clip(5.0).schedule(Schedule.cosine())
 *         .validate(() -> model.evaluate(held).natsPerSymbol())
 *         .checkpoint(Path.of("runs/shakespeare"))
 *         .listen(LossChart.live());
 * TrainingRun run = trainer.fit(batches);
 * }</pre>
 *
 * It changes nothing about the result of the visible loop. It stops within one batch when its thread is interrupted,
 * and at a loss or a gradient that is not finite, before the weights are touched; and it never runs twice in one model
 * at once: a second {@code fit} waits for the first. Immutable: each setting gives a new trainer.
 *
 * @param <B> what a batch is
 */
public final class Trainer<B> {
    private final Module model;
    private final Optimizer optimizer;
    private final Function<B, Tensor> loss;
    private final Settings settings;

    /** What can be chosen; 0, null or infinite where it was not. */
    record Settings(int epochs, double clip, Schedule schedule, DoubleSupplier validation, int validateEvery,
            int patience, Path folder,
            int checkpointEvery,
            List<TrainingListener> listeners) {
    }

    private Trainer(Module model, Optimizer optimizer, Function<B, Tensor> loss, Settings settings) {
        this.model = model;
        this.optimizer = optimizer;
        this.loss = loss;
        this.settings = settings;
    }

    /**
     * One epoch, without clipping, validation or checkpoints. Parameters that the optimizer does not hold stay as they
     * are; the run's message says so.
     *
     * @throws IllegalArgumentException if the optimizer holds no parameter of the model
     */
    public static <B> Trainer<B> of(Module model, Optimizer optimizer, Function<B, Tensor> loss) {
        require(model != null, "a model", null);
        require(optimizer != null, "an optimizer", null);
        require(loss != null, "a loss", null);
        if (Collections.disjoint(optimizer.parameters(), model.parameters()))
            throw new IllegalArgumentException(Message.of("Trainer: none of the " + optimizer.parameters().size()
                    + " parameters of " + optimizer
                    + " is one of " + model
                    + ", which would learn nothing. Was the model built anew after the optimizer? Make both in one "
                    + "cell"));
        return new Trainer<>(model, optimizer, loss,
                new Settings(1, 0, Schedule.constant(), null, 0, 0, null, 0, List.of()));
    }

    /** How often to go through the data. */
    public Trainer<B> epochs(int epochs) {
        require(epochs >= 1, "at least one epoch", epochs);
        Settings s = settings;
        return with(new Settings(epochs, s.clip, s.schedule, s.validation, s.validateEvery, s.patience, s.folder,
                s.checkpointEvery, s.listeners));
    }

    /** Clips gradients to this global norm: {@link Clip#byGlobalNorm}. */
    public Trainer<B> clip(double norm) {
        require(norm > 0, "a norm above 0", norm);
        Settings s = settings;
        return with(new Settings(s.epochs, norm, s.schedule, s.validation, s.validateEvery, s.patience, s.folder,
                s.checkpointEvery, s.listeners));
    }

    /** How the learning rate goes. */
    public Trainer<B> schedule(Schedule schedule) {
        require(schedule != null, "a schedule", null);
        Settings s = settings;
        return with(new Settings(s.epochs, s.clip, schedule, s.validation, s.validateEvery, s.patience, s.folder,
                s.checkpointEvery, s.listeners));
    }

    /** The loss on held-out data, in nats; measured after each epoch, in evaluation mode, without recording. */
    public Trainer<B> validate(DoubleSupplier validation) {
        return validate(validation, settings.validateEvery);
    }

    /** The same, measured after every so many steps, and after the last one, instead of after each epoch. */
    public Trainer<B> validate(DoubleSupplier validation, int everySteps) {
        require(validation != null, "a validation", null);
        require(everySteps >= 0, "a number of steps of at least 0", everySteps);
        Settings s = settings;
        return with(new Settings(s.epochs, s.clip, s.schedule, validation, everySteps, s.patience, s.folder,
                s.checkpointEvery, s.listeners));
    }

    /** Stops early when so many validations in a row were not better than the best one. */
    public Trainer<B> patience(int validations) {
        require(validations >= 1, "a patience of at least 1", validations);
        Settings s = settings;
        return with(new Settings(s.epochs, s.clip, s.schedule, s.validation, s.validateEvery, validations, s.folder,
                s.checkpointEvery, s.listeners));
    }

    /**
     * Has a folder of checkpoints to itself while it trains: another run, of this or another process, is refused.
     * Writes the checkpoint {@code last} after each epoch and when interrupted, and {@code best} after each validation
     * that is the best so far. {@link #fit} begins a new run: both of an earlier run in the same folder go.
     */
    public Trainer<B> checkpoint(Path folder) {
        return checkpoint(folder, settings.checkpointEvery);
    }

    /** The same, but {@code last} after every so many steps, and after the last one, instead of after each epoch. */
    public Trainer<B> checkpoint(Path folder, int everySteps) {
        require(folder != null, "a folder", null);
        require(everySteps >= 0, "a number of steps of at least 0", everySteps);
        Settings s = settings;
        return with(new Settings(s.epochs, s.clip, s.schedule, s.validation, s.validateEvery, s.patience, folder,
                everySteps, s.listeners));
    }

    /** Tells a chart, a progress bar or a report what happens. */
    public Trainer<B> listen(TrainingListener listener) {
        require(listener != null, "a listener", null);
        Settings s = settings;
        List<TrainingListener> all = new ArrayList<>(s.listeners);
        all.add(listener);
        return with(
                new Settings(s.epochs, s.clip, s.schedule, s.validation, s.validateEvery, s.patience, s.folder,
                        s.checkpointEvery, List.copyOf(all)));
    }

    Module model() { return model; }

    boolean validates() { return settings.validation != null; }

    private Trainer<B> with(Settings changed) { return new Trainer<>(model, optimizer, loss, changed); }

    private static void require(boolean holds, String expected, Object got) {
        if (!holds) throw new IllegalArgumentException(Message.of("Trainer: expected " + expected + " but got " + got));
    }

    /**
     * Trains from the present state of the model, and leaves it in evaluation mode.
     *
     * @throws DivergedRunException  at a loss, a gradient, or anything that is remembered which is not finite
     * @throws IllegalStateException if an epoch has fewer or more batches than it says
     * @throws CheckpointException if a checkpoint cannot be written; the folder is tried before the first step
     */
    public TrainingRun fit(Batches<B> batches) { return run(batches, false); }

    /**
     * Goes on from the checkpoint {@code last}, bit for bit as if the run had not stopped; from the start where there
     * is none yet. Another learning rate, clipping or number of epochs is told in the run's message.
     *
     * @throws CheckpointException if the model, the optimizer's other settings, or the batches read so far are not
     *     those of the run
     */
    public TrainingRun resume(Batches<B> batches) {
        require(settings.folder != null, "a folder to resume from; call checkpoint(folder)", "none");
        return run(batches, true);
    }

    /**
     * Takes the lock, when no other thread trains or evaluates the model: an interrupted loop may still be on its way
     * out.
     */
    static void await(Module model) {
        try {
            if (!model.lock().tryLock()) model.lock().lockInterruptibly();
            try {
                model.awaitEvaluations();
            } catch (InterruptedException | IllegalStateException e) {
                model.lock().unlock();
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoopInterruptedException(
                    "interrupted while it waited for another loop to leave " + model + "; nothing was trained");
        }
    }

    private TrainingRun run(Batches<B> batches, boolean resume) {
        if (model.lock().isHeldByCurrentThread())
            throw new IllegalStateException(Message
                    .of("Trainer: " + model + " is being trained already, and this was called from within that loop"));
        require(settings.patience == 0 || settings.validation != null,
                "a validation that patience(…) can count; call validate(…)", "none");
        await(model);
        try {
            return new TrainingLoop<>(model, optimizer, loss, settings, batches).run(resume);
        } finally {
            model.lock().unlock();
        }
    }

    @Override public String toString() {
        Settings s = settings;
        return "Trainer(" + model + ", " + optimizer + ", epochs=" + s.epochs + (s.clip > 0 ? ", clip=" + s.clip : "")
                + (s.patience > 0 ? ", patience=" + s.patience : "")
                + (s.folder != null ? ", checkpoints" : "") + ")";
    }
}
