/**
 * Vocabularies, batches of sequences, language models and what generates text. Begin with {@link Vocabulary} and
 * LanguageModel.
 *
 * <pre>{@code
 * String text = "To be, or not to be: that is the question. ".repeat(50);
 * Vocabulary vocabulary = Vocabulary.characters(text);
 * int[] ids = vocabulary.encode(text);
 * LanguageModel model = new LanguageModel(vocabulary, Lstm.of(16, 64), Rng.seed(1));
 * Adam adam = new Adam(model.parameters(), 5e-3);
 * var state = model.start(8);                          // carried from batch to batch
 * for (SequenceBatch batch : Batches.contiguous(ids, 8, 32)) {
 *     var step = model.loss(batch, state);
 *     state = step.state().detach();                   // cut here: values go on, gradients do not
 *     adam.zeroGrad();
 *     step.loss().backward();
 *     adam.step();
 * }
 * System.out.println(model.evaluate(ids).natsPerCharacter());
 * System.out.println(model.generate("To", 40, 0.7, 0, Rng.seed(2)));
 * System.out.println(NGramModel.count(3, ids, vocabulary.size()).evaluate(ids).natsPerCharacter());
 * }</pre>
 *
 * In this order: Vocabulary, Batches and SequenceBatch; LanguageModel, Generator and Perplexity; NGramModel.
 */
package unroll.text;
