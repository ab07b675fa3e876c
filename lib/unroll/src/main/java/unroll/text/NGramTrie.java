package unroll.text;

import java.util.Arrays;

import unroll.tensor.Interrupts;

/**
 * All n-grams of a text up to an order, as a tree in arrays: a node of level k is a different k-gram, its children are
 * the symbols that followed it, in their order. Made from the places of the text in the order of what begins there.
 */
final class NGramTrie {
    final int order;
    /** Of each level from 1 on: the last symbol of each node, and how often it was seen. */
    final int[][] symbol, count;
    /** Of each level below the order: where the children of a node begin in the next level; then where the last end. */
    private final int[][] first;

    private NGramTrie(int[][] symbol, int[][] count, int[][] first) {
        order = first.length;
        this.symbol = symbol;
        this.count = count;
        this.first = first;
    }

    /** Of a text. */
    static NGramTrie of(int order, int[] ids, int symbols) {
        int[] places = sorted(order, ids, symbols), sizes = new int[order + 1];
        sizes[0] = 1;
        for (int i = 0; i < places.length; i++) {
            Interrupts.check("NGramModel", i);
            for (int k = common(order, ids, places, i) + 1; k <= depth(order, ids, places[i]); k++) sizes[k]++;
        }
        int[][] symbol = new int[order + 1][], count = new int[order + 1][], first = new int[order][];
        for (int k = 0; k <= order; k++) {
            symbol[k] = new int[sizes[k]];
            count[k] = new int[sizes[k]];
            if (k < order) first[k] = new int[sizes[k] + 1];
        }
        int[] last = new int[order + 1];
        Arrays.fill(last, 1, order + 1, -1);
        for (int i = 0; i < places.length; i++) {
            Interrupts.check("NGramModel", i);
            int depth = depth(order, ids, places[i]);
            for (int k = common(order, ids, places, i) + 1; k <= depth; k++) {
                symbol[k][++last[k]] = ids[places[i] + k - 1];
                if (k < order) first[k][last[k]] = last[k + 1] + 1;
            }
            for (int k = 1; k <= depth; k++) count[k][last[k]]++;
        }
        for (int k = 0; k < order; k++) first[k][sizes[k]] = sizes[k + 1];
        return new NGramTrie(symbol, count, first);
    }

    /** Without nodes but the root; {@link #add} brings those of one level after the other. */
    static NGramTrie empty(int order) {
        NGramTrie trie = new NGramTrie(new int[order + 1][], new int[order + 1][], new int[order][]);
        trie.symbol[0] = new int[1];
        return trie;
    }

    /**
     * All nodes of the next level.
     *
     * @param ids those of each n-gram, one after the other
     * @return the node of each n-gram
     */
    int[] add(int level, int[] ids) {
        int n = ids.length / level;
        long[] keys = new long[n];                                         // the node above it, and its symbol
        for (int i = 0; i < n; i++) {
            int parent = find(ids, i * level, (i + 1) * level - 1);
            if (parent < 0)
                throw new IllegalArgumentException("the " + level + "-gram number " + (i + 1)
                        + " begins with a " + (level - 1) + "-gram that is not there");
            keys[i] = (long) parent << 32 | ids[(i + 1) * level - 1];
        }
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        symbol[level] = new int[n];
        first[level - 1] = new int[size(level - 1) + 1];
        for (int j = 0; j < n; j++) {
            if (j > 0 && sorted[j] == sorted[j - 1])
                throw new IllegalArgumentException("a " + level + "-gram stands there twice");
            symbol[level][j] = (int) sorted[j];
            first[level - 1][(int) (sorted[j] >> 32) + 1]++;
        }
        for (int c = 0; c < size(level - 1); c++) first[level - 1][c + 1] += first[level - 1][c];
        return Arrays.stream(keys).mapToInt(key -> Arrays.binarySearch(sorted, key)).toArray();
    }

    /** Of the n-grams that begin there, the longest. */
    private static int depth(int order, int[] ids, int place) {
        return Math.min(order, ids.length - place);
    }

    /** How many first symbols place number i shares with the one before it. */
    private static int common(int order, int[] ids, int[] places, int i) {
        if (i == 0) return 0;
        int a = places[i - 1], b = places[i], most = Math.min(depth(order, ids, a), depth(order, ids, b)), k = 0;
        while (k < most && ids[a + k] == ids[b + k]) k++;
        return k;
    }

    /**
     * All places of a text in the order of the symbols that begin there, by one pass over them for each of these, from
     * the last to the first; the end of the text comes before every symbol.
     */
    private static int[] sorted(int order, int[] ids, int symbols) {
        int n = ids.length;
        int[] places = new int[n], next = new int[n];
        for (int i = 0; i < n; i++) places[i] = i;
        for (int k = order - 1; k >= 0; k--) {
            Interrupts.check("NGramModel");
            int[] from = new int[symbols + 2];
            for (int i = 0; i < n; i++) from[(i + k < n ? ids[i + k] + 1 : 0) + 1]++;
            for (int s = 1; s < from.length; s++) from[s] += from[s - 1];
            for (int place : places) next[from[place + k < n ? ids[place + k] + 1 : 0]++] = place;
            int[] empty = places;
            places = next;
            next = empty;
        }
        return places;
    }

    int size(int level) { return symbol[level].length; }

    /** The first child of a node, and behind the last one. */
    int begin(int level, int node) {
        return first[level][node];
    }

    int end(int level, int node) { return first[level][node + 1]; }

    /** The child of that symbol, or -1. */
    int child(int level, int node, int wanted) {
        int at = Arrays.binarySearch(symbol[level + 1], begin(level, node), end(level, node), wanted);
        return at < 0 ? -1 : at;
    }

    /** The node of ids[from .. to - 1], or -1. */
    int find(int[] ids, int from, int to) {
        int node = 0;
        for (int i = from; i < to && node >= 0; i++) node = child(i - from, node, ids[i]);
        return node;
    }

    /** Of each node: how many different symbols were seen directly before its n-gram; of the longest, their counts. */
    int[][] differentBefore() {
        int[][] different = new int[order + 1][];
        different[order] = count[order];
        int[] shorter = {0};                                               // a node without its first symbol
        for (int k = 1; k < order; k++) {
            different[k] = new int[size(k)];
            int[] own = new int[size(k)];
            for (int parent = 0; parent < size(k - 1); parent++)
                for (int j = begin(k - 1, parent); j < end(k - 1, parent); j++)
                    own[j] = k == 1 ? 0 : child(k - 2, shorter[parent], symbol[k][j]);
            for (int node = 0; node < size(k); node++) {
                Interrupts.check("NGramModel", node);
                for (int j = begin(k, node); j < end(k, node); j++)
                    different[k][child(k - 1, own[node], symbol[k + 1][j])]++;
            }
            shorter = own;
        }
        return different;
    }
}
