package unroll.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;

/**
 * How near captions are to those of humans (CIDEr-D of Vedantam, Zitnick and Parikh 2015): the cosine between n-gram
 * vectors in which an n-gram counts the more the fewer pictures have it in a reference, for n = 1 to 4.
 *
 * <pre>{@code
 * g_n(s) = (count of w in s) · log(pictures / pictures with w in a reference), for each n-gram w
 * score(c, s) = 10 exp(-(|c| - |s|)² / (2 · 6²)) · mean over n of Σ_w min(g_n(c), g_n(s)) g_n(s) / (‖g_n(c)‖ ‖g_n(s)‖), the mean over the references s
 *
 * CiderD cider = CiderD.of(references);  // [picture][reference][word]: counts in how many pictures an n-gram is
 * cider.scores(written);  cider.mean(written);  cider.score(oneCaption, itsReferences);
 * }</pre>
 *
 * Scores are in 0 .. 10; papers often print a hundred times as much. 10 is reached by a caption that equals its only
 * reference, if that has an n-gram of each length that some other picture lacks; where it is shorter than four words,
 * 7.5 or less. An n-gram that all pictures have counts nothing, so with a single picture every score is 0. Tokens are
 * compared as they are: published figures are of lower-case words without punctuation.
 */
public final class CiderD {
    /** The longest n-grams that are counted. */
    public static final int ORDERS = 4;
    private static final double SIGMA = 6, SCALE = 10;

    private final List<List<List<?>>> references;
    // in how many pictures a reference has the n-gram
    private final Map<List<?>, Integer> pictures = new HashMap<>();

    private CiderD(List<? extends List<? extends List<?>>> references) {
        List<List<List<?>>> copy = new ArrayList<>();
        for (List<? extends List<?>> own : references) {
            Interrupts.check("CiderD");
            requireSome(own);
            List<List<?>> sentences = new ArrayList<>();
            Set<List<?>> grams = new HashSet<>();
            for (List<?> sentence : own) {
                List<?> fixed = List.copyOf(sentence);
                sentences.add(fixed);
                for (int n = 1; n <= ORDERS; n++) grams.addAll(NGramCounts.of(fixed, n).counts().keySet());
            }
            copy.add(List.copyOf(sentences));
            for (List<?> gram : grams) pictures.merge(gram, 1, Integer::sum);
        }
        if (copy.isEmpty())
            throw new IllegalArgumentException("CiderD: expected references for at least one picture but got none");
        this.references = List.copyOf(copy);
    }

    /**
     * The measure for these pictures.
     *
     * @param references the sentences of humans for each picture, at least one for each
     */
    public static CiderD of(List<? extends List<? extends List<?>>> references) { return new CiderD(references); }

    /**
     * The score of each caption.
     *
     * @param written one for each picture, in their order
     */
    public double[] scores(List<? extends List<?>> written) {
        if (written.size() != references.size())
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a caption for each picture but got " + written.size()));
        double[] scores = new double[references.size()];
        for (int i = 0; i < scores.length; i++) scores[i] = score(written.get(i), references.get(i));
        return scores;
    }

    /** The mean score of all captions, one for each picture: what is reported as CIDEr-D. */
    public double mean(List<? extends List<?>> written) {
        return Arrays.stream(scores(written)).average().orElseThrow();
    }

    /**
     * The score of one caption by its references, whichever these are; what n-grams are worth is counted in those of
     * all pictures.
     */
    public double score(List<?> written, List<? extends List<?>> references) {
        requireSome(references);
        double sum = 0;
        for (List<?> reference : references) {
            Interrupts.check("CiderD");
            double away = written.size() - reference.size(), near = 0;
            for (int n = 1; n <= ORDERS; n++) near += cosine(weights(written, n), weights(reference, n));
            sum += Math.exp(-away * away / (2 * SIGMA * SIGMA)) * near / ORDERS;
        }
        return SCALE * sum / references.size();
    }

    /**
     * Clipped: what is written more often than the reference has it counts no more. 0 where either has nothing of
     * weight.
     */
    private static double cosine(Map<List<?>, Double> written, Map<List<?>, Double> reference) {
        double product = 0;
        for (var entry : written.entrySet()) {
            double wanted = reference.getOrDefault(entry.getKey(), 0.0);
            product += Math.min(entry.getValue(), wanted) * wanted;
        }
        return product == 0 ? 0 : product / (norm(written) * norm(reference));
    }

    private static double norm(Map<List<?>, Double> weights) {
        return Math.sqrt(weights.values().stream().mapToDouble(w -> w * w).sum());
    }

    private Map<List<?>, Double> weights(List<?> sentence, int n) {
        Map<List<?>, Double> weights = new HashMap<>();
        NGramCounts.of(sentence, n).counts().forEach((gram, count) -> weights.put(gram,
                count * (Math.log(references.size()) - Math.log(Math.max(1, pictures.getOrDefault(gram, 0))))));
        return weights;
    }

    private static void requireSome(List<?> references) {
        if (references.isEmpty())
            throw new IllegalArgumentException("CiderD: expected at least one reference for a picture but got none");
    }

    @Override public String toString() {
        return "CiderD(" + references.size() + " pictures, " + pictures.size() + " n-grams)";
    }
}
