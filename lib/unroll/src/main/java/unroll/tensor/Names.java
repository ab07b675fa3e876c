package unroll.tensor;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Overhears the names that {@link Tensor#named} gives: how the gates of a cell are found that somebody else wrote.
 *
 * <pre>{@code
 * List<Tensor> heard = new ArrayList<>();
 * Names.overhear(heard::add, () -> cell.step(x, state));           // heard: i, f, g, o, c of an LSTM, in this order
 * }</pre>
 */
public final class Names {
    private static final ThreadLocal<Consumer<Tensor>> LISTENER = new ThreadLocal<>();

    private Names() {
    }

    /**
     * Runs {@code work} and hands each tensor that is named in it, on this thread, to {@code listener}. Where such
     * calls are nested, only the innermost listener hears a name.
     */
    public static <T> T overhear(Consumer<Tensor> listener, Supplier<T> work) {
        Consumer<Tensor> before = LISTENER.get();
        LISTENER.set(listener);
        try {
            return work.get();
        } finally {
            if (before == null) LISTENER.remove();
            else
                LISTENER.set(before);
        }
    }

    static void given(Tensor tensor) {
        Consumer<Tensor> listener = LISTENER.get();
        if (listener != null) listener.accept(tensor);
    }
}
