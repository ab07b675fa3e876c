package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.nn.Carried;
import unroll.nn.IdentityLayer;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.Recording;
import unroll.recurrent.Rnn;
import unroll.recurrent.Stacked;
import unroll.tensor.Blas;
import unroll.tensor.IntTensor;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Spare;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/** Arrays are used again, and what anybody can still look at stays as it was. */
class ReuseTest {
    /** Large enough that all arrays are worth it, also those of a state and of the biases. */
    private static final int T = 6, B = 64, I = 32, H = 64, V = 400;
    private static final Vocabulary VOCABULARY = vocabulary(V);

    private static Vocabulary vocabulary(int symbols) {
        return Vocabulary.of(IntStream.range(0, symbols).mapToObj(i -> Character.toString('0' + i)).toList(),
                Vocabulary.Kind.CHARACTERS);
    }

    private static SequenceLayer.Spec stack() { return Lstm.of(I, H).layers(3); }

    private static SequenceBatch batch(int seed) {
        Rng rng = Rng.seed(seed);
        int[] ids = IntStream.range(0, B * T + 1).map(i -> rng.nextInt(VOCABULARY.size())).toArray();
        return Batches.contiguous(ids, B, T).epoch(0).next();
    }

    /** A layer of somebody who looks at everything later. */
    private static final class Curious extends SequenceLayer {
        private final SequenceLayer inner;
        final List<Tensor> seen = new ArrayList<>();

        Curious(SequenceLayer inner) { this.inner = child("inner", inner); }

        @Override protected Output run(Tensor x, State initial, Lengths lengths) {
            Output out = inner.apply(x, initial, lengths);
            seen.add(x);
            seen.add(out.states());
            return out;
        }

        @Override public State initialState(int batch) { return inner.initialState(batch); }

        @Override public int inputSize() { return inner.inputSize(); }

        @Override public int outputSize() { return inner.outputSize(); }
    }

    /** Tensors that somebody holds, and what is in them. */
    private static final class Held {
        private final List<Tensor> tensors = new ArrayList<>();
        private final List<float[]> copies = new ArrayList<>();

        void add(Tensor... held) {
            for (Tensor t : held) {
                tensors.add(t);
                copies.add(t.data().clone());
            }
        }

        void assertUntouched() {
            for (int i = 0; i < copies.size(); i++)
                assertArrayEquals(copies.get(i), tensors.get(i).data(), "tensor " + i + " of " + copies.size());
        }
    }

    private static void steps(LanguageModel model, int count) {
        for (int i = 0; i < count; i++) {
            Carried step = model.loss(batch(100 + i), null);
            model.zeroGradients();
            step.loss().backward();
            for (Parameter p : model.parameters()) p.updateEach((w, from, to) -> {
                for (int k = from; k < to; k++) w[k] *= 1.001f;
            });
            int seed = 200 + i;
            model.quietly(() -> model.loss(batch(seed), null).loss());
        }
    }

    /** All that the graph behind a tensor shows. */
    private static void walk(Tensor t, Map<Tensor, Boolean> found) {
        if (found.put(t, true) == null) t.inputs().forEach(input -> walk(input, found));
    }

