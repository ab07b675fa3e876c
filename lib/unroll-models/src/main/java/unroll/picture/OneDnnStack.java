package unroll.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.bytedeco.javacpp.FloatPointer;
import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;
import unroll.tensor.VectorMath;

/**
 * Layers over pictures, one after another as one operation, by oneDNN. A few pictures at a time go through all layers,
 * so that what one layer writes is in the cache when the next one reads it. How the batch is cut depends on sizes only.
 */
final class OneDnnStack {
    /** Sums of gradients, each of the same pictures for any number of threads; at most so many threads go back. */
    private static final int PARTS = 16;
    /** A group of pictures has about so many multiplications, and between two layers at most so many numbers. */
    private static final long WORK = 8 << 20, CACHED = 1 << 17;
    /** Sizes whose primitives are kept: of training and validation, whole groups and the rest of a last batch. */
    private static final int KEPT_SIZES = 4;

    /**
     * A convolution, or a pooling where that is null.
     *
     * @param relu      whether ReLU follows at once
     * @param afterRelu whether what it reads comes from ReLU, perhaps through poolings
     */
    record Stage(Conv2d convolution, Window window, boolean relu, boolean afterRelu) {
    }

    /** What a plan is made for. */
    private record Size(int images, int channels, int height, int width) {
    }

    private final String operation;
    private final List<Stage> stages;
    private final Map<Size, OneDnnPlan> plans = new LinkedHashMap<>();

    OneDnnStack(String operation, List<Stage> stages) {
        this.operation = operation;
        this.stages = stages;
    }

    /**
     * @param x     {@code [B, C, H, W]}, of which the first window has seen that it fits
     * @param relu  whether ReLU follows the last stage
     * @param layer named by errors
     * @param most  what no |x| may exceed; NaN where none is allowed
     * @return null where one does, or x holds NaN
     */
    Tensor apply(Tensor x, boolean relu, Object layer, float most) {
        int[] shape = shape(x, layer);
        float[] y = Shape.room(layer, shape, x);
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        for (Stage stage : stages)
            if (stage.convolution() != null)
                inputs.addAll(List.of(stage.convolution().w(), stage.convolution().b()));
        Tensor[] read = inputs.toArray(new Tensor[0]);
        // whether there will be a way back: it needs memory
        boolean recorded = Tape.record(operation, new float[0], new int[] {0}, g -> {
        }, read).requiresGradient();
        boolean open = false;
        Batch batch = new Batch(x, shape);
        try {
            if (!batch.forward(x.data(), most, y, relu,
                    recorded && (stages.size() > 1 || stages.get(0).convolution() == null)))
                return null;
            Tensor result = Tape.record(operation, y, shape, g -> {
                try {
                    batch.backward(x, y, relu, g.get(0));
                } finally {
                    batch.leave();
                }
            }, read);
            open = result.requiresGradient();
            return result;
        } finally {
            if (!open) batch.leave();
        }
    }

    /** Of the result; a picture between two stages must not be too large either. */
    private int[] shape(Tensor x, Object layer) {
        int[] shape = {1, x.size(1), x.size(2), x.size(3)};
        Shape.size(layer, shape, x);
        for (Stage stage : stages) {
            if (stage.convolution() != null) shape[1] = stage.convolution().out();
            shape[2] = stage.window().places(shape[2]);
            shape[3] = stage.window().places(shape[3]);
            Shape.size(layer, shape, x);
        }
        shape[0] = x.size(0);
        return shape;
    }

    /** The plan for so many pictures at once, for so many groups of them; {@link OneDnnPlan#leave} it. */
    private OneDnnPlan plan(int images, int groups, Tensor x) {
        synchronized (plans) {
            Size size = new Size(images, x.size(1), x.size(2), x.size(3));
            OneDnnPlan plan = plans.remove(size);
            if (plan == null) plan = new OneDnnPlan(stages, images, x.size(1), x.size(2), x.size(3));
            plans.put(size, plan);                                         // the last used comes last
            plan.enter(groups);                                            // before anybody can retire it
            if (plans.size() > KEPT_SIZES) plans.remove(plans.keySet().iterator().next()).retire();
            return plan;
        }
    }

    /** One call: a batch cut into groups, of which the last may be smaller. */
    private final class Batch {
        private final int images, inputs, outputs, each, whole, groups;
        private final OneDnnPlan plan, rest;                               // null where there is no such group
        private final FloatPointer[] kept;

