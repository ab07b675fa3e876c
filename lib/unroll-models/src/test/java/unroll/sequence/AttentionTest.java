package unroll.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Close.assertClose;
import static unroll.Close.assertGradient;
import static unroll.Goldens.assertGoldenShape;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import unroll.Goldens;
import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

final class AttentionTest {
    private static final int T = 3, B = 2, S = 4, SIZE = 5;
    private static final int[] LENGTHS = {4, 2};

    private static Tensor states() { return Rng.seed(1).normal(S, B, SIZE); }

    private static Tensor queries() { return Rng.seed(2).normal(T, B, SIZE); }

    private static Attention.Result attend(Attention attention, Tensor queries, Tensor states) {
        return attention.attend(queries, attention.keys(states, Lengths.of(LENGTHS)));
    }

    /**
     * PyTorch's masked attention divides scores by √d, and each query has a mask of its own: the third key is hidden
     * from the first query, the second and third one from the other. Here the queries are scaled, each is a source of
     * its own, and what is hidden from it comes last.
     */
    @TestFactory Stream<DynamicTest> asPyTorch() {
        return Goldens.tests("masked attention", c -> c.name().equals("dot-product-attention-masked"), c -> {
            IntTensor order = IntTensor.of(new int[] {0, 0, 1, 3, 3, 1, 2, 2}, 4, 2);
            Parameter q = new Parameter("q", c.tensor("inputs.0")), k = new Parameter("k", c.tensor("inputs.1")),
                    v = new Parameter("v", c.tensor("inputs.2"));
            Attention.Keys keys = Attention.Keys.of(k.rows(order), v.rows(order), Lengths.of(3, 2));
            Tensor y = Attend.of(q.mul(1 / Math.sqrt(3)).reshape(1, 2, 3), keys, MultiplicativeAttention.dot(3, 3))
                    .context();
            y.backward(c.tensor("cotangent").reshape(1, 2, 5));
            assertGoldenShape("output", c.array("output"), y.reshape(2, 5));
            assertGoldenShape("gradient of queries", c.array("grads.0"), q.gradient());
            assertGoldenShape("gradient of keys", c.array("grads.1"), k.gradient());
            assertGoldenShape("gradient of values", c.array("grads.2"), v.gradient());
        });
    }

    @ParameterizedTest
    @EnumSource(Attention.Kind.class) void gradientsAgreeWithDifferences(Attention.Kind kind) {
        Attention attention = kind.build(SIZE, SIZE, Rng.seed(3));
        Parameter q = new Parameter("q", queries()), h = new Parameter("h", states());
        List<Parameter> all = attention.parameters();
        all.addAll(List.of(q, h));
        Parameter[] parameters = all.toArray(Parameter[]::new);
        assertGradient(() -> attend(attention, q, h).context(), parameters);
        assertGradient(() -> attend(attention, q, h).weights(), parameters);
        assertGradient(() -> {
            Attention.Result r = attend(attention, q, h);
            return Tensor.concat(-1, List.of(r.context(), r.weights()));
        }, parameters);
    }

