package unroll.sequence;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * Linear-chain conditional random field (Lafferty, McCallum and Pereira 2001): whole tag sequences get one probability,
 * so neighbouring tags are chosen together.
 *
 * <pre>{@code
 * score(y) = start[y_1] + Σ_t emission[t][y_t] + Σ_t transition[y_t][y_(t+1)] + end[y_T]        P(y) = exp score(y) / Σ_y' exp score(y')
 *
 * var crf = new Crf(17);
 * Tensor loss = crf.loss(emissions, tags, lengths);                // emissions: [T, B, 17], tags: [T, B]
 * IntTensor best = crf.decode(emissions, lengths);                 // [T, B]
 * }</pre>
 *
 * All scores start at 0: then it is a softmax for each step. With {@link TagRules} sequences that break them have
 * probability 0, in training and in decoding. What stands in the padding of the emissions is never looked at. Sums are
 * taken in double precision.
 */
public final class Crf extends Module {
    /** One tag sequence of {@link #kBest}: its score is not normalized; log P is {@code score - logPartition}. */
    public record Path(int[] tags, double score) {
    }

    private final TagRules rules;
    private final Parameter transitions, start, end;

    /** A field over so many tags in any order. */
    public Crf(int tags) {
        this(TagRules.any(tags));
    }

    public Crf(TagRules rules) {
        this.rules = rules;
        int K = rules.tags();
        transitions = parameter(new Parameter("transitions", Tensor.zeros(K, K)));
        start = parameter(new Parameter("start", Tensor.zeros(K)));
        end = parameter(new Parameter("end", Tensor.zeros(K)));
    }

    /** A field over tags O, B-X and I-X whose names are whole: {@link TagRules#bio}. */
    public static Crf bio(List<String> tags) {
        return new Crf(TagRules.bio(tags));
    }

    /**
     * The mean of -log P(tags) over the sequences, in nats a sequence (not a step). A sequence whose tags are all
     * {@link unroll.nn.Losses#IGNORE} does not count; 0 where none counts.
     *
     * @param emissions {@code [T, B, K]}, finite
     * @param tags      {@code [T, B]}, 0 to K - 1; whatever in the padding
     * @param lengths   one number in 1 .. T for each sequence
     * @throws IllegalArgumentException if tags break the rules; the place is named
     */
    public Tensor loss(Tensor emissions, IntTensor tags, Lengths lengths) {
        return CrfLoss.mean(this, emissions, tags, lengths);
    }

    /** log Σ_y exp score(y) of each sequence, {@code [B]}; without a gradient. */
    public Tensor logPartition(Tensor emissions, Lengths lengths) {
        double[] log = lattice(emissions, lengths).logPartition();
        return Tensor.of(log, log.length);
    }

    /**
     * P(y_t = k), {@code [T, B, K]}: the probability of each tag at each step, given the whole sequence; zeros in the
     * padding. No gradient.
     */
    public Tensor marginals(Tensor emissions, Lengths lengths) {
        double[] ones = new double[lengths.batchSize()];
        Arrays.fill(ones, 1);
        return Tensor.of(lattice(emissions, lengths).expectations(ones).emissions(), emissions.shape());
    }

    /**
     * The most probable sequence (Viterbi 1967), {@code [T, B]}, {@link unroll.nn.Losses#IGNORE} in the padding; of
     * equals the one with lower tags.
     */
    public IntTensor decode(Tensor emissions, Lengths lengths) {
        return new Viterbi(scores(emissions, lengths)).best();
    }

    /** The k most probable sequences of each, the best first; fewer where there are not as many. */
    public List<List<Path>> kBest(Tensor emissions, Lengths lengths, int k) {
        if (k < 1) throw new IllegalArgumentException(Message.of(this + ": expected k of at least 1 but got " + k));
        return new Viterbi(scores(emissions, lengths)).best(k);
    }

    CrfScores scores(Tensor emissions, Lengths lengths) { return new CrfScores(this, emissions, lengths); }

    private Lattice lattice(Tensor emissions, Lengths lengths) { return Lattice.of(scores(emissions, lengths)); }

    public TagRules rules() { return rules; }

    /** {@code [K, K]}: from the row's tag to the column's. What the rules forbid is not used and gets no gradient. */
    public Parameter transitions() {
        return transitions;
    }

    /** {@code [K]}: of the first tag. */
    public Parameter start() { return start; }

    /** {@code [K]}: of the last tag. */
    public Parameter end() { return end; }

    @Override public String toString() { return "Crf(tags=" + rules.tags() + ", " + rules + ")"; }
}
