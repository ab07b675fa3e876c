package unroll.sequence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** All tag sequences of a short sentence one by one, scored in double precision: the twin of {@link Crf}. */
record Sequences(List<int[]> all, double[] scores) {
    /** Those of sequence b that the rules allow, the best first. */
    static Sequences of(Crf crf, Tensor emissions, int length, int b) {
        int K = crf.rules().tags();
        List<int[]> all = new ArrayList<>(List.of(new int[0]));
        for (int t = 0; t < length; t++) {
            List<int[]> longer = new ArrayList<>();
            for (int[] y : all)
                for (int k = 0; k < K; k++)
                    if (y.length == 0 ? crf.rules().mayBegin(k) : crf.rules().mayFollow(y[y.length - 1], k))
                        longer.add(IntStream.concat(IntStream.of(y), IntStream.of(k)).toArray());
            all = longer;
        }
        all.sort(Comparator.comparingDouble(y -> -score(crf, emissions, y, b)));
        return new Sequences(all, all.stream().mapToDouble(y -> score(crf, emissions, y, b)).toArray());
    }

    static double score(Crf crf, Tensor emissions, int[] y, int b) {
        double sum = crf.start().get(y[0]) + (double) crf.end().get(y[y.length - 1]);
        for (int t = 0; t < y.length; t++) {
            sum += emissions.get(t, b, y[t]);
            if (t > 0) sum += crf.transitions().get(y[t - 1], y[t]);
        }
        return sum;
    }

    double logPartition() {
        double sum = 0;
        for (double s : scores) sum += Math.exp(s - scores[0]);
        return scores[0] + Math.log(sum);
    }

    double marginal(int t, int tag) {
        double whole = logPartition(), sum = 0;
        for (int i = 0; i < scores.length; i++) if (all.get(i)[t] == tag) sum += Math.exp(scores[i] - whole);
        return sum;
    }

    /** A field with random scores of this size. */
    static Crf random(TagRules rules, double size, Rng rng) {
        Crf crf = new Crf(rules);
        crf.parameters().forEach(p -> p.set(rng.normal(p.shape()).mul(size)));
        return crf;
    }
}
