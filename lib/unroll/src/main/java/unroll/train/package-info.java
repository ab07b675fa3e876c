/** Optimizers, clipping, schedules, the training loop and its checkpoints. */
package unroll.train;
