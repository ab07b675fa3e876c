package unroll.picture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

import unroll.tensor.Interrupts;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/** Convolution by oneDNN's primitives, a few pictures at a time, each call on one thread. */
final class OneDnnConvolution implements Convolution {
    /**
     * Pictures that a primitive convolves at once: enough for its blocks, few enough to stay in the cache and to keep
     * all threads busy.
     */
    private static final int GROUP = 4;
    /**
     * Sizes whose primitives are kept: the pictures of training and validation, whole groups and the rest of a last
     * batch.
     */
    private static final int KEPT_SIZES = 4;
    private final Map<Size, Deque<OneDnnLane>> free = new LinkedHashMap<>();

    /** What a primitive is made for. */
    record Size(Geometry geometry, int images) {
    }

    @Override public void forward(Geometry g, int images, float[] x, Parameter w, Parameter b, float[] y) {
        float[] weights = w.data(), bias = b.data();
        Convolution.split(images, GROUP, (part, from, to) -> {
            for (int n = from; n < to; n += GROUP) {
                Interrupts.check("Conv2d", "image", n, images);
                Size size = new Size(g, Math.min(GROUP, to - n));
                OneDnnLane lane = take(size);
                lane.weights(weights, w.version());
                lane.forward(x, n * g.inputs(), bias, y, n * g.outputs());
                give(size, lane);
            }
        });
    }

    @Override public void backward(Geometry g, int images, float[] x, Parameter w, float[] dy, float[] dx, float[] dw) {
        float[] weights = w.data();
        float[][] gradients = new float[PARTS][];
        int parts = Convolution.split(images, GROUP, (part, from, to) -> {
            float[] sum = new float[dw.length], one = new float[dw.length];
            for (int n = from; n < to; n += GROUP) {
                Interrupts.check("Conv2d", "image", n, images);
                Size size = new Size(g, Math.min(GROUP, to - n));
                OneDnnLane lane = take(size);
                lane.weights(weights, w.version());
                lane.backward(x, n * g.inputs(), dy, n * g.outputs(), dx, one);
                give(size, lane);
                VectorMath.add(sum, one, 0, sum.length);
            }
            gradients[part] = sum;
        });
        Convolution.addInOrder(dw, gradients, parts);
    }

    private OneDnnLane take(Size size) {
        synchronized (free) {
            Deque<OneDnnLane> lanes = free.get(size);
            if (lanes != null && !lanes.isEmpty()) return lanes.pop();
        }
        return new OneDnnLane(size);
    }

    private void give(Size size, OneDnnLane lane) {
        synchronized (free) {
            Deque<OneDnnLane> lanes = free.remove(size);
            if (lanes == null) lanes = new ArrayDeque<>();
            lanes.push(lane);
            free.put(size, lanes);                                         // the last used comes last
            if (free.size() > KEPT_SIZES) {
                Size oldest = free.keySet().iterator().next();
                free.remove(oldest).forEach(OneDnnLane::close);
            }
        }
    }

    @Override public String toString() { return "oneDNN"; }
}
