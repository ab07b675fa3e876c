package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.nn.Carried;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.text.DatasetException.Reason;
import unroll.train.Adam;
import unroll.train.Clip;

class LanguageModelTest {
    private static final String TEXT = "the cat sat on the mat and the dog sat on the cat; then the cat and the dog "
            + "sat on the mat again. "
                    .repeat(4);
    private static final Vocabulary VOCABULARY = Vocabulary.characters(TEXT);

    private static LanguageModel model(long seed) {
        return new LanguageModel(VOCABULARY, Lstm.of(8, 12), Rng.seed(seed));
    }

    private static LanguageModel deep() {
        return new LanguageModel(VOCABULARY, Lstm.of(8, 12).layers(2).dropout(0.5), Rng.seed(3));
    }

    /** -log softmax(logits)[target] in double precision. */
    private static double surprise(Tensor logits, int row, int target) {
        double sum = 0;
        for (int v = 0; v < logits.size(1); v++) sum += Math.exp(logits.get(row, v));
        return Math.log(sum) - logits.get(row, target);
    }

    @Test void atFirstItIsAsGoodAsGuessing() {
        double loss = model(1).loss(Batches.contiguous(VOCABULARY.encode(TEXT), 4, 20).epoch(0).next(), null).loss()
                .item();
        assertEquals(Math.log(VOCABULARY.size()), loss, 0.2);
    }

    @Test void learnsAShortTextByHeart() {
        String text = "to be or not to be, that is the question";
        Vocabulary vocabulary = Vocabulary.characters(text);
        LanguageModel model = new LanguageModel(vocabulary, Lstm.of(12, 32), Rng.seed(1));
        int[] ids = vocabulary.encode(text);
        Adam adam = new Adam(model.parameters(), 0.02);
        for (int step = 0; step < 150; step++) {
            adam.zeroGrad();
            model.loss(Batches.contiguous(ids, 1, ids.length - 1).epoch(0).next(), null).loss().backward();
            Clip.byGlobalNorm(model.parameters(), 1);
            adam.step();
        }
        assertTrue(model.evaluate(ids).natsPerSymbol() < 0.1, model.evaluate(ids).toString());
        assertEquals(text, model.generate("to b", text.length() - 4, 0, 0, Rng.seed(1)));
    }

    @Test void evaluatesToTheMeanSurpriseOfEachSymbol() {
        LanguageModel model = deep();
        int[] ids = VOCABULARY.encode(TEXT.substring(0, 80));
        Tensor logits = model.logits(Arrays.copyOf(ids, 79));
        double sum = 0;
        for (int t = 0; t < 79; t++) sum += surprise(logits, t, ids[t + 1]);
        Perplexity perplexity = model.evaluate(ids);
        assertEquals(sum / 79, perplexity.natsPerSymbol(), 1e-5);
        assertEquals(79, perplexity.symbols());
        assertEquals(79, perplexity.characters());
    }

    @Test void paddingCountsNothing() {
        LanguageModel model = model(1);
        int[] longer = VOCABULARY.encode("the cat sat"), shorter = VOCABULARY.encode("dog");
        Perplexity together = model.evaluate(Batches.padded(List.of(longer, shorter), 2, Rng.seed(1))),
                apart = model.evaluate(longer).add(model.evaluate(shorter));
        assertEquals(apart.nats(), together.nats(), 1e-4);
        assertEquals(12, together.symbols());
    }

    @Test void evaluatesNearlyAllOfAText() {
        for (int n : new int[] {2, 99, 100, 101, 102, 150, 6399, 6401, 20_000}) {
            int[] ids = new int[n];
            for (int i = 0; i < n; i++) ids[i] = i % 5;
            long symbols = model(1).evaluate(ids).symbols();
            assertTrue(symbols <= n - 1 && symbols > n - 1 - Math.max(1, Math.min(64, (n - 1) / 100)),
                    symbols + " of " + (n - 1));
        }
    }

    @Test void evaluationLeavesTheModeAlone() {
        LanguageModel model = deep();
        Rng.State generator = model.namedGenerators().values().iterator().next().state();
        model.evaluate(VOCABULARY.encode(TEXT));
        model.generate("the", 20, 1, 0, Rng.seed(1));
        assertTrue(model.training());
        assertEquals(generator, model.namedGenerators().values().iterator().next().state(), "nothing was dropped");
        model.eval();
        model.evaluate(VOCABULARY.encode(TEXT));
        assertFalse(model.training());
    }

    /** Truncated backpropagation cuts gradients, not the state. */
    @Test void chunksWithACarriedStateCostWhatTheWholeTextCosts() {
        int[] ids = VOCABULARY.encode(TEXT);
        LanguageModel model = model(2);
        Perplexity whole = model.evaluate(Batches.contiguous(ids, 2, (ids.length - 1) / 2)),
                chunks = model.evaluate(Batches.contiguous(ids, 2, 7));
        assertEquals(whole.symbols(), chunks.symbols());
        assertEquals(whole.natsPerSymbol(), chunks.natsPerSymbol(), 1e-5);
    }

