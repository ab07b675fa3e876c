package unroll.model;

import java.nio.charset.StandardCharsets;

/**
 * The parts of a word that share vectors with other words: all strings of {@code shortest} to {@code longest}
 * characters of {@code <word>}, numbered by a hash (Bojanowski et al. 2017). Parts with one number share a vector,
 * whether alike or not.
 */
record Subwords(int shortest, int longest, int buckets) {
    Subwords {
        if (shortest < 1 || longest < shortest || buckets < 1)
            throw new IllegalArgumentException(
                    "SkipGram: expected subwords of 1 <= shortest <= longest characters in at least 1 bucket but got "
                            + shortest + " to " + longest + " in " + buckets);
    }

    /** The numbers of the parts, 0 .. buckets - 1. */
    int[] of(String word) {
        int[] characters = ("<" + word + ">").codePoints().toArray();
        int n = 0, at = 0;
        for (int length = shortest; length <= longest; length++) n += Math.max(0, characters.length - length + 1);
        int[] numbers = new int[n];
        for (int length = shortest; length <= longest; length++)
            for (int i = 0; i + length <= characters.length; i++)
                numbers[at++] = Integer.remainderUnsigned(hash(new String(characters, i, length)), buckets);
        return numbers;
    }

    /** FNV-1a over the bytes in UTF-8. */
    private static int hash(String part) {
        int h = 0x811c9dc5;
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) h = (h ^ (b & 0xff)) * 0x01000193;
        return h;
    }
}
