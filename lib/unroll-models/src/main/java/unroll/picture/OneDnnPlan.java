package unroll.picture;

import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import unroll.tensor.Blas;
import unroll.tensor.Message;
import unroll.tensor.Parallel;

/**
 * oneDNN's primitives for layers that work one after another on so many pictures of one size, and the memory outside
 * the heap that goes from one call to the next. Between the layers the channels of a pixel lie side by side, the layout
 * that its kernels read fastest. Primitives have no state: what they work in is at an {@link OneDnnDesk}, one for each
 * thread that is at work.
 */
final class OneDnnPlan {
    static final engine CPU = new engine(engine.kind.cpu, 0);
    private static final primitive_attr PLAIN = attributes(false), RELU = attributes(true);
    /** The gradients of the weights are added in so many pieces, at once where threads are free. */
    static final int PIECES = 8;
    private static final int LINE = 64;                                    // bytes of a cache line

    final List<OneDnnStack.Stage> stages;
    final int images;
    /** The pictures before stage i and after i - 1; the first and the last as they are in the heap; in 16 floats. */
    final memory.desc[] at;
    final memory.desc in, out, piece;
    /** By stage; null where a stage has none. */
    final Kernel[] forward, backData, backWeights, mask;
    final memory.desc[] places;
    final Weights[] weights;
    final Kernel add;
    /** Where among what is kept of a group the input of a stage lies, and where its maxima were; -1 for none. */
    final long[] inputAt, placesAt;
    private final long kept;
    private final PointerScope scope;
    private final Deque<OneDnnDesk> desks = new ArrayDeque<>();
    private final Deque<FloatPointer> spare = new ArrayDeque<>(), sums = new ArrayDeque<>();
    private int users, mostKept;
    private boolean retired;

    /** A primitive, and the memory that it works in. */
    record Kernel(primitive primitive, memory.desc scratchpad) {
    }

    /** Without a scratchpad of ours a primitive would be bound to the thread that made it. */
    private static primitive_attr attributes(boolean relu) {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(scratchpad_mode.user);
        if (relu) {
            post_ops after = new post_ops();
            after.append_eltwise(dnnl_eltwise_relu, 0, 0);
            attributes.set_post_ops(after);
        }
        return attributes;
    }

    OneDnnPlan(List<OneDnnStack.Stage> stages, int images, int channels, int height, int width) {
        Blas.stayOnThisThread();
        this.stages = stages;
        this.images = images;
        int n = stages.size(), c = channels, h = height, w = width;
        at = new memory.desc[n + 1];
        places = new memory.desc[n];
        forward = new Kernel[n];
        backData = new Kernel[n];
        backWeights = new Kernel[n];
        mask = new Kernel[n];
        weights = new Weights[n];
        inputAt = new long[n];
        placesAt = new long[n];
        long room = 0, gradients = 0;
        scope = new PointerScope();
        try (scope) {
            scope.extend();                                                // all that is made here lives until free()
            at[0] = pictures(memory.format_tag.nhwc, images, c, h, w);
            in = pictures(memory.format_tag.nchw, images, c, h, w);
            for (int i = 0; i < n; i++) {
                OneDnnStack.Stage stage = stages.get(i);
                h = stage.window().places(h);
                w = stage.window().places(w);
                inputAt[i] = placesAt[i] = -1;
                if (stage.convolution() == null) {
                    at[i + 1] = pictures(memory.format_tag.nhwc, images, c, h, w);
                    pool(i);
                    placesAt[i] = room;
                    room += lines(places[i]);
                    continue;
                }
                c = stage.convolution().out();
                at[i + 1] = pictures(memory.format_tag.nhwc, images, c, h, w);
                convolve(i, gradients);
                gradients = weights[i].end;
                if (i == 0) continue;                                      // its input is in the heap
                inputAt[i] = room;
                room += lines(at[i]);
                if (stage.afterRelu()) mask(i);
            }
            out = pictures(memory.format_tag.nchw, images, c, h, w);
            kept = room;
            piece = line((gradients + 16 * PIECES - 1) / (16 * PIECES) * 16);
            var sum = new binary.primitive_desc(CPU, dnnl_binary_add, piece, piece, piece, PLAIN, false);
            add = new Kernel(new binary(sum), sum.scratchpad_desc());
        }
    }

