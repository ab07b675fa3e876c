package unroll.tensor;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A tensor that is learned: a leaf of every graph, with a name, and the only kind of tensor whose values can change.
 *
 * <pre>{@code
 * Parameter w = new Parameter("w", rng.uniform(-0.1, 0.1, 64, 256));
 * w.update(values -> { for (int i = 0; i < values.length; i++) values[i] -= rate * gradient[i]; });
 * }</pre>
 *
 * Its array is never handed out: {@link #data()} is a copy, and {@link #update} lends a working copy that is taken over
 * when it returns. So each change is counted ({@link #version()}), and native copies of the weight cannot fall behind.
 */
public final class Parameter extends Tensor {
    private final String name;
    private final Matrix.Mirror mirror, transposedMirror;
    private float[] draft;
    private boolean lent, met;
    private volatile long version;

    /** A parameter that starts with a copy of the given values. */
    public Parameter(String name, Tensor start) {
        super(start.values().clone(), start.shape(), null, 0, true);
        this.name = Objects.requireNonNull(name, "name");
        boolean matrix = rank() == 2;
        mirror = matrix ? new Matrix.Mirror(size(0), size(1), false) : null;
        transposedMirror = matrix ? new Matrix.Mirror(size(0), size(1), true) : null;
    }

    @Override public String name() { return name; }

    /** A parameter keeps the name that it was made with. */
    @Override public Tensor named(String other) {
        throw new UnsupportedOperationException(
                Message.of("Parameter " + name + ": has its name already and cannot be named " + other));
    }

    /** How often the values were changed. */
    public long version() { return version; }

    /** A copy of the values. */
    @Override public float[] data() { return values().clone(); }

    /**
     * Lets {@code writer} change a working copy of the values; what it leaves there becomes the new values when it
     * returns, and nothing changes if it throws. Only the thread that trains may call this, and not within an update of
     * the same parameter: the outer one would take back what the inner one changed.
     */
    public void update(Consumer<float[]> writer) {
        lend(() -> {
            System.arraycopy(values(), 0, draft, 0, draft.length);
            writer.accept(draft);
        });
    }

    /** What is done to numbers from .. to - 1 of an array. */
    @FunctionalInterface
    public interface RangeWriter {
        void accept(float[] values, int from, int to);
    }

    /** The same for a change that treats each number by itself: large parameters are changed on all threads. */
    public void updateEach(RangeWriter writer) {
        lend(() -> Parallel.ranges(draft.length, (from, to) -> {
            System.arraycopy(values(), from, draft, from, to - from);
            writer.accept(draft, from, to);
        }));
    }

    private void lend(Runnable writing) {
        if (lent)
            throw new IllegalStateException(Message.of(
                    "Parameter " + name + ": update or set within its own update; write to the array that it lends"));
        float[] values = values();
        if (draft == null) draft = new float[values.length];
        lent = true;
        try {
            writing.run();
        } finally {
            lent = false;
        }
        Parallel.ranges(values.length, (from, to) -> System.arraycopy(draft, from, values, from, to - from));
        version++;
    }

    /** Replaces all values. */
    public void set(Tensor values) {
        if (!Arrays.equals(shape(), values.shape()))
            throw new ShapeException("Parameter " + name + ": expected values of shape " + Arrays.toString(shape())
                    + " but got " + Arrays.toString(values.shape()));
        update(draft -> System.arraycopy(values.values(), 0, draft, 0, draft.length));
    }

    /** Adds a matrix to the gradient. */
    public void accumulate(Matrix g) { accumulate(g, 1); }

    /** Adds {@code by} times a matrix to the gradient. */
    public void accumulate(Matrix g, float by) {
        boolean first = gradientData() == null;
        float[] sum = first ? leafRoom() : gradientData();
        g.addTo(sum, first, by);
        if (first) take(sum);
    }

    /** Whether the walk back that is under way sees it for the first time. */
    boolean meet() {
        boolean first = !met;
        met = true;
        return first;
    }

    /** The walk is over. */
    void passed() {
        met = false;
        dropPending();
    }

    Matrix.Mirror mirror(boolean transposed) { return transposed ? transposedMirror : mirror; }
}
