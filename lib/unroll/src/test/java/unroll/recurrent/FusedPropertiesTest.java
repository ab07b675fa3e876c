package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.SequenceLayer.Output;
import unroll.nn.State;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * Fused layers of random shapes: ones, odd sizes, both sides of 32 (where rows are given to a second thread) and of 128
 * (where rows of matrices are padded). ReLU is left out: rounding of 1e-7 decides there whether a unit near zero is on,
 * and its gradient with it.
 */
class FusedPropertiesTest {
    /**
     * Of the largest element of an array, or of 0.1 where that is less. Two ways to the same number differ by the order
     * in which products are summed: 6e-8 (half an ulp) for each of some hundred terms that mostly cancel, and more
     * where a unit is saturated and 1 - h² is small. The terms are about 1, so an array of one element can be a sum of
     * nearly nothing: hence 0.1. The largest difference of these cases is 5e-6, most are below 1e-6.
     */
    private static final double TOLERANCE = 1e-5;

    enum Kind {
        LSTM, GRU, GRU_RESET_BEFORE, GRU_KEEPS_NEW, GRU_KEEPS_NEW_RESET_BEFORE, RNN_TANH, RNN_LOGISTIC
    }

    /** A layer and a batch; lengths are those of the B sequences. */
    record Case(Kind kind, int T, int B, int I, int H, int[] lengths, int seed) {
        Cell<?> cell(long seed) {
            Rng rng = Rng.seed(seed);
            return switch (kind) {
                case LSTM -> new LstmCell(I, H, rng);
                case GRU -> new GruCell(I, H, rng);
                case GRU_RESET_BEFORE -> new GruCell(I, H, GruConvention.KEEPS_OLD_RESET_BEFORE, rng);
                case GRU_KEEPS_NEW -> new GruCell(I, H, GruConvention.KEEPS_NEW_RESET_AFTER, rng);
                case GRU_KEEPS_NEW_RESET_BEFORE -> new GruCell(I, H, GruConvention.KEEPS_NEW_RESET_BEFORE, rng);
                case RNN_TANH -> new ElmanCell(I, H, Nonlinearity.TANH, rng);
                case RNN_LOGISTIC -> new ElmanCell(I, H, Nonlinearity.LOGISTIC, rng);
            };
        }

        SequenceLayer layer() { return fused(cell(seed)); }

        Tensor x() { return Rng.seed(seed + 1L).normal(T, B, I).tracked(); }

        /** A state of random numbers. */
        State start(SequenceLayer layer) {
            Rng rng = Rng.seed(seed + 2L);
            State zero = layer.initialState(B);
            return zero.with(zero.tensors().stream().map(t -> rng.normal(t.shape()).tracked()).toList());
        }

        @Override public String toString() {
            return kind + " T=" + T + " B=" + B + " I=" + I + " H=" + H + " lengths=" + Arrays.toString(lengths)
                    + " seed=" + seed;
        }
    }

    private static SequenceLayer fused(Cell<?> cell) {
        return cell instanceof LstmCell l
                ? new Lstm(l)
                : cell instanceof GruCell g ? new Gru(g) : new Rnn((ElmanCell) cell);
    }

    private static Arbitrary<Case> cases(Integer... batches) {
        Arbitrary<Integer> steps = Arbitraries.integers().between(1, 12),
                input = Arbitraries.of(1, 2, 3, 7, 31, 32, 33, 127, 128, 129),
                hidden = Arbitraries.of(1, 2, 3, 5, 16, 31, 32, 33, 42, 43, 127, 128, 129);
        return Combinators
                .combine(Arbitraries.of(Kind.values()), steps, Arbitraries.of(batches), input, hidden,
                        Arbitraries.integers())
                .as((kind, T, B, I, H, seed) -> {
                    Rng rng = Rng.seed(seed);
                    // a third of the cases have equal ones, which is a way of its own
                    int[] lengths = filled(B, T);
                    if (rng.nextInt(3) > 0) for (int b = 0; b < B; b++) lengths[b] = 1 + rng.nextInt(T);
                    return new Case(kind, T, B, I, H, lengths, seed);
                });
    }