    private static memory.desc pictures(memory.format_tag layout, long... shape) {
        return new memory.desc(shape, memory.data_type.f32, layout);
    }

    private static memory.desc line(long length) {
        return new memory.desc(new long[] {Math.max(1, length)}, memory.data_type.f32, memory.format_tag.x);
    }

    static int floats(memory.desc description) { return Math.toIntExact(description.get_size() / Float.BYTES); }

    /** Floats of whole cache lines. */
    private static long lines(memory.desc description) {
        return (description.get_size() + LINE - 1) / LINE * (LINE / Float.BYTES);
    }

    /** Memory for so many floats outside the heap. */
    static FloatPointer room(long floats) {
        try {
            return new FloatPointer(Math.max(LINE, floats));
        } catch (OutOfMemoryError e) {
            OutOfMemoryError named = new OutOfMemoryError(Message.of("Conv2d: " + floats / 250_000
                    + " MB outside the heap could not be had (" + e.getMessage()
                    + "); use smaller pictures, fewer channels, or a larger heap (-Xmx), whose size limits this "
                    + "memory too"));
            named.initCause(e);
            throw named;
        }
    }

    private void convolve(int i, long start) {
        Conv2d layer = stages.get(i).convolution();
        Window window = stages.get(i).window();
        long k = window.kernel();
        long[] strides = {window.stride(), window.stride()}, padding = {window.padding(), window.padding()};
        memory.desc any = new memory.desc(new long[] {layer.out(), layer.in(), k, k}, memory.data_type.f32,
                memory.format_tag.any);
        memory.desc bias = line(layer.out());
        var ahead = new convolution_forward.primitive_desc(CPU, dnnl_forward_training, dnnl_convolution_direct, at[i],
                any, bias, at[i + 1], strides, padding, padding, stages.get(i).relu() ? RELU : PLAIN, false);
        var data = new convolution_backward_data.primitive_desc(CPU, dnnl_convolution_direct, at[i], any, at[i + 1],
                strides, padding, padding, ahead, PLAIN, false);
        var back = new convolution_backward_weights.primitive_desc(CPU, dnnl_convolution_direct, at[i], any, bias,
                at[i + 1], strides, padding, padding, ahead, PLAIN, false);
        forward[i] = new Kernel(new convolution_forward(ahead), ahead.scratchpad_desc());
        backData[i] = new Kernel(new convolution_backward_data(data), data.scratchpad_desc());
        backWeights[i] = new Kernel(new convolution_backward_weights(back), back.scratchpad_desc());
        weights[i] = new Weights(layer, ahead.weights_desc(), data.weights_desc(), back.diff_weights_desc(), bias,
                start);
    }

    private void pool(int i) {
        Window window = stages.get(i).window();
        long[] kernel = {window.kernel(), window.kernel()}, strides = {window.stride(), window.stride()},
                padding = {window.padding(), window.padding()}, apart = {0, 0};
        var ahead = new pooling_forward.primitive_desc(CPU, dnnl_forward_training, dnnl_pooling_max, at[i], at[i + 1],
                strides, kernel, apart, padding, padding, PLAIN, false);
        var back = new pooling_backward.primitive_desc(CPU, dnnl_pooling_max, at[i], at[i + 1], strides, kernel, apart,
                padding, padding, ahead, PLAIN, false);
        forward[i] = new Kernel(new pooling_forward(ahead), ahead.scratchpad_desc());
        backData[i] = new Kernel(new pooling_backward(back), back.scratchpad_desc());
        places[i] = ahead.workspace_desc();
    }

    private void mask(int i) {
        var ahead = new eltwise_forward.primitive_desc(CPU, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd,
                at[i], at[i], PLAIN, false);
        var back = new eltwise_backward.primitive_desc(CPU, dnnl_eltwise_relu_use_dst_for_bwd, at[i], at[i], at[i],
                ahead, PLAIN, false);
        mask[i] = new Kernel(new eltwise_backward(back), back.scratchpad_desc());
    }

