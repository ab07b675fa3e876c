package unroll.recurrent;

/**
 * Simple recurrent networks over whole sequences; the equation is that of {@link ElmanCell}, run by {@link Unrolled}.
 *
 * <pre>{@code
 * var rnn = Rnn.of(64, 256).build(rng);                            // tanh
 * var out = rnn.apply(x);                                          // x: [T, B, 64] → out.states(): [T, B, 256]
 * }</pre>
 */
public final class Rnn {
    private Rnn() {
    }

    public static RecurrentSpec of(int inputSize, int hiddenSize) { return of(inputSize, hiddenSize, Nonlinearity.TANH); }

    public static RecurrentSpec of(int inputSize, int hiddenSize, Nonlinearity nonlinearity) {
        return new RecurrentSpec("Rnn", (in, hidden, rng) -> new Unrolled<>(new ElmanCell(in, hidden, nonlinearity, rng)), inputSize, hiddenSize, 1,
                0);
    }
}