        Batch(Tensor x, int[] shape) {
            images = x.size(0);
            inputs = x.size(1) * x.size(2) * x.size(3);
            outputs = shape[1] * shape[2] * shape[3];
            long h = x.size(2), w = x.size(3), c = x.size(1), work = 1, largest = Math.max(1, inputs);
            for (Stage stage : stages) {
                h = stage.window().places((int) h);
                w = stage.window().places((int) w);
                if (stage.convolution() != null) {
                    long k = stage.window().kernel();
                    work += stage.convolution().out() * h * w * k * k * c;
                    c = stage.convolution().out();
                }
                largest = Math.max(largest, c * h * w);
            }
            each = (int) Math.max(1, Math.min(WORK / work + 1, CACHED / largest));
            whole = images / each;
            groups = (images + each - 1) / each;
            kept = new FloatPointer[groups];
            plan = whole == 0 ? null : plan(each, whole, x);
            rest = groups == whole ? null : plan(images - whole * each, 1, x);
        }

        private OneDnnPlan of(int group) {
            return group < whole ? plan : rest;
        }

        void leave() {
            if (plan != null) plan.leave();
            if (rest != null) rest.leave();
        }

        /** Gives whether all numbers are allowed; if not, y is not complete. */
        boolean forward(float[] x, float most, float[] y, boolean relu, boolean keep) {
            if (plan != null) plan.update();
            if (rest != null) rest.update();
            AtomicBoolean refused = new AtomicBoolean();
            Parallel.run(groups, i -> {
                OneDnnPlan mine = of(i);
                int from = i * each * inputs;
                if (!(most == Float.POSITIVE_INFINITY || largest(x, from, from + mine.images * inputs) <= most))
                    refused.set(true);
                if (refused.get()) return;
                if (keep) kept[i] = mine.kept();
                OneDnnDesk desk = mine.desk();
                try {
                    desk.forward(x, from, kept[i], y, i * each * outputs);
                } finally {
                    mine.give(desk);
                }
                if (relu) rectify(y, i * each * outputs, mine.images * outputs);
            });
            return !refused.get();
        }

        private float largest(float[] x, int from, int to) {
            float largest = 0;
            for (int i = from; i < to; i++) largest = Math.max(largest, Math.abs(x[i]));
            return largest;
        }

        private void rectify(float[] y, int from, int count) {
            for (int i = from; i < from + count; i++) y[i] = Math.max(0, y[i]);
        }

        void backward(Tensor x, float[] y, boolean relu, float[] dy) {
            for (Stage stage : stages)
                if (stage.convolution() != null) {
                    stage.convolution().w().gradientRoom();                // also where the batch is empty
                    stage.convolution().b().gradientRoom();
                }
            float[] v = x.data(), dx = x.requiresGradient() ? new float[v.length] : null;
            int parts = Math.min(PARTS, whole);
            FloatPointer[] sums = new FloatPointer[parts + 1];
            Parallel.run(rest == null ? parts : parts + 1, part -> {
                int from = part == parts ? whole : (int) ((long) part * whole / parts),
                        to = part == parts ? groups : (int) ((part + 1L) * whole / parts);
                OneDnnPlan mine = of(from);
                sums[part] = mine.gradients();
                OneDnnDesk desk = mine.desk();
                try {
                    for (int i = from; i < to; i++) {
                        int start = i * each * outputs;
                        if (relu) VectorMath.whereAboveZero(y, dy, start, start + mine.images * outputs);
                        desk.backward(v, i * each * inputs, kept[i], dy, start, dx, sums[part], i > from);
                        if (kept[i] != null) mine.giveKept(kept[i]);
                        kept[i] = null;
                    }
                } finally {
                    mine.give(desk);
                }
            });
            if (parts > 0) give(plan, Arrays.copyOf(sums, parts));
            if (rest != null) give(rest, sums[parts]);
            if (dx != null) x.take(dx);
        }

        /** Adds the sums in their order, and the whole to the gradients of the parameters. */
        private void give(OneDnnPlan plan, FloatPointer... sums) {
            if (sums.length > 1) Parallel.run(OneDnnPlan.PIECES, p -> with(plan, desk -> {
                for (int i = 1; i < sums.length; i++) desk.add(sums[0], sums[i], p);
            }));
            Parallel.run(stages.size(), i -> with(plan, desk -> {
                // a layer that is there twice gets both here, in their order
                Conv2d layer = stages.get(i).convolution();
                for (int j = 0; j < stages.size() && layer != null; j++) {
                    boolean same = stages.get(j).convolution() == layer;
                    if (same && j < i) return;
                    if (same) desk.give(sums[0], j);
                }
            }));
            for (FloatPointer sum : sums) plan.giveGradients(sum);
        }

        private void with(OneDnnPlan plan, Consumer<OneDnnDesk> work) {
            OneDnnDesk desk = plan.desk();
            try {
                work.accept(desk);
            } finally {
                plan.give(desk);
            }
        }
    }
}
