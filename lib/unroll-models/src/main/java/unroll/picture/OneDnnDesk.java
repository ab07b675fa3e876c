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

import java.nio.FloatBuffer;
import java.util.List;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import unroll.tensor.Blas;
import unroll.tensor.Interrupts;
import unroll.tensor.VectorMath;

/** Where one thread works on one group of pictures by the primitives of a plan. */
final class OneDnnDesk {
    private final OneDnnPlan plan;
    private final int inputs, outputs;
    private final PointerScope scope;
    private final stream stream;
    private final FloatBuffer plain;
    private final FloatPointer scratch, unrecorded, single;
    private final memory[] values, slopes, places, dw, db;
    private final Call[] forward, backData, backWeights, mask, toRows;
    private final Call in, out, slopesIn, slopesOut, adding;
    private final memory sum, more;
    private final float[] heap;

    OneDnnDesk(OneDnnPlan plan) {
        Blas.stayOnThisThread();
        this.plan = plan;
        int n = plan.stages.size();
        inputs = OneDnnPlan.floats(plan.in);
        outputs = OneDnnPlan.floats(plan.out);
        values = new memory[n + 1];
        slopes = new memory[n + 1];
        places = new memory[n];
        dw = new memory[n];
        db = new memory[n];
        forward = new Call[n];
        backData = new Call[n];
        backWeights = new Call[n];
        mask = new Call[n];
        toRows = new Call[n];
        long largest = 1, most = 1, work = plan.add.scratchpad().get_size();
        for (OneDnnPlan.Weights w : plan.weights) if (w != null) largest = Math.max(largest, w.layer.w().size());
        heap = new float[(int) largest];
        scope = new PointerScope();
        try (scope) {
            scope.extend();                                                // all that is made here lives until free()
            for (memory.desc d : plan.at) most = Math.max(most, OneDnnPlan.floats(d));
            for (OneDnnPlan.Kernel[] kernels : List.of(plan.forward, plan.backData, plan.backWeights, plan.mask))
                for (OneDnnPlan.Kernel kernel : kernels)
                    if (kernel != null) work = Math.max(work, kernel.scratchpad().get_size());
            stream = new stream(OneDnnPlan.CPU);
            scratch = OneDnnPlan.room(work / Float.BYTES + 1);
            unrecorded = plan.keptRoom();
            single = plan.gradientRoom();
            // what a stage reads is in one of them, what it writes in the other
            FloatPointer[] rooms = {OneDnnPlan.room(most), OneDnnPlan.room(most)};
            FloatPointer rows = OneDnnPlan.room(Math.max(Math.max(inputs, outputs), largest));
            plain = rows.asBuffer();
            for (int i = 0; i <= n; i++) {
                values[i] = memory(plan.at[i], rooms[i % 2]);
                slopes[i] = memory(plan.at[i], rooms[i % 2]);
            }
            memory rowsIn = memory(plan.in, rows), rowsOut = memory(plan.out, rows);
            in = new Call(rowsIn, values[0]);
            out = new Call(values[n], rowsOut);
            slopesIn = new Call(rowsOut, slopes[n]);
            slopesOut = new Call(slopes[0], rowsIn);
            sum = memory(plan.piece, single);
            more = memory(plan.piece, single);
            adding = new Call(plan.add).with(DNNL_ARG_SRC_0, sum).with(DNNL_ARG_SRC_1, more).with(DNNL_ARG_DST, sum);
            for (int i = 0; i < n; i++) if (plan.weights[i] == null) pool(i);
            else
                convolve(i, rows);
        }
    }

    private static memory memory(memory.desc description, FloatPointer room) {
        return new memory(description, OneDnnPlan.CPU, room);
    }

    private void convolve(int i, FloatPointer rows) {
        OneDnnPlan.Weights w = plan.weights[i];
        dw[i] = memory(w.gradient, single);
        db[i] = memory(w.biasGradient, single);
        forward[i] = new Call(plan.forward[i]).with(DNNL_ARG_SRC, values[i]).with(DNNL_ARG_WEIGHTS, w.forward)
                .with(DNNL_ARG_BIAS, w.bias).with(DNNL_ARG_DST, values[i + 1]);
        backWeights[i] = new Call(plan.backWeights[i]).with(DNNL_ARG_SRC, values[i])
                .with(DNNL_ARG_DIFF_DST, slopes[i + 1]).with(DNNL_ARG_DIFF_WEIGHTS, dw[i])
                .with(DNNL_ARG_DIFF_BIAS, db[i]);
        backData[i] = new Call(plan.backData[i]).with(DNNL_ARG_DIFF_DST, slopes[i + 1])
                .with(DNNL_ARG_WEIGHTS, w.data).with(DNNL_ARG_DIFF_SRC, slopes[i]);
        toRows[i] = new Call(dw[i], memory(w.plain, rows));
        if (plan.mask[i] != null)
            mask[i] = new Call(plan.mask[i]).with(DNNL_ARG_DST, values[i]).with(DNNL_ARG_DIFF_DST, slopes[i])
                    .with(DNNL_ARG_DIFF_SRC, slopes[i]);
    }

