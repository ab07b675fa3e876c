package unroll.model;

import java.util.ArrayList;
import java.util.List;

import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * The configuration of a {@link ConvEncoder}, which {@link ConvEncoder#of} begins. Immutable: each setting gives a new
 * one.
 *
 * @param channels  of a picture
 * @param height    of a picture in pixels
 * @param width     of a picture in pixels
 * @param stages    what is done one after another
 * @param batchNorm whether every convolution is normalized
 * @param averaged  whether the summary is the mean of the states, and not all of them side by side
 * @param places    whether a learned vector of each place is added to its state
 */
public record ConvEncoderSpec(int channels, int height, int width, List<Stage> stages, boolean batchNorm,
        boolean averaged, boolean places)
        implements
            ImageEncoder.Spec {
    /** One thing that is done to all pictures. */
    public sealed interface Stage {
        /** A convolution, 3×3 with padding 1, then ReLU. */
        record Convolution(int channels) implements Stage {
            @Override public String toString() { return "conv " + channels; }
        }

        /** The maximum of each 2×2 pixels. */
        record Pool() implements Stage {
            @Override public String toString() { return "pool"; }
        }
    }

    public ConvEncoderSpec {
        stages = List.copyOf(stages);
        if (channels < 1 || height < 1 || width < 1)
            throw new IllegalArgumentException(
                    "ConvEncoder: expected pictures with sizes of at least 1 but got channels=" + channels + ", "
                            + height + "×" + width);
        int h = height, w = width;
        for (Stage stage : stages)
            if (stage instanceof Stage.Convolution c) {
                if (c.channels() < 1)
                    throw new IllegalArgumentException(
                            "ConvEncoder: expected channels of at least 1 but got " + c.channels());
            } else if ((h /= 2) < 1 | (w /= 2) < 1)
                throw new IllegalArgumentException(Message.of(
                        "ConvEncoder: pictures of " + height + "×" + width + " are empty after the poolings of "
                                + stages));
    }

    /** After that, a convolution to this many channels: 3×3 with padding 1, then ReLU. */
    public ConvEncoderSpec conv(int to) {
        return with(new Stage.Convolution(to));
    }

    /** After that, the maximum of each 2×2 pixels; an odd last row or column is left out. */
    public ConvEncoderSpec pool() {
        return with(new Stage.Pool());
    }

    private ConvEncoderSpec with(Stage stage) {
        List<Stage> more = new ArrayList<>(stages);
        more.add(stage);
        return new ConvEncoderSpec(channels, height, width, more, batchNorm, averaged, places);
    }

    /** Batch normalization between every convolution and its ReLU. */
    public ConvEncoderSpec withBatchNorm() {
        return new ConvEncoderSpec(channels, height, width, stages, true, averaged, places);
    }

    /**
     * The summary is the mean of the states (Xu et al. 2015); without this all states side by side, which also tell
     * where something is.
     */
    public ConvEncoderSpec withAveragedSummary() {
        return new ConvEncoderSpec(channels, height, width, stages, batchNorm, true, places);
    }

    /** A learned vector of each place is added to its state, so that attention can ask for a place. */
    public ConvEncoderSpec withPlaces() {
        return new ConvEncoderSpec(channels, height, width, stages, batchNorm, averaged, true);
    }

    @Override public ConvEncoder build(Rng rng) { return new ConvEncoder(this, rng); }

    @Override public String toString() {
        return channels + "×" + height + "×" + width + " " + stages + (batchNorm ? ", batch normalization" : "")
                + (averaged ? ", averaged" : "")
                + (places ? ", places" : "");
    }
}
