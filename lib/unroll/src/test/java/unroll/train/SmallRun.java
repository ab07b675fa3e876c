package unroll.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import unroll.text.Batches;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;
import unroll.text.LanguageModel;
import unroll.nn.Carried;
import unroll.nn.State;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Small seeded training runs with everything that a checkpoint must hold: two LSTM layers with dropout, momentum, a
 * schedule, a carried state.
 */
enum SmallRun {
    /** Adam along a cosine; the state is carried over, the last batch of an epoch is shorter. */
    ADAM_CARRIED {
        @Override Optimizer optimizer(LanguageModel model) { return new Adam(model.parameters(), 0.03); }

        @Override Batches<SequenceBatch> batches() { return Batches.contiguous(VOCABULARY.encode(TEXT), 4, 16); }

        @Override Schedule schedule() { return Schedule.cosine().warmup(5); }
    },
    /** Descent with momentum over padded sentences, in another order each epoch. */
    SGD_SHUFFLED {
        @Override Optimizer optimizer(LanguageModel model) { return new Sgd(model.parameters(), 0.5).momentum(0.9); }

        @Override Batches<SequenceBatch> batches() {
            return Batches.padded(
                    IntStream.range(0, 40).mapToObj(i -> VOCABULARY.encode(TEXT.substring(7 * i, 7 * i + 3 + i % 11)))
                            .toList(),
                    4,
                    Rng.seed(9));
        }

        @Override Schedule schedule() { return Schedule.decay(6, 0.8); }
    };

    static final String TEXT = """
            Whoever reads a line of text remembers some of it: the last letter well, the last word roughly, the sentence before it hardly at all.
            A recurrent network does the same, since all that it knows of the past must fit in one vector, and each step writes over some of it.
            Gates decide what is kept. A gate that stays open keeps a number for as long as it is wanted; a gate that closes forgets it at once.
            Training finds out which of the two is right, by looking at what would have made the next letter less of a surprise than it was.
            """;
    static final Vocabulary VOCABULARY = Vocabulary.characters(TEXT);

    abstract Optimizer optimizer(LanguageModel model);

    abstract Batches<SequenceBatch> batches();

    abstract Schedule schedule();

    static LanguageModel model() {
        return new LanguageModel(VOCABULARY, Lstm.of(6, 10).layers(2).dropout(0.3), Rng.seed(7));
    }

    /** Three epochs. */
    Trainer<SequenceBatch> trainer(LanguageModel model) {
        return trainer(model, model::loss);
    }

    /** The same with a loss of one's own. */
    Trainer<SequenceBatch> trainer(LanguageModel model, BiFunction<SequenceBatch, State, Carried> loss) {
        return Trainer.of(model, optimizer(model), model::start, loss).epochs(3).clip(0.5).schedule(schedule());
    }

    /** What was read, but with another loss. */
    static Carried with(UnaryOperator<Tensor> how, Carried read) {
        return new Carried(how.apply(read.loss()), read.state());
    }

    int stepsInAll() { return 3 * batches().perEpoch(); }

    /** A run that nothing disturbs. */
    List<Double> losses() { return losses(trainer(model()).fit(batches())); }

    static List<Double> losses(TrainingRun run) {
        return new ArrayList<>(run.steps().stream().map(Step::loss).toList());
    }

    /** A new model and a new optimizer, as after the death of a process. */
    TrainingRun resumed(Path folder) {
        return trainer(model()).checkpoint(folder).resume(batches());
    }

    /** Does something after step number {@code n}. */
    static TrainingListener after(int n, Runnable action) {
        return new TrainingListener() {
            @Override public void stepped(Step step) {
                if (step.number() == n) action.run();
            }
        };
    }
}
