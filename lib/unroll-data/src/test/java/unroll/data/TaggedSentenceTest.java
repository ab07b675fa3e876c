package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

class TaggedSentenceTest {
    @Test void aWordWithoutATagIsNamed() {
        String said = assertThrows(IllegalArgumentException.class,
                () -> new TaggedSentence(List.of("desert", "me"), List.of("VERB"))).getMessage();
        assertTrue(said.contains("2 words and 1 tags") && said.contains("desert"), said);
        Refused.by(Reason.EMPTY, () -> new TaggedSentence(List.of(), List.of()));
    }

    @Test void wordsAreShownWithTheirTags() {
        assertEquals("desert/VERB me/PRON",
                new TaggedSentence(List.of("desert", "me"), List.of("VERB", "PRON")).toString());
    }

    @Test void aTextHasWordsAndALabel() {
        Refused.by(Reason.EMPTY, () -> new LabelledText(List.of(), "positive"));
        assertThrows(IllegalArgumentException.class, () -> new LabelledText(List.of("good"), " "));
        assertEquals("positive: good", new LabelledText(List.of("good"), "positive").toString());
    }
}
