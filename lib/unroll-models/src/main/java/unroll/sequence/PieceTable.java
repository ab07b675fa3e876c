package unroll.sequence;

import java.util.Arrays;

/** A number for each letter and each piece that it can say: nothing, each of P phonemes, each of P² pairs. */
final class PieceTable {
    private final int P;
    private final double[][] values;                                       // [letter][1 + P + P²]

    private PieceTable(int P, double[][] values) {
        this.P = P;
        this.values = values;
    }

    static PieceTable zeros(int letters, int P) {
        return new PieceTable(P, new double[letters][Math.addExact(1 + P, Math.multiplyExact(P, P))]);
    }

    /** The same probabilities for each letter: nothing and one phoneme all alike, each pair so many times as likely. */
    static PieceTable start(int letters, int P, double pair) {
        PieceTable table = zeros(letters, P);
        for (double[] row : table.values) {
            Arrays.fill(row, 0, 1 + P, 1);
            Arrays.fill(row, 1 + P, row.length, pair);
        }
        return table.normalized();
    }

    private int at(int[] phonemes, int from, int size) {
        return size == 0 ? 0 : size == 1 ? 1 + phonemes[from] : 1 + P + phonemes[from] * P + phonemes[from + 1];
    }

    double get(int letter, int[] phonemes, int from, int size) { return values[letter][at(phonemes, from, size)]; }

    void add(int letter, int[] phonemes, int from, int size, double count) {
        values[letter][at(phonemes, from, size)] += count;
    }

    /** Each letter's numbers divided by their sum. */
    PieceTable normalized() {
        double[][] shares = new double[values.length][];
        for (int i = 0; i < shares.length; i++) {
            double sum = Arrays.stream(values[i]).sum();
            shares[i] = Arrays.stream(values[i]).map(v -> v / sum).toArray();
        }
        return new PieceTable(P, shares);
    }
}
