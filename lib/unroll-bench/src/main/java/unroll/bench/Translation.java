package unroll.bench;

import java.util.List;
import java.util.stream.IntStream;

import unroll.text.Vocabulary;
import unroll.model.Ends;
import unroll.model.Seq2Seq;
import unroll.model.TranslationBatch;
import unroll.recurrent.Gru;
import unroll.sequence.Attention;
import unroll.tensor.Rng;

/**
 * Encoder and decoder, each a GRU over vectors of its own size, with attention by a product with a matrix (Luong et al.
 * 2015, "general").
 */
final class Translation {
    private Translation() {
    }

    static Seq2Seq model(int H, int V) {
        Vocabulary words = Ends
                .addTo(Vocabulary.of(IntStream.range(0, V - 2).mapToObj(i -> "w" + i).toList(), Vocabulary.Kind.WORDS));
        return Seq2Seq.of(words, words, Gru.of(H, H), Gru.of(H, H)).attention(Attention.Kind.GENERAL)
                .build(Rng.seed(1));
    }

    /** A training step on B pairs of T symbols each, BOS or EOS among those of the target, of V. */
    static Runnable step(int H, int B, int T, int V) {
        Seq2Seq model = model(H, V);
        Rng rng = Rng.seed(2);
        List<TranslationBatch> batches = IntStream.range(0, TrainingStep.BATCHES)
                .mapToObj(i -> model.batch(sequences(rng, B, T, V - 2), sequences(rng, B, T - 1, V - 2))).toList();
        return new TrainingStep(model, i -> model.loss(batches.get(i)));
    }

    /** Of symbols drawn evenly. */
    static List<int[]> sequences(Rng rng, int count, int length, int symbols) {
        return IntStream.range(0, count)
                .mapToObj(b -> IntStream.range(0, length).map(t -> rng.nextInt(symbols)).toArray()).toList();
    }
}