    @ParameterizedTest
    @EnumSource(Attention.Kind.class) void weightsAreAMeanWithNothingOnPadding(Attention.Kind kind) {
        Attention attention = kind.build(SIZE, SIZE, Rng.seed(3));
        Attention.Result r = attend(attention, queries(), states());
        for (int t = 0; t < T; t++) {
            for (int b = 0; b < B; b++) {
                double sum = 0;
                for (int s = 0; s < S; s++) sum += r.weights().get(t, b, s);
                assertEquals(1, sum, 1e-6);
                for (int s = LENGTHS[b]; s < S; s++) assertEquals(0, r.weights().get(t, b, s), 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Attention.Kind.class) void paddingIsNeverLookedAt(Attention.Kind kind) {
        Attention attention = kind.build(SIZE, SIZE, Rng.seed(3));
        Parameter clean = new Parameter("clean", states());
        Tensor dirty = states();
        for (int s = 2; s < S; s++) for (int j = 0; j < SIZE; j++) dirty.data()[(s * B + 1) * SIZE + j] = Float.NaN;
        Parameter other = new Parameter("dirty", dirty);
        assertClose("context", attend(attention, queries(), clean).context(),
                attend(attention, queries(), other).context(), 0);
        attend(attention, queries(), clean).context().sum().backward();
        float[] g = clean.gradient().data();
        for (int s = 2; s < S; s++) for (int j = 0; j < SIZE; j++) assertEquals(0, g[(s * B + 1) * SIZE + j], 0);
    }

    @ParameterizedTest
    @EnumSource(Attention.Kind.class) void oneQueryAfterTheOtherIsTheSameAsAllAtOnce(Attention.Kind kind) {
        Attention attention = kind.build(SIZE, SIZE, Rng.seed(3));
        Attention.Keys keys = attention.keys(states(), Lengths.of(LENGTHS));
        Tensor all = attention.attend(queries(), keys).context();
        for (int t = 0; t < T; t++)
            assertClose("step " + t, all.at(t), attention.attend(queries().slice(0, t, t + 1), keys).context().at(0),
                    1e-6);
    }

    /** Straight from the equations, with operations of the tape. */
    @ParameterizedTest
    @EnumSource(Attention.Kind.class) void anyNumberOfThreadsGivesTheSameBits(Attention.Kind kind) {
        int[] lengths = new int[19];
        for (int b = 0; b < lengths.length; b++) lengths[b] = 1 + b % 7;
        Attention attention = kind.build(24, 24, Rng.seed(3));
        List<List<float[]>> results = Stream.of(1, 2, 3, 4, 8).map(threads -> Parallel.withThreads(threads, () -> {
            attention.zeroGradients();
            Tensor states = Rng.seed(4).normal(7, 19, 24).tracked(), queries = Rng.seed(5).normal(5, 19, 24).tracked();
            Attention.Result found = attention.attend(queries, attention.keys(states, Lengths.of(lengths)));
            found.context().square().sum().add(found.weights().square().sum()).backward();
            List<float[]> all = new ArrayList<>(List.of(found.context().data(), found.weights().data(),
                    states.gradient().data(), queries.gradient().data()));
            attention.parameters().forEach(p -> all.add(p.gradient().data()));
            return all;
        })).toList();
        for (List<float[]> more : results)
            for (int i = 0; i < more.size(); i++) assertArrayEquals(results.get(0).get(i), more.get(i), "array " + i);
    }

    @Test void scoresAreThoseOfThePapers() {
        // [1, 5] and [4, 5] of source 0
        Tensor q = queries().at(1).slice(0, 0, 1), h = states().permute(1, 0, 2).at(0);
        AdditiveAttention additive = new AdditiveAttention(SIZE, SIZE, 7, Rng.seed(4));
        // concat of Luong
        Tensor stacked = Tensor.concat(-1, List.of(q.expand(S, SIZE), h))
                .matmul(Tensor.concat(0, List.of(additive.w(), additive.u())));
        check(stacked.tanh().matmul(additive.v()), h, attend(additive, queries(), states()));
        MultiplicativeAttention general = MultiplicativeAttention.general(SIZE, SIZE, Rng.seed(5));
        check(h.matmul(general.parameters().get(0)).matmul(q.reshape(SIZE)), h, attend(general, queries(), states()));
        check(h.matmul(q.reshape(SIZE)), h, attend(MultiplicativeAttention.dot(SIZE, SIZE), queries(), states()));
    }

    private static void check(Tensor scores, Tensor h, Attention.Result result) {
        Tensor weights = scores.reshape(1, S).softmax();
        assertClose("weights", weights.reshape(S), result.weights().at(1).at(0), 1e-5);
        assertClose("context", weights.matmul(h).reshape(SIZE), result.context().at(1).at(0), 1e-5);
    }

    @Test void selectedKeysAreThoseOfTheirSource() {
        Attention attention = Attention.Kind.ADDITIVE.build(SIZE, SIZE, Rng.seed(3));
        Attention.Keys keys = attention.keys(states(), Lengths.of(LENGTHS)),
                chosen = keys.select(new int[] {1, 0, 1}).select(new int[] {2, 1});
        Tensor q = queries();
        Tensor swapped = Tensor
                .stack(q.unbind().stream().map(row -> row.rows(IntTensor.of(new int[] {1, 0}, 2))).toList());
        Tensor straight = attention.attend(q, keys).context(), other = attention.attend(swapped, chosen).context();
        for (int t = 0; t < T; t++)
            for (int b = 0; b < B; b++) assertClose("row", straight.at(t).at(b), other.at(t).at(1 - b), 1e-6);
        Parameter asked = new Parameter("q", swapped);
        assertGradient(() -> attention.attend(asked, chosen).context(), asked);
        assertThrows(ShapeException.class, () -> keys.select(new int[] {2}));
    }

    @Test void mistakesAreNamed() {
        Attention attention = Attention.Kind.GENERAL.build(3, SIZE, Rng.seed(3));
        ShapeException padding = assertThrows(ShapeException.class, () -> attention.keys(states(), Lengths.of(4, 0)));
        assertTrue(padding.getMessage().contains("sequence 1 has 0; leave empty"), padding.getMessage());
        assertThrows(ShapeException.class, () -> attention.keys(states(), Lengths.of(4, 5)));
        assertThrows(ShapeException.class, () -> attention.keys(states(), Lengths.of(4)));
        ShapeException size = assertThrows(ShapeException.class,
                () -> attention.attend(queries(), attention.keys(states(), Lengths.of(LENGTHS))));
        assertEquals("MultiplicativeAttention(query=3, state=5, general): expected queries [T, 2, 3] but got [3, 2, 5]",
                size.getMessage());
        IllegalArgumentException dot = assertThrows(IllegalArgumentException.class,
                () -> Attention.Kind.DOT.build(3, SIZE, Rng.seed(3)));
        assertTrue(dot.getMessage().contains("choose general(..)"), dot.getMessage());
        assertArrayEquals(new int[] {T, B, S},
                attend(Attention.Kind.DOT.build(SIZE, SIZE, Rng.seed(1)), queries(), states()).weights().shape());
    }
}
