/**
 * What a model is worth, measured: accuracy, confusion, F1 of spans, BLEU, CIDEr, edit distance, calibration, and how
 * far chance reaches. Begin with {@link Accuracy} and Bootstrap.
 *
 * <pre>{@code
 * Confusion confusion = Confusion.none(List.of("negative", "positive"))
 *         .add(new int[] {0, 1, 1}, new int[] {0, 1, 0}, -1);
 * System.out.println(confusion.macroF1());
 * Bleu bleu = Bleu.none().add(List.of("a", "b", "c", "d"), List.of(List.of("a", "b", "c", "d", "e")));
 * System.out.println(bleu.score());
 * Bootstrap bootstrap = new Bootstrap(1_000, Rng.seed(1));
 * System.out.println(bootstrap.mean(new double[] {1, 1, 0, 1}, 0.95));      // with its interval
 * }</pre>
 *
 * In this order: Accuracy, Confusion and SpanF1; ErrorRate; Bleu, ChrF, RougeL and CiderD; Calibration; Bootstrap.
 */
package unroll.metrics;
