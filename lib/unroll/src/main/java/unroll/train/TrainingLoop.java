package unroll.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import unroll.nn.Carried;
import unroll.nn.Module;
import unroll.nn.State;
import unroll.tensor.CheckpointException;
import unroll.tensor.DivergedException;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.text.Batches;
import unroll.train.TrainingRun.Outcome;

/**
 * One call of {@link Trainer#fit}: the only object of a run that changes. {@link #run} prepares and ends it,
 * {@link #loop} goes through the epochs, {@link #step} takes one batch.
 */
final class TrainingLoop<B> {
    private static final int MOST_STEPS = 1 << 30, NAMED = 8;
    private final Trainer<B> settings;
    private final Module model;
    private final Optimizer optimizer;
    private final Batches<B> batches;
    private final int perEpoch, stepsInAll;
    private final double rate;                                             // without the schedule's factor
    private final List<Step> steps = new ArrayList<>();
    private final List<Validation> validations = new ArrayList<>();
    // what a reader of the run should know, for its message
    private final List<String> remarks = new ArrayList<>();
    private String trouble;                                                // what was not finite

    private int done;                                                      // batches, over all epochs
    private double best = Double.POSITIVE_INFINITY;
    // validations since then; batches done at the last one
    private int waited, validated;
    private State state;                                                   // after the last step; null where none is
    // what else a batch changes, as it was after the last step
    private Map<String, Tensor> buffers;
    private Map<String, Rng.State> generators;

    private Iterator<B> data;                                              // of the epoch that is being read
    private int read;                                                      // batches of it
    // fingerprints of its first batch and of those read
    private long first, all;
    private Checkpoint.Data steppedOver;                                   // the same after the last whole step

    TrainingLoop(Trainer<B> settings, Batches<B> batches) {
        this.settings = settings;
        this.batches = batches;
        model = settings.model;
        optimizer = settings.optimizer;
        perEpoch = batches.perEpoch();
        if (perEpoch < 1)
            throw new IllegalArgumentException(
                    "Trainer: expected at least one batch an epoch but perEpoch() gives " + perEpoch);
        if ((long) perEpoch * settings.epochs > MOST_STEPS)
            throw new IllegalArgumentException("Trainer: " + settings.epochs + " epochs of " + perEpoch
                    + " batches are more than the " + MOST_STEPS + " steps that a run may have; choose fewer epochs");
        stepsInAll = perEpoch * settings.epochs;
        rate = optimizer.learningRate();
        steppedOver = new Checkpoint.Data(perEpoch, "", "");
        remarkParameters();
    }

