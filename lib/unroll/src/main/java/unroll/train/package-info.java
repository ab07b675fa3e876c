/**
 * Optimizers, clipping, schedules, the training loop and its checkpoints. Begin with {@link Adam} and Trainer.
 *
 * <pre>{@code
 * Vocabulary vocabulary = Vocabulary.characters("abc");
 * int[] ids = vocabulary.encode("abcabcabc".repeat(200));
 * LanguageModel model = new LanguageModel(vocabulary, Gru.of(4, 16), Rng.seed(1));
 * Trainer<SequenceBatch> trainer = Trainer.of(model, new Adam(model.parameters(), 1e-2), model::start, model::loss)
 *         .epochs(3).clip(1.0).schedule(Schedule.cosine())
 *         .validate(() -> model.evaluate(ids).natsPerCharacter());
 * TrainingRun run = trainer.fit(Batches.contiguous(ids, 8, 16));
 * System.out.println(run);
 * }</pre>
 *
 * In this order: Optimizer, Adam and Clip; Trainer and TrainingLoop; Checkpoint; Comparison.
 */
package unroll.train;
