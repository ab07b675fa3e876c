/**
 * Measurements on recurrent networks: Jacobians and their products, gradient norms and bounds, gates, hidden
 * trajectories, loss surfaces. Results are records, which show themselves in a notebook;
 * {@code unroll.notebook.Figures} draws several in one chart. Begin with {@link unroll.analysis.GradientFlow} and
 * {@link unroll.analysis.JacobianProducts}.
 *
 * <pre>{@code
 * GradientFlow.through(cell, x, states -> states.at(T - 1).square().mean())   // how much gradient reaches each step
 * var products = JacobianProducts.along(cell, x);                             // x: [T, I], one sequence
 * products.bound().get().holds(products.norms());                             // of a simple recurrent network
 * LossSurface.batched(new Axis("w", 1, 7, 121), new Axis("b", -5, 0, 101), new OneUnitRnn(50, 0.5, 0.7)::losses)
 * }</pre>
 *
 * To be read in this order: {@code Jacobian}, {@code JacobianProducts}, {@code NormBound}; {@code GradientFlow},
 * {@code TruncationError}; {@code Spectrum}, {@code MatrixPowers}; {@code LossSurface}, {@code Descent};
 * {@code Measurement} is what those that run a cell have in common.
 */
package unroll.analysis;
