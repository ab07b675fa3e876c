package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import unroll.nn.SequenceLayer;
import unroll.tensor.GradientCheck;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

class LstmTest {
    /** Everything that comes out of a layer and goes back through it, one array after the other. */
    private static List<float[]> all(SequenceLayer layer, int T, int B, int I, int H) {
        Rng rng = Rng.seed(5);
        Tensor x = rng.normal(T, B, I).tracked(), h = rng.normal(B, H).tracked(), c = rng.normal(B, H).tracked();
        layer.zeroGradients();
        SequenceLayer.Output out = layer.apply(x, new LstmState(h, c));
        LstmState last = (LstmState) out.last();
        out.states().mul(rng.normal(T, B, H)).sum().add(last.h().mul(rng.normal(B, H)).sum()).add(last.c().mul(rng.normal(B, H)).sum()).backward();
        List<Parameter> p = layer.parameters();
        return List.of(out.states().data(), last.h().data(), last.c().data(), x.gradientData(), h.gradientData(), c.gradientData(),
                p.get(0).gradientData(),
                p.get(1).gradientData(), p.get(2).gradientData());
    }

    @ParameterizedTest(name = "T={0} B={1} I={2} H={3}")
    @CsvSource({"1,1,1,1", "5,1,3,4", "7,3,5,6", "6,2,3,128", "20,33,17,40", "3,70,64,64"}) void fusedEqualsUnrolled(int T, int B, int I, int H) {
        LstmCell cell = new LstmCell(I, H, Rng.seed(3));
        List<float[]> fused = all(new Lstm(cell), T, B, I, H), unrolled = all(new Unrolled<>(cell), T, B, I, H);
        for (int i = 0; i < fused.size(); i++) {
            double scale = 1e-6;
            for (float v : unrolled.get(i)) scale = Math.max(scale, Math.abs(v));
            for (int k = 0; k < fused.get(i).length; k++)
                assertEquals(unrolled.get(i)[k], fused.get(i)[k], 2e-6 * scale, "array " + i + ", element " + k);
        }
    }

    @Test void bitEqualForAnyNumberOfThreads() {
        List<float[]> one = Parallel.withThreads(1, () -> all(new Lstm(new LstmCell(64, 128, Rng.seed(3))), 30, 32, 64, 128));
        for (int threads : new int[] {2, 4}) {
            List<float[]> more = Parallel.withThreads(threads, () -> all(new Lstm(new LstmCell(64, 128, Rng.seed(3))), 30, 32, 64, 128));
            for (int i = 0; i < one.size(); i++) assertArrayEquals(one.get(i), more.get(i));
        }
    }

    @Test void gradientsAreThoseOfDifferences() {
        Lstm layer = new Lstm(new LstmCell(3, 4, Rng.seed(1)));
        Tensor x = Rng.seed(2).normal(5, 2, 3), cotangent = Rng.seed(3).normal(5, 2, 4);
        GradientCheck check = GradientCheck.of(() -> layer.apply(x).states().mul(cotangent).sum(), layer.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 2e-3, check.toString());
    }

    @Test void aPassIsNotDisturbedByOthersBeforeItsBackward() {
        Lstm layer = new Lstm(new LstmCell(3, 4, Rng.seed(1)));
        Tensor x = Rng.seed(2).normal(5, 2, 3).tracked();
        layer.apply(x).states().sum().backward();
        float[] alone = x.gradientData().clone();
        x.zeroGradient();
        Tensor loss = layer.apply(x).states().sum();
        layer.apply(Rng.seed(4).normal(5, 2, 3)).states().sum().backward();
        loss.backward();
        assertArrayEquals(alone, x.gradientData());
    }

    @Test void wrongShapesAreNamedWithBothShapes() {
        Lstm layer = new Lstm(new LstmCell(64, 8, Rng.seed(1)));
        ShapeException e = assertThrows(ShapeException.class, () -> layer.apply(Tensor.zeros(100, 32, 65)));
        assertTrue(e.getMessage().contains("[T, B, 64]") && e.getMessage().contains("[100, 32, 65]"), e.getMessage());
        ShapeException s = assertThrows(ShapeException.class, () -> layer.apply(Tensor.zeros(10, 32, 64), layer.initialState(31)));
        assertTrue(s.getMessage().contains("[32, 8]") && s.getMessage().contains("[31, 8]"), s.getMessage());
    }
}
