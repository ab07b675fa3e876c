package unroll.picture;

import java.util.Arrays;

import unroll.nn.Module;
import unroll.tensor.Message;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** The square that a convolution or a pooling layer moves over a picture; padding is added on each side. */
record Window(int kernel, int stride, int padding) {
    /** A window, or an error that names the layer. */
    static Window of(String layer, int kernel, int stride, int padding) {
        Message.require(kernel >= 1 && stride >= 1 && padding >= 0,
                layer + ": expected kernel and stride of at least 1 and padding of at least 0 but got kernel=" + kernel
                        + ", stride=" + stride + ", padding=" + padding);
        return new Window(kernel, stride, padding);
    }

    /** The number of places along a side of the picture: ⌊(length + 2 padding - kernel) / stride⌋ + 1. */
    int places(int length) {
        return (int) (((long) length + 2L * padding - kernel) / stride) + 1;
    }

    /** Whether a side of that length, with its padding, is neither smaller than the window nor too large. */
    boolean fits(long length) {
        return length + 2L * padding >= kernel && length + 2L * padding <= Shape.MOST;
    }

    /** The first place whose element {@code offset} of the window lies within the picture. */
    int first(int offset) {
        return (int) Math.max(0, ((long) padding - offset + stride - 1) / stride);
    }

    /** The end of the places whose element {@code offset} lies within a side of {@code length}; not before first. */
    int end(int offset, int length) {
        return Math.max(first(offset),
                (int) Math.min(places(length), Math.floorDiv((long) length - 1 - offset + padding, (long) stride) + 1));
    }

    /** Refuses what is no batch of pictures of so many channels (any where negative), or smaller than the window. */
    void require(Module layer, Tensor x, int channels) {
        if (x.rank() != 4 || channels >= 0 && x.size(1) != channels)
            throw new ShapeException(layer + ": expected x of shape [B, " + (channels < 0 ? "C" : channels)
                    + ", H, W] but got " + Arrays.toString(x.shape()));
        long height = x.size(2) + 2L * padding, width = x.size(3) + 2L * padding;
        if (height > Shape.MOST || width > Shape.MOST)
            throw new ShapeException(layer + ": the padded picture, " + height + " x " + width
                    + ", is too large; x has shape " + Arrays.toString(x.shape()));
        if (height < kernel || width < kernel)
            throw new ShapeException(
                    layer + ": the kernel of " + kernel + " x " + kernel + " is larger than the padded picture, "
                            + height + " x " + width + "; x has shape " + Arrays.toString(x.shape()));
    }

    @Override public String toString() { return "kernel=" + kernel + ", stride=" + stride + ", padding=" + padding; }
}
