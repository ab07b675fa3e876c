/**
 * Whole models, made of layers and vocabularies: classifiers, taggers, translators, captioners, word vectors. Begin
 * with {@link TextClassifier} and Seq2Seq.
 *
 * <pre>{@code
 * Vocabulary words = Vocabulary.words(List.of("good", "bad", "film", "the"), 1);
 * TextClassifier classifier = TextClassifier.of(words, List.of("negative", "positive"), Lstm.of(8, 16).bidirectional())
 *         .pooling(Pooling.MAX).dropout(0.5, 0.5).build(Rng.seed(42));
 * System.out.println(classifier.predict(List.of("the", "good", "film")));
 * Vocabulary letters = Vocabulary.characters("abc");
 * Seq2Seq reverser = Seq2Seq.of(letters, Ends.addTo(letters), Gru.of(8, 16).bidirectional(), Gru.of(8, 16))
 *         .attention(Attention.Kind.GENERAL).build(Rng.seed(1));
 * System.out.println(reverser.translate("abc"));
 * }</pre>
 *
 * In this order: SequenceClassifier and TextClassifier; SequenceTagger; Encoder, Decoder and Seq2Seq; ConvEncoder and
 * Captioner; SkipGram and WordVectors.
 */
package unroll.model;
