package unroll.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import unroll.nn.Lengths;
import unroll.sequence.Hypothesis;
import unroll.sequence.Search;
import unroll.sequence.StepFunction;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Tensor;

/**
 * Several models that write together: the probability of the next symbol is the mean of theirs (Sutskever, Vinyals and
 * Le 2014 wrote with five).
 *
 * <pre>{@code
 * Ensemble.of(List.of(first, second, third)).translate(sources, BeamSearch.of(5, 40));
 * }</pre>
 *
 * Their vocabularies are the same; all else may differ.
 */
public final class Ensemble {
    private final List<Seq2Seq> models;

    private Ensemble(List<Seq2Seq> models) { this.models = models; }

    /** @throws IllegalArgumentException if there is no model, or if their vocabularies differ */
    public static Ensemble of(List<Seq2Seq> models) {
        if (models.isEmpty())
            throw new IllegalArgumentException("Ensemble: expected at least one model but the list is empty");
        for (Seq2Seq model : models)
            if (!model.source().equals(models.get(0).source()) || !model.target().equals(models.get(0).target()))
                throw new IllegalArgumentException(Message.of("Ensemble: " + model + " has other vocabularies than "
                        + models.get(0) + "; train all with the same ones"));
        return new Ensemble(List.copyOf(models));
    }

    /**
     * What they write for each source, the best first; in evaluation mode, without recording. Memory is taken for all
     * sources at once.
     */
    public List<List<Hypothesis>> translate(List<int[]> sources, Search search) {
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

    private final class Together implements StepFunction<List<Decoder.Memory>> {
        @Override public Next<List<Decoder.Memory>> step(List<Decoder.Memory> states, int[] symbols) {
            List<Decoder.Memory> next = new ArrayList<>();
            Tensor sum = null, only = null;
            for (int m = 0; m < models.size(); m++) {
                Next<Decoder.Memory> one = models.get(m).decoder().step(states.get(m), symbols);
                next.add(one.states());
                only = one.logProbabilities();
                sum = sum == null ? only.exp() : sum.add(only.exp());
            }
            return new Next<>(models.size() == 1 ? only : sum.div(models.size()).log(), next);
        }

        @Override public List<Decoder.Memory> select(List<Decoder.Memory> states, int[] rows) {
            List<Decoder.Memory> selected = new ArrayList<>();
            for (int m = 0; m < models.size(); m++) selected.add(models.get(m).decoder().select(states.get(m), rows));
            return selected;
        }
    }

    @Override public String toString() { return "Ensemble(" + models + ")"; }
}
