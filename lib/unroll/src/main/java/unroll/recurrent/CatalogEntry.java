package unroll.recurrent;

import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;

/**
 * One recurrence of the {@link CellCatalog}.
 *
 * @param name         what it is called
 * @param equations    one step, as in the documentation of its cell
 * @param parameters   how many numbers are learned
 * @param multiplyAdds how many multiplications with weights and between gates one step of one sequence takes
 * @param paper        where it was published
 * @param builder      makes the cell
 */
public record CatalogEntry(String name, String equations, Cost parameters, Cost multiplyAdds, String paper,
        Builder builder) {
    /** Makes a cell with weights of its own. */
    @FunctionalInterface
    public interface Builder {
        Cell<?> build(int inputSize, int hiddenSize, Rng rng);
    }

    /**
     * A number of the form a I H + b H² + c H, for input size I and hidden size H.
     *
     * @param inputHidden  a: how many matrices [I, H]
     * @param hiddenHidden b: how many matrices [H, H]
     * @param hidden       c: how many vectors [H]
     */
    public record Cost(int inputHidden, int hiddenHidden, int hidden) {
        public long of(int inputSize, int hiddenSize) {
            return ((long) inputHidden * inputSize + (long) hiddenHidden * hiddenSize + hidden) * hiddenSize;
        }

        /** For example {@code "4 I H + 4 H² + 7 H"}. */
        @Override public String toString() {
            StringBuilder text = new StringBuilder();
            term(text, inputHidden, "I H");
            term(text, hiddenHidden, "H²");
            term(text, hidden, "H");
            return text.toString();
        }

        private static void term(StringBuilder text, int factor, String of) {
            if (factor == 0) return;
            if (text.length() > 0) text.append(" + ");
            if (factor > 1) text.append(factor).append(' ');
            text.append(of);
        }
    }

    /** One step at a time. */
    public Cell<?> cell(int inputSize, int hiddenSize, Rng rng) {
        return builder.build(inputSize, hiddenSize, rng);
    }

    /** Over whole sequences: with a backward pass of its own or as a scan where there is one, else {@link Unrolled}. */
    public SequenceLayer layer(int inputSize, int hiddenSize, Rng rng) {
        return spec(inputSize, hiddenSize).layer(inputSize, rng);
    }

    /** The configuration of one or more such layers, for a model. */
    public CellSpec spec(int inputSize, int hiddenSize) {
        return new CellSpec(name, builder, inputSize, hiddenSize);
    }
}
