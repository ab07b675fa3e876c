package unroll.sequence;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.nn.Module;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Linear-chain conditional random field (Lafferty, McCallum and Pereira 2001): whole tag sequences get one probability,
 * so neighbouring tags are chosen together.
 *
 * <pre>{@code
 * score(y) = start[y_1] + Σ_t emission[t][y_t] + Σ_t transition[y_t][y_(t+1)] + end[y_T]
 * P(y) = exp score(y) / Σ_y' exp score(y')
 *
 * var crf = new Crf(17);
 * Tensor loss = crf.loss(emissions, tags, lengths);                // emissions: [T, B, 17], tags: [T, B]
 * IntTensor best = crf.decode(emissions, lengths);                 // [T, B]
 * }</pre>
 *
 * All scores start at 0: then it is a softmax for each step. With {@link TagRules} sequences that break them have
 * probability 0, in training and in decoding. What stands in the padding is never looked at. Sums are taken in double
 * precision.
 */
public final class Crf extends Module {
    /** One tag sequence of {@link #kBest}: its score is not normalized; log P is {@code score - logPartition}. */
    public record Path(int[] tags, double score) {
    }

    private final TagRules rules;
    private final Parameter transitions, start, end;

    /** A field over so many tags in any order. */
    public Crf(int tags) { this(TagRules.any(tags)); }

    public Crf(TagRules rules) {
        this.rules = rules;
        int K = rules.tags();
        transitions = parameter(new Parameter("transitions", Tensor.zeros(K, K)));
        start = parameter(new Parameter("start", Tensor.zeros(K)));
        end = parameter(new Parameter("end", Tensor.zeros(K)));
    }

    /** By {@link TagRules#bio}. */
    public static Crf bio(List<String> tags) { return new Crf(TagRules.bio(tags)); }

    /**
     * The mean of -log P(tags) over the sequences, in nats a sequence (not a step). A sequence whose tags are all
     * {@link Losses#IGNORE} does not count; 0 where none counts. The gradient is expected counts minus counts.
     *
     * @param emissions {@code [T, B, K]}, finite
     * @param tags      {@code [T, B]}, 0 to K - 1; whatever in the padding
     * @throws IllegalArgumentException if tags break the rules; the place is named
     */
    public Tensor loss(Tensor emissions, IntTensor tags, Lengths lengths) {
        CrfScores scores = scores(emissions, lengths);
        if (!Arrays.equals(tags.shape(), new int[] {scores.T, scores.B}))
            throw new ShapeException(this + ": expected tags [" + scores.T + ", " + scores.B + "] but got "
                    + Arrays.toString(tags.shape()));
        double[] weights = weights(scores, tags.data());
        int counted = 0;
        for (double w : weights) if (w != 0) counted++;
        double scale = 1.0 / Math.max(1, counted), sum = 0;
        Lattice lattice = Lattice.of(scores);
        for (int b = 0; b < scores.B; b++)
            if (weights[b] != 0) sum += lattice.logPartition()[b] - scores.score(tags.data(), b);
        return Tape.record("crf", new float[] {(float) (scale * sum)}, new int[0], g -> {
            double by = scale * g.get(0)[0];
            for (int b = 0; b < weights.length; b++) weights[b] *= by;
            Lattice.Expectations d = lattice.expectations(weights);
            subtractCounts(scores, tags.data(), weights, d);
            emissions.take(d.emissions());
            transitions.take(d.transitions());
            start.take(d.start());
            end.take(d.end());
        }, emissions, transitions, start, end);
    }

    private static void subtractCounts(CrfScores scores, int[] tags, double[] weights, Lattice.Expectations d) {
        int B = scores.B;
        for (int b = 0; b < B; b++) {
            float w = (float) weights[b];
            if (w == 0) continue;
            int last = scores.lengths.get(b) - 1;
            for (int t = 0; t <= last; t++) {
                int tag = tags[t * B + b];
                d.emissions()[scores.place(t, b) + tag] -= w;
                if (t > 0) d.transitions()[tags[(t - 1) * B + b] * scores.K + tag] -= w;
            }
            d.start()[tags[b]] -= w;
            d.end()[tags[last * B + b]] -= w;
        }
    }

