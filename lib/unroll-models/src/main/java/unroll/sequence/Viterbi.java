package unroll.sequence;

import java.util.Arrays;

import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;

/**
 * The best sequences, found step by step: the best way to a tag goes on from one of the best ways to the tag before.
 */
final class Viterbi {
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
}
