package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static unroll.statespace.SsmGoldens.assertOutput;
import static unroll.statespace.SsmGoldens.complex;
import static unroll.statespace.SsmGoldens.matrix;
import static unroll.statespace.SsmGoldens.vector;

import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import unroll.Goldens;
import unroll.Goldens.Case;
import unroll.tensor.LinearAlgebra.Complex;
import unroll.tensor.Tensor;

/** Linear systems and HiPPO against SciPy in double precision. */
final class LinearSystemGoldenTest {
    static Discretization discretization(Case c) {
        double step = c.number("inputs.step");
        return switch (c.text("method")) {
            case "zoh" -> Discretization.zeroOrderHold(step);
            case "bilinear" -> Discretization.bilinear(step);
            case "euler" -> Discretization.euler(step);
            case "backward" -> Discretization.backwardEuler(step);
            default -> throw new IllegalArgumentException(c.text("method"));
        };
    }

    @TestFactory Stream<DynamicTest> systems() {
        return SsmGoldens.tests("lti", c -> {
            var system = new LinearSystem(matrix(c, "inputs.A"), matrix(c, "inputs.B"), matrix(c, "inputs.C"),
                    matrix(c, "inputs.D"));
            DiscreteSystem steps = system.discretize(discretization(c));
            assertOutput(c, "Ab", steps.a());
            assertOutput(c, "Bb", steps.b());
            double[][] u = matrix(c, "inputs.u");
            DiscreteSystem.Kernel kernel = kernel(steps, u.length);
            double[] flat = Arrays.stream(kernel.values()).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream)
                    .toArray();
            Goldens.assertGoldenShape("K", c.array("outputs.K"),
                    Tensor.of(flat, u.length, steps.outputs(), steps.inputs()));
            var zero = steps.simulate(u, new double[steps.order()]);
            assertOutput(c, "y", zero.outputs());
            assertOutput(c, "xT", zero.last());
            assertOutput(c, "y", kernel.convolve(u));
            var started = steps.simulate(u, vector(c, "inputs.x0"));
            assertOutput(c, "y_x0", started.outputs());
            assertOutput(c, "xT_x0", started.last());
        });
    }

    /** That of an unstable system is refused; as far as it goes it is what impulses leave. */
    private static DiscreteSystem.Kernel kernel(DiscreteSystem steps, int length) {
        if (steps.poles()[0].abs() <= 1 + 1e-6) return steps.kernel(length);
        assertThrows(IllegalArgumentException.class, () -> steps.kernel(length));
        double[][][] k = new double[length][steps.outputs()][steps.inputs()];
        for (int i = 0; i < steps.inputs(); i++) {
            double[][] u = new double[length][steps.inputs()];
            u[0][i] = 1;
            double[][] y = steps.simulate(u, new double[steps.order()]).outputs();
            for (int l = 0; l < length; l++)
                for (int o = 0; o < steps.outputs(); o++) k[l][o][i] = y[l][o] - (l == 0 ? steps.d()[o][i] : 0);
        }
        return new DiscreteSystem.Kernel(k, steps.d());
    }

    /** The rules for one eigenvalue, which diagonal layers use. */
    @TestFactory Stream<DynamicTest> diagonalSystems() {
        return SsmGoldens.tests("lti-diagonal", c -> {
            Discretization how = discretization(c);
            Complex[] a = complex(c, "inputs.A"), b = complex(c, "inputs.B"), nextA = a.clone(), nextB = b.clone();
            Arrays.setAll(nextA, n -> how.rule().state(a[n], how.step()));
            Arrays.setAll(nextB, n -> how.rule().input(a[n], how.step()).times(b[n]));
            assertOutput(c, "Ab", nextA);
            assertOutput(c, "Bb", nextB);
        });
    }

    @TestFactory Stream<DynamicTest> hippoMatrices() {
        return SsmGoldens.tests("hippo-legs", c -> {
            Hippo legS = Hippo.legS(c.integer("inputs.N"));
            assertOutput(c, "A", legS.a());
            assertOutput(c, "B", legS.b());
            var parts = legS.normalPlusLowRank();
            assertOutput(c, "P", parts.p());
            assertOutput(c, "normal", parts.normal());
            assertOutput(c, "eigen_im", parts.frequencies());
            double[] half = new double[legS.size()];
            Arrays.fill(half, -.5);
            assertOutput(c, "eigen_re", half);
        });
    }

    /**
     * The file has n = 0 .. N-1 of both formulas; a layer of state size 2 N has these as its N pairs for LIN, and the
     * half with {@code n < N/2} for INV.
     */
    @TestFactory Stream<DynamicTest> diagonalStarts() {
        return SsmGoldens.tests("s4d-init", c -> {
            int N = c.integer("inputs.N");
            assertOutput(c, "lin", S4dInit.LIN.poles(2 * N));
            Complex[] inv = S4dInit.INV.poles(N), theirs = complex(c, "outputs.inv");
            Complex[] half = Arrays.copyOf(theirs, N / 2);
            for (int n = 0; n < N / 2; n++) {
                assertEquals(half[n].re(), inv[n].re(), 1e-12);
                assertEquals(half[n].im(), inv[n].im(), 1e-9);
            }
        });
    }

    @TestFactory Stream<DynamicTest> onlineMemories() {
        return SsmGoldens.tests("hippo-online", c -> {
            for (boolean exact : new boolean[] {true, false}) {
                int N = c.integer("inputs.N");
                String how = exact ? "_zoh_log" : "_bilinear";
                double[] f = vector(c, "inputs.f"), times = vector(c, "inputs.times");
                double[][] coefficients = new double[times.length][];
                HippoMemory memory = exact ? HippoMemory.exact(N) : HippoMemory.bilinear(N);
                for (double sample : f) {
                    memory = memory.next(sample);
                    for (int j = 0; j < times.length; j++)
                        if (times[j] == memory.samples()) coefficients[j] = memory.coefficients();
                }
                assertOutput(c, "coefficients" + how, coefficients);
                double[] past = memory.reconstruct(f.length);
                assertOutput(c, "reconstruction" + how, past);
                assertOutput(c, "rmse" + how, HippoTest.rootMeanSquare(past, f));
            }
        });
    }

    @TestFactory Stream<DynamicTest> normalPlusLowRankKernels() {
        return SsmGoldens.tests("s4-dplr", c -> {
            int N = c.integer("inputs.N"), L = c.integer("inputs.L");
            Hippo legS = Hippo.legS(N);
            double[] k = LinearSystem.of(legS.a(), legS.b(), vector(c, "inputs.C"), 0)
                    .discretize(Discretization.bilinear(c.number("inputs.step")))
                    .impulseResponse(L);
            assertOutput(c, "K", k);
        });
    }
}
