package unroll.statespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * Over a whole sequence, in pieces and step by step, with a state before it and with padding after it, each layer is
 * one function.
 */
class StateSpaceLayersTest {
    /** One of each, with 2 k channels. */
    private static List<SequenceLayer> layers(int k, int states) {
        int H = 2 * k;
        return List.of(S4d.of(H, 2 * states).steps(.01, .3).build(Rng.seed(1)),
                S4d.of(H, 2 * states).steps(.01, .3).bilinear().init(S4dInit.LEGS).build(Rng.seed(2)),
                S4d.of(H, 2 * states).steps(.01, .3).chunk(7).build(Rng.seed(1)),
                ShiftSsm.of(H, states).build(Rng.seed(3)),
                H3.of(H, 2 * states).heads(k).shift(3).build(Rng.seed(4)), Lru.of(H, states).build(Rng.seed(5)),
                SelectiveSsm.of(H, states).build(Rng.seed(6)));
    }

    /** Random states of the kind that a layer has. */
    private static State started(SequenceLayer layer, int B) {
        Rng rng = Rng.seed(9);
        State zero = layer.initialState(B);
        return zero.with(zero.tensors().stream().map(t -> rng.normal(t.shape()).tracked()).toList());
    }

    private static List<Tensor> gradients(SequenceLayer layer, Tensor x, State start, Tensor loss) {
        layer.zeroGradients();
        x.zeroGradient();
        start.tensors().forEach(Tensor::zeroGradient);
        loss.backward();
        List<Tensor> all = new ArrayList<>(List.of(x.gradient()));
        start.tensors().forEach(t -> all.add(t.gradientData() == null ? Tensor.zeros(t.shape()) : t.gradient()));
        layer.parameters().forEach(p -> all.add(p.gradient()));
        return all;
    }

    private static Tensor loss(Tensor states, State last) {
        Tensor loss = Close.weighted(states);
        for (Tensor t : last.tensors()) loss = loss.add(Close.weighted(t).mul(.3));
        return loss;
    }

    /** The state before, all outputs, the state after, and every gradient: in one go and cut at any place. */
    @Property(tries = 12, seed = "4") void cutAnywhere(@ForAll @IntRange(min = 2, max = 24) int T,
            @ForAll @IntRange(min = 1, max = 3) int B,
            @ForAll @IntRange(min = 1, max = 3) int k, @ForAll @IntRange(min = 1, max = 4) int states,
            @ForAll @IntRange(min = 1, max = 23) int place) {
        int cut = 1 + place % (T - 1);
        for (SequenceLayer layer : layers(k, states)) {
            Tensor x = Rng.seed(T).normal(T, B, layer.inputSize()).tracked();
            State start = started(layer, B);
            var whole = layer.apply(x, start);
            List<Tensor> expected = gradients(layer, x, start, loss(whole.states(), whole.last()));
            var first = layer.apply(x.slice(0, 0, cut), start);
            var second = layer.apply(x.slice(0, cut, T), first.last());
            Tensor states2 = Tensor.concat(0, List.of(first.states(), second.states()));
            Close.assertClose(layer + ": outputs", whole.states(), states2, 1e-5);
            for (int i = 0; i < whole.last().tensors().size(); i++)
                Close.assertClose(layer + ": state " + i, whole.last().tensors().get(i), second.last().tensors().get(i),
                        1e-5);
            List<Tensor> actual = gradients(layer, x, start, loss(states2, second.last()));
            for (int i = 0; i < expected.size(); i++)
                Close.assertClose(layer + ": gradient " + i, expected.get(i), actual.get(i), 3e-5);
        }
    }

