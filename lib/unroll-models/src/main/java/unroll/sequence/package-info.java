/**
 * What is done with whole sequences: dependent predictions, attention to another sequence, search for the best one.
 * Begin with {@link unroll.sequence.Attention} and {@link unroll.sequence.Crf}.
 *
 * <pre>{@code
 * Attention attention = Attention.Kind.GENERAL.build(256, 512, rng);
 * var found = attention.attend(queries, attention.keys(states, lengths));      // found.context(): [T, B, 512]
 * Crf crf = Crf.bio(List.of("O", "B-PER", "I-PER"));
 * Tensor loss = crf.loss(emissions, tags, lengths);                            // emissions: [T, B, 3]
 * IntTensor best = crf.decode(emissions, lengths);
 * BeamSearch.of(5, 40).run(decoder, decoder.start(encoded), sources, begin, end);
 * }</pre>
 *
 * To be read in this order: {@code Attention}, {@code AdditiveAttention}, {@code Attend}; {@code SelfAttention};
 * {@code StepFunction}, {@code BeamSearch}; {@code Crf}, {@code CrfScores}, {@code Viterbi}, {@code Lattice}.
 */
package unroll.sequence;
