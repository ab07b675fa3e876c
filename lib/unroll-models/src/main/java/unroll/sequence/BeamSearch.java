package unroll.sequence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;

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
public final class BeamSearch extends Search {
    private final int width;
    private final double alpha;

    private BeamSearch(int width, int limit, double alpha) {
        super(limit);
        this.width = width;
        this.alpha = alpha;
        if (width < 1)
            throw new IllegalArgumentException("BeamSearch: expected a width of at least 1 but got " + width);
        if (!(alpha >= 0 && alpha <= 2))
            throw new IllegalArgumentException("BeamSearch: expected a length penalty in 0 to 2 but got " + alpha);
    }

    /**
     * A search of this width for sequences of at most {@code limit} symbols, the end counted, without a length penalty.
     */
    public static BeamSearch of(int width, int limit) { return new BeamSearch(width, limit, 0); }

    /** The most likely symbol each time. */
    public static BeamSearch greedy(int limit) { return of(1, limit); }

    /**
     * Ranks by {@code log P / ((5 + n) / 6)^alpha} for n symbols, the end counted (Wu et al. 2016, eq. 14, without
     * their coverage): each symbol makes a sequence less probable, so without it short ones are preferred. Which
     * beginnings stay in the beam does not depend on it; there all have one length.
     *
     * @param alpha 0 for none; 0.6 to 0.7 were found to be good
     */
    public BeamSearch lengthPenalty(double alpha) { return new BeamSearch(width, limit, alpha); }

    public int width() { return width; }

    @Override public <S> List<List<Hypothesis>> run(StepFunction<S> step, S start, int sources, int begin, int end) {
        List<Beam> beams = new ArrayList<>();
        for (int b = 0; b < sources; b++) beams.add(new Beam(begin, end, b));
        S states = start;
        for (int t = 0; t < limit; t++) {
            int[] symbols = beams.stream().flatMapToInt(Beam::lastSymbols).toArray();
            if (symbols.length == 0) break;
            StepFunction.Next<S> next = step(step, states, symbols, t);
            Rows scores = new Rows(this, next.logProbabilities(), symbols.length, begin, end);
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

    /** A beginning: its last symbol, what stands before it, and the row it came from. */
    private record Node(Node before, int symbol, double logProbability, int row, int length) {
        /** All symbols up to this one, without that which began. */
        int[] symbols() {
            int[] all = new int[length];
            Node node = this;
            for (int i = length - 1; i >= 0; i--, node = node.before) all[i] = node.symbol;
            return all;
        }
    }

    private static final Comparator<Node> BEST_LAST = Comparator.comparingDouble(Node::logProbability)
            .thenComparing(Comparator.comparingInt(Node::row).reversed())
            .thenComparing(Comparator.comparingInt(Node::symbol).reversed());

    /** The hypotheses of one source while a search is under way. */
    private final class Beam {
        private final int end;
        private final List<Hypothesis> finished = new ArrayList<>(), cutOff = new ArrayList<>();
        private List<Node> live;

        Beam(int begin, int end, int row) {
            this.end = end;
            live = List.of(new Node(null, begin, 0, row, 0));
        }

        IntStream lastSymbols() { return live.stream().mapToInt(Node::symbol); }

        /** In which row of the step before each one that goes on was. */
        IntStream parents() {
            return live.stream().mapToInt(Node::row);
        }

        /** Goes on by one symbol; the rows from {@code first} on are its own. Gives how many these are. */
        int extend(Rows scores, int first, boolean last) {
            int room = width - finished.size(), rows = live.size();
            PriorityQueue<Node> best = new PriorityQueue<>(BEST_LAST);         // the worst of the best on top
            for (int r = 0; r < rows; r++) {
                Node node = live.get(r);
                for (int v = 0; v < scores.symbols; v++) {
                    double p = node.logProbability + scores.get(first + r, v);
                    if (p == Double.NEGATIVE_INFINITY || best.size() == room && p < best.peek().logProbability)
                        continue;
                    best.add(new Node(node, v, p, first + r, node.length + 1));
                    if (best.size() > room) best.poll();
                }
            }
            List<Node> next = new ArrayList<>();
            for (Node node : best.stream().sorted(BEST_LAST.reversed()).toList()) {
                if (node.symbol == end) finished.add(hypothesis(node, true));
                else if (last) cutOff.add(hypothesis(node, false));
                else
                    next.add(node);
            }
            if (next.isEmpty() && finished.isEmpty() && cutOff.isEmpty())
                throw new IllegalArgumentException(
                        Message.of(BeamSearch.this + ": no symbol can come next; each has the probability 0"));
            live = next;
            return rows;
        }

        private Hypothesis hypothesis(Node node, boolean ended) {
            return new Hypothesis((ended ? node.before : node).symbols(), node.logProbability,
                    score(node.logProbability, node.length), ended);
        }

        /** The best first, those that ended before those that were cut off. */
        List<Hypothesis> result() {
            Comparator<Hypothesis> best = Comparator.comparingDouble(Hypothesis::score).reversed();
            List<Hypothesis> all = new ArrayList<>(finished.stream().sorted(best).toList());
            all.addAll(cutOff.stream().sorted(best).toList());
            return List.copyOf(all);
        }
    }
}
