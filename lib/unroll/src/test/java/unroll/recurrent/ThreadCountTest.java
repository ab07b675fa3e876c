package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.nn.Lengths;
import unroll.nn.Linear;
import unroll.nn.Losses;
import unroll.nn.SequenceLayer;
import unroll.tensor.IntTensor;
import unroll.tensor.Parallel;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.train.Adam;
import unroll.train.Clip;

/** Results are the same to the last bit for 1, 2, 3, 4 and 8 threads. */
class ThreadCountTest {
    private static void assertSameBits(Supplier<List<float[]>> work) {
        List<float[]> one = Parallel.withThreads(1, work);
        for (int threads : new int[] {2, 3, 4, 8}) {
            List<float[]> more = Parallel.withThreads(threads, work);
            for (int i = 0; i < one.size(); i++)
                assertArrayEquals(one.get(i), more.get(i), "array " + i + " with " + threads + " threads");
        }
    }

    @Test void matrixProducts() {
        assertSameBits(() -> {
            Tensor a = Rng.seed(1).normal(1000, 130).tracked(), b = Rng.seed(2).normal(130, 150).tracked(),
                    y = a.matmul(b);
            y.square().sum().backward();
            return List.of(y.data(), a.gradientData(), b.gradientData());
        });
    }

    @Test void batchedProducts() {
        assertSameBits(() -> {
            Tensor a = Rng.seed(1).normal(7, 40, 50).tracked(), b = Rng.seed(2).normal(7, 50, 30).tracked(),
                    y = a.matmul(b);
            y.square().sum().backward();
            return List.of(y.data(), a.gradientData(), b.gradientData());
        });
    }

    @Test void elementwise() {
        assertSameBits(() -> {
            Tensor x = Rng.seed(1).normal(500, 601).tracked(), row = Rng.seed(2).normal(601).tracked();
            Tensor y = x.add(row).tanh().mul(x.sigmoid()).div(x.square().add(1));
            y.mean().backward();
            return List.of(y.data(), x.gradientData(), row.gradientData());
        });
    }

    @Test void crossEntropy() {
        assertSameBits(() -> {
            Tensor logits = Rng.seed(1).normal(3000, 65).tracked();
            int[] targets = new int[3000];
            for (int i = 0; i < targets.length; i++) targets[i] = i % 7 == 0 ? Losses.IGNORE : i * 31 % 65;
            Tensor loss = Losses.crossEntropy(logits, IntTensor.of(targets, 3000));
            loss.backward();
            return List.of(loss.data(), logits.gradientData());
        });
    }

    @Test void languageModelStepUnrolled() {
        assertSameBits(() -> step(new Unrolled<>(first()), new Unrolled<>(second())));
    }

    @Test void languageModelStepFused() { assertSameBits(() -> step(new Lstm(first()), new Lstm(second()))); }

    private static LstmCell first() { return new LstmCell(20, 64, Rng.seed(1)); }

    private static LstmCell second() { return new LstmCell(64, 64, Rng.seed(2)); }

    /** Two layers, 15 steps, batch 32; all gradients. */
    private static List<float[]> step(SequenceLayer first, SequenceLayer second) {
        Rng rng = Rng.seed(3);
        Linear output = new Linear(64, 65, rng);
        Tensor x = rng.normal(15, 32, 20).tracked();
        int[] targets = new int[15 * 32];
        for (int i = 0; i < targets.length; i++) targets[i] = rng.nextInt(65);
        Tensor loss = Losses.crossEntropy(output.apply(second.apply(first.apply(x).states()).states()),
                IntTensor.of(targets, 15, 32));
        loss.backward();
        List<float[]> all = new ArrayList<>(List.of(loss.data(), x.gradientData()));
        for (var module : List.of(first, second, output)) module.parameters().forEach(p -> all.add(p.gradientData()));
        return all;
    }

    static Stream<RecurrentSpec<?>> specs() {
        return Stream.of(Lstm.of(20, 64), Gru.of(20, 64), Rnn.of(20, 64))
                .flatMap(one -> Stream.of(one, one.layers(2).bidirectional().dropout(.1),
                        one.layers(2).bidirectionalAdded().layerNorm()));
    }

    /** Three of them, each from the weights of the last. */
    @ParameterizedTest
    @MethodSource("specs") void trainingStepsWithLengthsClippingAndAdam(RecurrentSpec<?> spec) {
        assertSameBits(() -> {
            SequenceLayer layer = spec.build(Rng.seed(1));
            Linear output = new Linear(layer.outputSize(), 65, Rng.seed(2));
            List<Parameter> parameters = Stream.of(layer, output).flatMap(m -> m.parameters().stream()).toList();
            Adam adam = new Adam(parameters, 1e-2);
            List<float[]> all = new ArrayList<>();
            Rng rng = Rng.seed(3);
            for (int step = 0; step < 3; step++) {
                int[] lengths = new int[33], targets = new int[15 * 33];
                for (int b = 0; b < 33; b++) lengths[b] = 1 + rng.nextInt(15);
                for (int i = 0; i < targets.length; i++)
                    targets[i] = i / 33 < lengths[i % 33] ? rng.nextInt(65) : Losses.IGNORE;
                Tensor loss = Losses.crossEntropy(
                        output.apply(layer.apply(rng.normal(15, 33, 20), Lengths.of(lengths)).states()),
                        IntTensor.of(targets, 15, 33));
                adam.zeroGrad();
                loss.backward();
                double norm = Clip.byGlobalNorm(parameters, .01);
                assertTrue(norm > .01, "clips");
                adam.step();
                all.add(loss.data());
                parameters.forEach(p -> all.add(p.data()));
            }
            return all;
        });
    }
}
