package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import unroll.text.DatasetException.Reason;
import unroll.text.Vocabulary.Kind;

final class VocabularyTest {
    @Property void decodingUndoesEncoding(
            @ForAll @StringLength(max = 50) @Chars({'a', 'b', '\n', 'é', '漢'}) String text) {
        Vocabulary vocabulary = Vocabulary.characters("ab\né漢𝄞");
        assertEquals(text, vocabulary.decode(vocabulary.encode(text)));
    }

    @Example void charactersAreCodePointsInOrder() {
        assertEquals(List.of("\n", "a", "b", "𝄞"), Vocabulary.characters("b𝄞a\nab").symbols());
        assertArrayEquals(new int[] {3, 1}, Vocabulary.characters("b𝄞a\nab").encode("𝄞a"));
    }

    @Example void wordsStandByFallingCountThenAlphabet() {
        assertEquals(List.of("c", "a", "b"), Vocabulary.words(List.of("b", "c", "a", "c"), 1).symbols());
    }

    @Example void rareWordsBecomeUnknown() {
        Vocabulary words = Vocabulary.words(List.of("b", "c", "a", "c", "b"), 2);
        assertEquals(List.of("<unk>", "b", "c"), words.symbols());
        assertEquals("c <unk> b", words.decode(words.encode(List.of("c", "a", "b"))));
    }

    @Example void anUnknownSymbolOfTheTextItselfIsTheUnknownSymbol() {
        Vocabulary words = Vocabulary.words(List.of("a", "<unk>", "a", "b"), 1);
        assertEquals(List.of("<unk>", "a", "b"), words.symbols());
        assertEquals(0, words.index("never seen"));
    }

    @Example void withUnknownTakesEveryText() {
        Vocabulary plain = Vocabulary.characters("ab"), open = plain.withUnknown();
        assertFalse(plain.hasUnknown());
        assertTrue(open.hasUnknown());
        assertArrayEquals(new int[] {1, 0, 2}, open.encode("aéb"));
        assertSame(open, open.withUnknown());
    }

    @Example void anUnknownCharacterIsNamedWithItsPlace() {
        Refused e = Refused.by(Reason.UNKNOWN_SYMBOL, () -> Vocabulary.characters("abc").encode("a𝄞é"));
        assertTrue(e.getMessage().startsWith("Vocabulary: symbol \"𝄞\" "), e.getMessage());
        assertEquals(1, e.position());
        e = Refused.by(Reason.UNKNOWN_SYMBOL, () -> Vocabulary.characters("abc𝄞").encode("a𝄞é"));
        assertEquals(2, e.position());
        assertEquals(
                "Vocabulary: symbol \"é\" (U+00E9) at position 2 is not one of the 4 symbols of this vocabulary. "
                        + "Leave it out of the text, "
                        + "or build the vocabulary withUnknown() (and the model from that).",
                e.getMessage());
    }

    @Example void aListOfItsSymbolsIsAllThereIsToStore() {
        Vocabulary vocabulary = Vocabulary.words(List.of("x", "y", "y"), 2);
        assertEquals(vocabulary, Vocabulary.of(vocabulary.symbols(), vocabulary.kind()));
    }

    @Example void emptyAndOneSymbolTextsAreRefused() {
        assertTrue(Refused.by(Reason.EMPTY, () -> Vocabulary.characters("")).getMessage()
                .contains("has none"));
        assertTrue(Refused.by(Reason.EMPTY, () -> Vocabulary.characters("aaa")).getMessage()
                .contains("only \"a\" (U+0061)"));
        Refused.by(Reason.EMPTY, () -> Vocabulary.words(List.of(), 1));
        Refused.by(Reason.EMPTY, () -> Vocabulary.words(List.of("a", "b"), 2));
        Refused.by(Reason.EMPTY, () -> Vocabulary.of(List.of("a"), Kind.WORDS));
    }

    @Example void aStoredListIsChecked() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> Vocabulary.of(List.of("a", "b", "a"), Kind.CHARACTERS)).getMessage()
                .contains("stands twice in the list, at 0 and 2"));
        assertThrows(IllegalArgumentException.class, () -> Vocabulary.of(List.of("a", "bc"), Kind.CHARACTERS));
        assertThrows(IllegalArgumentException.class, () -> Vocabulary.of(List.of("a", "\ud800"), Kind.CHARACTERS));
        assertThrows(IllegalArgumentException.class, () -> Vocabulary.of(List.of("a", ""), Kind.WORDS));
    }

    @Example void wordsAreNotEncodedFromRawText() {
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> Vocabulary.words(List.of("a", "b"), 1).encode("a b"))
                        .getMessage()
                        .contains("tokenizer"));
    }

    @Example void anIdBeyondTheEndIsRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> Vocabulary.characters("ab").decode(0, 2));
    }

    @Example void sentencesGiveTheSameWordsAsTheirTokensOneAfterTheOther() {
        assertEquals(Vocabulary.words(List.of("a", "b", "a", "c", "a", "b"), 2),
                Vocabulary.words(java.util.stream.Stream.of(List.of("a", "b", "a"), List.of("c", "a", "b")), 2));
    }
}
