package unroll.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.model.Decoder;
import unroll.model.Encoded;
import unroll.nn.Lengths;
import unroll.picture.AdaptiveAvgPool2d;
import unroll.picture.Conv2d;
import unroll.picture.ConvStack;
import unroll.picture.MaxPool2d;
import unroll.nn.Module;
import unroll.recurrent.Lstm;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Writes a sentence about a picture: convolutions that halve it, by their stride or by a pooling, each with ReLU; the
 * mean of each channel; and an LSTM that starts from it.
 */
final class Captions extends Module {
    private static final int COLOURS = 3;
    private final ConvStack look;
    private final AdaptiveAvgPool2d mean = new AdaptiveAvgPool2d(1, 1);
    private final Decoder decoder;

    private Captions(boolean pooled, int[] channels, int H, int V, Rng rng) {
        List<Module> layers = new ArrayList<>();
        int in = COLOURS;
        for (int out : channels) {
            layers.add(new Conv2d(in, out, 3, pooled ? 1 : 2, 1, rng.split()));
            if (pooled) layers.add(new MaxPool2d(2));
            in = out;
        }
        look = child("look", new ConvStack(layers.toArray(new Module[0])));
        decoder = child("decoder", Decoder.of(Lstm.of(H, H)).build(V, in, in, rng.split()));
    }

    private Tensor loss(Tensor pictures, IntTensor inputs, IntTensor targets) {
        Tensor x = look.apply(pictures);
        int B = x.size(0), C = x.size(1);
        Tensor seen = mean.apply(x).reshape(1, B, C);
        return decoder.loss(new Encoded(seen, Lengths.full(1, B), seen.reshape(B, C)), inputs, targets);
    }

    /** A training step on B pictures of side x side pixels with T symbols each, of V. */
    static Runnable step(boolean pooled, int side, int[] channels, int H, int B, int T, int V) {
        Captions model = new Captions(pooled, channels, H, V, Rng.seed(1));
        Rng rng = Rng.seed(2);
        List<Tensor> pictures = IntStream.range(0, TrainingStep.BATCHES)
                .mapToObj(i -> rng.normal(B, COLOURS, side, side)).toList();
        List<IntTensor> texts = IntStream.range(0, TrainingStep.BATCHES).mapToObj(i -> ids(rng, (T + 1) * B, V))
                .toList();
        return new TrainingStep(model, i -> {
            int[] text = texts.get(i).data();
            return model.loss(pictures.get(i), IntTensor.of(Arrays.copyOf(text, T * B), T, B),
                    IntTensor.of(Arrays.copyOfRange(text, B, (T + 1) * B), T, B));
        });
    }

    private static IntTensor ids(Rng rng, int count, int symbols) {
        return IntTensor.of(IntStream.range(0, count).map(i -> rng.nextInt(symbols)).toArray(), count);
    }
}