    @Test void arraysAreUsedAgainAtAll() {
        float[] array = Spare.room(10_000);
        Spare.give(array);
        assertEquals(9_999, Spare.room(9_999).length);
        assertTrue(array == Spare.room(10_000));
        assertTrue(array != Spare.room(10_000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void whatIsGivenStays(boolean recording) {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        Held held = new Held();
        steps(model, 2);
        for (int i = 0; i < 3; i++) {
            int seed = i;
            Carried step = recording
                    ? model.loss(batch(seed), null)
                    : Tape.noGrad(() -> model.loss(batch(seed), null));
            held.add(step.loss());
            held.add(step.state().tensors().toArray(Tensor[]::new));
            held.add(step.state().detach().tensors().toArray(Tensor[]::new));
            if (recording) step.loss().backward();
            if (recording) for (Parameter p : model.parameters()) held.add(p.gradient());
            held.add(model.states("0123456789".repeat(20)), model.logits(new int[200]));
            steps(model, 2);
        }
        held.assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void outputsOfLayersOfOnesOwnStay(boolean recording) {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        Held held = new Held();
        for (SequenceLayer.Spec spec : List.of(stack(), Lstm.of(I, H), Gru.of(I, H), Rnn.of(I, H),
                Lstm.of(I, H).layers(2).residual(), Lstm.of(I, H).layers(2).dropout(.5), Gru.of(I, H).layers(2)
                        .bidirectional())) {
            SequenceLayer layer = spec.build(Rng.seed(2));
            Tensor x = Rng.seed(3).normal(T, B, I).tracked();
            steps(model, 1);
            SequenceLayer.Output out = recording
                    ? layer.apply(x)
                    : Tape.noGrad(() -> layer.apply(x));
            held.add(x, out.states());
            held.add(out.last().tensors().toArray(Tensor[]::new));
            Tensor seed = Rng.seed(4).normal(T, B, layer.outputSize());
            held.add(seed);
            if (recording) {
                out.states().backward(seed);
                held.add(x.gradient(), Tensor.of(x.gradientData(), T, B, I));
            }
            steps(model, 2);
        }
        held.assertUntouched();
    }

    @Test void whatTheGraphShowsStays() {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        steps(model, 2);
        Tensor loss = model.loss(batch(1), null).loss();
        Map<Tensor, Boolean> found = new IdentityHashMap<>();
        walk(loss, found);
        Held held = new Held();
        found.keySet().stream().filter(t -> !(t instanceof Parameter)).forEach(held::add);
        assertTrue(held.tensors.stream().filter(t -> t.size() == T * B * H).count() >= 3);
        loss.backward();
        steps(model, 3);
        held.assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void whatIsRecordedStays(boolean gradients) {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        steps(model, 2);
        var run = gradients
                ? Recording.during(() -> model.loss(batch(1), null))
                : Tape.noGrad(() -> Recording.during(() -> model.loss(batch(1), null)));
        Held held = new Held();
        for (Recording r : run.layers()) held.add(r.states(), r.output().states(), r.gate("f"), r.memory());
        List<Tensor> gradientsOfW = new ArrayList<>();
        if (gradients) {
            run.result().loss().backward();
            for (Recording r : run.layers()) {
                held.add(r.stateGradient());
                gradientsOfW.add(r.inputWeightGradient(3));
            }
        }
        steps(model, 3);
        held.assertUntouched();
        for (int l = 0; l < gradientsOfW.size(); l++)                      // made of the x that it keeps
            assertArrayEquals(gradientsOfW.get(l).data(), run.layers().get(l).inputWeightGradient(3).data());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void whatALayerOfOnesOwnHasSeenStays(boolean recording) {
        for (int place = 0; place < 3; place++) {
            List<SequenceLayer> layers = new ArrayList<>();
            for (int l = 0; l < 3; l++) layers.add(Lstm.of(l == 0 ? I : H, H).build(Rng.seed(l)));
            Curious curious = new Curious(layers.get(place));
            layers.set(place, curious);
            SequenceLayer layer = new Stacked(layers, 0, Rng.seed(1));
            LanguageModel model = new LanguageModel(VOCABULARY, new SequenceLayer.Spec() {
                @Override public SequenceLayer build(Rng rng) { return layer; }

                @Override public int inputSize() { return I; }
            }, Rng.seed(1));
            steps(model, 1);
            curious.seen.clear();
            Tensor loss = recording
                    ? model.loss(batch(1), null).loss()
                    : Tape.noGrad(() -> model.loss(batch(1), null).loss());
            Held held = new Held();
            held.add(curious.seen.toArray(Tensor[]::new));
            if (recording) loss.backward();
            steps(model, 3);
            held.assertUntouched();
        }
    }

    /** Also where a layer gives what it reads. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false}) void whatAStackIsGivenStays(boolean identity) {
        SequenceLayer.Spec lowest = identity ? IdentityLayer.of(I) : Lstm.of(I, I);
        SequenceLayer layer = new Stacked(List.of(lowest.build(Rng.seed(1)), Lstm.of(I, H).build(Rng.seed(1))), 0,
                Rng.seed(1));
        IntTensor ids = IntTensor.of(new int[T * B], T, B);
        Parameter table = new Parameter("table", Rng.seed(1).normal(3, I));
        Held held = new Held();
        for (int i = 0; i < 3; i++) {
            Tensor x = table.rows(ids), y = Tape.noGrad(() -> {
                Tensor quiet = table.rows(ids);
                held.add(quiet);
                return layer.apply(quiet).states();
            });
            held.add(x, y);
            Tensor z = layer.apply(x).states();
            held.add(z);
            z.sum().backward();
        }
        held.assertUntouched();
    }

    /** The lowest layer goes back before the layer above has: its output is still wanted. */
    @Test void aGraphThatIsWalkedInPartKeepsWhatTheRestReads() {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        steps(model, 2);
        Carried step = model.loss(batch(1), null);
        Stacked.States states = (Stacked.States) step.state();
        states.layers().get(0).h().sum().backward();
        Map<Tensor, Boolean> found = new IdentityHashMap<>();
        walk(step.loss(), found);
        Held held = new Held();
        found.keySet().stream().filter(t -> !(t instanceof Parameter)).forEach(held::add);
        steps(model, 3);
        held.assertUntouched();
        assertSays(() -> step.loss().backward(), "freed by an earlier backward");
    }

    @Test void aSecondWayBackIsRefusedAsBefore() {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        Tensor loss = model.loss(batch(1), null).loss();
        loss.backward();
        assertSays(loss::backward, "was freed by an earlier backward");
    }

    /** What never goes back, or fails on the way, is garbage, and the next step is right. */
    @Test void stepsThatAreLeftOffDoNoHarm() {
        LanguageModel model = new LanguageModel(VOCABULARY, stack(), Rng.seed(1)),
                twin = new LanguageModel(VOCABULARY, stack(), Rng.seed(1));
        for (int i = 0; i < 3; i++) {
            model.loss(batch(7 + i), null);
            Tensor loss = model.loss(batch(17 + i), null).loss();
            Thread.currentThread().interrupt();
            assertThrows(LoopInterruptedException.class, loss::backward);
            assertTrue(Thread.interrupted());
            model.zeroGradients();
        }
        assertEqualGradients(twin, model);
    }

    private static void assertEqualGradients(LanguageModel expected, LanguageModel model) {
        for (LanguageModel m : List.of(expected, model)) {
            m.zeroGradients();
            m.loss(batch(1), null).loss().backward();
        }
        for (int i = 0; i < model.parameters().size(); i++)
            assertArrayEquals(expected.parameters().get(i).gradient().data(),
                    model.parameters().get(i).gradient().data());
    }

    /** Full of NaN, which any number that is read before it is written would spread. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8}) void nothingIsReadBeforeItIsWritten(int threads) {
        for (SequenceLayer.Spec spec : List.of(stack(), Gru.of(I, H).layers(2), Rnn.of(I, H).layers(2))) {
            LanguageModel model = new LanguageModel(VOCABULARY, spec, Rng.seed(1)),
                    twin = new LanguageModel(VOCABULARY, spec, Rng.seed(1));
            twin.loss(batch(1), null).loss().backward();
            for (Parameter p : twin.parameters()) assertTrue(p.gradient().isFinite());
            Parallel.withThreads(threads, () -> {
                for (int i = 0; i < 2; i++) {
                    model.zeroGradients();
                    model.loss(batch(1), null).loss().backward();
                    spoil();
                }
                return null;
            });
            for (int i = 0; i < model.parameters().size(); i++)
                assertArrayEquals(twin.parameters().get(i).gradient().data(),
                        model.parameters().get(i).gradient().data());
        }
    }

    private static void spoil() {
        for (int n : new int[] {T * B * H, T * B * I, B * H, I * 4 * H, H * 4 * H, I * 3 * H, H * 3 * H, H * H,
                32 * V, T * B / 32 * V}) {
            float[] array = new float[n];
            Arrays.fill(array, Float.NaN);
            for (int i = 0; i < 2; i++) Spare.give(array.clone());
        }
    }

    @Test void twoThreadsDoNotShare() throws Exception {
        float[] array = new float[54_321];
        Spare.give(array);
        assertTrue(array != CompletableFuture.supplyAsync(() -> Spare.room(54_321)).get());
        assertTrue(array == Spare.room(54_321));
        List<LanguageModel> models = List.of(new LanguageModel(VOCABULARY, stack(), Rng.seed(1)),
                new LanguageModel(VOCABULARY, stack(), Rng.seed(1)));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (LanguageModel model : models) runs.add(threads.submit(() -> steps(model, 20)));
            for (Future<?> run : runs) run.get();
        } finally {
            threads.shutdownNow();
        }
        assertEqualGradients(models.get(0), models.get(1));
    }

    /**
     * A quarter of what its arrays are: those of three layers, their gradients, and the embedding's. Other
     * libraries are called in small pieces, plain Java's products copy rows besides.
     */
    @Test void aStepAllocatesLittle() {
        Assumptions.assumeTrue(Blas.isOneDnn());
        Vocabulary few = vocabulary(40);
        LanguageModel model = new LanguageModel(few, Lstm.of(128, 128).layers(3), Rng.seed(1));
        Rng rng = Rng.seed(1);
        int[] ids = IntStream.range(0, 32 * 40 + 1).map(i -> rng.nextInt(few.size())).toArray();
        SequenceBatch batch = Batches.contiguous(ids, 32, 40).epoch(0).next();
        Runnable train = () -> {
            model.zeroGradients();
            model.loss(batch, null).loss().backward();
        }, evaluate = () -> model.quietly(() -> model.loss(batch, null));
        long array = 32 * 40 * 128 * Float.BYTES;
        assertTrue(allocated(train) < 2 * array, () -> "trained: " + allocated(train) + " of " + array);
        assertTrue(allocated(evaluate) < array, () -> "evaluated: " + allocated(evaluate) + " of " + array);
    }

    /** By this thread, in the best of some steps: memory that gets tight takes arrays away. */
    private static long allocated(Runnable step) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 8; i++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            Parallel.withThreads(1, () -> {
                step.run();
                return null;
            });
            least = Math.min(least, threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        return least;
    }
}
