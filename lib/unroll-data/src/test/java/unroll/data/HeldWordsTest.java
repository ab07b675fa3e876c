package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.text.DatasetException;

class HeldWordsTest {
    @Test void equalWordsAreOneObject() {
        HeldWords held = new HeldWords("F", 1 << 20);
        assertSame(held.hold("word"), held.hold(new String("word")));
        for (int i = 0; i < 100_000; i++) held.hold("word");
    }

    @Test void whatWouldFillTheMemoryIsRefused() {
        for (java.util.function.BiConsumer<HeldWords, Integer> growth : List.<java.util.function.BiConsumer<HeldWords, Integer>>of(
                (held, i) -> held.hold("w" + i), (held, i) -> held.own("w"), (held, i) -> held.record(3),
                (held, i) -> held.hold(List.of("a")))) {
            HeldWords held = new HeldWords("F", 1 << 20);
            DatasetException e = assertThrows(DatasetException.class, () -> {
                for (int i = 0; i < 1_000_000; i++) growth.accept(held, i);
            });
            assertEquals(DatasetException.Reason.TOO_LARGE, e.reason());
            assertTrue(e.getMessage().startsWith("F: its words need more than 1 MB") && e.getMessage().contains("-Xmx"),
                    e.getMessage());
        }
    }

    @Test void theTokensOfATextAreHeldOnce() {
        for (Tokenizer tokenizer : List.of(Tokenizer.lines(), Tokenizer.wordsAndPunctuation(), Tokenizer.reviews())) {
            List<String> tokens = tokenizer.tokens("so so");
            assertSame(tokens.get(0), tokens.get(1));
        }
    }
}