    private void pool(int i) {
        places[i] = memory(plan.places[i], unrecorded);
        forward[i] = new Call(plan.forward[i]).with(DNNL_ARG_SRC, values[i]).with(DNNL_ARG_DST, values[i + 1])
                .with(DNNL_ARG_WORKSPACE, places[i]);
        backData[i] = new Call(plan.backData[i]).with(DNNL_ARG_DIFF_DST, slopes[i + 1])
                .with(DNNL_ARG_WORKSPACE, places[i]).with(DNNL_ARG_DIFF_SRC, slopes[i]);
    }

    private void bind(FloatPointer kept) {
        for (int i = 0; i < places.length; i++) {
            if (plan.inputAt[i] >= 0) values[i].set_data_handle(kept.getPointer(plan.inputAt[i]));
            if (places[i] != null) places[i].set_data_handle(kept.getPointer(plan.placesAt[i]));
        }
    }

    /**
     * @param x    from {@code start} on
     * @param kept for the way back, or null
     * @param y    to be filled from {@code end} on
     */
    void forward(float[] x, int start, FloatPointer kept, float[] y, int end) {
        Blas.stayOnThisThread();
        bind(kept == null ? unrecorded : kept);
        plain.put(0, x, start, inputs);
        in.run();
        for (Call call : forward) {
            Interrupts.check("convolution");
            call.run();
        }
        out.run();
        stream._wait();
        plain.get(0, y, end, outputs);
    }

    /**
     * @param dx        takes the gradient of x from {@code start} on, or null
     * @param gradients take those of the weights
     * @param added     to what is there
     */
    void backward(float[] x, int start, FloatPointer kept, float[] dy, int end, float[] dx, FloatPointer gradients,
            boolean added) {
        Blas.stayOnThisThread();
        if (kept != null) bind(kept);
        FloatPointer target = added ? single : gradients;
        plain.put(0, dy, end, outputs);
        slopesIn.run();
        for (int i = plan.stages.size() - 1; i >= 0; i--) {
            Interrupts.check("convolution backward");
            OneDnnPlan.Weights w = plan.weights[i];
            if (w != null) {
                if (i == 0) {
                    // where slopes were that are done with; those of x come over it once it is read
                    plain.put(0, x, start, inputs);
                    in.run();
                }
                dw[i].set_data_handle(target.getPointer(w.start));
                db[i].set_data_handle(target.getPointer(w.biasStart));
                backWeights[i].run();
            }
            if (i > 0 || dx != null) backData[i].run();
            if (mask[i] != null) mask[i].run();
        }
        if (dx != null) slopesOut.run();
        stream._wait();
        if (dx != null) plain.get(0, dx, start, inputs);
        if (added) for (int p = 0; p < OneDnnPlan.PIECES; p++) add(gradients, single, p);
    }

    /** to += from, a piece of the gradients. */
    void add(FloatPointer to, FloatPointer from, int piece) {
        Blas.stayOnThisThread();
        long at = (long) piece * OneDnnPlan.floats(plan.piece);
        sum.set_data_handle(to.getPointer(at));
        more.set_data_handle(from.getPointer(at));
        adding.run();
        stream._wait();
    }

    /** Adds those of stage i to the gradients of its parameters. */
    void give(FloatPointer gradients, int i) {
        OneDnnPlan.Weights w = plan.weights[i];
        if (w == null) return;
        Blas.stayOnThisThread();
        int size = w.layer.w().size();
        dw[i].set_data_handle(gradients.getPointer(w.start));
        toRows[i].run();
        stream._wait();
        plain.get(0, heap, 0, size);
        VectorMath.add(w.layer.w().gradientRoom(), heap, 0, size);
        gradients.asBuffer().get((int) w.biasStart, heap, 0, w.layer.out());
        VectorMath.add(w.layer.b().gradientRoom(), heap, 0, w.layer.out());
    }

    void free() { scope.deallocate(); }

    /** A primitive with its arguments. */
    private final class Call {
        private final primitive primitive;
        private final IntMemoryMap arguments = new IntMemoryMap();

        Call(OneDnnPlan.Kernel kernel) {
            primitive = kernel.primitive();
            with(DNNL_ARG_SCRATCHPAD, memory(kernel.scratchpad(), scratch));
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
