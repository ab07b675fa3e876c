package unroll.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import unroll.nn.Lengths;
import unroll.sequence.BeamSearch;
import unroll.sequence.Hypothesis;
import unroll.sequence.StepFunction;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Shape;
import unroll.tensor.Tensor;

/**
 * Several models with the same vocabularies that write together: the probability of the next symbol is the mean of
 * theirs (Sutskever, Vinyals and Le 2014 wrote with five).
 *
 * <pre>{@code
 * Ensemble.of(List.of(first, second, third)).translate(sources, BeamSearch.of(5, 40));
 * }</pre>
 */
public final class Ensemble {
    private final List<Seq2Seq> models;

    private Ensemble(List<Seq2Seq> models) { this.models = models; }

    /** @throws IllegalArgumentException if there is no model, or if their vocabularies differ */
    public static Ensemble of(List<Seq2Seq> models) {
        Message.require(!models.isEmpty(), "Ensemble: expected at least one model but the list is empty");
        for (Seq2Seq model : models)
            if (!model.source().equals(models.get(0).source()) || !model.target().equals(models.get(0).target()))
                throw new IllegalArgumentException(Message.of("Ensemble: " + model + " has other vocabularies than "
                        + models.get(0) + "; train all with the same ones"));
        return new Ensemble(List.copyOf(models));
    }

    /** What they write for each source, the best first. Memory is taken for all sources at once. */
    public List<List<Hypothesis>> translate(List<int[]> sources, BeamSearch search) {
        IntTensor ids = TranslationBatch.padded(sources);
        Lengths lengths = Lengths.of(sources);
        Ends ends = models.get(0).ends();
        return quietly(0, () -> {
            List<Decoder.Memory> start = new ArrayList<>();
            for (Seq2Seq model : models) start.add(model.decoder().start(model.encode(ids, lengths)));
            return search.run(new Together(), start, lengths.batchSize(), ends.begin(), ends.end());
        });
    }

    /** All models from number {@code from} on in evaluation mode. */
    private <R> R quietly(int from, Supplier<R> work) {
        return from == models.size() ? work.get() : models.get(from).quietly(() -> quietly(from + 1, work));
    }

    /** All as one, for one search: the log probabilities of a step are there until the next one. */
    private final class Together implements StepFunction<List<Decoder.Memory>> {
        private float[] room = {};

        @Override public Next<List<Decoder.Memory>> step(List<Decoder.Memory> states, int[] symbols) {
            int rows = symbols.length, V = models.get(0).target().size();
            if (models.size() == 1) {
                if (room.length != (long) rows * V)
                    room = new float[Shape.size("Ensemble: log probabilities", new int[] {rows, V})];
                Decoder.Memory memory = models.get(0).decoder().step(states.get(0), symbols, room);
                return new Next<>(Tensor.of(room, rows, V), List.of(memory));
            }
            List<Decoder.Memory> next = new ArrayList<>();
            Tensor sum = null;
            for (int m = 0; m < models.size(); m++) {
                Next<Decoder.Memory> one = models.get(m).decoder().step(states.get(m), symbols);
                next.add(one.states());
                Tensor p = one.logProbabilities().exp();
                sum = sum == null ? p : sum.add(p);
            }
            return new Next<>(sum.div(models.size()).log(), next);
        }

        @Override public List<Decoder.Memory> select(List<Decoder.Memory> states, int[] rows) {
            List<Decoder.Memory> selected = new ArrayList<>();
            for (int m = 0; m < models.size(); m++) selected.add(models.get(m).decoder().select(states.get(m), rows));
            return selected;
        }
    }

    @Override public String toString() { return "Ensemble(" + models + ")"; }
}
