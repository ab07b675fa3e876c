/**
 * What a model is worth, measured, and how far chance reaches. A score begins with {@code none()} and is added to,
 * sentence by sentence or batch by batch. Begin with {@link unroll.metrics.Accuracy} and
 * {@link unroll.metrics.Bootstrap}.
 *
 * <pre>{@code
 * Bleu bleu = Bleu.none();
 * for (var pair : test) bleu = bleu.add(written(pair), List.of(pair.words()));
 * bleu.score();
 * new Bootstrap(1_000, Rng.seed(1)).mean(correct, 0.95);                       // 0.912 in [0.897, 0.926]
 * }</pre>
 *
 * To be read in this order: {@code Accuracy}, {@code PrecisionRecall}, {@code Confusion}, {@code Calibration};
 * {@code Span}, {@code SpanF1}; {@code ErrorRate}; {@code NGramCounts}, {@code Bleu}, {@code ChrF}, {@code CiderD},
 * {@code RougeL}; {@code Bootstrap}.
 */
package unroll.metrics;
