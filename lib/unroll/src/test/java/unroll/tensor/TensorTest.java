package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Making tensors, looking at them, and how they print. */
class TensorTest {
    @Test void making() {
        assertArrayEquals(new float[] {0, 0}, Tensor.zeros(2).data());
        assertArrayEquals(new float[] {1, 1}, Tensor.ones(2).data());
        assertArrayEquals(new float[] {.5f, .5f}, Tensor.full(.5, 2, 1).data());
        assertArrayEquals(new int[] {}, Tensor.scalar(3).shape());
        assertArrayEquals(new int[] {2, 3}, Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).shape());
        assertEquals(6, Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).get(1, 2));
        assertArrayEquals(new int[] {0, 0}, Tensor.of(new double[0][]).shape());
    }

    @Test void looking() {
        Tensor t = Naive.random(1, 2, 3, 4);
        assertEquals(3, t.rank());
        assertEquals(24, t.size());
        assertEquals(4, t.size(-1));
        assertEquals(2, t.size(0));
        assertEquals(t.data()[23], t.get(1, 2, 3));
        assertEquals(7, Tensor.full(7, 1, 1).item());
        t.shape()[0] = 9;
        assertEquals(2, t.size(0));
    }

    @Test void isFinite() {
        assertTrue(Tensor.of(new float[] {-1, 0, Float.MAX_VALUE}, 3).isFinite());
        assertFalse(Tensor.of(new float[] {1, Float.NaN}, 2).isFinite());
        assertFalse(Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 1}, 2).isFinite());
    }

    @Test void integers() {
        IntTensor ids = IntTensor.of(new int[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertEquals(6, ids.get(1, 2));
        assertEquals(3, ids.size(-1));
        assertEquals(6, ids.size());
        assertEquals("IntTensor[2, 3] [1, 2, 3, 4, 5, 6]", ids.toString());
        assertTrue(IntTensor.of(new int[30], 30).toString().endsWith("0, …]"));
    }

    @Test void scalarsPrint() {
        assertEquals("Tensor[] 3.", Tensor.scalar(3).toString());
    }

    @Test void vectorsPrint() {
        assertEquals("Tensor[4] [       1.,   -0.5000,       NaN, 1.000e-05]",
                Tensor.of(new double[] {1, -.5, Double.NaN, 1e-5}, 4).toString());
        assertEquals("Tensor[2] [ Infinity, 1.235e+08]",
                Tensor.of(new double[] {Double.POSITIVE_INFINITY, 1.2345e8 + 8}, 2).toString());
        assertEquals("Tensor[0] []", Tensor.zeros(0).toString());
    }

    @Test void matricesPrintRowByRow() {
        assertEquals("Tensor[2, 2]\n[[1., 2.],\n [3., 4.]]", Tensor.of(new double[][] {{1, 2}, {3, 4}}).toString());
    }

    @Test void longAxesAreShortenedInTheMiddle() {
        float[] v = new float[100];
        for (int i = 0; i < 100; i++) v[i] = i;
        String text = Tensor.of(v, 10, 10).toString();
        assertEquals(8, text.lines().count());                             // the shape, three rows, a mark, three rows
        assertEquals("[[ 0.,  1.,  2., …,  7.,  8.,  9.],", text.lines().skip(1).findFirst().orElse(""));
        assertEquals(" [90., 91., 92., …, 97., 98., 99.]]", text.lines().skip(7).findFirst().orElse(""));
    }

    @Test void parametersPrintTheirName() {
        assertTrue(Naive.parameter("w", 1, 2).toString().startsWith("w[2] ["));
    }
}
