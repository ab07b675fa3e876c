package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.MatrixUtils;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;

/**
 * Recurrent and convolution mode are one function; discretizations are what they are named after; errors say what was
 * wrong.
 */
class LinearSystemTest {
    private static final double[][] OSCILLATOR = {{0, 1}, {-4, -.8}};

    private static double[][] random(Rng rng, int rows, int columns) {
        double[][] m = new double[rows][columns];
        for (double[] row : m) for (int j = 0; j < columns; j++) row[j] = rng.nextGaussian();
        return m;
    }

    /** Random, moved so that its poles have real parts of at most -0.2. */
    private static LinearSystem stable(long seed, int states, int inputs, int outputs) {
        Rng rng = Rng.seed(seed);
        double[][] a = random(rng, states, states), b = random(rng, states, inputs), c = random(rng, outputs, states),
                d = random(rng, outputs, inputs);
        double largest = new LinearSystem(a, b, c, d).poles()[0].re();
        for (int n = 0; n < states; n++) a[n][n] -= largest + .2;
        return new LinearSystem(a, b, c, d);
    }

    @Property(tries = 60, seed = "3") void kernelEqualsRecurrence(@ForAll @IntRange(min = 1, max = 6) int states,
            @ForAll @IntRange(min = 1, max = 3) int inputs, @ForAll @IntRange(min = 1, max = 3) int outputs,
            @ForAll @IntRange(min = 1, max = 50) int L) {
        LinearSystem system = stable(states * 1000L + L, states, inputs, outputs);
        double[][] u = random(Rng.seed(L), L, inputs);
        for (Discretization how : new Discretization[] {Discretization.zeroOrderHold(.05), Discretization.bilinear(.05),
                Discretization.backwardEuler(.05)}) {
            DiscreteSystem steps = system.discretize(how);
            double[][] stepped = steps.simulate(u, new double[states]).outputs(),
                    convolved = steps.kernel(L).convolve(u);
            for (int k = 0; k < L; k++) assertArrayEquals(stepped[k], convolved[k], 1e-9);
        }
    }

    /** exp of a rotation, of a nilpotent matrix, and of one whose norm asks for squaring. */
    @Example void exponential() {
        double[][] rotation = MatrixExponential.of(MatrixUtils.createRealMatrix(new double[][] {{0, -30}, {30, 0}}))
                .getData();
        assertArrayEquals(new double[] {Math.cos(30), -Math.sin(30)}, rotation[0], 1e-12);
        double[][] nilpotent = MatrixExponential.of(MatrixUtils.createRealMatrix(new double[][] {{0, 2}, {0, 0}}))
                .getData();
        assertArrayEquals(new double[] {1, 2}, nilpotent[0], 1e-15);
        double[][] diagonal = MatrixExponential.of(MatrixUtils.createRealMatrix(new double[][] {{-50, 0}, {0, 1}}))
                .getData();
        assertEquals(Math.exp(-50), diagonal[0][0], 1e-30);
        assertEquals(Math.E, diagonal[1][1], 1e-13);
    }

    /** One zero-order-hold step of 2 is two of 1: the exact solution does not depend on the step. */
    @Example void zeroOrderHoldIsExact() {
        LinearSystem system = LinearSystem.of(OSCILLATOR, new double[] {0, 1}, new double[] {1, 0}, 0);
        double[] wide = system.discretize(Discretization.zeroOrderHold(.5)).stepResponse(10);
        double[] narrow = system.discretize(Discretization.zeroOrderHold(.25)).stepResponse(20);
        for (int k = 0; k < 10; k++) assertEquals(wide[k], narrow[2 * k + 1], 1e-12);
        // at rest: force / stiffness
        assertEquals(.25, system.discretize(Discretization.bilinear(.5)).stepResponse(200)[199], 1e-9);
    }

    @Example void impulseResponseIsTheKernel() {
        DiscreteSystem steps = LinearSystem.of(OSCILLATOR, new double[] {0, 1}, new double[] {1, 0}, 2)
                .discretize(Discretization.bilinear(.1));
        double[] response = steps.impulseResponse(20);
        DiscreteSystem.Kernel kernel = steps.kernel(20);
        for (int l = 0; l < 20; l++) assertEquals(response[l], kernel.values()[l][0][0] + (l == 0 ? 2 : 0), 1e-12);
    }

    @Example void poles() {
        LinearSystem system = LinearSystem.of(OSCILLATOR, new double[] {0, 1}, new double[] {1, 0}, 0);
        Complex pole = system.poles()[0];
        assertEquals(-.4, pole.re(), 1e-12);
        assertEquals(Math.sqrt(4 - .16), Math.abs(pole.im()), 1e-12);
        assertEquals(Math.exp(-.4 * .1), system.discretize(Discretization.zeroOrderHold(.1)).poles()[0].abs(), 1e-12);
    }

    @Example void anUnstableSystemHasNoKernelAndIsNamed() {
        LinearSystem system = LinearSystem.of(new double[][] {{.5, 0}, {0, -1}}, new double[] {1, 1},
                new double[] {1, 1}, 0);
        DiscreteSystem steps = system.discretize(Discretization.zeroOrderHold(1));
        var e = assertThrows(IllegalArgumentException.class, () -> steps.kernel(10));
        assertTrue(e.getMessage().contains("eigenvalue 1.648"), e.getMessage());
        assertEquals(10, steps.simulate(new double[10]).length);           // simulating it is allowed
    }

    @Example void wrongValuesAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Discretization.bilinear(0)).getMessage()
                .contains("0.0"));
        assertThrows(IllegalArgumentException.class, () -> Discretization.euler(-1));
        assertThrows(IllegalArgumentException.class, () -> Discretization.zeroOrderHold(Double.NaN));
        var shapes = assertThrows(ShapeException.class,
                () -> new LinearSystem(new double[2][3], new double[2][1], new double[1][2], new double[1][1]));
        assertTrue(shapes.getMessage().contains("[2, 3]"), shapes.getMessage());
        assertThrows(ShapeException.class,
                () -> LinearSystem.of(OSCILLATOR, new double[] {0, 1, 2}, new double[] {1, 0}, 0));
        assertThrows(IllegalArgumentException.class,
                () -> LinearSystem.of(new double[][] {{Double.NaN}}, new double[] {1}, new double[] {1}, 0));
        var pole = assertThrows(IllegalArgumentException.class,
                () -> LinearSystem.of(new double[][] {{2}}, new double[] {1}, new double[] {1}, 0)
                        .discretize(Discretization.bilinear(1)));
        assertTrue(pole.getMessage().contains("step of 1.0"), pole.getMessage());
        DiscreteSystem steps = stable(1, 3, 2, 1).discretize(Discretization.bilinear(.1));
        assertThrows(ShapeException.class, () -> steps.simulate(new double[4]));
        assertThrows(ShapeException.class, () -> steps.kernel(3).convolve(new double[4][2]));
    }

    /** What is handed in or out can be changed without changing the system. */
    @Example void systemsAreValues() {
        double[][] a = {{-1}};
        LinearSystem system = LinearSystem.of(a, new double[] {1}, new double[] {1}, 0);
        a[0][0] = 5;
        system.a()[0][0] = 7;
        assertEquals(-1, system.a()[0][0]);
        assertEquals(LinearSystem.of(new double[][] {{-1}}, new double[] {1}, new double[] {1}, 0), system);
    }
}
