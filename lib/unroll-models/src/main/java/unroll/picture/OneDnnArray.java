package unroll.picture;

import java.nio.FloatBuffer;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Row-major numbers outside the heap, as oneDNN sees them, and the layouts into which its primitives want them
 * reordered.
 */
final class OneDnnArray {
    private final engine engine;
    // held, since the memory knows only its address
    private final FloatPointer pointer;
    private final FloatBuffer floats;
    private final memory plain;
    private final int size;

    OneDnnArray(engine engine, memory.format_tag layout, long... shape) {
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
