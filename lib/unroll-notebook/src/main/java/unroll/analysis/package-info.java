/**
 * Measurements on recurrent networks: Jacobians and their products, gradient norms and bounds, gates, hidden
 * trajectories, loss surfaces. Results are records; {@code unroll.notebook.Figures} draws them.
 */
package unroll.analysis;
