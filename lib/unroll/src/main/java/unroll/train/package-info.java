/**
 * Optimizers, clipping, schedules, the training loop and its checkpoints. Start with {@link unroll.train.Optimizer} and
 * {@link unroll.train.Trainer}.
 *
 * <pre>{@code
 * var adam = new Adam(model.parameters(), 2e-3);
 * for (var batch : batches) {                                      // what Trainer does, less all that it looks after
 *     adam.zeroGrad();
 *     model.loss(batch).backward();
 *     Clip.byGlobalNorm(model.parameters(), 5.0);
 *     adam.step();
 * }
 * Checkpoint.of(model).write(folder, "final");
 * }</pre>
 *
 * To be read in this order: {@code Optimizer}, {@code Adam}, {@code Clip}, {@code Schedule}; {@code Trainer} (what can be
 * chosen), {@code TrainingLoop} (what is done; {@code step} is the loop above), {@code Checkpoint}; then
 * {@code Comparison} and {@code AveragedWeights}.
 */
package unroll.train;
