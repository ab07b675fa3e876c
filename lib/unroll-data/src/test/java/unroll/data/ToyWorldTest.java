package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;

class ToyWorldTest {
    @Test void sentencesHaveAllWordsThatAreAskedForAndNoneThatIsUnseen() {
        List<List<String>> sentences = ToyWorld.sentences(5_000, Rng.seed(1));
        Set<String> words = new HashSet<>();
        sentences.forEach(words::addAll);
        ToyWorld.categories().values().forEach(kind -> assertTrue(words.containsAll(kind), kind.toString()));
        ToyWorld.analogies()
                .forEach(a -> assertTrue(words.containsAll(List.of(a.a(), a.b(), a.c(), a.d())), a.toString()));
        ToyWorld.unseen().forEach((word, forms) -> {
            assertFalse(words.contains(word), word);
            assertTrue(words.containsAll(forms), forms.toString());
        });
        for (String word : words)
            assertTrue(word.equals(word.toLowerCase(java.util.Locale.ROOT)), "a place was not filled: " + word);
    }

    @Test void equalSeedsGiveEqualSentences() {
        assertEquals(ToyWorld.sentences(50, Rng.seed(1)), ToyWorld.sentences(50, Rng.seed(1)));
        assertFalse(ToyWorld.sentences(50, Rng.seed(1)).equals(ToyWorld.sentences(50, Rng.seed(2))));
        assertThrows(IllegalArgumentException.class, () -> ToyWorld.sentences(0, Rng.seed(1)));
    }

    @Test void analogiesAreOfTwoRelations() {
        assertEquals(8 * 7 + 6 * 5, ToyWorld.analogies().size());
        assertTrue(ToyWorld.analogies().contains(new ToyWorld.Analogy("france", "paris", "italy", "rome")));
        assertTrue(ToyWorld.analogies().contains(new ToyWorld.Analogy("king", "queen", "man", "woman")));
    }
}
