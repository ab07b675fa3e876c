/**
 * Convolution, pooling and normalization of pictures [B, channels, height, width]. Begin with {@link Conv2d} and
 * MaxPool2d.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(1);
 * Conv2d first = new Conv2d(3, 16, 3, 1, 1, rng);      // 3 x 3, stride 1, padding 1
 * BatchNorm2d norm = new BatchNorm2d(16);
 * MaxPool2d pool = new MaxPool2d(2);
 * Tensor pictures = rng.normal(4, 3, 32, 32);
 * Tensor y = pool.apply(norm.apply(first.apply(pictures)).relu());          // [4, 16, 16, 16]
 * }</pre>
 *
 * In this order: Conv2d and ColumnConvolution, which computes it in plain Java; MaxPool2d; ConvStack, then OneDnnStack,
 * OneDnnPlan and OneDnnDesk, by which all three compute elsewhere; BatchNorm2d.
 */
package unroll.picture;
