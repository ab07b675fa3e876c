package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.tensor.LinearAlgebra;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Principal components, and states in their plane. */
class TrajectoryTest {
    @Test void theSharesAreTheEigenvaluesOfTheCovariance() {
        Tensor points = Rng.seed(1).normal(50, 4).mul(Tensor.of(new float[] {3, 1, 2, 0.1f}, 4)).add(7);
        Tensor centred = points.sub(points.mean(0));
        double[] eigenvalues = Arrays.stream(LinearAlgebra.eigenvalues(centred.transpose().matmul(centred)))
                .mapToDouble(c -> c.re()).toArray();
        double all = Arrays.stream(eigenvalues).sum();
        Pca pca = Pca.of(points);
        for (int i = 0; i < 4; i++) assertEquals(eigenvalues[i] / all, pca.explained()[i], 1e-5);
        double[] projected = new double[4];
        float[] coordinates = pca.project(points, 4).data();
        for (int i = 0; i < coordinates.length; i++) projected[i % 4] += (double) coordinates[i] * coordinates[i];
        for (int i = 0; i < 4; i++) assertEquals(1, projected[i] / eigenvalues[i], 1e-3);
    }

    @Test void aLineIsOneDirection() {
        Tensor states = Tensor.of(new float[] {1, 2, 2, 4, 3, 6}, 3, 1, 2);
        Trajectory trajectory = Trajectory.of(states, List.of("a", "b", "c"));
        assertArrayEquals(new double[] {1, 0}, trajectory.explained(), 1e-6);
        assertArrayEquals(new double[] {-Math.sqrt(5), 0, Math.sqrt(5)}, trajectory.coordinates(0, 0), 1e-5);
    }

    @Test void twoUnitsKeepTheirDistances() {
        Tensor states = Rng.seed(1).normal(6, 3, 2);
        Trajectory trajectory = Trajectory.of(states);
        double before = states.at(0).sub(states.at(5)).norm(),
                after = trajectory.points().at(0).sub(trajectory.points().at(5)).norm();
        assertEquals(1, after / before, 1e-5);
        assertEquals(3, trajectory.sequences());
    }

    @Test void aStateThatIsNotFiniteIsLeftOutAndStaysSo() {
        float[] v = Rng.seed(1).normal(5, 1, 3).data().clone();
        v[7] = Float.NaN;
        Trajectory trajectory = Trajectory.of(Tensor.of(v, 5, 1, 3));
        double[] x = trajectory.coordinates(0, 0);
        for (int t = 0; t < 5; t++) assertEquals(t == 2, Double.isNaN(x[t]));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Trajectory.of(Tensor.full(Double.NaN, 2, 1, 3)))
                .getMessage()
                .contains("each of 2"));
    }

    @Test void oneUnitHasNoPlane() {
        assertEquals(
                "Trajectory: states of shape [5, 2, 1] have one unit, which has no second principal component; draw "
                        + "it over time with Charts.lines",
                assertThrows(IllegalArgumentException.class, () -> Trajectory.of(Tensor.ones(5, 2, 1))).getMessage());
    }

    @Test void aStateThatStandsStillHasNoVariance() {
        assertArrayEquals(new double[] {0, 0}, Trajectory.of(Tensor.ones(4, 1, 3)).explained());
        assertArrayEquals(new double[] {0}, Trajectory.of(Tensor.ones(1, 1, 3)).coordinates(0, 1));
    }

    @Test void eachStepNeedsALabel() {
        assertTrue(
                assertThrows(ShapeException.class, () -> Trajectory.of(Tensor.ones(2, 1, 3), List.of("a"))).getMessage()
                        .contains("1 labels for 2"));
    }
}
