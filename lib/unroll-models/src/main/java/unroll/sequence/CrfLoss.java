package unroll.sequence;

import java.util.Arrays;

import unroll.nn.Lengths;
import unroll.nn.Losses;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** The mean of -log P(tags) as one operation: its gradient is expected counts minus counts. */
final class CrfLoss {
    private CrfLoss() {
    }

    static Tensor mean(Crf crf, Tensor emissions, IntTensor tags, Lengths lengths) {
        CrfScores scores = crf.scores(emissions, lengths);
        if (!Arrays.equals(tags.shape(), new int[] {scores.T, scores.B}))
            throw new ShapeException(crf + ": expected tags [" + scores.T + ", " + scores.B + "] but got "
                    + Arrays.toString(tags.shape()));
        double[] weights = weights(crf, scores, tags.data());
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
            crf.transitions().take(d.transitions());
            crf.start().take(d.start());
            crf.end().take(d.end());
        }, emissions, crf.transitions(), crf.start(), crf.end());
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
    private static double[] weights(Crf crf, CrfScores scores, int[] tags) {
        double[] weights = new double[scores.B];
        for (int b = 0; b < scores.B; b++) {
            int ignored = 0;
            for (int t = 0; t < scores.lengths.get(b); t++) if (tags[t * scores.B + b] == Losses.IGNORE) ignored++;
            if (ignored == scores.lengths.get(b)) continue;
            for (int t = 0; t < scores.lengths.get(b); t++) require(crf, scores, tags, t, b);
            weights[b] = 1;
        }
        return weights;
    }

    private static void require(Crf crf, CrfScores scores, int[] tags, int t, int b) {
        int tag = tags[t * scores.B + b];
        TagRules rules = crf.rules();
        if (tag < 0 || tag >= scores.K)
            throw new IndexOutOfBoundsException(
                    Message.of(crf + ": expected tags in 0 to " + (scores.K - 1) + " but got " + tag + " at step " + t
                            + " of sequence " + b + ", whose length is " + scores.lengths.get(b)
                            + (tag == Losses.IGNORE ? "; a sequence may ignore all of its tags or none" : "")));
        if (t == 0 && !rules.mayBegin(tag))
            throw new IllegalArgumentException(Message
                    .of(crf + ": sequence " + b + " begins with " + rules.name(tag) + ", which the rules forbid; "
                            + "correct the tags of the data"));
        if (t > 0 && !rules.mayFollow(tags[(t - 1) * scores.B + b], tag))
            throw new IllegalArgumentException(
                    Message.of(crf + ": " + rules.name(tag) + " at step " + t + " of sequence " + b + " follows "
                            + rules.name(tags[(t - 1) * scores.B + b])
                            + ", which the rules forbid; correct the tags of the data"));
    }
}
