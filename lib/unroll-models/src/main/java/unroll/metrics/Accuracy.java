package unroll.metrics;

import java.util.Locale;
import java.util.function.Function;

/**
 * How many of a number of decisions were right; a decision may be a whole sequence, where one wrong symbol spoils all.
 *
 * <pre>{@code
 * var accuracy = Accuracy.none().add(Accuracy.of(predicted, wanted, SequenceBatch.IGNORE));
 * var exact = Accuracy.none().add("1998-05-03", model.translate("3 May 1998"));
 * accuracy.rate();
 * }</pre>
 */
public record Accuracy(long correct, long total) {
    public Accuracy {
        if (correct < 0 || correct > total)
            throw new IllegalArgumentException(
                    "Accuracy: expected 0 <= correct <= total but got " + correct + " of " + total);
    }

    /** Nothing decided yet. */
    public static Accuracy none() { return new Accuracy(0, 0); }

    /** How many of {@code predicted} equal {@code wanted}, where places that want {@code ignore} do not count. */
    public static Accuracy of(int[] predicted, int[] wanted, int ignore) {
        if (predicted.length != wanted.length)
            throw new IllegalArgumentException(
                    "Accuracy: " + predicted.length + " predictions for " + wanted.length + " places");
        long correct = 0, total = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] == ignore) continue;
            total++;
            if (predicted[i] == wanted[i]) correct++;
        }
        return new Accuracy(correct, total);
    }

    /** One decision more, right where both are equal: numbers, strings, lists, of whatever length. */
    public Accuracy add(Object wanted, Object got) {
        return new Accuracy(correct + (wanted.equals(got) ? 1 : 0), total + 1);
    }

    /** The sum over batches. */
    public static <B> Accuracy over(Iterable<B> batches, Function<? super B, Accuracy> each) {
        Accuracy sum = none();
        for (B batch : batches) sum = sum.add(each.apply(batch));
        return sum;
    }

    /** Both together. */
    public Accuracy add(Accuracy other) {
        return new Accuracy(correct + other.correct, total + other.total);
    }

    /** The part that is right, in 0 .. 1. */
    public double rate() {
        if (total == 0)
            throw new IllegalStateException(
                    "Accuracy: nothing was counted, so there is no rate; add the batches first");
        return (double) correct / total;
    }

    @Override public String toString() {
        return total == 0
                ? "Accuracy(none)"
                : String.format(Locale.ROOT, "Accuracy(%.2f %%: %,d of %,d)", 100 * rate(), correct, total);
    }
}