    /** A selective scan goes back piece by piece; where it is cut besides does not matter. */
    @Example void selectiveScanOverManySteps() {
        SequenceLayer layer = SelectiveSsm.of(35, 3).build(Rng.seed(1));
        for (int T : new int[] {128, 150}) {
            Tensor x = Rng.seed(T).normal(T, 2, 35).tracked();
            State start = started(layer, 2);
            var whole = layer.apply(x, start);
            List<Tensor> expected = gradients(layer, x, start, loss(whole.states(), whole.last()));
            var first = layer.apply(x.slice(0, 0, 50), start);
            var second = layer.apply(x.slice(0, 50, 100), first.last());
            var third = layer.apply(x.slice(0, 100, T), second.last());
            Tensor states = Tensor.concat(0, List.of(first.states(), second.states(), third.states()));
            Close.assertClose("outputs", states, whole.states(), 1e-5);
            List<Tensor> actual = gradients(layer, x, start, loss(states, third.last()));
            for (int i = 0; i < expected.size(); i++)
                Close.assertClose("gradient " + i, actual.get(i), expected.get(i), 3e-5);
        }
    }

    /** Convolution mode is recurrent mode. */
    @Property(tries = 12, seed = "5") void stepByStep(@ForAll @IntRange(min = 1, max = 30) int T,
            @ForAll @IntRange(min = 1, max = 3) int B,
            @ForAll @IntRange(min = 1, max = 9) int k, @ForAll @IntRange(min = 1, max = 5) int states) {
        for (SequenceLayer layer : layers(k, states)) {
            Tensor x = Rng.seed(T).normal(T, B, layer.inputSize());
            var whole = layer.apply(x);
            List<Tensor> outputs = new ArrayList<>();
            State state = layer.initialState(B);
            for (int t = 0; t < T; t++) {
                if (layer instanceof S4d s4d) {
                    state = s4d.step(x.at(t), (ComplexState) state);
                    outputs.add(state.h());
                } else {
                    var one = layer.apply(x.slice(0, t, t + 1), state);
                    state = one.last();
                    outputs.add(one.states().at(0));
                }
            }
            Close.assertClose(layer + ": outputs", whole.states(), Tensor.stack(outputs), 1e-5);
            for (int i = 0; i < state.tensors().size(); i++)
                Close.assertClose(layer + ": state " + i, whole.last().tensors().get(i), state.tensors().get(i), 1e-5);
        }
    }

