package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.Close;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * After a transfer two cells are one function over a sequence; where that cannot be, the error says why and nothing is
 * written.
 */
class WeightTransferTest {
    private static final int I = 3, H = 5;
    private static final Nonlinearity TANH = Nonlinearity.TANH, LOGISTIC = Nonlinearity.LOGISTIC;

    private static GruCell gru(GruConvention convention, long seed) {
        return new GruCell(I, H, convention, Rng.seed(seed));
    }

    static Stream<Arguments> exact() {
        Rng a = Rng.seed(1), b = Rng.seed(2);
        List<Arguments> pairs = new ArrayList<>();
        for (GruConvention from : GruConvention.values())
            for (GruConvention to : GruConvention.values())
                if (from.resetAfter() == to.resetAfter()) pairs.add(Arguments.of(gru(from, 1), gru(to, 2)));
        pairs.add(Arguments.of(new GruCell(I, H, a), gru(GruConvention.KEEPS_NEW_RESET_AFTER, 2)));
        pairs.add(Arguments.of(gru(GruConvention.KEEPS_NEW_RESET_AFTER, 1), new GruCell(I, H, b)));
        pairs.add(Arguments.of(new MinimalGatedUnitCell(I, H, a), gru(GruConvention.KEEPS_NEW_RESET_BEFORE, 2)));
        pairs.add(Arguments.of(new MinimalGatedUnitCell(I, H, a), gru(GruConvention.KEEPS_OLD_RESET_BEFORE, 2)));
        pairs.add(Arguments.of(new MinimalGatedUnitCell(I, H, a), new MinimalGatedUnitCell(I, H, b)));
        pairs.add(Arguments.of(new LstmCell(I, H, a), new PeepholeLstmCell(I, H, b)));
        pairs.add(Arguments.of(new CoupledLstmCell(I, H, a), new LstmCell(I, H, b)));
        pairs.add(Arguments.of(new CoupledLstmCell(I, H, a), new PeepholeLstmCell(I, H, b)));
        for (Nonlinearity f : List.of(TANH, Nonlinearity.RELU)) {
            pairs.add(Arguments.of(new ElmanCell(I, H, f, a), new PreactivationCell(I, H, f, b)));
            pairs.add(Arguments.of(new PreactivationCell(I, H, f, a), new ElmanCell(I, H, f, b)));
        }
        pairs.add(Arguments.of(new ElmanCell(I, H, LOGISTIC, a), new TimeSkipCell(I, H, LOGISTIC, b)));
        pairs.add(Arguments.of(new IndRnnCell(I, H, TANH, a), new ElmanCell(I, H, TANH, b)));
        pairs.add(Arguments.of(new IndRnnCell(I, H, LOGISTIC, a), new IndRnnCell(I, H, LOGISTIC, b)));
        pairs.add(Arguments.of(new MinGruCell(I, H, a), new MinGruCell(I, H, b)));
        pairs.add(Arguments.of(new JordanCell(I, 7, H, TANH, a), new JordanCell(I, 7, H, TANH, b)));
        return pairs.stream();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("exact") void exactTransfersGiveTheSameFunction(Cell<?> from, Cell<?> to) {
        Tensor x = Rng.seed(5).normal(8, 2, I), expected = new Unrolled<>(from).apply(x).states();
        List<float[]> before = from.parameters().stream().map(Parameter::data).toList();
        assertTrue(expected.sub(new Unrolled<>(to).apply(x).states()).norm() > .1, "different before the transfer");
        WeightTransfer.between(from, to).apply();
        Close.assertClose("states", expected, new Unrolled<>(to).apply(x).states(), 2e-6);
        for (int i = 0; i < before.size(); i++) assertArrayEquals(before.get(i), from.parameters().get(i).data());
    }

    /** What was written in a more general form can be read back from it, bit for bit. */
    @ParameterizedTest(name = "{0} to {1} and back")
    @MethodSource("exact") void thereAndBack(Cell<?> from, Cell<?> to) {
        List<float[]> before = from.parameters().stream().map(Parameter::data).toList();
        WeightTransfer.between(from, to).apply();
        for (Parameter p : from.parameters()) p.update(v -> v[0] += 1);
        WeightTransfer.between(to, from).apply();
        for (int i = 0; i < before.size(); i++) assertArrayEquals(before.get(i), from.parameters().get(i).data());
    }

    static Stream<Arguments> impossible() {
        Rng r = Rng.seed(3);
        return Stream.of(
                Arguments.of(gru(GruConvention.KEEPS_OLD_RESET_BEFORE, 1), new GruCell(I, H, r), "diagonal"),
                Arguments.of(gru(GruConvention.KEEPS_NEW_RESET_AFTER, 1), gru(GruConvention.KEEPS_NEW_RESET_BEFORE, 2),
                        "reset after"),
                Arguments.of(gru(GruConvention.KEEPS_NEW_RESET_BEFORE, 1), new MinimalGatedUnitCell(I, H, r),
                        "one gate"),
                Arguments.of(new SimplifiedGruCell(I, H, r), new GruCell(I, H, r), "infinite"),
                Arguments.of(new NoForgetGateLstmCell(I, H, r), new LstmCell(I, H, r), "infinite"),
                Arguments.of(new PeepholeLstmCell(I, H, r), new LstmCell(I, H, r), "peepholes"),
                Arguments.of(new LstmCell(I, H, r), new CoupledLstmCell(I, H, r), "1 - i"),
                Arguments.of(new ElmanCell(I, H, LOGISTIC, r), new PreactivationCell(I, H, LOGISTIC, r), "1/2"),
                Arguments.of(new ElmanCell(I, H, TANH, r), new PreactivationCell(I, H, LOGISTIC, r), "non-linearities"),
                Arguments.of(new TimeSkipCell(I, H, TANH, r), new ElmanCell(I, H, TANH, r), "U_2"),
                Arguments.of(new ElmanCell(I, H, TANH, r), new IndRnnCell(I, H, TANH, r), "diagonal"),
                Arguments.of(new LearnedInitialState<>(new LstmCell(I, H, r)), new LstmCell(I, H, r), "cell()"),
                Arguments.of(new LstmCell(I, H, r), new GruCell(I, H, r), "no weights are known"));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("impossible") void theReasonIsGivenWhereThereIsNone(Cell<?> from, Cell<?> to, String reason) {
        var e = assertThrows(IllegalArgumentException.class, () -> WeightTransfer.between(from, to));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertTrue(e.getMessage().contains(from.toString()) && e.getMessage().contains(to.toString()), e.getMessage());
    }

    @Test void otherSizesAreNamed() {
        var e = assertThrows(ShapeException.class,
                () -> WeightTransfer.between(new LstmCell(I, H, Rng.seed(1)), new LstmCell(I, 6, Rng.seed(1))));
        assertTrue(e.getMessage().contains("hidden=5") && e.getMessage().contains("hidden=6"), e.getMessage());
    }

    @Test void saysWhatItDoes() {
        var transfer = WeightTransfer.between(gru(GruConvention.KEEPS_OLD_RESET_BEFORE, 1),
                gru(GruConvention.KEEPS_NEW_RESET_BEFORE, 1));
        assertEquals(
                "WeightTransfer(GruCell(input=3, hidden=5, z keeps old, reset before) → GruCell(input=3, hidden=5, z "
                        + "keeps new, "
                        + "reset before): 1 - σ(q) = σ(-q), so the weights and the bias of z are negated)",
                transfer.toString());
    }
}
