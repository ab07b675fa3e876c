package unroll.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import unroll.data.Batches;
import unroll.tensor.LoopInterruptedException;
import unroll.nn.Module;
import unroll.tensor.Parameter;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.train.TrainingRun.Outcome;

/** One call of {@link Trainer#fit}: the only object of a run that changes. */
final class TrainingLoop<B> {
    private final Module model;
    private final Optimizer optimizer;
    private final Function<B, Tensor> loss;
    private final Trainer.Settings settings;
    private final Batches<B> batches;
    private final int perEpoch, stepsInAll;
    private final double rate;
    private final List<Step> steps = new ArrayList<>();
    private final List<Validation> validations = new ArrayList<>();
    private int done;                                                      // batches, over all epochs
    private double best = Double.POSITIVE_INFINITY;
    private int waited, validated;                                         // validations since then; batches done at the last one
    private String trouble;                                                // what was not finite
    private Remembered remembered;                                         // of the model after the last whole step

    TrainingLoop(Module model, Optimizer optimizer, Function<B, Tensor> loss, Trainer.Settings settings, Batches<B> batches) {
        this.model = model;
        this.optimizer = optimizer;
        this.loss = loss;
        this.settings = settings;
        this.batches = batches;
        perEpoch = batches.perEpoch();
        stepsInAll = Math.multiplyExact(perEpoch, settings.epochs());
        rate = optimizer.learningRate();
    }

    TrainingRun run(boolean resume) {
        if (resume && Checkpoint.exists(settings.folder(), "last")) goOnFrom(Checkpoint.read(settings.folder(), "last"));
        remembered = Remembered.of(model);
        if (settings.folder() != null) {
            if (done == 0) save("last");                                   // a folder that cannot be written shows now, not after an hour
            if (best == Double.POSITIVE_INFINITY) CheckpointFiles.remove(settings.folder(), "best");   // it is of an earlier run
        }
        model.train();
        tell(l -> l.started(model.toString(), done + 1, stepsInAll));
        TrainingRun run;
        try {
            run = end(loop());
        } catch (LoopInterruptedException e) {                             // the batches or the optimizer saw the flag before the loop did
            run = end(interrupted());
        } finally {
            optimizer.learningRate(rate);
            model.eval();
        }
        if (run.outcome() == Outcome.DIVERGED) throw new DivergedException(run.message(), run);
        return run;
    }

    private Outcome loop() {
        if (done > 0 && !goesOn(done % perEpoch == 0)) return Outcome.STOPPED_EARLY;
        while (done < stepsInAll) {
            int epoch = done / perEpoch;
            Iterator<B> data = batches.epoch(epoch);
            for (int skip = done % perEpoch; skip > 0; skip--) data.next();
            while (data.hasNext()) {
                if (Thread.currentThread().isInterrupted()) return interrupted();
                if (!step(data.next(), epoch)) return Outcome.DIVERGED;
                boolean epochEnds = !data.hasNext(), checkpointDue = due(settings.checkpointEvery(), epochEnds);
                if ((checkpointDue || validationDue(epochEnds)) && !weightsAreFinite()) return Outcome.DIVERGED;
                boolean goesOn = goesOn(epochEnds);
                if (settings.folder() != null && (checkpointDue || !goesOn)) save("last");
                if (!goesOn) return Outcome.STOPPED_EARLY;
            }
        }
        return Outcome.COMPLETED;
    }

    private boolean due(int every, boolean epochEnds) { return every == 0 ? epochEnds : done % every == 0 || done == stepsInAll; }

    private boolean validationDue(boolean epochEnds) {
        return settings.validation() != null && validated < done && due(settings.validateEvery(), epochEnds);
    }

    /** Validates where that is due; also in a run that resumes one which was interrupted between a step and its validation. */
    private boolean goesOn(boolean epochEnds) {
        if (validationDue(epochEnds)) validate();
        return settings.patience() == 0 || waited < settings.patience();
    }

    private boolean weightsAreFinite() {
        for (Map.Entry<String, Parameter> p : model.namedParameters().entrySet())
            if (!p.getValue().isFinite()) {
                trouble = "after step " + done + " the weights " + p.getKey() + " are not finite, so no checkpoint was written";
                return false;
            }
        return true;
    }

    private boolean step(B batch, int epoch) {
        optimizer.learningRate(rate * settings.schedule().factor(done + 1, stepsInAll));
        optimizer.zeroGrad();
        Tensor l = loss.apply(batch);
        double value = l.item(), norm = Double.NaN;
        if (Double.isFinite(value)) {
            l.backward();
            norm = settings.clip() > 0 ? Clip.byGlobalNorm(optimizer.parameters(), settings.clip()) : Clip.norm(optimizer.parameters());
        }
        Step step = new Step(done + 1, stepsInAll, epoch, value, norm, optimizer.learningRate());
        if (!Double.isFinite(value) || !Double.isFinite(norm)) {
            remembered.into(model);
            steps.add(step);
            trouble = "step " + step.number() + " was not taken: loss " + value + ", gradient norm " + norm + ". The weights are those after step "
                    + done;
            return false;
        }
        optimizer.step();
        steps.add(step);
        done++;
        remembered = Remembered.of(model);
        tell(listener -> listener.stepped(step));
        return true;
    }

    private void validate() {
        model.eval();
        double value;
        try {
            value = Tape.noGrad(() -> settings.validation().getAsDouble());
        } finally {
            model.train();
            remembered.into(model);                                                     // the state that training carries is not the validation's to change
        }
        validated = done;
        Validation validation = new Validation(done, value);
        validations.add(validation);
        tell(l -> l.validated(validation));
        if (value < best) {
            best = value;
            waited = 0;
            if (settings.folder() != null) save("best");
        } else {
            waited++;
        }
    }

    private Outcome interrupted() {
        remembered.into(model);
        if (!weightsAreFinite()) return Outcome.DIVERGED;
        boolean flag = Thread.interrupted();                               // file and socket writes of this thread would fail while it is set
        try {
            if (settings.folder() != null) save("last");
        } finally {
            if (flag) Thread.currentThread().interrupt();
        }
        return Outcome.INTERRUPTED;
    }

    private TrainingRun end(Outcome outcome) {
        String message = switch (outcome) {
            case COMPLETED -> "all " + stepsInAll + " steps done";
            case STOPPED_EARLY -> "stopped after step " + done + ": " + waited + " validations without a better one than " + best;
            case INTERRUPTED -> "interrupted after step " + done + " of " + stepsInAll + "; the model keeps those weights"
                    + (settings.folder() == null ? "" : ", and so does the checkpoint last");
            case DIVERGED -> trouble + (settings.folder() == null ? "" : "; the last checkpoint is unchanged")
                    + ". Try a lower learning rate or clip(…)";
        };
        TrainingRun run = new TrainingRun(model.toString(), outcome, message, steps, validations);
        tell(l -> l.finished(run));
        return run;
    }

    private void goOnFrom(Checkpoint c) {
        if (c.batches() > stepsInAll)
            throw new CheckpointException(
                    "Checkpoint: it is at batch " + c.batches() + " but this run has only " + stepsInAll + "; were batches or epochs changed?");
        c.into(model, optimizer);
        done = Math.toIntExact(c.batches());
        best = c.best();
        waited = c.waited();
        validated = Math.toIntExact(c.validated());
    }

    private void save(String name) { Checkpoint.of(model, optimizer, done, best, waited, validated).write(settings.folder(), name); }

    private void tell(Consumer<TrainingListener> what) { settings.listeners().forEach(what); }
}
