package unroll.recurrent;

/**
 * Gated recurrent units over whole sequences; the equations are those of {@link GruCell}, run by {@link Unrolled}.
 *
 * <pre>{@code
 * var gru = Gru.of(64, 256).layers(2).build(rng);
 * var out = gru.apply(x);                                          // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class Gru {
    private Gru() {
    }

    public static RecurrentSpec of(int inputSize, int hiddenSize) {
        return new RecurrentSpec("Gru", (in, hidden, rng) -> new Unrolled<>(new GruCell(in, hidden, rng)), inputSize, hiddenSize, 1, 0);
    }
}
