/**
 * What is done with whole sequences: attention to another sequence, dependent predictions, and search for the best
 * one. Begin with {@link Attention} and Crf.
 *
 * <pre>{@code
 * Rng rng = Rng.seed(1);
 * Tensor states = rng.normal(7, 2, 16), queries = rng.normal(3, 2, 8);      // [S, B, 16] and [T, B, 8]
 * Lengths lengths = Lengths.of(7, 4);
 * Attention attention = Attention.Kind.ADDITIVE.build(8, 16, rng);
 * Attention.Result found = attention.attend(queries, attention.keys(states, lengths));
 * System.out.println(found.weights());                 // [T, B, S], 0 in the padding
 * Crf field = new Crf(5);
 * Tensor emissions = rng.normal(7, 2, 5);              // [T, B, tags]
 * IntTensor best = field.decode(emissions, lengths);   // Viterbi
 * field.loss(emissions, best, lengths).backward();
 * }</pre>
 *
 * In this order: Attention and its kinds; Crf, Lattice and Viterbi; BeamSearch and Hypothesis.
 */
package unroll.sequence;
