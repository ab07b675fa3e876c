package unroll.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import unroll.tensor.Message;

/**
 * How often each label was taken for each other one.
 *
 * <pre>{@code
 * var confusion = Confusion.none(List.of("negative", "positive")).add(predicted, wanted, SequenceBatch.IGNORE);
 * confusion.count("negative", "positive");      // wanted negative, predicted positive
 * confusion.of("positive").f1();  confusion.macroF1();  confusion.accuracy().rate();
 * }</pre>
 *
 * Immutable.
 */
public final class Confusion {
    private final List<String> labels;
    private final long[][] counts;                                         // [wanted][predicted]

    private Confusion(List<String> labels, long[][] counts) {
        this.labels = labels;
        this.counts = counts;
    }

    /** Nothing counted yet; label i of the predictions is {@code labels.get(i)}. */
    public static Confusion none(List<String> labels) {
        if (labels.size() < 2 || labels.stream().distinct().count() < labels.size())
            throw new IllegalArgumentException(
                    Message.of("Confusion: expected at least 2 different labels but got " + labels));
        return new Confusion(List.copyOf(labels), new long[labels.size()][labels.size()]);
    }

    /** With these decisions too; places that want {@code ignore} do not count. */
    public Confusion add(int[] predicted, int[] wanted, int ignore) {
        if (predicted.length != wanted.length)
            throw new IllegalArgumentException(
                    "Confusion: " + predicted.length + " predictions for " + wanted.length + " places");
        long[][] sum = copy();
        for (int i = 0; i < wanted.length; i++)
            if (wanted[i] != ignore) sum[checked(wanted[i], "wanted", i)][checked(predicted[i], "predicted", i)]++;
        return new Confusion(labels, sum);
    }

    private int checked(int label, String what, int place) {
        if (label < 0 || label >= labels.size())
            throw new IndexOutOfBoundsException(Message.of("Confusion: expected labels in 0 to " + (labels.size() - 1)
                    + " but " + what + " number " + place + " is " + label));
        return label;
    }

    /** Both together; the labels are the same. */
    public Confusion add(Confusion other) {
        if (!labels.equals(other.labels))
            throw new IllegalArgumentException(
                    Message.of("Confusion: the labels " + labels + " are not " + other.labels));
        long[][] sum = copy();
        for (int i = 0; i < sum.length; i++) for (int j = 0; j < sum.length; j++) sum[i][j] += other.counts[i][j];
        return new Confusion(labels, sum);
    }

    private long[][] copy() { return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new); }

    public List<String> labels() { return labels; }

    /** How often the first label was wanted and the second predicted. */
    public long count(String wanted, String predicted) {
        return counts[index(wanted)][index(predicted)];
    }

    /** All counts, {@code [wanted][predicted]}, in the order of the labels. */
    public long[][] counts() {
        return copy();
    }

    /**
     * {@code [wanted][predicted]}: which part of a wanted label went where; rows sum to 1, or are 0 where the label was
     * never wanted.
     */
    public double[][] rates() {
        return Arrays.stream(counts).map(row -> {
            double sum = Math.max(1, Arrays.stream(row).sum());
            return Arrays.stream(row).mapToDouble(n -> n / sum).toArray();
        }).toArray(double[][]::new);
    }

    private int index(String label) {
        int i = labels.indexOf(label);
        if (i < 0)
            throw new IllegalArgumentException(
                    Message.of("Confusion: there is no label \"" + label + "\"; there are " + labels));
        return i;
    }

    /** Precision, recall and F1 of one label. */
    public PrecisionRecall of(String label) {
        int k = index(label);
        return new PrecisionRecall(counts[k][k], Arrays.stream(counts).mapToLong(row -> row[k]).sum(),
                Arrays.stream(counts[k]).sum());
    }

    /** The share of right decisions. */
    public Accuracy accuracy() {
        long correct = 0;
        for (int k = 0; k < counts.length; k++) correct += counts[k][k];
        return new Accuracy(correct, Arrays.stream(counts).flatMapToLong(Arrays::stream).sum());
    }

    /**
     * The mean of the F1 of all labels that were wanted or predicted at least once: each label weighs the same, however
     * rare.
     */
    public double macroF1() {
        List<Double> all = new ArrayList<>();
        for (String label : labels) {
            PrecisionRecall one = of(label);
            if (one.found() + one.wanted() > 0) all.add(one.f1());
        }
        if (all.isEmpty())
            throw new IllegalStateException("Confusion: nothing was counted, so there is no F1; add the batches first");
        return all.stream().mapToDouble(f -> f).average().orElseThrow();
    }

    @Override public String toString() {
        Accuracy all = accuracy();
        return all.total() == 0
                ? "Confusion(none, " + labels.size() + " labels)"
                : String.format(Locale.ROOT, "Confusion(%d labels, accuracy %.2f %%, macro F1 %.2f %%, %,d decisions)",
                        labels.size(), 100 * all.rate(), 100 * macroF1(), all.total());
    }
}
