/**
 * Data on their way to a model: real sets from the catalogue, a reader's own files, and made-up tasks.
 *
 * <p>Start with {@link unroll.data.Corpora} and {@link unroll.data.Split}.
 *
 * <pre>{@code
 * Corpus corpus = Corpora.text("tiny-shakespeare");      // the real one where it can be had, else a built-in one
 * System.out.println(corpus.source());                   // which of them it is, its licence, and why
 * Vocabulary characters = Vocabulary.characters(corpus.train());
 *
 * List<LabelledText> mails = TextTable.read(Path.of("mails.csv"), "body", "folder");
 * Split<LabelledText> parts = Split.random(mails, 0.1, 0.1, Rng.seed(1));
 *
 * var task = new AddingProblem(100);                     // new examples in each batch
 * Batches<VectorBatch> batches = task.batches(50, 200, Rng.seed(1));
 * }</pre>
 *
 * A real set is looked for by the {@link unroll.data.Catalogue}; where it is out of reach, something generated or
 * built in of its kind stands in, and {@code source()} says so. One that was found but is damaged is an error. Files
 * are read up to 200 MB or a tenth of the heap. What cannot be had, read or used ends in a
 * {@link unroll.text.DatasetException} that names the file, and the line where there is one. What is made up depends on
 * the generator that it is given, and on nothing else.
 *
 * <p>To read on: Catalogue, Dataset, HttpsFetcher; TextFile, HeldWords and the readers that stand on them (ConlluFile,
 * BioFile, TextTable, SentencePairs, PronouncingDictionary); Tokenizer, BytePairs; Grammar and what it makes (Reviews,
 * GeneratedTags, ToyWorld, EmailReplies); Images, PictureFile, ImageTransform, CocoCaptions; Scenes.
 */
package unroll.data;
