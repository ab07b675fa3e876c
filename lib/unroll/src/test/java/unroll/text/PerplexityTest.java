package unroll.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class PerplexityTest {
    @Test void aUniformGuessHasThePerplexityOfTheVocabulary() {
        Perplexity guess = Perplexity.uniform(65, 1000);
        assertEquals(65, guess.perplexity(), 1e-9);
        assertEquals(Math.log(65), guess.natsPerSymbol(), 1e-12);
    }

    @Test void aCoinCostsOneBit() { assertEquals(1, Perplexity.uniform(2, 7).bitsPerSymbol(), 1e-12); }

    @Test void batchesWeighAsMuchAsTheyHaveSymbols() {
        Perplexity both = Perplexity.none().add(1.0, 30).add(2.0, 10);
        assertEquals(1.25, both.natsPerSymbol(), 1e-12);
        assertEquals(40, both.symbols());
    }

    @Test void wordsAreComparedWithCharactersPerCharacter() {
        Perplexity words = Perplexity.none().add(5.0, 10, 50);
        assertEquals(1.0, words.natsPerCharacter(), 1e-12);
        assertEquals(1 / Math.log(2), words.bitsPerCharacter(), 1e-12);
        assertEquals(5.0, words.natsPerSymbol(), 1e-12);
    }

    @Test void anEmptyBatchChangesNothingEvenIfItsMeanIsNotANumber() {
        Perplexity one = Perplexity.none().add(1.0, 3);
        assertEquals(one, one.add(Double.NaN, 0));
    }

    @Test void withoutSymbolsThereIsNoMean() {
        assertEquals("Perplexity: no symbols were counted, so there is no mean; add the batches first",
                assertThrows(IllegalStateException.class, Perplexity.none()::perplexity).getMessage());
    }

    @Test void negativeCountsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Perplexity(1, -1, 0));
    }
}
