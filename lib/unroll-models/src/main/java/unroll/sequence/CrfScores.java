package unroll.sequence;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.tensor.DivergedException;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** All scores of a batch, checked; what the rules forbid scores minus infinity. */
final class CrfScores {
    final int T, B, K;
    final Lengths lengths;
    final float[] emissions, transitions, start, end;
    /**
     * The largest difference between two tags at one place, and between two scores of the field that are not forbidden.
     */
    final double emissionRange, fieldRange;

    CrfScores(Crf crf, Tensor emissions, Lengths lengths) {
        TagRules rules = crf.rules();
        K = rules.tags();
        if (emissions.rank() != 3 || emissions.size(2) != K || emissions.size(0) == 0 || emissions.size(1) == 0)
            throw new ShapeException(crf + ": expected emissions [T, B, " + K
                    + "] with at least one step and one sequence but got " + Arrays.toString(emissions.shape()));
        T = emissions.size(0);
        B = emissions.size(1);
        this.lengths = lengths.in(crf.toString(), T, B);
        this.emissions = emissions.data();
        emissionRange = emissionRange(crf);
        transitions = crf.transitions().data();
        start = crf.start().data();
        end = crf.end().data();
        for (Parameter p : List.of(crf.transitions(), crf.start(), crf.end()))
            if (!p.isFinite())
                throw new DivergedException(crf + ": the scores " + p.name()
                        + " hold NaN or infinite numbers, so no sequence of tags is better than another;"
                        + " training has diverged: go back to an earlier checkpoint, and train with a lower learning "
                        + "rate or clipped gradients");
        for (int i = 0; i < K; i++) {
            if (!rules.mayBegin(i)) start[i] = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < K; j++) if (!rules.mayFollow(i, j)) transitions[i * K + j] = Float.NEGATIVE_INFINITY;
        }
        fieldRange = Math.max(range(transitions), Math.max(range(start), range(end)));
    }

    private double emissionRange(Crf crf) {
        double widest = 0;
        for (int t = 0; t < T; t++)
            for (int b = 0; b < B; b++) {
                if (!lengths.has(t, b)) continue;
                float least = Float.POSITIVE_INFINITY, most = Float.NEGATIVE_INFINITY;
                for (int at = place(t, b), k = 0; k < K; k++) {
                    least = Math.min(least, emissions[at + k]);            // NaN where one is
                    most = Math.max(most, emissions[at + k]);
                }
                if (!(least >= -Float.MAX_VALUE && most <= Float.MAX_VALUE)) throw notFinite(crf, t, b);
                widest = Math.max(widest, (double) most - least);
            }
        return widest;
    }

    private IllegalArgumentException notFinite(Crf crf, int t, int b) {
        int k = 0;
        while (Math.abs(emissions[place(t, b) + k]) <= Float.MAX_VALUE) k++;
        return new IllegalArgumentException(
                Message.of(crf + ": the emission of " + crf.rules().name(k) + " at step " + t + " of sequence " + b
                        + " is " + emissions[place(t, b) + k] + "; expected finite scores. Did training diverge?"));
    }

    private static double range(float[] scores) {
        double least = Double.POSITIVE_INFINITY, most = Double.NEGATIVE_INFINITY;
        for (float s : scores) {
            if (s == Float.NEGATIVE_INFINITY) continue;
            least = Math.min(least, s);
            most = Math.max(most, s);
        }
        return most - least;
    }

    /** Where the emissions of step t of sequence b begin. */
    int place(int t, int b) { return (t * B + b) * K; }

    /** The score of one sequence with these tags, {@code [T, B]}. */
    double score(int[] tags, int b) {
        double sum = start[tags[b]] + (double) end[tags[(lengths.get(b) - 1) * B + b]];
        for (int t = 0; t < lengths.get(b); t++) {
            int tag = tags[t * B + b];
            sum += emissions[place(t, b) + tag];
            if (t > 0) sum += transitions[tags[(t - 1) * B + b] * K + tag];
        }
        return sum;
    }
}