    private static int[] filled(int n, int value) {
        int[] all = new int[n];
        Arrays.fill(all, value);
        return all;
    }

    @Provide Arbitrary<Case> batches() { return cases(1, 2, 3, 4, 5, 8, 17, 31, 32, 33, 65); }

    @Provide Arbitrary<Case> smallBatches() { return cases(1, 2, 3, 5); }

    /** All that comes out of a layer, and a fixed random loss on it. */
    private static Tensor loss(Output out, List<Tensor> results, long seed) {
        Rng rng = Rng.seed(seed);
        results.add(out.states());
        results.addAll(out.last().tensors());
        Tensor loss = Tensor.scalar(0);
        for (Tensor t : results) loss = loss.add(t.mul(rng.normal(t.shape())).sum());
        return loss;
    }

    private static void assertClose(List<Tensor> expected, List<Tensor> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) assertClose("array " + i, expected.get(i), actual.get(i));
    }

    private static void assertClose(String what, Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape(), what);
        double largest = 0.1;
        for (float v : expected.data()) largest = Math.max(largest, Math.abs(v));
        for (int k = 0; k < expected.size(); k++)
            assertEquals(expected.data()[k], actual.data()[k], TOLERANCE * largest, what + ", element " + k);
    }

    /** Outputs, last states and the gradients of the input, the initial state and the weights. */
    private static List<Tensor> all(SequenceLayer layer, Case c) {
        Tensor x = c.x();
        State start = c.start(layer);
        List<Tensor> all = new ArrayList<>();
        layer.zeroGradients();
        loss(layer.apply(x, start, Lengths.of(c.lengths)), all, c.seed + 3L).backward();
        all.add(x.gradient());
        start.tensors().forEach(t -> all.add(t.gradient()));
        layer.parameters().forEach(p -> all.add(p.gradient()));
        return all;
    }

    @Property(tries = 150, seed = "1", edgeCases = EdgeCasesMode.NONE) void fusedEqualsItsCellUnrolled(
            @ForAll("batches") Case c) {
        Cell<?> cell = c.cell(c.seed);
        assertClose(all(new Unrolled<>(cell), c), all(fused(cell), c));
    }

    @Property(tries = 100, seed = "2", edgeCases = EdgeCasesMode.NONE) void aPaddedBatchEqualsItsSequencesAlone(
            @ForAll("smallBatches") Case c) {
        SequenceLayer layer = c.layer();
        List<Tensor> together = all(layer, c), alone = new ArrayList<>();
        Tensor x = c.x();
        State start = c.start(layer);
        layer.zeroGradients();
        alone.addAll(sequences(c, x, (sequence, b) -> layer.apply(sequence, row(start, b))));
        alone.add(x.gradient());
        start.tensors().forEach(t -> alone.add(t.gradient()));
        layer.parameters().forEach(p -> alone.add(p.gradient()));
        assertClose(alone, together);
    }

    @Property(tries = 40, seed = "3", edgeCases = EdgeCasesMode.NONE) void bothDirectionsEqualTheReversedSequences(
            @ForAll("smallBatches") Case c,
            @ForAll Bidirectional.Combination combination) {
        SequenceLayer there = c.layer(), back = fused(c.cell(c.seed + 9L));
        Bidirectional layer = new Bidirectional(there, back, combination);
        List<Tensor> together = all(layer, c), alone = new ArrayList<>();
        Tensor x = c.x();
        Bidirectional.States start = (Bidirectional.States) c.start(layer);
        layer.zeroGradients();
        alone.addAll(sequences(c, x, (sequence, b) -> {
            Output first = there.apply(sequence, row(start.forward(), b)),
                    second = back.apply(reversed(sequence), row(start.backward(), b));
            Tensor turned = reversed(second.states());
            return new Output(combination == Bidirectional.Combination.ADDED
                    ? first.states().add(turned)
                    : Tensor.concat(2, List.of(first.states(), turned)),
                    new Bidirectional.States(first.last(), second.last()));
        }));
        alone.add(x.gradient());
        start.tensors().forEach(t -> alone.add(t.gradient()));
        layer.parameters().forEach(p -> alone.add(p.gradient()));
        assertClose(alone, together);
    }

    private interface Single {
        Output of(Tensor sequence, int b);
    }

    /**
     * Runs each sequence by itself at its own length, puts the results together as a padded batch has them, and goes
     * back from the same loss.
     */
    private static List<Tensor> sequences(Case c, Tensor x, Single single) {
        List<Tensor> columns = new ArrayList<>();
        List<List<Tensor>> last = new ArrayList<>();
        Output out = null;
        for (int b = 0; b < c.B; b++) {
            out = single.of(x.slice(0, 0, c.lengths[b]).slice(1, b, b + 1), b);
            Tensor states = out.states();
            columns.add(Tensor.concat(0, List.of(states, Tensor.zeros(c.T - c.lengths[b], 1, states.size(2)))));
            last.add(out.last().tensors());
        }
        List<Tensor> ends = new ArrayList<>(), results = new ArrayList<>();
        for (int i = 0; i < last.get(0).size(); i++) {
            int which = i;
            ends.add(Tensor.concat(0, last.stream().map(l -> l.get(which)).toList()));
        }
        loss(new Output(Tensor.concat(1, columns), out.last().with(ends)), results, c.seed + 3L).backward();
        return results;
    }

    private static State row(State state, int b) {
        return state.with(state.tensors().stream().map(t -> t.slice(0, b, b + 1)).toList());
    }

    private static Tensor reversed(Tensor x) {
        List<Tensor> steps = new ArrayList<>();
        for (int t = x.size(0) - 1; t >= 0; t--) steps.add(x.at(t));
        return Tensor.stack(steps);
    }

    /** Gradients too: they go back through the state that was carried. */
    @Property(tries = 100, seed = "4", edgeCases = EdgeCasesMode.NONE) void twoPiecesEqualTheWhole(
            @ForAll("batches") Case any) {
        Case c = new Case(any.kind, any.T + 1, any.B, any.I, any.H, filled(any.B, any.T + 1), any.seed);
        SequenceLayer layer = c.layer();
        List<Tensor> whole = all(layer, c), pieces = new ArrayList<>();
        int cut = 1 + Math.floorMod(c.seed, c.T - 1);
        Tensor x = c.x();
        State start = c.start(layer);
        layer.zeroGradients();
        Output first = layer.apply(x.slice(0, 0, cut), start), second = layer.apply(x.slice(0, cut, c.T), first.last());
        loss(new Output(Tensor.concat(0, List.of(first.states(), second.states())), second.last()), pieces, c.seed + 3L)
                .backward();
        pieces.add(x.gradient());
        start.tensors().forEach(t -> pieces.add(t.gradient()));
        layer.parameters().forEach(p -> pieces.add(p.gradient()));
        assertClose(whole, pieces);
    }

    /** To the last bit: the sums of a row hold nothing of the others. */
    @Property(tries = 100, seed = "5", edgeCases = EdgeCasesMode.NONE) void aRowChangesNoOther(
            @ForAll("batches") Case c) {
        SequenceLayer layer = c.layer();
        State start = c.start(layer);
        int j = Math.floorMod(c.seed, c.B);
        float[] values = c.x().data().clone();
        for (int i = 0; i < c.I; i++) values[j * c.I + i] += 1;            // its first step, which every sequence has
        Output before = layer.apply(c.x(), start, Lengths.of(c.lengths)),
                after = layer.apply(Tensor.of(values, c.T, c.B, c.I), start, Lengths.of(c.lengths));
        for (int b = 0; b < c.B; b++) {
            float[] was = before.states().slice(1, b, b + 1).data(), is = after.states().slice(1, b, b + 1).data();
            if (b == j) assertFalse(Arrays.equals(was, is), "row " + j + " itself");
            else
                assertArrayEquals(was, is, "row " + b);
            if (b == j) continue;
            for (int i = 0; i < before.last().tensors().size(); i++)
                assertArrayEquals(before.last().tensors().get(i).at(b).data(),
                        after.last().tensors().get(i).at(b).data(), "last state of row " + b);
        }
    }
}