    /** 1 for each sequence that counts and 0 for one with nothing but ignored tags. */
    private double[] weights(CrfScores scores, int[] tags) {
        double[] weights = new double[scores.B];
        for (int b = 0; b < scores.B; b++) {
            int ignored = 0;
            for (int t = 0; t < scores.lengths.get(b); t++) if (tags[t * scores.B + b] == Losses.IGNORE) ignored++;
            if (ignored == scores.lengths.get(b)) continue;
            for (int t = 0; t < scores.lengths.get(b); t++) require(scores, tags, t, b);
            weights[b] = 1;
        }
        return weights;
    }

    private void require(CrfScores scores, int[] tags, int t, int b) {
        int tag = tags[t * scores.B + b];
        if (tag < 0 || tag >= scores.K)
            throw new IndexOutOfBoundsException(
                    Message.of(this + ": expected tags in 0 to " + (scores.K - 1) + " but got " + tag + " at step " + t
                            + " of sequence " + b + ", whose length is " + scores.lengths.get(b)
                            + (tag == Losses.IGNORE ? "; a sequence may ignore all of its tags or none" : "")));
        if (t == 0 && !rules.mayBegin(tag))
            throw new IllegalArgumentException(Message.of(this + ": sequence " + b + " begins with " + rules.name(tag)
                    + ", which the rules forbid; correct the tags of the data"));
        if (t > 0 && !rules.mayFollow(tags[(t - 1) * scores.B + b], tag))
            throw new IllegalArgumentException(Message.of(this + ": " + rules.name(tag) + " at step " + t
                    + " of sequence " + b + " follows " + rules.name(tags[(t - 1) * scores.B + b])
                    + ", which the rules forbid; correct the tags of the data"));
    }

    /** log Σ_y exp score(y) of each sequence, {@code [B]}; without a gradient. */
    public Tensor logPartition(Tensor emissions, Lengths lengths) {
        double[] log = lattice(emissions, lengths).logPartition();
        return Tensor.of(log, log.length);
    }

    /** P(y_t = k), {@code [T, B, K]}, given the whole sequence; zeros in the padding. No gradient. */
    public Tensor marginals(Tensor emissions, Lengths lengths) {
        double[] ones = new double[lengths.batchSize()];
        Arrays.fill(ones, 1);
        return Tensor.of(lattice(emissions, lengths).expectations(ones).emissions(), emissions.shape());
    }

    /** The most probable sequence (Viterbi 1967), {@code [T, B]}, IGNORE in the padding; of equals lower tags. */
    public IntTensor decode(Tensor emissions, Lengths lengths) {
        return new Viterbi(scores(emissions, lengths)).best();
    }

    /** The k most probable sequences of each, the best first; fewer where there are not as many. */
    public List<List<Path>> kBest(Tensor emissions, Lengths lengths, int k) {
        Message.require(k >= 1, this + ": expected k of at least 1 but got " + k);
        return new Viterbi(scores(emissions, lengths)).best(k);
    }

    CrfScores scores(Tensor emissions, Lengths lengths) { return new CrfScores(this, emissions, lengths); }

    private Lattice lattice(Tensor emissions, Lengths lengths) { return Lattice.of(scores(emissions, lengths)); }

    public TagRules rules() { return rules; }

    /** {@code [K, K]}: from the row's tag to the column's. */
    public Parameter transitions() { return transitions; }

    /** {@code [K]}: of the first tag. */
    public Parameter start() { return start; }

    /** {@code [K]}: of the last tag. */
    public Parameter end() { return end; }

    @Override public String toString() { return "Crf(tags=" + rules.tags() + ", " + rules + ")"; }
}