    /** Rounding does not add up over a long sequence, in steps and in pieces with the state passed on. */
    @Example void manySteps() {
        S4d layer = S4d.of(2, 8).chunk(1000).build(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(20_000, 1, 2);
        Tape.noGrad(() -> {
            List<Tensor> outputs = new ArrayList<>();
            ComplexState state = layer.initialState(1);
            for (Tensor u : x.unbind()) {
                state = layer.step(u, state);
                outputs.add(state.h());
            }
            Close.assertClose("outputs", layer.apply(x).states(), Tensor.stack(outputs), 1e-5);
        });
    }

    /** What a step keeps from the last one follows the parameters. */
    @Example void aStepSeesThatParametersChanged() {
        S4d layer = S4d.of(2, 4).build(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(1, 3, 2);
        for (Parameter p : layer.parameters()) {
            layer.step(x.at(0), layer.initialState(3));
            p.update(w -> {
                for (int i = 0; i < w.length; i++) w[i] += .3f;
            });
            Close.assertClose(p.name(), layer.apply(x).states().at(0), layer.step(x.at(0), layer.initialState(3)).h(),
                    1e-5);
        }
    }

    /** Sequences of different lengths side by side are each as if read alone, gradients too. */
    @Example void padding() {
        int[] lengths = {9, 4, 1};
        for (SequenceLayer layer : layers(2, 3)) {
            Tensor x = Rng.seed(7).normal(9, 3, layer.inputSize()).tracked();
            State start = started(layer, 3);
            var out = layer.apply(x, start, Lengths.of(lengths));
            List<Tensor> together = gradients(layer, x, start, loss(out.states(), out.last()));
            Tensor weights = Rng.seed(271828).uniform(-1, 1, out.states().shape()), sum = Tensor.scalar(0);
            List<List<Tensor>> ends = new ArrayList<>();
            for (int b = 0; b < 3; b++) {
                int row = b, n = lengths[b];
                State own = start.with(start.tensors().stream().map(t -> t.slice(0, row, row + 1)).toList());
                var alone = layer.apply(x.slice(0, 0, n).slice(1, b, b + 1), own);
                Close.assertClose(layer + ": outputs", alone.states(), out.states().slice(0, 0, n).slice(1, b, b + 1),
                        1e-5);
                for (int t = n; t < 9; t++)
                    for (float v : out.states().at(t).slice(0, b, b + 1).data()) assertEquals(0, v);
                ends.add(alone.last().tensors());
                sum = sum.add(alone.states().mul(weights.slice(0, 0, n).slice(1, b, b + 1)).sum());
            }
            for (int i = 0; i < ends.get(0).size(); i++) {
                int at = i;
                Tensor end = Tensor.concat(0, ends.stream().map(e -> e.get(at)).toList());
                Close.assertClose(layer + ": state " + i, end, out.last().tensors().get(i), 1e-5);
                sum = sum.add(Close.weighted(end).mul(.3));
            }
            List<Tensor> alone = gradients(layer, x, start, sum);
            for (int i = 0; i < alone.size(); i++)
                Close.assertClose(layer + ": gradient " + i, alone.get(i), together.get(i), 3e-5);
        }
    }

    @Example void gradientsAreThoseOfDifferences() {
        Tensor x = Rng.seed(2).normal(6, 2, 4);
        for (SequenceLayer layer : layers(2, 2)) {
            State start = layer.initialState(2);
            State random = start.with(start.tensors().stream().map(t -> Rng.seed(t.size()).normal(t.shape())).toList());
            Close.assertGradient(() -> {
                var out = layer.apply(x, random);
                List<Tensor> all = new ArrayList<>(List.of(out.states().reshape(-1)));
                for (Tensor t : out.last().tensors()) all.add(t.reshape(-1));
                return Tensor.concat(0, all);
            }, layer.parameters().toArray(Parameter[]::new));
        }
    }

    @Example void bitEqualForAnyNumberOfThreads() {
        for (SequenceLayer layer : layers(20, 3)) {
            List<Tensor> one = Parallel.withThreads(1, () -> all(layer));
            for (int threads : new int[] {2, 3, 4, 8}) {
                List<Tensor> more = Parallel.withThreads(threads, () -> all(layer));
                for (int i = 0; i < one.size(); i++)
                    assertArrayEquals(one.get(i).data(), more.get(i).data(),
                            layer + " on " + threads + ": array " + i);
            }
        }
    }

    /** Memory that a layer uses again is none that anybody sees: what was given stays, whatever runs later. */
    @Example void whatWasGivenStays() {
        for (SequenceLayer layer : layers(10, 3)) {
            List<Tensor> given = all(layer);
            List<float[]> copies = given.stream().map(t -> t.data().clone()).toList();
            Tensor other = Rng.seed(77).normal(20, 5, layer.inputSize());
            var open = layer.apply(other.tracked());
            float[] values = open.states().data().clone();
            all(layer);
            Tape.noGrad(() -> layer.apply(other.mul(3), started(layer, 5)));
            open.states().sum().backward();
            for (int i = 0; i < copies.size(); i++)
                assertArrayEquals(copies.get(i), given.get(i).data(), layer + ": array " + i);
            assertArrayEquals(values, open.states().data());
        }
    }

    /** Two threads that run one layer do not get into each other's way. */
    @Example void twoThreadsAtOnce() throws InterruptedException {
        for (SequenceLayer layer : layers(10, 3)) {
            Tensor x = Rng.seed(5).normal(33, 4, layer.inputSize());
            float[] alone = Tape.noGrad(() -> layer.apply(x)).states().data();
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            Thread[] threads = new Thread[3];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = new Thread(() -> {
                    for (int k = 0; k < 8; k++)
                        assertArrayEquals(alone, Tape.noGrad(() -> layer.apply(x)).states().data());
                });
                threads[i].setUncaughtExceptionHandler((t, e) -> failures.add(e));
                threads[i].start();
            }
            for (Thread t : threads) t.join();
            assertEquals(List.of(), failures, layer.toString());
        }
    }

    private static List<Tensor> all(SequenceLayer layer) {
        Tensor x = Rng.seed(5).normal(20, 5, layer.inputSize()).tracked();
        State start = started(layer, 5);
        var out = layer.apply(x, start);
        List<Tensor> all = gradients(layer, x, start, loss(out.states(), out.last()));
        all.add(out.states());
        all.addAll(out.last().tensors());
        return all;
    }

    /**
     * A state that is asked for later comes without a graph where its output had none, and with the weights of its
     * time.
     */
    @Example void statesBelongToTheirTime() {
        S4d layer = S4d.of(4, 6).build(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(9, 2, 4);
        var evaluated = Tape.noGrad(() -> layer.apply(x));
        assertTrue(!((ComplexState) evaluated.last()).re().requiresGradient());
        var before = layer.apply(x).last();
        List<Tensor> expected = layer.apply(x).last().detach().tensors();
        layer.parameters().forEach(p -> p.update(v -> v[0] += .5f));
        for (int i = 0; i < expected.size(); i++)
            assertArrayEquals(expected.get(i).data(), before.detach().tensors().get(i).data());
    }

    @Example void equalSeedsGiveEqualLayers() {
        for (int i = 0; i < layers(1, 1).size(); i++) {
            List<Parameter> one = layers(2, 3).get(i).parameters(), other = layers(2, 3).get(i).parameters();
            for (int p = 0; p < one.size(); p++) assertArrayEquals(one.get(p).data(), other.get(p).data());
        }
    }

    @Example void wrongSettingsAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> S4d.of(8, 5)).getMessage()
                .contains("even state size of at least 2 but got 5"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> H3.of(8, 5)).getMessage().contains("even"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> H3.of(8, 4).heads(3)).getMessage().contains("3"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> S4d.of(8, 4).steps(.1, .01)).getMessage()
                .contains("0.01"));
        assertThrows(IllegalArgumentException.class, () -> S4d.of(0, 4));
        assertThrows(IllegalArgumentException.class, () -> S4d.of(4, 4).chunk(0));
        assertThrows(IllegalArgumentException.class, () -> ShiftSsm.of(4, 0));
        assertThrows(IllegalArgumentException.class, () -> Lru.of(4, 4).ring(.9, .5));
        assertThrows(IllegalArgumentException.class, () -> SelectiveSsm.of(4, 4).rank(0));
    }

    @Example void wrongInputsAndStatesAreNamed() {
        for (SequenceLayer layer : layers(2, 2)) {
            var shape = assertThrows(ShapeException.class, () -> layer.apply(Tensor.ones(3, 2, 5)));
            assertTrue(shape.getMessage().contains("[T, B, 4]") && shape.getMessage().contains("[3, 2, 5]"),
                    shape.getMessage());
            assertThrows(ShapeException.class, () -> layer.apply(Tensor.ones(3, 2, 4), layer.initialState(7)));
            State other = layer instanceof ShiftSsm
                    ? new SelectiveSsm.SelectiveState(Tensor.ones(2, 4), Tensor.ones(2, 4, 2))
                    : new ShiftSsm.ShiftState(Tensor.ones(2, 4), Tensor.ones(2, 4, 2));
            var kind = assertThrows(IllegalArgumentException.class, () -> layer.apply(Tensor.ones(3, 2, 4), other));
            assertTrue(kind.getMessage().contains(other.getClass().getSimpleName()), kind.getMessage());
            assertTrue(layer.toString().startsWith(layer.getClass().getSimpleName() + "(channels=4, state="),
                    layer.toString());
        }
    }
}
