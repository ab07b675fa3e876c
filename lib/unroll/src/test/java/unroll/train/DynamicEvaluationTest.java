package unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import unroll.nn.Lengths;
import unroll.nn.State;
import unroll.recurrent.Lstm;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.LanguageModel;
import unroll.text.Predictor;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;

class DynamicEvaluationTest {
    private static final Vocabulary LETTERS = Vocabulary.characters("abcd");
    private static final int[] TEXT = LETTERS.encode("abcabcabdabcabcabdabcabcabdabc");

    private static LanguageModel model() { return new LanguageModel(LETTERS, Lstm.of(4, 6), Rng.seed(1)); }

    private static List<Tensor> weights(LanguageModel model) {
        return model.parameters().stream().map(Tensor::detach).toList();
    }

    @Test void readsAStretchWithTheWeightsBeforeIt() {
        int n = 7;
        double[] found = DynamicEvaluation.of(model(), 0.5).stretch(n).logProbabilities(TEXT);
        LanguageModel twin = model();                                      // by hand, on weights of its own
        State state = null;
        double[] expected = new double[TEXT.length - 1];
        for (int from = 0; from < expected.length; from += n) {
            int to = Math.min(expected.length, from + n);
            double[] whole = twin.logProbabilities(Arrays.copyOf(TEXT, to + 1));
            if (from == 0) System.arraycopy(whole, 0, expected, 0, to);    // later ones begin with another state
            SequenceBatch batch = new SequenceBatch(IntTensor.of(Arrays.copyOfRange(TEXT, from, to), to - from, 1),
                    IntTensor.of(Arrays.copyOfRange(TEXT, from + 1, to + 1), to - from, 1), Lengths.full(to - from, 1),
                    true);
            Sgd sgd = new Sgd(twin.parameters(), 0.5);
            sgd.zeroGrad();
            var step = twin.loss(batch, state);
            state = step.state().detach();
            assertEquals(step.loss().item(), -Arrays.stream(found, from, to).average().orElseThrow(), 1e-5,
                    "from " + from);
            step.loss().backward();
            Clip.byGlobalNorm(twin.parameters(), 1);
            sgd.step();
        }
        assertArrayEquals(Arrays.copyOf(expected, n), Arrays.copyOf(found, n), 1e-5);
    }

    @Test void theModelStaysAsItIsAndEachTextBeginsWithIt() {
        LanguageModel model = model();
        List<Tensor> before = weights(model);
        DynamicEvaluation reader = DynamicEvaluation.of(model, 1).stretch(3);
        double[] first = reader.logProbabilities(TEXT);
        assertArrayEquals(first, reader.logProbabilities(TEXT));
        Predictor.Reading one = reader.begin(), other = reader.begin();
        for (int i = 0; i + 1 < TEXT.length; i++) {
            one.take(TEXT[i]);
            if (i % 2 == 0) other.take(TEXT[TEXT.length - 1 - i]);         // two texts at once do not mix
            assertEquals(first[i], Math.log(one.probabilities()[TEXT[i + 1]]), 1e-12);
        }
        for (int k = 0; k < before.size(); k++)
            assertArrayEquals(before.get(k).data(), model.parameters().get(k).data());
        assertTrue(model.training());
    }

    @Test void aRegularTextIsLearnedWhileItIsRead() {
        int[] regular = LETTERS.encode("abcd".repeat(200));
        LanguageModel model = model();
        assertTrue(DynamicEvaluation.of(model, 1).stretch(4).read(regular).natsPerSymbol() < 0.8
                * model.read(regular).natsPerSymbol());
    }

    @Test void wrongSettingsAreNamed() {
        assertEquals("DynamicEvaluation: expected a learning rate above 0 but got 0.0",
                assertThrows(IllegalArgumentException.class, () -> DynamicEvaluation.of(model(), 0)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DynamicEvaluation.of(model(), 1).stretch(0))
                .getMessage().contains("but got 0"));
    }
}
