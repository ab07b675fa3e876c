package unroll.sequence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

import unroll.tensor.Message;

/** The hypotheses of one source while a search is under way. */
final class Beam {
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
    private final BeamSearch search;
    private final int end;
    private final List<Hypothesis> finished = new ArrayList<>(), cutOff = new ArrayList<>();
    private List<Node> live;

    Beam(BeamSearch search, int begin, int end, int row) {
        this.search = search;
        this.end = end;
        live = List.of(new Node(null, begin, 0, row, 0));
    }

    IntStream lastSymbols() { return live.stream().mapToInt(Node::symbol); }

    /** In which row of the step before each one that goes on was. */
    IntStream parents() {
        return live.stream().mapToInt(Node::row);
    }

    /** Goes on by one symbol; the rows from {@code first} on are its own. Gives how many these are. */
    int extend(SearchRows scores, int first, boolean last) {
        int room = search.width() - finished.size(), rows = live.size();
        PriorityQueue<Node> best = new PriorityQueue<>(BEST_LAST);         // the worst of the best on top
        for (int r = 0; r < rows; r++) {
            Node node = live.get(r);
            for (int v = 0; v < scores.symbols; v++) {
                double p = node.logProbability + scores.get(first + r, v);
                if (p == Double.NEGATIVE_INFINITY || best.size() == room && p < best.peek().logProbability) continue;
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
                    Message.of(search + ": no symbol can come next; each has the probability 0"));
        live = next;
        return rows;
    }

    private Hypothesis hypothesis(Node node, boolean ended) {
        return new Hypothesis((ended ? node.before : node).symbols(), node.logProbability,
                search.score(node.logProbability, node.length), ended);
    }

    /** The best first, those that ended before those that were cut off. */
    List<Hypothesis> result() {
        Comparator<Hypothesis> best = Comparator.comparingDouble(Hypothesis::score).reversed();
        List<Hypothesis> all = new ArrayList<>(finished.stream().sorted(best).toList());
        all.addAll(cutOff.stream().sorted(best).toList());
        return List.copyOf(all);
    }
}
