package unroll.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;

/**
 * The best sequences, found step by step: the best way to a tag goes on from one of the best ways to the tag before.
 */
final class Viterbi {
    /** A way to a tag: what it scores so far and the way to the tag before, null at the first step. */
    private record Way(int tag, double score, Way before) {
    }

    private final CrfScores scores;
    private final int K;

    Viterbi(CrfScores scores) {
        this.scores = scores;
        K = scores.K;
    }

    IntTensor best() {
        int[] tags = new int[scores.T * scores.B];
        Arrays.fill(tags, Losses.IGNORE);
        for (int b = 0; b < scores.B; b++) best(b, tags);
        return IntTensor.of(tags, scores.T, scores.B);
    }

    private void best(int b, int[] tags) {
        int length = scores.lengths.get(b);
        double[] now = new double[K], before = new double[K];
        int[] from = new int[length * K];
        for (int k = 0; k < K; k++) now[k] = (double) scores.start[k] + scores.emissions[scores.place(0, b) + k];
        for (int t = 1; t < length; t++) {
            Interrupts.check("Crf", "step", t, length);
            double[] other = before;
            before = now;
            now = other;
            for (int j = 0; j < K; j++) {
                int best = 0;
                for (int i = 1; i < K; i++)
                    if (before[i] + scores.transitions[i * K + j] > before[best] + scores.transitions[best * K + j])
                        best = i;
                from[t * K + j] = best;
                now[j] = before[best] + scores.transitions[best * K + j] + scores.emissions[scores.place(t, b) + j];
            }
        }
        int tag = 0;
        for (int k = 1; k < K; k++) if (now[k] + scores.end[k] > now[tag] + scores.end[tag]) tag = k;
        for (int t = length - 1; t >= 0; t--) {
            tags[t * scores.B + b] = tag;
            tag = from[t * K + tag];
        }
    }

    /** The k best of each sequence. */
    List<List<Crf.Path>> best(int k) {
        List<List<Crf.Path>> all = new ArrayList<>();
        for (int b = 0; b < scores.B; b++) all.add(best(b, k));
        return all;
    }

    private List<Crf.Path> best(int b, int k) {
        List<List<Way>> ways = new ArrayList<>();                          // to each tag
        for (int j = 0; j < K; j++)
            ways.add(keep(
                    List.of(new Way(j, (double) scores.start[j] + scores.emissions[scores.place(0, b) + j], null)), k));
        for (int t = 1; t < scores.lengths.get(b); t++) {
            Interrupts.check("Crf", "step", t, scores.lengths.get(b));
            List<List<Way>> next = new ArrayList<>();
            for (int j = 0; j < K; j++) {
                List<Way> longer = new ArrayList<>();
                for (List<Way> to : ways)
                    for (Way w : to)
                        longer.add(new Way(j,
                                w.score + scores.transitions[w.tag * K + j] + scores.emissions[scores.place(t, b) + j],
                                w));
                next.add(keep(longer, k));
            }
            ways = next;
        }
        List<Way> whole = new ArrayList<>();
        for (List<Way> to : ways) for (Way w : to) whole.add(new Way(w.tag, w.score + scores.end[w.tag], w.before));
        return keep(whole, k).stream().map(w -> new Crf.Path(tags(w, scores.lengths.get(b)), w.score)).toList();
    }

    /** The k best that are possible, the best first. */
    private static List<Way> keep(List<Way> ways, int k) {
        PriorityQueue<Way> best = new PriorityQueue<>((x, y) -> Double.compare(x.score, y.score));
        for (Way w : ways) {
            if (w.score == Double.NEGATIVE_INFINITY) continue;
            best.add(w);
            if (best.size() > k) best.remove();
        }
        List<Way> kept = new ArrayList<>(best);
        kept.sort((x, y) -> Double.compare(y.score, x.score));
        return kept;
    }

    private static int[] tags(Way way, int length) {
        int[] tags = new int[length];
        for (int t = length - 1; t >= 0; t--, way = way.before) tags[t] = way.tag;
        return tags;
    }
}
