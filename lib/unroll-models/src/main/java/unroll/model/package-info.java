/**
 * Whole models: they know their words, compute their loss and say what they think. Begin with
 * {@link unroll.model.TextClassifier} and {@link unroll.model.Seq2Seq}; each is configured by {@code of(..)}, settings
 * and {@code build(rng)}.
 *
 * <pre>{@code
 * var model = TextClassifier.of(vocabulary, List.of("negative", "positive"), Lstm.of(100, 100)).build(Rng.seed(42));
 * var batches = Batches.shuffled(texts.size(), 50, Rng.seed(1),
 *         numbers -> TextBatch.of(texts, numbers, vocabulary, List.of("negative", "positive")));
 * Trainer.of(model, new Adam(model.parameters(), 1e-3), model::loss).epochs(5).fit(batches);
 * model.predict(List.of("slow", ",", "but", "good"));                          // positive (83.1 %)
 * }</pre>
 *
 * To be read in this order: {@code SequenceClassifier}, {@code TextBatch}, {@code TextClassifier}; {@code Context},
 * {@code SequenceTagger}; {@code Encoder}, {@code Decoder}, {@code Seq2Seq}, {@code Ensemble}; {@code ConvEncoder},
 * {@code Captioner}; {@code SkipGram}, {@code WordVectors}; {@code LetterAligner}.
 */
package unroll.model;
