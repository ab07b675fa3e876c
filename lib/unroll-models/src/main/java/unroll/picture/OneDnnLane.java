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

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.javacpp.PointerScope;
import unroll.tensor.Blas;

/**
 * oneDNN's primitives for the convolution of some pictures, with the memory that they work in. For one thread at a
 * time.
 *
 * <p>The primitives choose their own layouts (blocks of 16 channels), so numbers are reordered on their way in and out.
 */
final class OneDnnLane implements AutoCloseable {
    private static final engine CPU = new engine(engine.kind.cpu, 0);
    private static final primitive_attr OWN_SCRATCHPAD = attributes();

    private final PointerScope scope;
    private final stream stream;
    private final OneDnnArray x, w, b, y, dx, dw;
    private final OneDnnArray.Layout forwardX, forwardW, forwardY, dataW, dataY, dataX, weightsX, weightsY, weightsW;
    private final primitive forward, backwardData, backwardWeights;
    private final IntMemoryMap forwardArguments, dataArguments, weightsArguments;
    // of the weights that lie here in both layouts
    private long version = -1;

    /** Else a primitive would be bound to the thread that made it. */
    private static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(scratchpad_mode.user);
        return attributes;
    }

    OneDnnLane(OneDnnConvolution.Size size) {
        Blas.stayOnThisThread();
        Geometry g = size.geometry();
        Window window = g.window();
        long n = size.images(), in = g.in(), out = g.out(), k = window.kernel();
        long[] shapeX = {n, in, g.height(), g.width()}, shapeW = {out, in, k, k},
                shapeY = {n, out, g.places().height(), g.places().width()};
        long[] strides = {window.stride(), window.stride()}, padding = {window.padding(), window.padding()};
        scope = new PointerScope();
        try (scope) {
            scope.extend();                                                // all that is made here lives until close()
            stream = new stream(CPU);
            x = new OneDnnArray(CPU, memory.format_tag.nchw, shapeX);
            dx = new OneDnnArray(CPU, memory.format_tag.nchw, shapeX);
            w = new OneDnnArray(CPU, memory.format_tag.oihw, shapeW);
            dw = new OneDnnArray(CPU, memory.format_tag.oihw, shapeW);
            y = new OneDnnArray(CPU, memory.format_tag.nchw, shapeY);
            b = new OneDnnArray(CPU, memory.format_tag.x, out);
            memory.desc anyX = any(shapeX), anyW = any(shapeW), anyY = any(shapeY), bias = b.description();
            var ahead = new convolution_forward.primitive_desc(CPU, dnnl_forward_training, dnnl_convolution_direct,
                    anyX, anyW, bias, anyY, strides,
                    padding, padding, OWN_SCRATCHPAD, false);
            var data = new convolution_backward_data.primitive_desc(CPU, dnnl_convolution_direct, anyX, anyW, anyY,
                    strides, padding, padding, ahead,
                    OWN_SCRATCHPAD, false);
            var weights = new convolution_backward_weights.primitive_desc(CPU, dnnl_convolution_direct, anyX, anyW,
                    anyY, strides, padding, padding,
                    ahead, OWN_SCRATCHPAD, false);
            forward = new convolution_forward(ahead);
            backwardData = new convolution_backward_data(data);
            backwardWeights = new convolution_backward_weights(weights);
            forwardX = x.in(ahead.src_desc());
            forwardW = w.in(ahead.weights_desc());
            forwardY = y.in(ahead.dst_desc());
            dataY = y.in(data.diff_dst_desc());
            dataW = w.in(data.weights_desc());
            dataX = dx.in(data.diff_src_desc());
            weightsX = x.in(weights.src_desc());
            weightsY = y.in(weights.diff_dst_desc());
            weightsW = dw.in(weights.diff_weights_desc());
            forwardArguments = new IntMemoryMap().put(DNNL_ARG_SRC, forwardX.there)
                    .put(DNNL_ARG_WEIGHTS, forwardW.there)
                    .put(DNNL_ARG_BIAS, b.in(bias).there).put(DNNL_ARG_DST, forwardY.there)
                    .put(DNNL_ARG_SCRATCHPAD, new memory(ahead.scratchpad_desc(), CPU));
            dataArguments = new IntMemoryMap().put(DNNL_ARG_DIFF_DST, dataY.there).put(DNNL_ARG_WEIGHTS, dataW.there)
                    .put(DNNL_ARG_DIFF_SRC, dataX.there)
                    .put(DNNL_ARG_SCRATCHPAD, new memory(data.scratchpad_desc(), CPU));
            weightsArguments = new IntMemoryMap().put(DNNL_ARG_SRC, weightsX.there)
                    .put(DNNL_ARG_DIFF_DST, weightsY.there)
                    .put(DNNL_ARG_DIFF_WEIGHTS, weightsW.there)
                    .put(DNNL_ARG_SCRATCHPAD, new memory(weights.scratchpad_desc(), CPU));
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
        forwardX.send(stream);
        forward.execute(stream, forwardArguments);
        forwardY.fetch(stream);
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
        weightsX.send(stream);
        weightsY.send(stream);
        backwardWeights.execute(stream, weightsArguments);
        weightsW.fetch(stream);
        if (toX != null) {
            dataY.send(stream);
            backwardData.execute(stream, dataArguments);
            dataX.fetch(stream);
        }
        stream._wait();
        dw.get(toW, 0);
        if (toX != null) dx.get(toX, at);
    }

    /** Gives its memory back. */
    @Override public void close() { scope.deallocate(); }
}
