package unroll.picture;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.bytedeco.dnnl.IntMemoryMap;
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
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import unroll.tensor.Blas;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
import unroll.tensor.VectorMath;

/**
 * oneDNN's primitives for layers that work one after another on so many pictures of one size. Between the layers the
 * channels of a pixel lie side by side, the layout that its kernels read fastest; rows of the heap are brought into it
 * once before the first layer and once after the last. Primitives have no state of their own: what they work in is at a
 * {@link Desk}, one for each thread that is at work.
 */
final class OneDnnPlan {
    private static final engine CPU = new engine(engine.kind.cpu, 0);
    private static final primitive_attr PLAIN = attributes(false), RELU = attributes(true);
    /** The gradients of the weights are added in so many pieces, at once where threads are free. */
    static final int PIECES = 8;
    private static final int LINE = 64;                                    // bytes of a cache line

    private final List<OneDnnStack.Stage> stages;
    private final int images;
    private final PointerScope scope;
    /** The numbers before stage i and after i - 1. */
    private final memory.desc[] at, plainAt, workspaces;
    private final Kernel[] forward, backData, backWeights, mask;
    private final Weights[] weights;
    private final Kernel add;
    private final int inputs, outputs, piece;
    private final Deque<Desk> desks = new ArrayDeque<>();
    private final Deque<Kept> spare = new ArrayDeque<>();
    private final Deque<Gradients> sums = new ArrayDeque<>();
    private int users, mostKept;
    private boolean retired;

    /** A primitive, and the memory that it works in. */
    private record Kernel(primitive primitive, memory.desc scratchpad) {
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
        int n = stages.size(), c = channels, h = height, w = width, flat = 0;
        at = new memory.desc[n + 1];
        plainAt = new memory.desc[n + 1];
        workspaces = new memory.desc[n];
        forward = new Kernel[n];
        backData = new Kernel[n];
        backWeights = new Kernel[n];
        mask = new Kernel[n];
        weights = new Weights[n];
        scope = new PointerScope();
        try (scope) {
            scope.extend();                                                // all that is made here lives until free()
            at[0] = pixels(images, c, h, w);
            plainAt[0] = rows(images, c, h, w);
            for (int i = 0; i < n; i++) {
                OneDnnStack.Stage stage = stages.get(i);
                if (stage.convolution() != null) c = stage.convolution().out();
                h = stage.window().places(h);
                w = stage.window().places(w);
                at[i + 1] = pixels(images, c, h, w);
                plainAt[i + 1] = rows(images, c, h, w);
                if (stage.convolution() == null) pool(i);
                else {
                    convolve(i, flat);
                    flat = weights[i].end;
                }
                if (i > 0 && stage.convolution() != null && stage.afterRelu()) mask(i);
            }
            inputs = floats(at[0]);
            outputs = floats(at[n]);
            piece = (flat + PIECES * 16 - 1) / (PIECES * 16) * 16;
            memory.desc line = new memory.desc(new long[] {Math.max(1, piece)}, memory.data_type.f32,
                    memory.format_tag.x);
            var sum = new binary.primitive_desc(CPU, dnnl_binary_add, line, line, line, PLAIN, false);
            add = new Kernel(new binary(sum), sum.scratchpad_desc());
        }
    }

    private static memory.desc pixels(long... shape) {
        return new memory.desc(shape, memory.data_type.f32, memory.format_tag.nhwc);
    }

    private static memory.desc rows(long... shape) {
        return new memory.desc(shape, memory.data_type.f32, memory.format_tag.nchw);
    }

    private static int floats(memory.desc description) { return Math.toIntExact(description.get_size() / Float.BYTES); }

