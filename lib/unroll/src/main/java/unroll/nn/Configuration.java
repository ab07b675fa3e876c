package unroll.nn;

import java.util.function.Consumer;

/**
 * What is chosen by a chain of settings, each of which gives a changed copy: {@code Lstm.of(64, 256).layers(2)}. A
 * subclass has one field for each setting, not final, and changes it in {@link #with} alone: in a copy that nobody else
 * has seen yet, so that whoever has a configuration can keep it.
 *
 * <pre>{@code
 * public MySpec layers(int layers) { return with(copy -> copy.layers = layers); }
 * }</pre>
 *
 * @param <S> the subclass itself
 */
public abstract class Configuration<S extends Configuration<S>> implements Cloneable {
    /** A copy of this, changed. Lists and maps are the same ones: the change replaces them. */
    protected final S with(Consumer<? super S> change) {
        try {
            @SuppressWarnings("unchecked")
            S copy = (S) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every configuration is Cloneable", e);
        }
    }
}
