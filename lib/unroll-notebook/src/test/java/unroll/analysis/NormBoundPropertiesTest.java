package unroll.analysis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import unroll.nn.Initializer;
import unroll.nn.State;
import unroll.recurrent.Cell;
import unroll.recurrent.ElmanCell;
import unroll.recurrent.IndRnnCell;
import unroll.recurrent.Nonlinearity;
import unroll.recurrent.PreactivationCell;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** No product of Jacobians is longer than (σ_max(U) γ)^(t-k), whatever the weights and inputs. */
class NormBoundPropertiesTest {
    @Property(tries = 60, seed = "1", edgeCases = EdgeCasesMode.NONE) void elman(@ForAll int seed,
            @ForAll Nonlinearity f,
            @ForAll @IntRange(min = 1, max = 8) int units, @ForAll @DoubleRange(min = 0.1, max = 3) double scale) {
        Rng rng = Rng.seed(seed);
        holds(new ElmanCell(2, units, f, rng), units, scale, rng);
    }

    @Property(tries = 60, seed = "2", edgeCases = EdgeCasesMode.NONE) void stateBeforeTheNonlinearity(@ForAll int seed,
            @ForAll Nonlinearity f,
            @ForAll @IntRange(min = 1, max = 8) int units, @ForAll @DoubleRange(min = 0.1, max = 3) double scale) {
        Rng rng = Rng.seed(seed);
        holds(new PreactivationCell(2, units, f, rng), units, scale, rng);
    }

    @Property(tries = 30, seed = "3", edgeCases = EdgeCasesMode.NONE) void independentUnits(@ForAll int seed,
            @ForAll Nonlinearity f) {
        Rng rng = Rng.seed(seed);
        holds(new IndRnnCell(2, 4, f, rng), rng.normal(12, 2));
    }

    /** Orthogonal weights times a number reach the bound exactly where σ is linear. */
    private static <S extends State> void holds(Cell<S> cell, int units, double scale, Rng rng) {
        Parameter u = cell.parameters().get(1);
        u.set(Initializer.orthogonal().times(scale).values(units, units, rng));
        holds(cell, rng.normal(12, 2));
    }

    private static <S extends State> void holds(Cell<S> cell, Tensor x) {
        JacobianProducts products = JacobianProducts.along(cell, x);
        NormBound bound = products.bound().orElseThrow();
        assertTrue(bound.holds(products.norms()), () -> products + " above " + bound);
    }
}