    private void convolve(int i, int flat) {
        Conv2d layer = stages.get(i).convolution();
        Window window = stages.get(i).window();
        long k = window.kernel();
        long[] strides = {window.stride(), window.stride()}, padding = {window.padding(), window.padding()};
        memory.desc any = new memory.desc(new long[] {layer.out(), layer.in(), k, k}, memory.data_type.f32,
                memory.format_tag.any);
        memory.desc bias = new memory.desc(new long[] {layer.out()}, memory.data_type.f32, memory.format_tag.x);
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
                flat);
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
        workspaces[i] = ahead.workspace_desc();
    }

    private void mask(int i) {
        var ahead = new eltwise_forward.primitive_desc(CPU, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd,
                at[i], at[i], PLAIN, false);
        var back = new eltwise_backward.primitive_desc(CPU, dnnl_eltwise_relu_use_dst_for_bwd, at[i], at[i], at[i],
                ahead, PLAIN, false);
        mask[i] = new Kernel(new eltwise_backward(back), back.scratchpad_desc());
    }

    /** The weights of one convolution as its primitives read them, and where their gradients lie among all. */
    private static final class Weights {
        final Conv2d layer;
        final memory forward, data, bias;
        final memory.desc gradient, plain, biasGradient;
        final int start, biasStart, end;
        private final FloatBuffer values, biases;
        private final memory rows;
        private final reorder toForward, toData;
        private long version = -1, biasVersion = -1;

        Weights(Conv2d layer, memory.desc wanted, memory.desc wantedBack, memory.desc gradient, memory.desc biases,
                int start) {
            this.layer = layer;
            this.gradient = gradient;
            this.biasGradient = biases;
            this.start = start;
            biasStart = start + lines(gradient);
            end = biasStart + lines(biases);
            long k = layer.window().kernel();
            plain = new memory.desc(new long[] {layer.out(), layer.in(), k, k}, memory.data_type.f32,
                    memory.format_tag.oihw);
            FloatPointer room = new FloatPointer(plain.get_size() / Float.BYTES), b = new FloatPointer(layer.out());
            values = room.asBuffer();
            this.biases = b.asBuffer();
            rows = new memory(plain, CPU, room);
            bias = new memory(biases, CPU, b);
            forward = new memory(wanted, CPU, new BytePointer(wanted.get_size()));
            data = new memory(wantedBack, CPU, new BytePointer(wantedBack.get_size()));
            toForward = new reorder(rows, forward);
            toData = new reorder(rows, data);
        }

        /** Floats of whole cache lines. */
        private static int lines(memory.desc description) {
            return Math.toIntExact((description.get_size() + LINE - 1) / LINE * (LINE / Float.BYTES));
        }

        synchronized void update() {
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

    /** What the way back needs of one group of pictures: what went into each convolution, and where each maximum was. */
    final class Kept {
        private final PointerScope own = new PointerScope();
        private final Pointer[] values = new Pointer[stages.size()], places = new Pointer[stages.size()];

        private Kept() {
            try (own) {
                own.extend();
                long bytes = 0;
                long[] value = new long[stages.size()], place = new long[stages.size()];
                for (int i = 0; i < value.length; i++) {
                    value[i] = bytes;
                    if (isKept(i)) bytes += lines(at[i]);
                    place[i] = bytes;
                    if (workspaces[i] != null) bytes += lines(workspaces[i]);
                }
                BytePointer room = room(bytes);
                for (int i = 0; i < value.length; i++) {
                    if (isKept(i)) values[i] = room.getPointer(value[i]);
                    if (workspaces[i] != null) places[i] = room.getPointer(place[i]);
                }
            }
        }
    }

    private static long lines(memory.desc description) { return (description.get_size() + LINE - 1) / LINE * LINE; }

    /** Whether stage i is a convolution that reads what another stage wrote. */
    private boolean isKept(int i) {
        return i > 0 && stages.get(i).convolution() != null;
    }

    private static BytePointer room(long bytes) {
        try {
            return new BytePointer(Math.max(LINE, bytes));
        } catch (OutOfMemoryError e) {
            OutOfMemoryError named = new OutOfMemoryError(Message.of("Convolution: " + bytes / 1_000_000
                    + " MB outside the heap for a few pictures could not be had (" + e.getMessage()
                    + "); use smaller pictures, or a larger heap (-Xmx), whose size limits this memory too"));
            named.initCause(e);
            throw named;
        }
    }

    /** Gradients of all weights, one array behind the other, each in its primitive's layout. */
    final class Gradients {
        private final PointerScope own = new PointerScope();
        private final Pointer[] pieces = new Pointer[PIECES], of = new Pointer[stages.size()];
        private final FloatPointer[] ofBias = new FloatPointer[stages.size()];

        private Gradients() {
            try (own) {
                own.extend();
                FloatPointer all = new FloatPointer((long) Math.max(1, piece) * PIECES);
                Pointer.memset(all, 0, all.capacity() * Float.BYTES);
                for (int p = 0; p < PIECES; p++) pieces[p] = all.getPointer((long) p * piece);
                for (int i = 0; i < of.length; i++)
                    if (weights[i] != null) {
                        of[i] = all.getPointer(weights[i].start);
                        ofBias[i] = all.getPointer(weights[i].biasStart);
                    }
            }
        }
    }

    /** Where one thread works on one group of pictures. */
    final class Desk {
        private final PointerScope own = new PointerScope();
        private final stream stream;
        private final FloatBuffer plain;
        private final memory[] values = new memory[stages.size() + 1], slopes = new memory[stages.size() + 1],
                places = new memory[stages.size()], dw = new memory[stages.size()], db = new memory[stages.size()];
        private final Call[] forwards = new Call[stages.size()], backs = new Call[stages.size()],
                toWeights = new Call[stages.size()], masks = new Call[stages.size()],
                toRows = new Call[stages.size()];
        private final Call adding;
        private final memory to, from;
        private final Call in, out, slopesIn, slopesOut;
        private final Kept unrecorded;
        private final Gradients single;
        private final float[] heap;
        private final BytePointer scratch;

        private Desk() {
            int n = stages.size();
            unrecorded = new Kept();
            single = new Gradients();
            int largest = 1;
            for (Weights w : weights) if (w != null) largest = Math.max(largest, floats(w.plain));
            heap = new float[largest];
            try (own) {
                own.extend();
                stream = new stream(CPU);
                long bytes = LINE, most = LINE;
                for (memory.desc d : at) bytes = Math.max(bytes, d.get_size());
                for (Kernel[] kernels : List.of(forward, backData, backWeights, mask))
                    for (Kernel kernel : kernels)
                        if (kernel != null) most = Math.max(most, kernel.scratchpad.get_size());
                scratch = room(Math.max(most, add.scratchpad.get_size()));
                Pointer[] rooms = {room(bytes), room(bytes)};
                FloatPointer rows = new FloatPointer(Math.max(Math.max(inputs, outputs), largest));
                plain = rows.asBuffer();
                memory rowsIn = new memory(plainAt[0], CPU, rows), rowsOut = new memory(plainAt[n], CPU, rows);
                for (int i = 0; i <= n; i++) {
                    values[i] = new memory(at[i], CPU, rooms[i % 2]);
                    slopes[i] = new memory(at[i], CPU, rooms[i % 2]);
                }
                in = new Call(rowsIn, values[0]);
                out = new Call(values[n], rowsOut);
                slopesIn = new Call(rowsOut, slopes[n]);
                slopesOut = new Call(slopes[0], rowsIn);
                to = new memory(line(), CPU, single.pieces[0]);
                from = new memory(line(), CPU, single.pieces[0]);
                adding = new Call(add).with(DNNL_ARG_SRC_0, to).with(DNNL_ARG_SRC_1, from).with(DNNL_ARG_DST, to);
                for (int i = 0; i < n; i++) if (weights[i] == null) pool(i);
                else
                    convolve(i, rows);
            }
        }

        private memory.desc line() {
            return new memory.desc(new long[] {Math.max(1, piece)}, memory.data_type.f32, memory.format_tag.x);
        }

        private void convolve(int i, FloatPointer rows) {
            Weights w = weights[i];
            dw[i] = new memory(w.gradient, CPU, single.of[i]);
            db[i] = new memory(w.biasGradient, CPU, single.ofBias[i]);
            forwards[i] = new Call(forward[i]).with(DNNL_ARG_SRC, values[i]).with(DNNL_ARG_WEIGHTS, w.forward)
                    .with(DNNL_ARG_BIAS, w.bias).with(DNNL_ARG_DST, values[i + 1]);
            toWeights[i] = new Call(backWeights[i]).with(DNNL_ARG_SRC, values[i])
                    .with(DNNL_ARG_DIFF_DST, slopes[i + 1]).with(DNNL_ARG_DIFF_WEIGHTS, dw[i])
                    .with(DNNL_ARG_DIFF_BIAS, db[i]);
            backs[i] = new Call(backData[i]).with(DNNL_ARG_DIFF_DST, slopes[i + 1]).with(DNNL_ARG_WEIGHTS, w.data)
                    .with(DNNL_ARG_DIFF_SRC, slopes[i]);
            toRows[i] = new Call(dw[i], new memory(w.plain, CPU, rows));
            if (mask[i] != null)
                masks[i] = new Call(mask[i]).with(DNNL_ARG_DST, values[i])
                        .with(DNNL_ARG_DIFF_DST, slopes[i]).with(DNNL_ARG_DIFF_SRC, slopes[i]);
        }

        private void pool(int i) {
            places[i] = new memory(workspaces[i], CPU, unrecorded.places[i]);
            forwards[i] = new Call(forward[i]).with(DNNL_ARG_SRC, values[i]).with(DNNL_ARG_DST, values[i + 1])
                    .with(DNNL_ARG_WORKSPACE, places[i]);
            backs[i] = new Call(backData[i]).with(DNNL_ARG_DIFF_DST, slopes[i + 1])
                    .with(DNNL_ARG_WORKSPACE, places[i]).with(DNNL_ARG_DIFF_SRC, slopes[i]);
        }

        private void bind(Kept kept) {
            for (int i = 0; i < places.length; i++) {
                if (kept.values[i] != null) values[i].set_data_handle(kept.values[i]);
                if (kept.places[i] != null) places[i].set_data_handle(kept.places[i]);
            }
        }

        /** @param kept for the way back, or null */
        void forward(float[] x, int start, Kept kept, float[] y, int end) {
            Blas.stayOnThisThread();
            bind(kept == null ? unrecorded : kept);
            plain.put(0, x, start, inputs);
            in.run();
            for (Call call : forwards) {
                Interrupts.check("convolution");
                call.run();
            }
            out.run();
            stream._wait();
            plain.get(0, y, end, outputs);
        }

        /**
         * @param dx  takes the gradient of x from start on, or null
         * @param sum takes the gradients of the weights
         * @param more whether they are added to what is there
         */
        void backward(float[] x, int start, Kept kept, float[] dy, int end, float[] dx, Gradients sum, boolean more) {
            Blas.stayOnThisThread();
            if (kept != null) bind(kept);
            Gradients target = more ? single : sum;
            plain.put(0, dy, end, outputs);
            slopesIn.run();
            for (int i = stages.size() - 1; i >= 0; i--) {
                Interrupts.check("convolution backward");
                if (weights[i] != null) {
                    if (i == 0) {
                        // where the slopes of stage 1 were; those of stage 0 come here after x has been read
                        plain.put(0, x, start, inputs);
                        in.run();
                    }
                    dw[i].set_data_handle(target.of[i]);
                    db[i].set_data_handle(target.ofBias[i]);
                    toWeights[i].run();
                }
                if (i > 0 || dx != null) backs[i].run();
                if (masks[i] != null) masks[i].run();
            }
            if (dx != null) slopesOut.run();
            stream._wait();
            if (dx != null) plain.get(0, dx, start, inputs);
            if (more) for (int p = 0; p < PIECES; p++) add(sum, single, p);
        }

        /** sum += other, a piece of it. */
        void add(Gradients sum, Gradients other, int p) {
            Blas.stayOnThisThread();
            if (piece == 0) return;
            to.set_data_handle(sum.pieces[p]);
            from.set_data_handle(other.pieces[p]);
            adding.run();
            stream._wait();
        }

        /** Adds those of stage i to the gradients of its parameters. */
        void give(Gradients sum, int i) {
            Weights w = weights[i];
            if (w == null) return;
            Blas.stayOnThisThread();
            dw[i].set_data_handle(sum.of[i]);
            toRows[i].run();
            stream._wait();
            plain.get(0, heap, 0, floats(w.plain));
            VectorMath.add(w.layer.w().gradientRoom(), heap, 0, floats(w.plain));
            sum.ofBias[i].get(heap, 0, w.layer.out());
            VectorMath.add(w.layer.b().gradientRoom(), heap, 0, w.layer.out());
        }

        private void free() {
            unrecorded.own.deallocate();
            single.own.deallocate();
            own.deallocate();
        }

        /** A primitive with its arguments. */
        private final class Call {
            private final primitive primitive;
            private final IntMemoryMap arguments = new IntMemoryMap();

            Call(Kernel kernel) {
                primitive = kernel.primitive;
                with(DNNL_ARG_SCRATCHPAD, new memory(kernel.scratchpad, CPU, scratch));
            }

            Call(memory source, memory target) {
                primitive = new reorder(source, target);
                with(DNNL_ARG_SRC, source).with(DNNL_ARG_DST, target);
            }

            Call with(int argument, memory value) {
                arguments.put(argument, value);
                return this;
            }

            void run() {
                primitive.execute(stream, arguments);
            }
        }
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
        desks.forEach(Desk::free);
        spare.forEach(kept -> kept.own.deallocate());
        sums.forEach(sum -> sum.own.deallocate());
        scope.deallocate();
    }

    Desk desk() {
        synchronized (this) {
            if (!desks.isEmpty()) return desks.pop();
        }
        return new Desk();
    }

    synchronized void give(Desk desk) { desks.push(desk); }

    Kept kept() {
        synchronized (this) {
            if (!spare.isEmpty()) return spare.pop();
        }
        return new Kept();
    }

    /** Back from a graph that needs it no more. */
    synchronized void give(Kept kept) {
        if (spare.size() < mostKept) spare.push(kept);
        else
            kept.own.deallocate();
    }

    Gradients gradients() {
        synchronized (this) {
            if (!sums.isEmpty()) return sums.pop();
        }
        return new Gradients();
    }

    synchronized void give(Gradients sum) { sums.push(sum); }

    int images() { return images; }
}
