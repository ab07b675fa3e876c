/**
 * Corpora and other sets of data: the catalogue, readers of files, tokenizers, and tasks and texts that are made up.
 * Begin with {@link Corpora}, which finds a text, and Catalogue, which knows where real data are.
 *
 * <pre>{@code
 * Corpus corpus = Corpora.text("tiny-shakespeare");    // the real one where it can be had, else the built-in one
 * System.out.println(corpus.source());                 // which it is, and why
 * Reviews reviews = Reviews.moviePolarity();
 * Split<LabelledText> parts = Split.random(reviews.texts(), 0.1, 0.1, Rng.seed(1));
 * List<String> tokens = Tokenizer.reviews().tokens("It's slow, but worth watching!");
 * Batches<LabelledBatch> copies = new CopyTask(5).batches(10, 20, Rng.seed(1));
 * Digits digits = Digits.mnistTest();                  // real or drawn
 * }</pre>
 *
 * In this order: Catalogue and Corpora; TextFile and the readers that stand on it; Tokenizer; Grammar and what it
 * makes; the tasks; Images and Scenes.
 */
package unroll.data;
