/**
 * Vocabularies, batches, language models and what generates text. Start with {@link unroll.text.Vocabulary} and
 * {@link unroll.text.LanguageModel}.
 *
 * <pre>{@code
 * var vocabulary = Vocabulary.characters(text);
 * var model = new LanguageModel(vocabulary, Lstm.of(64, 256), Rng.seed(42));
 * State state = model.start(32);
 * for (var batch : Batches.contiguous(vocabulary.encode(text), 32, 64)) {
 *     Carried step = model.loss(batch, state);
 *     state = step.state().detach();                               // truncated backpropagation through time
 *     step.loss().backward();                                      // and a step of an optimizer
 * }
 * model.generate("To be", 200, 0.8, 0, Rng.seed(1));
 * }</pre>
 *
 * To be read in this order: {@code Vocabulary}; {@code Batches}, {@code ContiguousBatches}, {@code PaddedBatches};
 * {@code LanguageModel}, {@code Generator}, {@code Perplexity}; its rival {@code NGramModel}.
 */
package unroll.text;
