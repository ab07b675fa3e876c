/**
 * Layers for pictures, {@code [B, channels, height, width]}. Begin with {@link unroll.picture.Conv2d} and
 * {@link unroll.picture.MaxPool2d}.
 *
 * <pre>{@code
 * var conv = new Conv2d(3, 32, 3, 1, 1, rng);
 * var norm = new BatchNorm2d(32);
 * Tensor y = new MaxPool2d(2).apply(norm.apply(conv.apply(x)).relu());         // [B, 3, 64, 64] gives [B, 32, 32, 32]
 * Tensor features = new AdaptiveAvgPool2d(1, 1).apply(y).reshape(B, 32);
 * }</pre>
 *
 * To be read in this order: {@code Window}, {@code MaxPool2d}, {@code AdaptiveAvgPool2d}, {@code BatchNorm2d};
 * {@code Conv2d}, {@code Convolution}, {@code ColumnConvolution}, {@code OneDnnConvolution}.
 */
package unroll.picture;
