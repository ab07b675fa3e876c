package unroll.picture;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import unroll.tensor.Interrupts;
import unroll.tensor.Blas;
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
    private final Map<Size, Deque<Primitives>> free = new LinkedHashMap<>();

    /** What a primitive is made for. */
    record Size(Geometry geometry, int images) {
    }

    @Override public void forward(Geometry g, int images, float[] x, Parameter w, Parameter b, float[] y) {
        float[] weights = w.data(), bias = b.data();
        Convolution.split(images, GROUP, (part, from, to) -> {
            for (int n = from; n < to; n += GROUP) {
                Interrupts.check("Conv2d", "image", n, images);
                Size size = new Size(g, Math.min(GROUP, to - n));
                Primitives primitives = take(size);
                primitives.weights(weights, w.version());
                primitives.forward(x, n * g.inputs(), bias, y, n * g.outputs());
                give(size, primitives);
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
                Primitives primitives = take(size);
                primitives.weights(weights, w.version());
                primitives.backward(x, n * g.inputs(), dy, n * g.outputs(), dx, one);
                give(size, primitives);
                VectorMath.add(sum, one, 0, sum.length);
            }
            gradients[part] = sum;
        });
        Convolution.addInOrder(dw, gradients, parts);
    }

    private Primitives take(Size size) {
        synchronized (free) {
            Deque<Primitives> idle = free.get(size);
            if (idle != null && !idle.isEmpty()) return idle.pop();
        }
        return new Primitives(size);
    }

    private void give(Size size, Primitives primitives) {
        synchronized (free) {
            Deque<Primitives> idle = free.remove(size);
            if (idle == null) idle = new ArrayDeque<>();
            idle.push(primitives);
            free.put(size, idle);                                         // the last used comes last
            if (free.size() > KEPT_SIZES) {
                Size oldest = free.keySet().iterator().next();
                free.remove(oldest).forEach(Primitives::close);
            }
        }
    }

    @Override public String toString() { return "oneDNN"; }

    /**
     * oneDNN's primitives for the convolution of some pictures, with the memory that they work in. For one thread at a
     * time.
     *
     * <p>The primitives choose their own layouts (blocks of 16 channels), so numbers are reordered on their way in and
     * out.
     */
    private static final class Primitives implements AutoCloseable {
        private static final engine CPU = new engine(engine.kind.cpu, 0);
        private static final primitive_attr OWN_SCRATCHPAD = attributes();

        private final PointerScope scope;
        private final stream stream;
        private final Array x, w, b, y, dx, dw;
        private final Array.Layout forwardW, dataW;
        private final Call forward, backwardData, backwardWeights;
        // of the weights that lie here in both layouts
        private long version = -1;

        /** Else a primitive would be bound to the thread that made it. */
        private static primitive_attr attributes() {
            primitive_attr attributes = new primitive_attr();
            attributes.set_scratchpad_mode(scratchpad_mode.user);
            return attributes;
        }

        Primitives(Size size) {
            Blas.stayOnThisThread();
            Geometry g = size.geometry();
            Window window = g.window();
            long n = size.images(), in = g.in(), out = g.out(), k = window.kernel();
            long[] shapeX = {n, in, g.height(), g.width()}, shapeW = {out, in, k, k},
                    shapeY = {n, out, g.rows(), g.columns()};
            long[] strides = {window.stride(), window.stride()}, padding = {window.padding(), window.padding()};
            scope = new PointerScope();
            try (scope) {
                scope.extend();                                                // all that is made here lives until close()
                stream = new stream(CPU);
                x = new Array(CPU, memory.format_tag.nchw, shapeX);
                dx = new Array(CPU, memory.format_tag.nchw, shapeX);
                w = new Array(CPU, memory.format_tag.oihw, shapeW);
                dw = new Array(CPU, memory.format_tag.oihw, shapeW);
                y = new Array(CPU, memory.format_tag.nchw, shapeY);
                b = new Array(CPU, memory.format_tag.x, out);
                memory.desc anyX = any(shapeX), anyW = any(shapeW), anyY = any(shapeY), bias = b.description();
                var ahead = new convolution_forward.primitive_desc(CPU, dnnl_forward_training, dnnl_convolution_direct,
                        anyX, anyW, bias, anyY, strides, padding, padding, OWN_SCRATCHPAD, false);
                var data = new convolution_backward_data.primitive_desc(CPU, dnnl_convolution_direct, anyX, anyW, anyY,
                        strides, padding, padding, ahead, OWN_SCRATCHPAD, false);
                var weights = new convolution_backward_weights.primitive_desc(CPU, dnnl_convolution_direct, anyX, anyW,
                        anyY, strides, padding, padding, ahead, OWN_SCRATCHPAD, false);
                forwardW = w.in(ahead.weights_desc());
                dataW = w.in(data.weights_desc());
                forward = new Call(new convolution_forward(ahead), ahead.scratchpad_desc())
                        .reads(DNNL_ARG_SRC, x.in(ahead.src_desc())).uses(DNNL_ARG_WEIGHTS, forwardW)
                        .reads(DNNL_ARG_BIAS, b.in(bias)).writes(DNNL_ARG_DST, y.in(ahead.dst_desc()));
                backwardData = new Call(new convolution_backward_data(data), data.scratchpad_desc())
                        .reads(DNNL_ARG_DIFF_DST, y.in(data.diff_dst_desc())).uses(DNNL_ARG_WEIGHTS, dataW)
                        .writes(DNNL_ARG_DIFF_SRC, dx.in(data.diff_src_desc()));
                backwardWeights = new Call(new convolution_backward_weights(weights), weights.scratchpad_desc())
                        .reads(DNNL_ARG_SRC, x.in(weights.src_desc()))
                        .reads(DNNL_ARG_DIFF_DST, y.in(weights.diff_dst_desc()))
                        .writes(DNNL_ARG_DIFF_WEIGHTS, dw.in(weights.diff_weights_desc()));
            }
        }

        private static memory.desc any(long[] shape) {
            return new memory.desc(shape, memory.data_type.f32, memory.format_tag.any);
        }

        /** Takes over the weights, unless these are already here. */
        void weights(float[] values, long current) {
            if (version == current) return;
            Blas.stayOnThisThread();
            w.put(values, 0);
            forwardW.send(stream);
            dataW.send(stream);
            version = current;
        }

        void forward(float[] from, int at, float[] bias, float[] to, int start) {
            Blas.stayOnThisThread();
            x.put(from, at);
            b.put(bias, 0);
            forward.run(stream);
            stream._wait();
            y.get(to, start);
        }

        /**
         * @param toX takes the gradient of x, unless it is null
         * @param toW takes the gradient of w
         */
        void backward(float[] from, int at, float[] dy, int start, float[] toX, float[] toW) {
            Blas.stayOnThisThread();
            x.put(from, at);
            y.put(dy, start);
            backwardWeights.run(stream);
            if (toX != null) backwardData.run(stream);
            stream._wait();
            dw.get(toW, 0);
            if (toX != null) dx.get(toX, at);
        }

        /** Gives its memory back. */
        @Override public void close() { scope.deallocate(); }
    }

    /** A primitive with its arguments, brought into its layouts before and out of them after. */
    private static final class Call {
        private final primitive primitive;
        private final IntMemoryMap arguments = new IntMemoryMap();
        private final List<Array.Layout> in = new ArrayList<>();
        private Array.Layout out;

        Call(primitive primitive, memory.desc scratchpad) {
            this.primitive = primitive;
            arguments.put(DNNL_ARG_SCRATCHPAD, new memory(scratchpad, Primitives.CPU));
        }

        /** What is in its layout already. */
        Call uses(int argument, Array.Layout layout) {
            arguments.put(argument, layout.there);
            return this;
        }

        Call reads(int argument, Array.Layout layout) {
            in.add(layout);
            return uses(argument, layout);
        }

        Call writes(int argument, Array.Layout layout) {
            out = layout;
            return uses(argument, layout);
        }

        void run(stream stream) {
            for (Array.Layout layout : in) layout.send(stream);
            primitive.execute(stream, arguments);
            out.fetch(stream);
        }
    }

    /**
     * Row-major numbers outside the heap, as oneDNN sees them, and the layouts into which its primitives want them
     * reordered.
     */
    private static final class Array {
        private final engine engine;
        // held, since the memory knows only its address
        private final FloatPointer pointer;
        private final FloatBuffer floats;
        private final memory plain;
        private final int size;

        Array(engine engine, memory.format_tag layout, long... shape) {
            this.engine = engine;
            long n = 1;
            for (long d : shape) n *= d;
            size = Math.toIntExact(n);
            pointer = new FloatPointer(n);
            floats = pointer.asBuffer();
            plain = new memory(new memory.desc(shape, memory.data_type.f32, layout), engine, pointer);
        }

        memory.desc description() { return plain.get_desc(); }

        void put(float[] from, int at) { floats.put(0, from, at, size); }

        void get(float[] to, int at) { floats.get(0, to, at, size); }

        /** The same numbers where a primitive reads or writes them. */
        Layout in(memory.desc wanted) {
            return new Layout(wanted);
        }

        /** A copy in another layout, or the array itself where the primitive takes it as it is. */
        final class Layout {
            final memory there;
            private final reorder in, out;

            private Layout(memory.desc wanted) {
                boolean same = wanted.equals(plain.get_desc());
                there = same ? plain : new memory(wanted, engine);
                in = same ? null : new reorder(plain, there);
                out = same ? null : new reorder(there, plain);
            }

            /** From the array to the primitive. */
            void send(stream stream) {
                if (in != null) in.execute(stream, plain, there);
            }

            /** From the primitive to the array. */
            void fetch(stream stream) {
                if (out != null) out.execute(stream, there, plain);
            }
        }
    }
}
