/**
 * Arrays with a shape, reverse-mode differentiation, matrix products, linear algebra, random numbers and files of
 * arrays. Begin with {@link Tensor}, and Tape, which remembers what was computed from what.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(42);
 * Parameter w = new Parameter("W", rng.normal(4, 3)), b = new Parameter("b", Tensor.zeros(3));
 * Tensor x = rng.normal(5, 2, 4);                      // [T, B, 4]
 * Tensor h = x.matmul(w).add(b).tanh();                // [T, B, 3]
 * Tensor loss = h.square().mean();                     // one number
 * loss.backward();                                     // ∂loss/∂w and ∂loss/∂b
 * System.out.println(w.gradient());
 * System.out.println(GradientCheck.of(() -> x.matmul(w).add(b).tanh().square().mean(), w, b));
 * System.out.println(LinearAlgebra.svd(h.at(4)).singularValues()[0]);
 * }</pre>
 *
 * In this order: Tensor, Tape and Node, Parameter, IntTensor; the operations in Elementwise, Products, Reductions and
 * Selection, with Shape below them; Rng and GradientCheck; what makes products fast in Matrix, Blas, Gemm and
 * Parallel; LinearAlgebra; TensorFile, Safetensors and Npz, which read and write weights.
 */
package unroll.tensor;
