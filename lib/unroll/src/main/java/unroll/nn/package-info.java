/**
 * Modules, layers, losses and initializers, and what recurrent and state-space layers have in common. Begin with
 * {@link Module}, which owns parameters and parts, and SequenceLayer, which reads [T, B, I].
 *
 * <pre>{@code
 * Rng rng = Rng.seed(1);
 * Embedding embedding = new Embedding(100, 16, rng);   // 100 symbols
 * SequenceLayer layer = Gru.of(16, 32).build(rng);
 * Linear output = new Linear(32, 100, rng);
 * IntTensor ids = IntTensor.of(new int[] {1, 2, 3, 4, 5, 0}, 3, 2);
 * Lengths lengths = Lengths.of(3, 2);                  // two sequences, the second shorter
 * SequenceLayer.Output out = layer.apply(embedding.apply(ids), lengths);
 * Tensor loss = Losses.crossEntropy(output.apply(out.states()), ids);
 * loss.backward();
 * }</pre>
 *
 * In this order: Module, State, SequenceLayer and Lengths; Linear, Embedding and Losses; Initializer, Dropout and
 * LayerNorm; OverTime and AttentionPooling; ResidualBlock.
 */
package unroll.nn;
