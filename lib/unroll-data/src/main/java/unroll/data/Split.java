package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import unroll.tensor.Rng;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Data in three parts that do not overlap: one to train on, one to choose by, one to report on.
 *
 * <pre>{@code
 * Split<LabelledText> reviews = Split.random(texts, 0.1, 0.1, Rng.seed(1));
 * // what shares its English side stays together
 * Split<Pair> pairs = Split.randomBy(Pair::english, all, 0.1, 0.1, Rng.seed(1));
 * }</pre>
 */
public record Split<E>(List<E> train, List<E> validation, List<E> test) {
    public Split {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        if (train.isEmpty())
            throw new DatasetException(Reason.EMPTY, "Split: the part to train on is empty; " + validation.size()
                    + " examples are for validation and " + test.size() + " for the test");
    }

    /**
     * A random split; the shares of validation and test are in 0 .. 1 and leave something to train on. A share above 0
     * gets one example at least. Equal examples stay in one part.
     */
    public static <E> Split<E> random(List<E> all, double validation, double test, Rng rng) {
        return randomBy(e -> e, all, validation, test, rng);
    }

    /** A random split in which examples with the same key stay in one part; shares are of keys. */
    public static <E> Split<E> randomBy(Function<? super E, ?> key, List<E> all, double validation, double test,
            Rng rng) {
        if (!(validation >= 0 && test >= 0 && validation + test < 1))
            throw new IllegalArgumentException(
                    "Split: expected shares of at least 0 whose sum is below 1 but got validation " + validation
                            + " and test " + test);
        if (all.isEmpty()) throw new DatasetException(Reason.EMPTY, "Split: there is nothing to split");
        Map<Object, List<E>> groups = new LinkedHashMap<>();
        for (E e : all) groups.computeIfAbsent(key.apply(e), k -> new ArrayList<>()).add(e);
        List<List<E>> members = List.copyOf(groups.values());
        int[] order = rng.permutation(members.size());
        int v = share(validation, order.length), t = share(test, order.length);
        if (v + t >= order.length)
            throw new DatasetException(Reason.EMPTY, "Split: expected at least " + (v + t + 1)
                    + " different examples, so that no part is empty, but got " + order.length);
        return new Split<>(part(members, order, v + t, order.length), part(members, order, 0, v),
                part(members, order, v, v + t));
    }

    /** At least one, where there is a share at all. */
    private static int share(double share, int all) {
        return share == 0 ? 0 : Math.max(1, (int) Math.round(share * all));
    }

    private static <E> List<E> part(List<List<E>> groups, int[] order, int from, int to) {
        List<E> all = new ArrayList<>();
        for (int k = from; k < to; k++) all.addAll(groups.get(order[k]));
        return all;
    }

    @Override public String toString() {
        return "Split(" + train.size() + " to train, " + validation.size() + " for validation, " + test.size()
                + " for the test)";
    }
}
