package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import unroll.Close;

/** Slices, concatenation and permutation of random shapes: by the index, with gradients. */
class SelectionPropertiesTest {
    @Provide Arbitrary<int[]> shapes() {
        return Arbitraries.integers().between(1, 5).array(int[].class).ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 100, seed = "1", edgeCases = EdgeCasesMode.NONE) void slice(@ForAll("shapes") int[] shape,
            @ForAll int seed) {
        Rng rng = Rng.seed(seed);
        int axis = rng.nextInt(shape.length), from = rng.nextInt(shape[axis] + 1),
                to = from + rng.nextInt(shape[axis] - from + 1);
        Tensor x = Naive.random(seed, shape).tracked();
        int[] result = shape.clone();
        result[axis] = to - from;
        Naive.assertGathers(x, x.slice(axis, from, to), result, i -> {
            int[] at = i.clone();
            at[axis] += from;
            return at;
        });
    }

    @Property(tries = 100, seed = "2", edgeCases = EdgeCasesMode.NONE) void permute(@ForAll("shapes") int[] shape,
            @ForAll int seed) {
        int[] axes = Rng.seed(seed).permutation(shape.length),
                result = Arrays.stream(axes).map(a -> shape[a]).toArray();
        Tensor x = Naive.random(seed, shape).tracked();
        Naive.assertGathers(x, x.permute(axes), result, i -> {
            int[] at = new int[i.length];
            for (int j = 0; j < i.length; j++) at[axes[j]] = i[j];
            return at;
        });
    }

    @Property(tries = 100, seed = "3", edgeCases = EdgeCasesMode.NONE) void concat(@ForAll("shapes") int[] shape,
            @ForAll int seed) {
        Rng rng = Rng.seed(seed);
        int axis = rng.nextInt(shape.length), count = 1 + rng.nextInt(4), total = 0;
        List<Tensor> parts = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            int[] own = shape.clone();
            own[axis] = rng.nextInt(4);
            total += own[axis];
            parts.add(rng.normal(own).tracked());
        }
        Tensor all = Tensor.concat(axis - shape.length, parts);
        int[] result = shape.clone();
        result[axis] = total;
        assertArrayEquals(result, all.shape());
        Tensor weight = Naive.random(5, result);
        all.backward(weight);
        int begin = 0;
        for (Tensor p : parts) {
            Close.assertClose("part", p, all.slice(axis, begin, begin + p.size(axis)), 0);
            Close.assertClose("gradient", weight.slice(axis, begin, begin + p.size(axis)), p.gradient(), 0);
            begin += p.size(axis);
        }
    }
}
