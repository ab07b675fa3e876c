package unroll.tensor;

/** Placeholder of the first hour; the real one follows. */
public class Tensor {
    private final float[] values;
    private final int[] shape;

    private Tensor(float[] values, int[] shape) {
        this.values = values;
        this.shape = shape;
    }

    public static Tensor of(float[] values, int... shape) { return new Tensor(values, shape.clone()); }

    public float[] data() { return values; }

    public int[] shape() { return shape.clone(); }

    public float item() { return values[0]; }
}
