package unroll.text;

import unroll.tensor.Interrupts;

/** How much text symbols stand for, so that models of words and of characters can be compared. */
final class Characters {
    private Characters() {
    }

    /** A character counts one, a word its length and the blank before it, and an ignored place nothing. */
    static long count(Vocabulary vocabulary, int[] ids) {
        long n = 0;
        for (int id : ids) {
            Interrupts.check("Vocabulary");
            if (id == SequenceBatch.IGNORE) continue;
            String symbol = vocabulary.symbol(id);
            n += vocabulary.kind() == Vocabulary.Kind.CHARACTERS ? 1 : symbol.codePointCount(0, symbol.length()) + 1;
        }
        return n;
    }
}
