package unroll.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;

import unroll.tensor.LinearAlgebra;
import unroll.tensor.Shape;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Principal components: the orthonormal directions in which points vary most (Pearson 1901).
 *
 * <pre>{@code
 * Pca pca = Pca.of(points);                                        // points: [N, H]
 * pca.project(points, 2);                                          // [N, 2]
 * pca.explained()[0];  // the share of the variance along the first direction
 * }</pre>
 *
 * The sign of a direction is chosen so that its largest element is positive.
 *
 * @param mean       {@code [H]}
 * @param components the directions as columns, {@code [H, r]}, r = min(N, H)
 * @param explained  their shares of the variance, falling; zeros where all points are one
 */
public record Pca(Tensor mean, Tensor components, double[] explained) {
    public Pca {
        explained = explained.clone();
    }

    /** Of points {@code [N, H]}; those with values that are not finite are left out. */
    public static Pca of(Tensor points) {
        if (points.rank() != 2 || points.size() == 0)
            throw new ShapeException("Pca: expected points [N, H] but got " + Arrays.toString(points.shape()));
        Tensor finite = finite(points.detach());
        Tensor mean = finite.mean(0);
        LinearAlgebra.Svd svd = LinearAlgebra.svd(finite.sub(mean));
        double[] variance = Arrays.stream(svd.singularValues()).map(s -> s * s).toArray();
        double all = Arrays.stream(variance).sum();
        return new Pca(mean, signed(svd.v()), Arrays.stream(variance).map(v -> all > 0 ? v / all : 0).toArray());
    }

    private static Tensor finite(Tensor points) {
        int H = points.size(1);
        float[] v = points.data();
        int[] rows = IntStream.range(0, points.size(0))
                .filter(r -> IntStream.range(r * H, (r + 1) * H).allMatch(i -> Float.isFinite(v[i]))).toArray();
        if (rows.length == 0)
            throw new IllegalArgumentException(
                    "Pca: each of " + points.size(0) + " points has a value that is not finite");
        float[] kept = Shape.room("Pca", new int[] {rows.length, H});
        for (int r = 0; r < rows.length; r++) System.arraycopy(v, rows[r] * H, kept, r * H, H);
        return Tensor.of(kept, rows.length, H);
    }

    private static Tensor signed(Tensor v) {
        float[] values = v.data().clone();
        int r = v.size(1);
        for (int c = 0; c < r; c++) {
            float most = 0;
            for (int i = c; i < values.length; i += r) if (Math.abs(values[i]) > Math.abs(most)) most = values[i];
            if (most < 0) for (int i = c; i < values.length; i += r) values[i] = -values[i];
        }
        return Tensor.of(values, v.shape());
    }

    /** The coordinates of points {@code [N, H]} along the first directions: {@code [N, count]}. */
    public Tensor project(Tensor points, int count) {
        return points.detach().sub(mean).matmul(components.columns(0, count));
    }

    @Override public double[] explained() { return explained.clone(); }

    @Override public String toString() {
        return "Pca of " + mean.size() + " numbers: the first directions explain "
                + Arrays.stream(explained).limit(3).mapToObj(e -> Measurement.text(100 * e) + " %").toList()
                + " of the variance";
    }
}
