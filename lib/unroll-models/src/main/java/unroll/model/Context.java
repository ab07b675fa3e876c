package unroll.model;

import unroll.nn.SequenceLayer;

/**
 * What a {@link SequenceTagger} looks at to tag a word: the word alone, its neighbours, or all that a layer reads.
 *
 * <pre>{@code
 * Context.none(128)                                        // each word by itself
 * Context.window(128, 2)                                   // five words: two to the left, two to the right
 * Context.layer(Lstm.of(128, 96).bidirectional())          // the whole sentence
 * }</pre>
 */
public sealed interface Context {
    /** The size of a word's vector. */
    int inputSize();

    /** The word alone. */
    static Context none(int inputSize) { return new None(inputSize); }

    /**
     * The vectors of the word and of so many neighbours on each side, side by side; zeros beyond the ends of the
     * sentence.
     */
    static Context window(int inputSize, int neighbours) {
        return new Window(inputSize, neighbours);
    }

    /** The states of a layer of any kind and direction. */
    static Context layer(SequenceLayer.Spec spec) {
        return new Layer(spec);
    }

    /** See {@link Context#none}. */
    record None(int inputSize) implements Context {
        public None {
            positive(inputSize);
        }

        @Override public String toString() { return "no context"; }
    }

    /** See {@link Context#window}. */
    record Window(int inputSize, int neighbours) implements Context {
        public Window {
            positive(inputSize);
            if (neighbours < 1)
                throw new IllegalArgumentException(
                        "Context.window: expected at least one neighbour a side but got " + neighbours);
        }

        @Override public String toString() { return "window of " + (2 * neighbours + 1) + " words"; }
    }

    /** See {@link Context#layer}. */
    record Layer(SequenceLayer.Spec spec) implements Context {
        @Override public int inputSize() { return spec.inputSize(); }

        @Override public String toString() { return spec.toString(); }
    }

    private static void positive(int inputSize) {
        if (inputSize < 1)
            throw new IllegalArgumentException("Context: expected vectors of at least one number but got " + inputSize);
    }
}
