package unroll.recurrent;

/**
 * Long short-term memory over whole sequences; the equations are those of {@link LstmCell}, run by {@link Unrolled}.
 *
 * <pre>{@code
 * var lstm = Lstm.of(64, 256).layers(2).dropout(0.2).build(rng);
 * var out = lstm.apply(x);                                         // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class Lstm {
    private Lstm() {
    }

    public static RecurrentSpec of(int inputSize, int hiddenSize) {
        return new RecurrentSpec("Lstm", (in, hidden, rng) -> new Unrolled<>(new LstmCell(in, hidden, rng)), inputSize, hiddenSize, 1, 0);
    }
}
