package unroll.sequence;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Interrupts;

/**
 * Keeps the {@code width} best beginnings of a sequence and extends them symbol by symbol (Sutskever, Vinyals and Le
 * 2014). Width 1 takes the most likely symbol each time, greedily.
 *
 * <pre>{@code
 * Search greedy = BeamSearch.greedy(40), beam = BeamSearch.of(5, 40).lengthPenalty(0.6);
 * // up to 5 for each source, the best first
 * List<List<Hypothesis>> found = beam.run(step, start, sources, begin, end);
 * }</pre>
 *
 * One that ends leaves the beam, which is one narrower from then on; the search is over when none is left or the limit
 * is reached. Those that ended come first, then those that were cut off. A beam as wide as there are sequences finds
 * what trying all of them finds. Of equal ones the first row and the lower symbol is taken.
 */
public final class BeamSearch implements Search {
    private final int width, limit;
    private final double alpha;

    private BeamSearch(int width, int limit, double alpha) {
        this.width = width;
        this.limit = limit;
        this.alpha = alpha;
        if (width < 1)
            throw new IllegalArgumentException("BeamSearch: expected a width of at least 1 but got " + width);
        if (limit < 1)
            throw new IllegalArgumentException("BeamSearch: expected a limit of at least 1 symbol but got " + limit);
        if (!(alpha >= 0 && alpha <= 2))
            throw new IllegalArgumentException("BeamSearch: expected a length penalty in 0 to 2 but got " + alpha);
    }

    /**
     * A search of this width for sequences of at most {@code limit} symbols, the end counted, without a length penalty.
     */
    public static BeamSearch of(int width, int limit) {
        return new BeamSearch(width, limit, 0);
    }

    /** The most likely symbol each time. */
    public static BeamSearch greedy(int limit) { return of(1, limit); }

    /**
     * Ranks by {@code log P / ((5 + n) / 6)^alpha} for n symbols, the end counted (Wu et al. 2016, eq. 14, without
     * their coverage): each symbol makes a sequence less probable, so without it short ones are preferred. Which
     * beginnings stay in the beam does not depend on it; there all have one length.
     *
     * @param alpha 0 for none; 0.6 to 0.7 were found to be good
     */
    public BeamSearch lengthPenalty(double alpha) {
        return new BeamSearch(width, limit, alpha);
    }

    public int width() { return width; }

    public int limit() { return limit; }

    @Override public <S> List<List<Hypothesis>> run(StepFunction<S> step, S start, int sources, int begin, int end) {
        List<Beam> beams = new ArrayList<>();
        for (int b = 0; b < sources; b++) beams.add(new Beam(this, begin, end, b));
        S states = start;
        for (int t = 0; t < limit; t++) {
            SearchRows.requireGoOn(t);
            int[] symbols = beams.stream().flatMapToInt(Beam::lastSymbols).toArray();
            if (symbols.length == 0) break;
            StepFunction.Next<S> next = step.step(states, symbols);
            SearchRows scores = new SearchRows(this, next.logProbabilities(), symbols.length, begin, end);
            int row = 0;
            for (Beam beam : beams) {
                Interrupts.check("BeamSearch", "symbol", t, limit);
                row += beam.extend(scores, row, t + 1 == limit);
            }
            int[] parents = beams.stream().flatMapToInt(Beam::parents).toArray();
            if (parents.length > 0) states = step.select(next.states(), parents);
        }
        return beams.stream().map(Beam::result).toList();
    }

    double score(double logProbability, int symbols) {
        return alpha == 0 ? logProbability : logProbability / Math.pow((5 + symbols) / 6.0, alpha);
    }

    @Override public String toString() {
        return "BeamSearch(width=" + width + ", limit=" + limit + (alpha > 0 ? ", length penalty=" + alpha : "") + ")";
    }
}
