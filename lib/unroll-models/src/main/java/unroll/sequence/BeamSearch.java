package unroll.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

import unroll.tensor.Interrupts;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Keeps the {@code width} best beginnings of a sequence and extends them symbol by symbol (Sutskever, Vinyals and Le
 * 2014). Width 1 takes the most likely symbol each time, greedily.
 *
 * <pre>{@code
 * BeamSearch greedy = BeamSearch.greedy(40), beam = BeamSearch.of(5, 40).lengthPenalty(0.6);
 * // up to 5 for each source, the best first
 * List<List<Hypothesis>> found = beam.run(step, start, sources, begin, end);
 * BeamSearch words = beam.without(target.index("<unk>"));          // never writes that symbol
 * }</pre>
 *
 * One that ends leaves the beam, which is one narrower from then on; the search is over when none is left or the limit
 * is reached. Those that ended come first, then those that were cut off. A beam as wide as there are sequences finds
 * what trying all of them finds. Of equal ones the first row and the lower symbol is taken.
 */
public final class BeamSearch {
    /** A log probability may be so much above 0 by rounding. */
    private static final float MOST = 1e-3f;
    /** So many log probabilities are looked through on one thread. */
    private static final long PART = 1 << 15;
    private final int width, limit;
    private final double alpha;
    private final int[] forbidden;                                         // sorted, each once

    private BeamSearch(int width, int limit, double alpha, int[] forbidden) {
        this.width = width;
        this.limit = limit;
        this.alpha = alpha;
        this.forbidden = forbidden;
        Message.require(width >= 1, "BeamSearch: expected a width of at least 1 but got " + width);
        Message.require(limit >= 1, "BeamSearch: expected a limit of at least 1 symbol but got " + limit);
        Message.require(alpha >= 0 && alpha <= 2, "BeamSearch: expected a length penalty in 0 to 2 but got " + alpha);
    }

    /** A search for sequences of at most {@code limit} symbols, the end counted, without a length penalty. */
    public static BeamSearch of(int width, int limit) {
        return new BeamSearch(width, limit, 0, new int[0]);
    }

    /** The most likely symbol each time. */
    public static BeamSearch greedy(int limit) { return of(1, limit); }

    /**
     * Ranks by {@code log P / ((5 + n) / 6)^alpha} for n symbols, the end counted (Wu et al. 2016, eq. 14, without
     * their coverage): each symbol makes a sequence less probable, so without it short ones are preferred. 0.6 to 0.7
     * were found to be good. Which beginnings stay in the beam does not depend on it; there all have one length.
     */
    public BeamSearch lengthPenalty(double alpha) { return new BeamSearch(width, limit, alpha, forbidden); }

    /**
     * Never writes these symbols, such as the one for unknown words, nor those that were forbidden before. The
     * probabilities of the others stay as the model gives them; they are not divided by what is left.
     */
    public BeamSearch without(int... symbols) {
        for (int symbol : symbols)
            Message.require(symbol >= 0,
                    "BeamSearch: expected numbers of symbols of at least 0 to be left out but got " + symbol);
        return new BeamSearch(width, limit, alpha, IntStream
                .concat(Arrays.stream(forbidden), Arrays.stream(symbols)).sorted().distinct().toArray());
    }

    /** The most symbols of a sequence, the end counted. */
    public int limit() { return limit; }

    /**
     * Writes for several sources side by side: for each what was found, the best first; at least one each.
     *
     * @param step    the model
     * @param start   its states before the first symbol, one row a source
     * @param begin   the symbol that is read first
     * @param end     the symbol after which a sequence is over
     * @throws LoopInterruptedException at the next symbol, when its thread is interrupted
     */
    public <S> List<List<Hypothesis>> run(StepFunction<S> step, S start, int sources, int begin, int end) {
        List<Beam> beams = new ArrayList<>();
        for (int b = 0; b < sources; b++) beams.add(new Beam(begin, end, b));
        S states = start;
        for (int t = 0; t < limit; t++) {
            int[] symbols = beams.stream().flatMapToInt(Beam::lastSymbols).toArray();
            if (symbols.length == 0) break;
            if (Thread.currentThread().isInterrupted())
                throw new LoopInterruptedException(
                        "The search was interrupted before symbol " + t + ", counted from 0.");
            StepFunction.Next<S> next = step.step(states, symbols);
            Rows scores = new Rows(next.logProbabilities(), symbols.length, begin, end);
            extend(beams, scores, t);
            for (Beam beam : beams) beam.advance(t + 1 == limit);
            int[] parents = beams.stream().flatMapToInt(Beam::parents).toArray();
            if (parents.length > 0) states = step.select(next.states(), parents);
        }
        return beams.stream().map(Beam::result).toList();
    }

