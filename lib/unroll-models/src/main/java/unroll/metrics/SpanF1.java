package unroll.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import unroll.tensor.Message;

/**
 * How many spans (names, phrases) were found with exactly their type, beginning and end, counted as {@code conlleval}
 * of the CoNLL shared tasks does (Tjong Kim Sang and Buchholz 2000), for improper sequences of tags too.
 *
 * <pre>{@code
 * var score = SpanF1.none();
 * for (TaggedSentence s : test) score = score.add(tagger.tag(s.words()), s.tags());
 * score.overall().f1();  score.of("person").recall();  score.tokens().rate();
 * }</pre>
 *
 * @param byType for each type that was found or wanted, in alphabetical order
 * @param tokens how many tokens have the right tag; mostly O, so it says little
 */
public record SpanF1(SortedMap<String, PrecisionRecall> byType, Accuracy tokens) {
    public SpanF1 {
        byType = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(byType));
    }

    /** No sentence yet. */
    public static SpanF1 none() { return new SpanF1(new TreeMap<>(), Accuracy.none()); }

    /** One sentence more: the tags that were predicted and those wanted. See {@link Span#of} for what they mean. */
    public SpanF1 add(List<String> predicted, List<String> wanted) {
        Message.require(predicted.size() == wanted.size(),
                "SpanF1: " + predicted.size() + " predicted tags for " + wanted.size() + " tokens");
        Set<Span> found = new HashSet<>(Span.of(predicted)), right = new HashSet<>(Span.of(wanted));
        TreeMap<String, PrecisionRecall> sum = new TreeMap<>(byType);
        for (Span span : found) sum.merge(span.type(), new PrecisionRecall(0, 1, 0), PrecisionRecall::add);
        for (Span span : right) sum.merge(span.type(), new PrecisionRecall(0, 0, 1), PrecisionRecall::add);
        found.retainAll(right);
        for (Span span : found)
            sum.compute(span.type(), (type, s) -> new PrecisionRecall(s.correct() + 1, s.found(), s.wanted()));
        long equal = 0;
        for (int t = 0; t < wanted.size(); t++) if (predicted.get(t).equals(wanted.get(t))) equal++;
        return new SpanF1(sum, tokens.add(new Accuracy(equal, wanted.size())));
    }

    /** Both together. */
    public SpanF1 add(SpanF1 other) {
        TreeMap<String, PrecisionRecall> sum = new TreeMap<>(byType);
        for (Map.Entry<String, PrecisionRecall> e : other.byType.entrySet())
            sum.merge(e.getKey(), e.getValue(), PrecisionRecall::add);
        return new SpanF1(sum, tokens.add(other.tokens));
    }

    /** Of all types together, each span with the same weight: the figure that the shared tasks rank by. */
    public PrecisionRecall overall() {
        return byType.values().stream().reduce(PrecisionRecall.none(), PrecisionRecall::add);
    }

    public PrecisionRecall of(String type) { return byType.getOrDefault(type, PrecisionRecall.none()); }

    @Override public String toString() {
        PrecisionRecall all = overall();
        return String.format(Locale.ROOT,
                "SpanF1(precision %.2f %%, recall %.2f %%, F1 %.2f %%; %,d correct of %,d found and %,d wanted, %d "
                        + "types)",
                100 * all.precision(), 100 * all.recall(), 100 * all.f1(), all.correct(), all.found(), all.wanted(),
                byType.size());
    }
}
