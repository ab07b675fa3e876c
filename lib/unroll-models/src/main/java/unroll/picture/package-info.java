/** Convolution, pooling and normalization of pictures. */
package unroll.picture;
