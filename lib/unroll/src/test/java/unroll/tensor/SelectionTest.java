package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.Close;

/** Slices, stacks, reshaping, rows and single elements: by the index, with gradients. */
class SelectionTest {
    @Test void overlappingSlicesAddTheirGradients() {
        Tensor x = Naive.random(1, 4).tracked();
        x.slice(0, 0, 3).sum().add(x.slice(0, 1, 4).sum()).backward();
        assertArrayEquals(new float[] {1, 2, 2, 1}, x.gradient().data());
    }

    @Test void atAndColumnsAndStack() {
        Tensor x = Naive.random(2, 3, 2, 4).tracked();
        Naive.assertGathers(x, x.at(1), new int[] {2, 4}, i -> new int[] {1, i[0], i[1]});
        x.zeroGradient();
        Naive.assertGathers(x, x.columns(1, 3), new int[] {3, 2, 2}, i -> new int[] {i[0], i[1], i[2] + 1});
        x.zeroGradient();
        Close.assertClose("stack of slices", x, Tensor.stack(List.of(x.at(0), x.at(1), x.at(2))), 0);
        assertArrayEquals(new int[] {2}, Tensor.stack(List.of(Tensor.scalar(1), Tensor.scalar(2))).shape());
        Parameter p = Naive.parameter("p", 3, 2, 3);
        Close.assertGradient(() -> Tensor.stack(List.of(p, p.tanh(), p)), p);
        Close.assertClose("stack of all of them", x, Tensor.stack(x.unbind()), 0);
        Close.assertGradient(() -> p.unbind().get(0).mul(p.unbind().get(1)), p);   // most of the others get no gradient
    }

    @Test void transposeExchangesTheLastTwoAxes() {
        Tensor x = Naive.random(2, 3, 2, 4).tracked();
        Naive.assertGathers(x, x.transpose(), new int[] {3, 4, 2}, i -> new int[] {i[0], i[2], i[1]});
    }

    @Test void reshape() {
        Parameter p = Naive.parameter("p", 4, 3, 4);
        Close.assertClose("reshape", Tensor.of(p.data(), 2, 6), p.reshape(2, -1), 0);
        Close.assertGradient(() -> p.reshape(6, 2).tanh(), p);
        assertArrayEquals(new int[] {}, Tensor.ones(1, 1).reshape().shape());
        assertArrayEquals(new int[] {0, 3}, Tensor.zeros(0).reshape(-1, 3).shape());
    }

    @Test void rowsOfAMatrix() {
        Tensor table = Naive.random(5, 4, 3).tracked();
        int[] ids = {2, 0, 2, 3};
        Naive.assertGathers(table, table.rows(IntTensor.of(ids, 2, 2)), new int[] {2, 2, 3},
                i -> new int[] {ids[i[0] * 2 + i[1]], i[2]});
    }
}
