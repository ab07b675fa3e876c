package unroll.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;

/**
 * Several predictors as one: p(w | c) = Σ_m λ_m p_m(w | c), with λ_m ≥ 0 and Σ λ_m = 1. With equal weights an ensemble
 * (Hansen and Salamon 1990); with fitted ones the linear interpolation of Jelinek and Mercer (1980), which joins a
 * network and counts.
 *
 * <pre>{@code
 * Mixture.even(List.of(first, second, third)).read(held).perplexity();
 * Mixture.fitted(List.of(network, counts), validation).weights();  // the best ones for that text
 * }</pre>
 */
public final class Mixture implements Predictor {
    private static final int MOST_ROUNDS = 200;
    private static final double SETTLED = 1e-9;
    private final List<Predictor> members;
    private final double[] weights;

    private Mixture(List<? extends Predictor> members, double[] weights) {
        Message.require(!members.isEmpty(), "Mixture: expected at least one predictor but the list is empty");
        for (Predictor member : members)
            if (!member.vocabulary().equals(members.get(0).vocabulary()))
                throw new IllegalArgumentException(Message.of("Mixture: " + member + " has " + member.vocabulary()
                        + " but " + members.get(0) + " has " + members.get(0).vocabulary()
                        + "; probabilities over different symbols have no mean. Give all the same one"));
        this.members = List.copyOf(members);
        this.weights = weights;
    }

    /** All weigh the same. */
    public static Mixture even(List<? extends Predictor> members) {
        double[] weights = new double[members.size()];
        Arrays.fill(weights, 1.0 / weights.length);
        return new Mixture(members, weights);
    }

    /** @throws IllegalArgumentException if a weight is negative or they do not sum to 1 */
    public static Mixture of(List<? extends Predictor> members, double... weights) {
        boolean fine = weights.length == members.size() && Arrays.stream(weights).allMatch(w -> w >= 0)
                && Math.abs(Arrays.stream(weights).sum() - 1) < 1e-9;
        Message.require(fine, "Mixture: expected a weight for each of " + members.size()
                + " predictors, none below 0, that sum to 1, but got " + Arrays.toString(weights));
        return new Mixture(members, weights.clone());
    }

    /**
     * The weights under which a text is most likely, by expectation maximization (Dempster, Laird and Rubin 1977):
     * its likelihood has one maximum.
     *
     * @param ids a validation text: neither one that the predictors learned nor the one that is reported
     */
    public static Mixture fitted(List<? extends Predictor> members, int[] ids) {
        Mixture start = even(members);
        Message.require(ids.length >= 2, "Mixture: weights need a text of at least two symbols but got " + ids.length);
        double[][] p = start.read(ids, Math::exp);
        double[] weights = start.weights.clone();
        double change = 1;
        for (int round = 0; round < MOST_ROUNDS && change > SETTLED; round++) {
            Interrupts.check("Mixture", round);
            double[] share = new double[weights.length];
            for (int i = 0; i < ids.length - 1; i++) {
                double sum = 0;
                for (int m = 0; m < share.length; m++) sum += weights[m] * p[m][i];
                if (sum > 0) for (int m = 0; m < share.length; m++) share[m] += weights[m] * p[m][i] / sum;
            }
            double all = Arrays.stream(share).sum();
            if (all == 0) break;                                           // no member expects any of it
            change = 0;
            for (int m = 0; m < share.length; m++) {
                change = Math.max(change, Math.abs(share[m] / all - weights[m]));
                weights[m] = share[m] / all;
            }
        }
        return new Mixture(members, weights);
    }

    /** What each member finds of a text. */
    private double[][] read(int[] ids, DoubleUnaryOperator of) {
        return members.stream().map(m -> Arrays.stream(m.logProbabilities(ids)).map(of).toArray())
                .toArray(double[][]::new);
    }

    /** λ, in the order of the members. */
    public double[] weights() { return weights.clone(); }

    public List<Predictor> members() { return members; }

    @Override public Vocabulary vocabulary() { return members.get(0).vocabulary(); }

    @Override public double[] logProbabilities(int[] ids) {
        double[][] p = read(ids, Math::exp);
        return IntStream.range(0, Math.max(0, ids.length - 1)).mapToDouble(i -> {
            double sum = 0;
            for (int m = 0; m < weights.length; m++) sum += weights[m] * p[m][i];
            return Math.log(sum);
        }).toArray();
    }

    @Override public Reading begin() {
        List<Reading> all = members.stream().map(Predictor::begin).toList();
        return new Reading() {
            @Override public void take(int symbol) { all.forEach(reading -> reading.take(symbol)); }

            @Override public double[] probabilities() {
                double[] sum = new double[vocabulary().size()];
                for (int m = 0; m < weights.length; m++) {
                    double[] p = all.get(m).probabilities();
                    for (int s = 0; s < sum.length; s++) sum[s] += weights[m] * p[s];
                }
                return sum;
            }
        };
    }

    @Override public String toString() {
        return "Mixture(" + IntStream.range(0, weights.length)
                .mapToObj(m -> String.format(Locale.ROOT, "%.3f × ", weights[m]) + members.get(m))
                .collect(Collectors.joining(" + ")) + ")";
    }
}
