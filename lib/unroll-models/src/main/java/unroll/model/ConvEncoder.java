package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import unroll.model.ConvEncoderSpec.Stage;
import unroll.nn.Lengths;
import unroll.picture.BatchNorm2d;
import unroll.picture.Conv2d;
import unroll.picture.MaxPool2d;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * A convolutional network that looks at pictures. The places of its last feature maps are the states; its summary is
 * all of them side by side, or their mean.
 *
 * <pre>{@code
 * ConvEncoder encoder = ConvEncoder.of(3, 32, 32).conv(32).pool().conv(64).pool().conv(64).build(rng);
 * Encoded encoded = encoder.apply(images);  // [B, 3, 32, 32] gives states [64, B, 64] and a summary [B, 4096]
 * List<Tensor> seen = encoder.maps(images);                        // [B, 32, 32, 32], [B, 64, 16, 16], [B, 64, 8, 8]
 * }</pre>
 */
public final class ConvEncoder extends ImageEncoder {
    private final ConvEncoderSpec spec;
    private final List<Conv2d> convolutions = new ArrayList<>();
    private final List<BatchNorm2d> norms = new ArrayList<>();
    private final MaxPool2d pool = new MaxPool2d(2);
    private final Parameter places;                                         // null where states do not tell their place
    private final int rows, columns, size;

    /**
     * Looks at pictures as they are, {@code [B, channels, height, width]}, until the result's methods add convolutions
     * and poolings.
     */
    public static ConvEncoderSpec of(int channels, int height, int width) {
        return new ConvEncoderSpec(channels, height, width, List.of(), false, false, false);
    }

    ConvEncoder(ConvEncoderSpec spec, Rng rng) {
        this.spec = spec;
        int c = spec.channels(), h = spec.height(), w = spec.width();
        for (Stage stage : spec.stages())
            if (stage instanceof Stage.Convolution to) {
                int i = convolutions.size();
                convolutions.add(child("convolution" + i, new Conv2d(c, to.channels(), 3, 1, 1, rng.split())));
                if (spec.batchNorm()) norms.add(child("norm" + i, new BatchNorm2d(to.channels())));
                c = to.channels();
            } else {
                h /= 2;
                w /= 2;
            }
        rows = h;
        columns = w;
        size = c;
        places = spec.places()
                ? parameter(new Parameter("places", rng.split().normal(rows * columns, 1, size).mul(0.1)))
                : null;
    }

    @Override public Encoded apply(Tensor images) {
        Tensor x = require(images);
        // whether ReLU is due: after a pooling, with which it may change places, it has less to do
        boolean bends = false;
        for (int k = 0, i = 0; k < spec.stages().size(); k++)
            if (spec.stages().get(k) instanceof Stage.Pool) x = pool.apply(x);
            else {
                Tensor y = bends ? x.relu() : x;
                bends = spec.batchNorm()
                        || k + 1 < spec.stages().size() && spec.stages().get(k + 1) instanceof Stage.Pool;
                x = bends ? convolved(y, i++) : convolutions.get(i++).applyRelu(y);
            }
        if (bends) x = x.relu();
        int B = images.size(0), S = rows * columns;
        Tensor states = x.reshape(B, size, S).permute(2, 0, 1);
        if (places != null) states = states.add(places);
        return new Encoded(states, Lengths.full(S, B), spec.averaged() ? states.mean(0) : x.reshape(B, size * S));
    }

    /** What each convolution gives, {@code [B, channels, h, w]}: before pooling. */
    public List<Tensor> maps(Tensor images) {
        List<Tensor> maps = new ArrayList<>();
        Tensor x = require(images);
        for (Stage stage : spec.stages()) {
            x = stage instanceof Stage.Pool ? pool.apply(x) : convolved(x, maps.size()).relu();
            if (stage instanceof Stage.Convolution) maps.add(x);
        }
        return maps;
    }

    private Tensor convolved(Tensor x, int i) {
        Tensor y = convolutions.get(i).apply(x);
        return spec.batchNorm() ? norms.get(i).apply(y) : y;
    }

    private Tensor require(Tensor images) {
        if (images.rank() != 4 || images.size(1) != spec.channels() || images.size(2) != spec.height()
                || images.size(3) != spec.width())
            throw new ShapeException(this + ": expected images of shape [B, " + spec.channels() + ", " + spec.height()
                    + ", " + spec.width()
                    + "] but got " + Arrays.toString(images.shape())
                    + "; bring pictures to that size with ImageTransform.resize");
        return images;
    }

    /** The convolutions in their order, to look at their filters. */
    public List<Conv2d> convolutions() {
        return List.copyOf(convolutions);
    }

    @Override public int stateSize() { return size; }

    @Override public int summarySize() { return spec.averaged() ? size : size * rows * columns; }

    @Override public int rows() { return rows; }

    @Override public int columns() { return columns; }

    @Override public String toString() { return "ConvEncoder(" + spec + ")"; }
}
