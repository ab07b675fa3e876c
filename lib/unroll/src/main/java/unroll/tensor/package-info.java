/** Arrays with a shape, reverse-mode differentiation, matrix products, linear algebra and random numbers. */
package unroll.tensor;