    private void remarkParameters() {
        Map<String, Parameter> own = model.namedParameters();
        List<Parameter> foreign = new ArrayList<>(optimizer.parameters());
        foreign.removeAll(own.values());
        if (!foreign.isEmpty() && settings.folder != null)
            throw new IllegalArgumentException(Message.of("Trainer: " + foreign.size() + " parameters of " + optimizer
                    + " are not of " + model + " (" + foreign.get(0).name()
                    + " is one), so that its checkpoints would not hold them. Make them parts of one module"));
        List<String> missing = own.keySet().stream().filter(name -> !optimizer.parameters().contains(own.get(name)))
                .toList();
        if (missing.isEmpty()) return;
        remarks.add(missing.size() + " of the " + own.size()
                + " parameters were not in the optimizer and stayed as they were: "
                + String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())))
                + (missing.size() > NAMED ? ", …" : ""));
    }

    TrainingRun run(boolean resume) {
        if (settings.folder == null) return runAlone(resume);
        try (FolderLock lock = FolderLock.of(settings.folder)) {
            if (!lock.lost().isEmpty())
                remarks.add("The folder was still held by " + lock.lost() + ", which has ended");
            for (String name : List.of("last", "best")) CheckpointFile.tidy(settings.folder, name);
            return runAlone(resume);
        }
    }

    private TrainingRun runAlone(boolean resume) {
        if (resume && Checkpoint.exists(settings.folder, "last")) goOnFrom(Checkpoint.read(settings.folder, "last"));
        remember();
        if (settings.folder != null) {
            // a folder that cannot be written shows now, not after an hour
            if (done == 0) save("last");
            // it is of an earlier run
            if (best == Double.POSITIVE_INFINITY) CheckpointFile.remove(settings.folder, "best");
        }
        model.train();
        tell(l -> l.started(model.toString(), done + 1, stepsInAll));
        try {
            return end(loop());
            // the batches or the optimizer saw the flag before the loop did
        } catch (LoopInterruptedException e) {
            return end(interrupted());
        } finally {
            optimizer.learningRate(rate);
            model.eval();
        }
    }

    private Outcome loop() {
        if (done > 0 && !goesOn(done % perEpoch == 0)) return Outcome.STOPPED_EARLY;
        if (trouble != null) return Outcome.DIVERGED;
        while (done < stepsInAll) {
            int epoch = done / perEpoch;
            begin(epoch);
            while (read < done % perEpoch) next(epoch);
            while (done / perEpoch == epoch) {
                if (Thread.currentThread().isInterrupted()) return interrupted();
                if (!step(next(epoch), epoch)) return Outcome.DIVERGED;
                boolean epochEnds = done % perEpoch == 0, checkpointDue = due(settings.checkpointEvery, epochEnds);
                if (epochEnds && data.hasNext())
                    throw new IllegalStateException("Trainer: perEpoch() says " + perEpoch + " but epoch " + epoch
                            + " (counted from 0) has more batches");
                if ((checkpointDue || validationDue(epochEnds)) && !isFinite()) return Outcome.DIVERGED;
                boolean goesOn = goesOn(epochEnds);
                if (trouble != null) return Outcome.DIVERGED;
                if (settings.folder != null && (checkpointDue || !goesOn)) save("last");
                if (!goesOn) return Outcome.STOPPED_EARLY;
            }
        }
        return Outcome.COMPLETED;
    }

    /** Begins to read an epoch, if it is not the one that a checkpoint was compared with. */
    private void begin(int epoch) {
        if (data != null && read == done % perEpoch && read > 0) return;
        data = batches.epoch(epoch);
        read = 0;
        first = all = 0;
    }

    private B next(int epoch) {
        if (!data.hasNext())
            throw new IllegalStateException("Trainer: epoch " + epoch + " (counted from 0) ended after " + read
                    + " batches, but perEpoch() says " + perEpoch + ". Does epoch(…) give the same iterator each time, "
                    + "which is used up? It has to begin anew for each epoch");
        B batch = data.next();
        if (settings.folder != null) {
            all = Fingerprint.of(all, batch);
            if (read == 0) first = all;
        }
        read++;
        return batch;
    }

    private boolean step(B batch, int epoch) {
        optimizer.learningRate(rate * settings.schedule.factor(done + 1, stepsInAll));
        optimizer.zeroGrad();
        double value = Double.NaN, norm = Double.NaN, clipped = Double.NaN;
        State next = null;
        String why = null;
        try {
            Carried carried = settings.loss.apply(batch, state);
            if (carried.state() != null) next = carried.state().detach();
            value = carried.loss().item();
            if (Double.isFinite(value)) {
                carried.loss().backward();
                norm = settings.clip > 0
                        ? Clip.byGlobalNorm(optimizer.parameters(), settings.clip)
                        : Clip.norm(optimizer.parameters());
                clipped = settings.clip > 0 ? Math.min(norm, settings.clip) : norm;
            }
            why = becameInfinite(next);
        } catch (DivergedException e) {                                    // a part of the model found it
            why = e.getMessage();
        }
        Step step = new Step(done + 1, stepsInAll, epoch, value, norm, optimizer.learningRate());
        steps.add(step);
        if (why != null || !Double.isFinite(value) || !Double.isFinite(norm) || !Optimizer.isUsable(clipped)) {
            takeBack();
            trouble = "step " + step.number() + " was not taken: loss " + value + ", gradient norm " + norm
                    + (why == null ? "" : "; " + why) + ". The weights are those after step " + done;
            return false;
        }
        optimizer.step(clipped);
        done++;
        state = next;
        steppedOver = new Checkpoint.Data(perEpoch, hex(first), hex(all));
        remember();
        tell(listener -> listener.stepped(step));
        return true;
    }

    /** What is carried on, or was finite in the model before this batch, and is not now; else null. */
    private String becameInfinite(State next) {
        if (next != null && !next.tensors().stream().allMatch(Tensor::isFinite))
            return "with this batch the carried state is not finite any more";
        for (Map.Entry<String, Tensor> now : model.namedBuffers().entrySet()) {
            Tensor before = buffers.get(now.getKey());
            if (!now.getValue().isFinite() && (before == null || before.isFinite()))
                return "with this batch " + now.getKey() + " is not finite any more";
        }
        return null;
    }

    private void remember() {
        buffers = model.namedBuffers();
        generators = Checkpoint.generators(model);
    }

    /** After a batch that no step follows, and after what is nothing to training. */
    private void takeBack() {
        model.restoreBuffers(buffers);
        model.namedGenerators().forEach((name, rng) -> rng.restore(generators.get(name)));
    }

    private boolean due(int every, boolean epochEnds) {
        return every == 0 ? epochEnds : done % every == 0 || done == stepsInAll;
    }

    private boolean validationDue(boolean epochEnds) {
        return settings.validation != null && validated < done && due(settings.validateEvery, epochEnds);
    }

    /**
     * Validates where that is due; also in a run that resumes one which was interrupted between a step and its
     * validation.
     */
    private boolean goesOn(boolean epochEnds) {
        if (validationDue(epochEnds)) validate();
        return settings.patience == 0 || waited < settings.patience;
    }

    private void validate() {
        model.eval();
        double value;
        try {
            value = Tape.noGrad(() -> settings.validation.getAsDouble());
        } catch (DivergedException e) {
            trouble = "after step " + done + " the validation was not possible: " + e.getMessage();
            return;
        } finally {
            model.train();
            takeBack();
        }
        validated = done;
        Validation validation = new Validation(done, value);
        validations.add(validation);
        tell(l -> l.validated(validation));
        if (value < best) {
            best = value;
            waited = 0;
            if (settings.folder != null) save("best");
        } else {
            waited++;
        }
    }

    private boolean isFinite() {
        Optional<String> infinite = Checkpoint.infinite(model.namedParameters(), optimizer.memory());
        infinite.ifPresent(what -> trouble = "after step " + done + " the " + what
                + " are not finite, so no checkpoint was written");
        return infinite.isEmpty();
    }

    private Outcome interrupted() {
        takeBack();
        if (!isFinite()) return Outcome.DIVERGED;
        if (settings.folder != null) save("last");
        return Outcome.INTERRUPTED;
    }

    private void save(String name) {
        optimizer.learningRate(rate);                                      // without the schedule's factor
        Checkpoint.of(model, optimizer, state, done, best, waited, validated, steppedOver, chosen())
                .write(settings.folder, name);
    }

    /** What may be changed on the way, but is told. */
    private Map<String, String> chosen() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("learning rate", Double.toString(rate));
        all.put("clip", settings.clip > 0 ? Double.toString(settings.clip) : "none");
        all.put("epochs", Integer.toString(settings.epochs));
        return all;
    }

    private TrainingRun end(Outcome outcome) {
        boolean kept = settings.folder != null;
        String message = switch (outcome) {
            case COMPLETED -> "all " + stepsInAll + " steps done";
            case STOPPED_EARLY ->
                "stopped after step " + done + ": " + waited + " validations without a better one than " + best;
            case INTERRUPTED -> "interrupted after step " + done + " of " + stepsInAll
                    + "; the model keeps those weights" + (kept ? ", and so does the checkpoint last" : "");
            case DIVERGED -> trouble + (kept ? "; the last checkpoint is unchanged" : "")
                    + ". Try a lower learning rate or clip(…)";
        };
        if (!remarks.isEmpty()) message += ". " + String.join(". ", remarks);
        TrainingRun run = new TrainingRun(model.toString(), outcome, message, steps, validations);
        tell(l -> l.finished(run));
        return run;
    }

    private void goOnFrom(Checkpoint c) {
        if (c.batches() > stepsInAll)
            throw new CheckpointException("Checkpoint: it is at batch " + c.batches() + " but this run has only "
                    + stepsInAll + "; were batches or epochs changed?");
        int at = (int) c.batches();
        if (at > 0) requireSameData(c, at);
        chosen().forEach((name, value) -> {
            String before = c.settings().getOrDefault(name, value);
            if (!before.equals(value))
                remarks.add("it was resumed with " + name + " " + value + " instead of " + before);
        });
        State carried = c.state(settings.start);
        c.into(model, optimizer);
        state = carried;
        done = at;
        steppedOver = c.data();
        best = c.best();
        waited = c.waited();
        validated = (int) c.validated();
    }

    /**
     * Reads the batches that the checkpoint's epoch had had; of one that had ended the first, which every order and
     * size of batches changes.
     */
    private void requireSameData(Checkpoint c, int at) {
        Checkpoint.Data then = c.data();
        if (then.perEpoch() != perEpoch)
            throw new CheckpointException("Checkpoint: its run had " + then.perEpoch()
                    + " batches an epoch, this one has " + perEpoch
                    + ". Give the data and the batch size of that run, or begin a new one with fit(…)");
        int epoch = (at - 1) / perEpoch, last = at % perEpoch == 0 ? 1 : at % perEpoch;
        try {
            begin(epoch);
            while (read < last) next(epoch);
        } catch (LoopInterruptedException e) {
            // the run ends before its first step, with the state of the checkpoint
            data = null;
            return;
        }
        boolean sameFirst = hex(first).equals(then.firstBatch());
        if (sameFirst && (at % perEpoch == 0 || hex(all).equals(then.batches()))) return;
        throw new CheckpointException("Checkpoint: its run read other batches in epoch " + epoch
                + " (counted from 0): the "
                + (sameFirst ? "first one is the same, a later one is not" : "first one differs already")
                + ". Were the data, their order (its seed), the batch size or the vocabulary changed? Give those of "
                + "that run, or begin a new one with fit(…)");
    }

    private static String hex(long sum) { return Long.toHexString(sum); }

    private void tell(Consumer<TrainingListener> what) { settings.listeners.forEach(what); }
}