    @Test void theStateIsNotCarriedIntoABatchThatBeginsAnew() {
        LanguageModel model = model(2);
        Batches<SequenceBatch> batches = Batches.contiguous(VOCABULARY.encode(TEXT), 2, 7);
        Iterator<SequenceBatch> first = batches.epoch(0), second = batches.epoch(1);
        Carried alone = model.loss(first.next(), model.start(2)), goesOn = model.loss(first.next(), alone.state());
        Carried again = model.loss(second.next(), goesOn.state());
        assertEquals(alone.loss().item(), again.loss().item());
        SequenceBatch next = second.next();
        assertEquals(goesOn.loss().item(), model.loss(next, again.state()).loss().item());
        assertNotEquals(goesOn.loss().item(), model.loss(next, model.start(2)).loss().item(), "the state is read");
    }

    @Test void aStateOfOtherRowsIsNamed() {
        LanguageModel model = model(2);
        Iterator<SequenceBatch> batches = Batches.contiguous(VOCABULARY.encode(TEXT), 2, 7).epoch(0);
        batches.next();
        String message = assertThrows(ShapeException.class, () -> model.loss(batches.next(), model.start(3)))
                .getMessage();
        assertTrue(message.contains("goes on in 2 rows, but the state is of 3; start(2)"), message);
    }

    @Test void gradientsStopBetweenBatches() {
        LanguageModel model = model(2);
        Iterator<SequenceBatch> batches = Batches.contiguous(VOCABULARY.encode(TEXT), 2, 7).epoch(0);
        Carried first = model.loss(batches.next(), model.start(2));
        first.loss().backward();
        model.zeroGradients();
        // an error, if the freed graph of the first were reached
        model.loss(batches.next(), first.state().detach()).loss().backward();
        assertTrue(model.parameters().stream().allMatch(p -> p.gradientData() != null));
    }

    @Test void wordsCostTheirLettersAndTheBlank() {
        List<String> tokens = List.of("a", "bird", "sings", "a", "bird", "sleeps");
        Vocabulary words = Vocabulary.words(tokens, 1);
        LanguageModel model = new LanguageModel(words, Lstm.of(4, 5), Rng.seed(1));
        Perplexity perplexity = model.evaluate(words.encode(tokens));
        assertEquals(5, perplexity.symbols());
        assertEquals(" bird sings a bird sleeps".length(), perplexity.characters());
        assertEquals(perplexity.nats() / 25, perplexity.natsPerCharacter(), 1e-12);
    }

    @Test void aCharacterOutsideTheBasicPlaneIsOneCharacter() {
        Vocabulary vocabulary = Vocabulary.characters("a\uD83D\uDE00b");
        LanguageModel model = new LanguageModel(vocabulary, Lstm.of(4, 5), Rng.seed(1));
        assertEquals(2, model.evaluate(vocabulary.encode("a\uD83D\uDE00b")).characters());
    }

    @Test void textsThatAreTooShortAreNamed() {
        for (int n = 0; n < 2; n++) {
            int[] ids = new int[n];
            Refused.by(Reason.TOO_SHORT, () -> model(1).evaluate(ids));
        }
    }

    @Test void unknownCharactersOfAPromptAreNamed() {
        Refused e = Refused.by(Reason.UNKNOWN_SYMBOL, () -> model(1).generate("the Zoo", 5, 1, 0, Rng.seed(1)));
        assertTrue(e.getMessage().startsWith("Vocabulary: symbol \"Z\" "), e.getMessage());
        assertEquals(4, e.position());
        Refused.by(Reason.UNKNOWN_SYMBOL, () -> model(1).states("Zoo"));
    }

    @Test void givesOneStateAndOneRowOfLogitsForEachSymbol() {
        LanguageModel model = model(1);
        assertArrayEquals(new int[] {7, 12}, model.states("the cat").shape());
        assertArrayEquals(new int[] {7, VOCABULARY.size()}, model.logits(VOCABULARY.encode("the cat")).shape());
        assertArrayEquals(model.output().apply(model.states("the cat")).data(),
                model.logits(VOCABULARY.encode("the cat")).data(), 1e-6f);
        assertFalse(model.logits(VOCABULARY.encode("the cat")).requiresGradient());
    }

    @Test void equalSeedsGiveEqualModels() {
        List<float[]> one = new ArrayList<>(), two = new ArrayList<>();
        model(5).parameters().forEach(p -> one.add(p.data()));
        model(5).parameters().forEach(p -> two.add(p.data()));
        for (int i = 0; i < one.size(); i++) assertArrayEquals(one.get(i), two.get(i));
        assertFalse(Arrays.equals(one.get(0), model(6).parameters().get(0).data()));
    }

    @Test void aCarriedStateOfAnotherModelIsRefused() {
        LanguageModel model = model(1), larger = new LanguageModel(VOCABULARY, Lstm.of(8, 13), Rng.seed(1));
        Iterator<SequenceBatch> batches = Batches.contiguous(VOCABULARY.encode(TEXT), 2, 7).epoch(0);
        batches.next();
        String message = assertThrows(ShapeException.class, () -> model.loss(batches.next(), larger.start(2)))
                .getMessage();
        assertTrue(message.contains("12") && message.contains("13"), message);
    }

    @Test void wordsCanBeModelled() {
        List<String> tokens = List.of("one", "two", "three", "<eos>", "one", "two", "four", "<eos>");
        Vocabulary words = Vocabulary.words(tokens, 2);
        LanguageModel model = new LanguageModel(words, Lstm.of(4, 5), Rng.seed(1));
        assertEquals(tokens.size() - 1, model.evaluate(words.encode(tokens)).symbols());
    }
}
