/**
 * Arrays with a shape, reverse-mode differentiation, matrix products, linear algebra and random numbers. Start with
 * {@link unroll.tensor.Tensor} and {@link unroll.tensor.Tape}.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(42);
 * Parameter w = new Parameter("w", rng.uniform(-0.1, 0.1, 3, 2));
 * Tensor x = rng.normal(8, 3);
 * Tensor loss = x.matmul(w).tanh().square().mean();
 * loss.backward();
 * w.update(v -> { for (int i = 0; i < v.length; i++) v[i] -= 0.1f * w.gradientData()[i]; });
 * }</pre>
 *
 * In reading order: Tensor, Parameter, IntTensor; Tape and Node, the way back; Elementwise, Products, Reductions,
 * Selection, the operations; Shape and Rows below them. Parallel, Blas, Gemm, Matrix, PlainProduct and VectorMath make
 * them fast. LinearAlgebra, Rng and GradientCheck stand beside them; TensorFile, Safetensors, Npz and what they share
 * read and write weights.
 */
package unroll.tensor;
