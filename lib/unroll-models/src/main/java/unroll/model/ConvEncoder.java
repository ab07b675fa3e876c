package unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import unroll.nn.Configuration;
import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.picture.BatchNorm2d;
import unroll.picture.Conv2d;
import unroll.picture.ConvStack;
import unroll.picture.MaxPool2d;
import unroll.tensor.Message;
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
    /** A convolution to so many channels, or a pooling, which has 0. */
    private record Stage(int channels) {
        boolean pools() { return channels == 0; }

        @Override public String toString() { return pools() ? "pool" : "conv " + channels; }
    }

    /** What an encoder is to be: {@link ConvEncoder#of} begins one, each setting gives a new one. */
    public static final class Spec extends Configuration<Spec> implements ImageEncoder.Spec {
        private final int channels, height, width;
        private List<Stage> stages = List.of();
        private boolean batchNorm, averaged, places;

        private Spec(int channels, int height, int width) {
            Message.require(channels >= 1 && height >= 1 && width >= 1,
                    "ConvEncoder: expected pictures with sizes of at least 1 but got channels=" + channels + ", "
                            + height + "×" + width);
            this.channels = channels;
            this.height = height;
            this.width = width;
        }

        /** After that, a convolution to this many channels: 3×3 with padding 1, then ReLU. */
        public Spec conv(int to) {
            Message.require(to >= 1, "ConvEncoder: expected channels of at least 1 but got " + to);
            return then(new Stage(to));
        }

        /** After that, the maximum of each 2×2 pixels; an odd last row or column is left out. */
        public Spec pool() {
            Spec pooled = then(new Stage(0));
            Message.require(pooled.halved(height) >= 1 && pooled.halved(width) >= 1, "ConvEncoder: pictures of "
                    + height + "×" + width + " are empty after the poolings of " + pooled.stages);
            return pooled;
        }

        private Spec then(Stage stage) {
            List<Stage> more = new ArrayList<>(stages);
            more.add(stage);
            return with(copy -> copy.stages = List.copyOf(more));
        }

        /** What the poolings leave of a side. */
        private int halved(int side) {
            return side >> Math.min(31, stages.stream().filter(Stage::pools).count());
        }

        /** Normalizes before each ReLU. */
        public Spec withBatchNorm() { return with(copy -> copy.batchNorm = true); }

        /** The summary is the mean of the states (Xu et al. 2015), which tells no more where something is. */
        public Spec withAveragedSummary() {
            return with(copy -> copy.averaged = true);
        }

        /** A learned vector of each place is added to its state, so that attention can ask for a place. */
        public Spec withPlaces() {
            return with(copy -> copy.places = true);
        }

        @Override public ConvEncoder build(Rng rng) { return new ConvEncoder(this, rng); }

        @Override public String toString() {
            return channels + "×" + height + "×" + width + " " + stages + (batchNorm ? ", batch normalization" : "")
                    + (averaged ? ", averaged" : "") + (places ? ", places" : "");
        }
    }

    private final Spec spec;
    private final List<Conv2d> convolutions = new ArrayList<>();
    private final List<BatchNorm2d> norms = new ArrayList<>();
    private final MaxPool2d pool = new MaxPool2d(2);
    private final ConvStack stack;                                          // null where something is normalized
    private final Parameter places;                                         // null where states do not tell their place
    private final int rows, columns, size;

    /** Pictures {@code [B, channels, height, width]} as they are, until convolutions and poolings are added. */
    public static Spec of(int channels, int height, int width) {
        return new Spec(channels, height, width);
    }

    private ConvEncoder(Spec spec, Rng rng) {
        this.spec = spec;
        int c = spec.channels;
        for (Stage stage : spec.stages)
            if (!stage.pools()) {
                int i = convolutions.size();
                convolutions.add(child("convolution" + i, new Conv2d(c, stage.channels(), 3, 1, 1, rng.split())));
                if (spec.batchNorm) norms.add(child("norm" + i, new BatchNorm2d(stage.channels())));
                c = stage.channels();
            }
        Iterator<Conv2d> next = convolutions.iterator();
        stack = spec.batchNorm || spec.stages.isEmpty()
                ? null
                : new ConvStack(spec.stages.stream().map(stage -> stage.pools() ? pool : next.next())
                        .toArray(Module[]::new));
        rows = spec.halved(spec.height);
        columns = spec.halved(spec.width);
        size = c;
        places = spec.places
                ? parameter(new Parameter("places", rng.split().normal(rows * columns, 1, size).mul(0.1)))
                : null;
    }

    @Override public Encoded apply(Tensor images) {
        Tensor x = stack != null ? stack.apply(require(images)) : normalized(require(images));
        int B = images.size(0), S = rows * columns;
        Tensor states = x.reshape(B, size, S).permute(2, 0, 1);
        if (places != null) states = states.add(places);
        return new Encoded(states, Lengths.full(S, B), spec.averaged ? states.mean(0) : x.reshape(B, size * S));
    }

    private Tensor normalized(Tensor images) {
        Tensor x = images;
        // whether ReLU is due: after a pooling, with which it may change places, it has less to do
        boolean bends = false;
        int i = 0;
        for (Stage stage : spec.stages) {
            x = stage.pools() ? pool.apply(x) : convolved(bends ? x.relu() : x, i++);
            bends |= !stage.pools();
        }
        return bends ? x.relu() : x;
    }

    /** What each convolution gives, {@code [B, channels, h, w]}: before pooling. */
    public List<Tensor> maps(Tensor images) {
        List<Tensor> maps = new ArrayList<>();
        Tensor x = require(images);
        for (Stage stage : spec.stages) {
            x = stage.pools() ? pool.apply(x) : convolved(x, maps.size()).relu();
            if (!stage.pools()) maps.add(x);
        }
        return maps;
    }

    private Tensor convolved(Tensor x, int i) {
        Tensor y = convolutions.get(i).apply(x);
        return spec.batchNorm ? norms.get(i).apply(y) : y;
    }

    private Tensor require(Tensor images) {
        if (images.rank() != 4 || images.size(1) != spec.channels || images.size(2) != spec.height
                || images.size(3) != spec.width)
            throw new ShapeException(this + ": expected images of shape [B, " + spec.channels + ", " + spec.height
                    + ", " + spec.width + "] but got " + Arrays.toString(images.shape())
                    + (images.rank() == 4 && images.size(1) != spec.channels
                            ? "; it reads pictures of " + spec.channels + " channels, not of " + images.size(1)
                            : "; bring pictures to that size with ImageTransform.resize"));
        return images;
    }

    /** In their order, to look at filters. */
    public List<Conv2d> convolutions() { return List.copyOf(convolutions); }

    @Override public int stateSize() { return size; }

    @Override public int summarySize() { return spec.averaged ? size : size * rows * columns; }

    @Override public int rows() { return rows; }

    @Override public int columns() { return columns; }

    @Override public String toString() { return "ConvEncoder(" + spec + ")"; }
}