    /** Each source by itself, on all threads where there is much to look through. */
    private void extend(List<Beam> beams, Rows scores, int t) {
        int[] first = new int[beams.size() + 1];
        for (int b = 0; b < beams.size(); b++) first[b + 1] = first[b] + beams.get(b).live.size();
        int each = Math.max(1, (int) Math.min(beams.size(), PART * beams.size() / (scores.values.length + 1L)));
        Parallel.run((beams.size() + each - 1) / each, part -> {
            for (int b = part * each; b < Math.min(beams.size(), part * each + each); b++) {
                Interrupts.check("BeamSearch", "symbol", t, limit);
                beams.get(b).extend(scores, first[b]);
            }
        });
        for (Beam beam : beams) if (beam.wrong >= 0) throw scores.wrong(beam.wrong);
    }

    double score(double logProbability, int symbols) {
        return alpha == 0 ? logProbability : logProbability / Math.pow((5 + symbols) / 6.0, alpha);
    }

    @Override public String toString() {
        return "BeamSearch(width=" + width + ", limit=" + limit + (alpha > 0 ? ", length penalty=" + alpha : "")
                + (forbidden.length > 0 ? ", without " + Arrays.toString(forbidden) : "") + ")";
    }

    /** The log probabilities of one step. */
    private final class Rows {
        private final float[] values;
        final int symbols;

        Rows(Tensor logProbabilities, int rows, int begin, int end) {
            if (logProbabilities.rank() != 2 || logProbabilities.size(0) != rows)
                throw new ShapeException(BeamSearch.this + ": expected log probabilities [" + rows + ", V] but got "
                        + Arrays.toString(logProbabilities.shape()));
            values = logProbabilities.data();
            symbols = logProbabilities.size(1);
            if (begin < 0 || begin >= symbols || end < 0 || end >= symbols)
                throw new IndexOutOfBoundsException(
                        Message.of(BeamSearch.this + ": the symbols that begin and end a sequence are " + begin
                                + " and " + end
                                + ", but the model knows 0 to " + (symbols - 1)));
            if (forbidden.length > 0 && forbidden[forbidden.length - 1] >= symbols)
                throw new IndexOutOfBoundsException(
                        Message.of(BeamSearch.this + ": symbol " + forbidden[forbidden.length - 1]
                                + " is to be left out, but the model knows 0 to " + (symbols - 1)));
        }

        IllegalArgumentException wrong(int place) {
            return new IllegalArgumentException(Message.of(BeamSearch.this
                    + ": expected log probabilities of at most 0 but symbol " + place % symbols + " of row "
                    + place / symbols + " has " + values[place] + "; are these logits, or has training diverged?"));
        }
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
        private PriorityQueue<Node> best;
        private int wrong = -1;                                            // the place of what is no log probability

        Beam(int begin, int end, int row) {
            this.end = end;
            live = List.of(new Node(null, begin, 0, row, 0));
        }

        IntStream lastSymbols() { return live.stream().mapToInt(Node::symbol); }

        /** Where each one that goes on was. */
        IntStream parents() { return live.stream().mapToInt(Node::row); }

        /** Finds what is best after one more symbol; the rows from {@code first} on are its own. */
        void extend(Rows scores, int first) {
            int room = width - finished.size();
            best = new PriorityQueue<>(BEST_LAST);                         // the worst of the best on top
            float[] values = scores.values;
            for (int r = 0; r < live.size(); r++) {
                Node node = live.get(r);
                double before = node.logProbability, worst = worst(room);
                float least = least(worst, before);
                int at = (first + r) * scores.symbols, end = at + scores.symbols;
                for (int i = at; (i = above(least, values, i, end)) < end; i++) {
                    if (!(values[i] <= MOST)) {
                        wrong = i;
                        return;
                    }
                    double p = before + values[i];
                    if (!(p > worst) || forbidden(i - at)) continue;       // of equal ones the first stays
                    best.add(new Node(node, i - at, p, first + r, node.length + 1));
                    if (best.size() > room) best.poll();
                    worst = worst(room);
                    least = least(worst, before);
                }
            }
        }

        /** The first place whose value is not at most this, such as NaN: a loop of its own, which compiles better. */
        private static int above(float least, float[] values, int from, int end) {
            for (int i = from; i < end; i++) if (!(values[i] <= least)) return i;
            return end;
        }

        private boolean forbidden(int symbol) { return Arrays.binarySearch(forbidden, symbol) >= 0; }

        /** What the next one must be above. */
        private double worst(int room) {
            return best.size() < room ? Double.NEGATIVE_INFINITY : best.peek().logProbability;
        }

        /** No log probability of at most this leads above the worst, and what is wrong is above it. */
        private static float least(double worst, double before) {
            return Math.min(MOST, Math.nextDown((float) (worst - before)));
        }

        /** Goes on with what {@link #extend} found. */
        void advance(boolean last) {
            List<Node> next = new ArrayList<>();
            for (Node node : best.stream().sorted(BEST_LAST.reversed()).toList()) {
                if (node.symbol == end) finished.add(hypothesis(node, true));
                else if (last) cutOff.add(hypothesis(node, false));
                else
                    next.add(node);
            }
            if (next.isEmpty() && finished.isEmpty() && cutOff.isEmpty())
                throw new IllegalArgumentException(
                        Message.of(BeamSearch.this
                                + ": no symbol can come next; each has the probability 0 or is left out"));
            live = next;
            best = null;
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
