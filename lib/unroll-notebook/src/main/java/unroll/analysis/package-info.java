/**
 * Measurements on recurrent networks: Jacobians and their products, gradient norms and bounds, gates, hidden
 * trajectories, loss surfaces. Results are records; Figures in unroll.notebook draws them. Begin with {@link
 * GradientFlow} and LossSurface.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(1);
 * LstmCell cell = new LstmCell(4, 8, rng);
 * Tensor x = rng.normal(20, 1, 4);                     // [T, B, 4]
 * GradientFlow flow = GradientFlow.through(cell, x, states -> states.at(19).square().mean());
 * Jacobian jacobian = Jacobian.of(cell, x.at(0), cell.initialState(1));
 * Axis w = new Axis("w", 1, 7, 31), b = new Axis("b", -5, 0, 31);
 * LossSurface surface = LossSurface.batched(w, b, new OneUnitRnn(50, 0.5, 0.7)::losses);
 * System.out.println(Figures.of(flow));
 * }</pre>
 *
 * In this order: Jacobian, JacobianProducts and NormBound; GradientFlow and TruncationError; Spectrum and
 * MatrixPowers; LossSurface and Descent.
 */
package unroll.analysis;
