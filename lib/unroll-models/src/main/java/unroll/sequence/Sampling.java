package unroll.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * Draws each symbol at random with its probability, sharpened or flattened by a temperature: {@code p^(1/temperature)},
 * normalized again.
 *
 * <pre>{@code
 * Search sampling = new Sampling(0.8, 40, Rng.seed(1));            // below 1 bolder, above 1 wilder
 * }</pre>
 *
 * One hypothesis a source; its log probability is that of the model itself, whatever the temperature. What is drawn for
 * a source depends on its place among the sources and on how many runs were before, but not on the other sources.
 */
public final class Sampling extends Search {
    private final double temperature;
    private final Rng rng;

    /**
     * @param temperature above 0
     * @param limit       the most symbols, the end counted
     */
    public Sampling(double temperature, int limit, Rng rng) {
        super(limit);
        if (!(temperature > 0) || Double.isInfinite(temperature))
            throw new IllegalArgumentException("Sampling: expected a temperature above 0 but got " + temperature
                    + "; for the most likely symbol each time there is BeamSearch.greedy(limit)");
        this.temperature = temperature;
        this.rng = rng;
    }

    @Override public <S> List<List<Hypothesis>> run(StepFunction<S> step, S start, int sources, int begin, int end) {
        Rng own = rng.split();
        Rng[] chance = IntStream.range(0, sources).mapToObj(b -> own.split(b)).toArray(Rng[]::new);
        int[][] drawn = new int[sources][limit];
        int[] lengths = new int[sources], live = IntStream.range(0, sources).toArray(), last = new int[sources];
        double[] log = new double[sources];
        Arrays.fill(last, begin);
        boolean[] finished = new boolean[sources];
        S states = start;
        for (int t = 0; t < limit && live.length > 0; t++) {
            StepFunction.Next<S> next = step(step, states, IntStream.of(live).map(b -> last[b]).toArray(), t);
            Rows scores = new Rows(this, next.logProbabilities(), live.length, begin, end);
            List<Integer> rows = new ArrayList<>();
            for (int r = 0; r < live.length; r++) {
                Interrupts.check("Sampling", "row", r, live.length);
                int b = live[r];
                last[b] = chance[b].categorical(weights(scores.row(r)));
                log[b] += scores.get(r, last[b]);
                finished[b] = last[b] == end;
                if (finished[b]) continue;
                drawn[b][lengths[b]++] = last[b];
                rows.add(r);
            }
            int[] kept = rows.stream().mapToInt(r -> r).toArray(), before = live;
            live = IntStream.of(kept).map(r -> before[r]).toArray();
            if (kept.length > 0) states = step.select(next.states(), kept);
        }
        return IntStream.range(0, sources)
                .mapToObj(
                        b -> List.of(new Hypothesis(Arrays.copyOf(drawn[b], lengths[b]), log[b], log[b], finished[b])))
                .toList();
    }

    private float[] weights(float[] log) {
        float most = Float.NEGATIVE_INFINITY;
        for (float l : log) most = Math.max(most, l);
        if (most == Float.NEGATIVE_INFINITY)
            throw new IllegalArgumentException(
                    Message.of(this + ": no symbol can come next; each has the probability 0"));
        float[] weights = new float[log.length];
        for (int i = 0; i < log.length; i++) weights[i] = (float) Math.exp((log[i] - most) / temperature);
        return weights;
    }

    @Override public String toString() { return "Sampling(temperature=" + temperature + ", limit=" + limit + ")"; }
}
