package unroll.picture;

import java.util.ArrayList;
import java.util.List;

import unroll.nn.Module;
import unroll.tensor.Blas;
import unroll.tensor.Message;
import unroll.tensor.Tensor;

/**
 * Convolutions, each with ReLU, and poolings one after another, as one operation: what
 * {@code pool.apply(conv.applyRelu(x))} and so on gives, to rounding, in less time and memory.
 *
 * <pre>{@code
 * ConvStack look = new ConvStack(new Conv2d(3, 32, 3, 1, 1, rng), new MaxPool2d(2), new Conv2d(32, 64, 3, 1, 1, rng));
 * Tensor y = look.apply(x);                                        // [B, 3, 64, 64] gives [B, 64, 32, 32]
 * }</pre>
 *
 * Where oneDNN convolves, numbers between the layers stay outside the heap in the layout of its kernels, and a few
 * pictures at a time go through all layers. Elsewhere, and for pictures with NaN or numbers so large that sums might
 * overflow, of which kernels for ReLU and the maximum would hide the result, each layer is applied by itself.
 */
public final class ConvStack extends Module {
    private static final double LARGEST = 1e37;
    private final List<Module> layers;
    private final OneDnnStack stack;                                       // null where layers are applied one by one

    /** @param layers {@link Conv2d} and {@link MaxPool2d} */
    public ConvStack(Module... layers) {
        this.layers = List.of(layers);
        Message.require(layers.length > 0, "ConvStack: expected at least one layer");
        int channels = -1;
        for (int i = 0; i < layers.length; i++) {
            Message.require(layers[i] instanceof Conv2d || layers[i] instanceof MaxPool2d,
                    "ConvStack: expected Conv2d and MaxPool2d but got " + layers[i]);
            child("layer" + i, layers[i]);
            if (!(layers[i] instanceof Conv2d conv)) continue;
            Message.require(channels < 0 || channels == conv.in(), "ConvStack: layer " + i + ", " + conv
                    + ", does not read the " + channels + " channels that come before it");
            channels = conv.out();
        }
        stack = channels > 0 && Blas.isOneDnn() ? new OneDnnStack("conv stack", stages()) : null;
    }

    private List<OneDnnStack.Stage> stages() {
        int last = layers.size() - 1;
        while (!(layers.get(last) instanceof Conv2d)) last--;
        List<OneDnnStack.Stage> stages = new ArrayList<>();
        boolean afterRelu = false;
        for (int i = 0; i < layers.size(); i++)
            if (layers.get(i) instanceof Conv2d conv) {
                // ReLU of the last one comes at the end: it may change places with poolings
                stages.add(new OneDnnStack.Stage(conv, conv.window(), i < last, afterRelu));
                afterRelu = true;
            } else {
                stages.add(new OneDnnStack.Stage(null, ((MaxPool2d) layers.get(i)).window(), false, afterRelu));
            }
        return stages;
    }

    /** @param x {@code [B, in, H, W]} */
    public Tensor apply(Tensor x) {
        Tensor y = stack == null || !fits(x) ? null : stack.apply(x, true, this, largest());
        return y != null ? y : oneByOne(x);
    }

    /** Whether each layer finds a picture of its size; if not, that layer says so. */
    private boolean fits(Tensor x) {
        if (x.rank() != 4) return false;
        long h = x.size(2), w = x.size(3);
        int channels = x.size(1);
        for (Module layer : layers) {
            Window window = window(layer);
            if (layer instanceof Conv2d conv) {
                if (conv.in() != channels) return false;
                channels = conv.out();
            }
            if (h == 0 || w == 0 || !window.fits(h) || !window.fits(w)) return false;
            if (layer instanceof MaxPool2d && window.kernel() > Math.min(h, w)) return false;
            h = window.places((int) h);
            w = window.places((int) w);
        }
        return true;
    }

    private static Window window(Module layer) {
        return layer instanceof Conv2d conv ? conv.window() : ((MaxPool2d) layer).window();
    }

    /** Up to which |x| no sum on the way can become NaN or infinite; NaN where a weight is. */
    private float largest() {
        double slope = 1, rest = 0, largest = LARGEST;
        for (Module layer : layers)
            if (layer instanceof Conv2d conv) {
                Conv2d.Bound bound = conv.bound();
                slope *= bound.slope();
                rest = rest * bound.slope() + bound.rest();
                largest = Math.min(largest, (LARGEST - rest) / slope);
            }
        return (float) largest;
    }

    private Tensor oneByOne(Tensor x) {
        Tensor y = x;
        for (Module layer : layers)
            y = layer instanceof Conv2d conv ? conv.applyRelu(y) : ((MaxPool2d) layer).apply(y);
        return y;
    }
}