    /** The weights of one convolution as its primitives read them, and where their gradients lie among all. */
    static final class Weights {
        final Conv2d layer;
        final memory forward, data, bias;
        final memory.desc plain, gradient, biasGradient;
        final long start, biasStart, end;
        private final FloatBuffer values, biases;
        private final memory rows;
        private final reorder toForward, toData;
        private long version = -1, biasVersion = -1;

        Weights(Conv2d layer, memory.desc wanted, memory.desc wantedBack, memory.desc gradient,
                memory.desc biasGradient,
                long start) {
            this.layer = layer;
            this.gradient = gradient;
            this.biasGradient = biasGradient;
            this.start = start;
            biasStart = start + lines(gradient);
            end = biasStart + lines(biasGradient);
            long k = layer.window().kernel();
            plain = pictures(memory.format_tag.oihw, layer.out(), layer.in(), k, k);
            FloatPointer room = room(lines(plain)), biasRoom = room(layer.out());
            values = room.asBuffer();
            biases = biasRoom.asBuffer();
            rows = new memory(plain, CPU, room);
            bias = new memory(biasGradient, CPU, biasRoom);
            forward = new memory(wanted, CPU, room(lines(wanted)));
            data = new memory(wantedBack, CPU, room(lines(wantedBack)));
            toForward = new reorder(rows, forward);
            toData = new reorder(rows, data);
        }

        private synchronized void update() {
            if (biasVersion != layer.b().version()) {
                biasVersion = layer.b().version();
                biases.put(0, layer.b().data());
            }
            if (version == layer.w().version()) return;
            version = layer.w().version();
            Blas.stayOnThisThread();
            values.put(0, layer.w().data());
            try (stream stream = new stream(CPU)) {
                toForward.execute(stream, rows, forward);
                toData.execute(stream, rows, data);
                stream._wait();
            }
        }
    }

    /** Takes the present weights over, unless they are here. */
    void update() {
        Parallel.run(weights.length, i -> {
            if (weights[i] != null) weights[i].update();
        });
    }

    /** Before work: what it takes of this plan is not freed until {@link #leave}. */
    synchronized void enter(int groups) {
        users++;
        mostKept = groups;
    }

    synchronized void leave() {
        users--;
        if (retired && users == 0) free();
    }

    /** It is not asked for any more. */
    synchronized void retire() {
        retired = true;
        if (users == 0) free();
    }

    private void free() {
        desks.forEach(OneDnnDesk::free);
        spare.forEach(Pointer::close);
        sums.forEach(Pointer::close);
        scope.deallocate();
    }

    OneDnnDesk desk() {
        synchronized (this) {
            if (!desks.isEmpty()) return desks.pop();
        }
        return new OneDnnDesk(this);
    }

    synchronized void give(OneDnnDesk desk) { desks.push(desk); }

    /** For what the way back needs of a group: what each later convolution read, and where each maximum was. */
    FloatPointer kept() {
        synchronized (this) {
            if (!spare.isEmpty()) return spare.pop();
        }
        return keptRoom();
    }

    FloatPointer keptRoom() { return room(kept); }

    /** Back from a graph that needs it no more. */
    synchronized void giveKept(FloatPointer memory) {
        if (spare.size() < mostKept) spare.push(memory);
        else
            memory.close();
    }

    /** For gradients of all weights, one array behind the other, each in its primitive's layout. */
    FloatPointer gradients() {
        synchronized (this) {
            if (!sums.isEmpty()) return sums.pop();
        }
        return gradientRoom();
    }

    FloatPointer gradientRoom() {
        FloatPointer room = room((long) PIECES * floats(piece));
        Pointer.memset(room, 0, room.capacity() * Float.BYTES);            // what pads a layout is added too
        return room;
    }

    synchronized void giveGradients(FloatPointer memory) { sums.push(memory); }
}
