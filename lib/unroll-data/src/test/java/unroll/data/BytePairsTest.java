package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

final class BytePairsTest {
    /** The words of the paper, figure 1; counted by hand, ties broken in alphabetical order. */
    private static Stream<List<String>> paper() {
        return Stream.of(Collections.nCopies(5, "low"), Collections.nCopies(2, "lower"),
                Collections.nCopies(6, "newest"),
                Collections.nCopies(3, "widest"));
    }

    @Test void theMostFrequentPairIsMergedFirst() {
        // e s and s t: 9 times each
        assertEquals(List.of("n@@", "e@@", "w@@", "es@@", "t"), BytePairs.learn(paper(), 1).pieces(List.of("newest")));
        assertEquals(List.of("n@@", "e@@", "w@@", "est"), BytePairs.learn(paper(), 2).pieces(List.of("newest")));
        // a word that is new
        assertEquals(List.of("l@@", "o@@", "w@@", "est"), BytePairs.learn(paper(), 2).pieces(List.of("lowest")));
        assertEquals(List.of("low"), BytePairs.learn(paper(), 100).pieces(List.of("low")));
    }

    @Test void anEndOfAWordIsNoMiddle() {
        BytePairs pairs = BytePairs.learn(Stream.of(List.of("at", "at", "bat")), 1);
        assertEquals(List.of("at", "b@@", "at", "a@@", "t@@", "e"), pairs.pieces(List.of("at", "bat", "ate")));
    }

    @Test void piecesMakeTheirWordsAgain() {
        List<List<String>> sentences = SentencePairs.generated(300, Rng.seed(1)).pairs().stream()
                .map(p -> Tokenizer.wordsAndPunctuation().tokens(p.swedish())).toList();
        for (int merges : new int[] {0, 1, 40, 10_000}) {
            BytePairs pairs = BytePairs.learn(sentences.stream(), merges);
            for (List<String> s : sentences) assertEquals(s, BytePairs.words(pairs.pieces(s)));
            List<String> unseen = List.of("skäppa", "å", "\uD83D\uDE00x\uD83D\uDE00");
            assertEquals(unseen, BytePairs.words(pairs.pieces(unseen)));
        }
        assertEquals(List.of("hun"), BytePairs.words(List.of("hu@@", "n@@")));
    }

    @Test void aPairThatOccursOnceIsNotMerged() {
        assertEquals(0, BytePairs.learn(Stream.of(List.of("ab", "cd")), 5).merges());
        assertEquals(1, BytePairs.learn(Stream.of(List.of("ab", "ab")), 5).merges());
    }

    @Test void whatWasLearnedFirstIsMergedFirst() {
        BytePairs pairs = BytePairs.learn(Stream.of(Collections.nCopies(3, "abx"), Collections.nCopies(2, "bcx")), 100);
        assertEquals(List.of("ab@@", "c@@", "d"), pairs.pieces(List.of("abcd")));
    }

    @Test void aMergeTakesFromTheCountsOfItsNeighbours() {
        BytePairs pairs = BytePairs
                .learn(Stream.of(Collections.nCopies(3, "abc"), Collections.nCopies(2, "abq"), List.of("bc")), 100);
        // b c: 4 times at first, once after a b
        assertEquals(List.of("abc", "b@@", "c"), pairs.pieces(List.of("abc", "bc")));
    }

    @Test void errorsSayWhatIsWrong() {
        Refused.by(Reason.EMPTY, () -> BytePairs.learn(Stream.of(), 5));
        assertThrows(IllegalArgumentException.class, () -> BytePairs.learn(Stream.of(List.of("a")), -1));
        assertThrows(IllegalArgumentException.class, () -> BytePairs.learn(Stream.of(List.of("")), 1));
    }

    /** Without care, the end of a word that ends with the mark of going on would swallow the next word. */
    @Test void aWordMayHoldTheMarkItself() {
        List<String> words = List.of("@@", "x@@", "@@@", "@", "a@@b", "@@@@", "x@", "@@x", "</w>", "<unk>", "<s>");
        BytePairs pairs = BytePairs.learn(Stream.of(words, words, words), 1000);
        for (int i = 0; i < words.size(); i++)
            for (String next : words)
                assertEquals(List.of(words.get(i), next), BytePairs.words(pairs.pieces(List.of(words.get(i), next))));
        assertEquals(List.of("a@@b"), pairs.pieces(List.of("a@@b")));
    }
}
