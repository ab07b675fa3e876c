/**
 * Linear state-space models: systems and their discretization, HiPPO, and layers that are recurrences and convolutions
 * at once. Begin with {@link LinearSystem}, the textbook's x' = A x + B u, and S4d, the layer that learns one for each
 * channel.
 *
 * <pre>{@code
 * double[][] a = {{0, 1}, {-4, -0.8}};
 * LinearSystem oscillator = LinearSystem.of(a, new double[] {0, 1}, new double[] {1, 0}, 0);
 * double[] u = new double[100];
 * u[0] = 1;
 * double[] y = oscillator.discretize(Discretization.zeroOrderHold(0.05)).simulate(u);
 * SequenceLayer layer = S4d.of(16, 32).build(Rng.seed(1));
 * Tensor x = Rng.seed(2).normal(100, 2, 16);           // [T, B, H]
 * Tensor atOnce = layer.apply(x).states();             // a convolution
 * State state = layer.initialState(2);                 // or step by step
 * Tensor first = layer.apply(x.slice(0, 0, 1), state).states();
 * }</pre>
 *
 * In this order: LinearSystem, Discretization and DiscreteSystem; Hippo; S4d with DiagonalModes and CausalConvolution;
 * SelectiveSsm and SelectiveScan; H3 and Lru.
 */
package unroll.statespace;
