package unroll.tensor;

import java.util.Arrays;

/**
 * Integers with a shape: token ids, class labels.
 *
 * <pre>{@code
 * IntTensor ids = IntTensor.of(new int[] {3, 1, 2, 0}, 2, 2);    // [T=2, B=2]
 * Tensor x = embedding.apply(ids);                               // [2, 2, E]
 * }</pre>
 */
public final class IntTensor {
    private final int[] values;
    private final int[] shape;

    private IntTensor(int[] values, int[] shape) {
        this.values = values;
        this.shape = shape;
    }

    /** Takes the array as it is, row-major. */
    public static IntTensor of(int[] values, int... shape) {
        if (Shape.size(shape) != values.length)
            throw new ShapeException(
                    "IntTensor: " + values.length + " values do not fill shape " + Arrays.toString(shape));
        return new IntTensor(values, shape.clone());
    }

    /** The integers themselves, not a copy: read only. */
    public int[] data() { return values; }

    public int[] shape() { return shape.clone(); }

    public int size() { return values.length; }

    /** The length along an axis. */
    public int size(int axis) { return shape[Shape.axis("size", axis, shape)]; }

    /** One element. */
    public int get(int... index) { return values[Shape.position(index, shape)]; }

    @Override public String toString() {
        return "IntTensor" + Arrays.toString(shape) + " "
                + (values.length <= 20
                        ? Arrays.toString(values)
                        : Arrays.toString(Arrays.copyOf(values, 20)).replace("]", ", …]"));
    }
}
