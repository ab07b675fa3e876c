package unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Close.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.text.Vocabulary;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.sequence.Attention;
import unroll.sequence.BeamSearch;
import unroll.sequence.Hypothesis;
import unroll.tensor.GradientCheck;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.train.Adam;

class CaptionerTest {
    private static final Vocabulary WORDS = Ends
            .addTo(Vocabulary.words(List.of("a", "dot", "left", "right", "top"), 1));
    private static final ConvEncoder.Spec CNN = ConvEncoder.of(2, 4, 6).conv(3).pool().conv(4);
    private static final Tensor IMAGES = Rng.seed(9).normal(3, 2, 4, 6);
    /** None of what they make is so near to the bend of ReLU that a difference steps over it. */
    private static final Tensor SMOOTH = Rng.seed(26).normal(3, 2, 4, 6);
    private static final List<List<String>> CAPTIONS = List.of(List.of("a", "dot"), List.of("left"),
            List.of("a", "right", "dot", "top"));

    private static List<Captioner.Spec> specs() {
        List<Captioner.Spec> all = new ArrayList<>();
        for (Injection place : Injection.values()) {
            all.add(Captioner.of(WORDS, CNN, Decoder.of(Lstm.of(3, 4)).injection(place)));
            all.add(Captioner.of(WORDS, CNN.withAveragedSummary().withPlaces(),
                    Decoder.of(Gru.of(3, 4).layers(2)).attention(Attention.Kind.GENERAL).injection(place)
                            .doublyStochastic(0.5)));
            all.add(Captioner.of(WORDS, CNN, Decoder.of(Lstm.of(7, 4)).attention(Attention.Kind.ADDITIVE)
                    .withInputFeeding().injection(place)));
        }
        return all;
    }

    private static List<Captioner.Spec> specsAndNorm() {
        List<Captioner.Spec> all = specs();
        all.add(Captioner.of(WORDS, CNN.withBatchNorm(), Decoder.of(Lstm.of(3, 4))));
        return all;
    }

    @ParameterizedTest
    @MethodSource("specs") void gradientsAgreeWithDifferences(Captioner.Spec spec) {
        Captioner model = spec.build(Rng.seed(5));
        CaptionBatch batch = model.batch(SMOOTH, CAPTIONS);
        GradientCheck check = GradientCheck.of(() -> model.loss(batch).mul(10),
                model.parameters().toArray(Parameter[]::new));
        assertTrue(check.maximumError() < 1e-2, check.toString());
    }

    @ParameterizedTest
    @MethodSource("specsAndNorm") void stepByStepIsTheSameAsTeacherForcing(Captioner.Spec spec) {
        Captioner model = spec.build(Rng.seed(5));
        model.eval();
        CaptionBatch batch = model.batch(IMAGES, CAPTIONS);
        Encoded encoded = model.encoder().apply(IMAGES);
        Tensor atOnce = model.decoder().logProbabilities(encoded, batch.inputs());
        Decoder.Memory memory = model.decoder().start(encoded);
        int[] turned = {2, 0, 1};
        for (int t = 0; t < batch.inputs().size(0); t++) {
            int[] symbols = Arrays.copyOfRange(batch.inputs().data(), t * 3, (t + 1) * 3);
            var next = model.decoder().step(memory, symbols);
            assertClose("step " + t, atOnce.at(t), next.logProbabilities(), 1e-5);
            var other = model.decoder().step(model.decoder().select(memory, turned),
                    new int[] {symbols[2], symbols[0], symbols[1]});
            for (int r = 0; r < 3; r++)
                assertClose("row", next.logProbabilities().at(turned[r]), other.logProbabilities().at(r), 1e-6);
            memory = next.states();
        }
    }

    @ParameterizedTest
    @MethodSource("specsAndNorm") void theLossTheSearchAndTheRankingGiveACaptionTheSameProbability(
            Captioner.Spec spec) {
        Captioner model = spec.build(Rng.seed(5));
        model.eval();
        Tensor ranked = model.logProbabilities(IMAGES, CAPTIONS);
        assertArrayEquals(new int[] {3, 3}, ranked.shape());
        for (int b = 0; b < 3; b++) for (int c = 0; c < 3; c++) {
            CaptionBatch pair = model.batch(IMAGES.slice(0, b, b + 1), List.of(CAPTIONS.get(c)));
            assertEquals(-model.loss(pair).item() * pair.symbols(), ranked.get(b, c), 1e-4);
        }
        Hypothesis best = model.caption(IMAGES, BeamSearch.of(4, 3)).get(1).get(0);
        if (best.finished())
            assertEquals(best.logProbability(), model.logProbabilities(IMAGES, List.of(model.words(best))).get(1, 0),
                    1e-4);
    }

    @ParameterizedTest
    @MethodSource("specsAndNorm") void whatItSaysDependsOnThePictureThroughTheSummaryOrAttention(Captioner.Spec spec) {
        Captioner model = spec.build(Rng.seed(5));
        model.eval();
        Tensor ranked = model.logProbabilities(IMAGES, CAPTIONS.subList(2, 3));
        assertNotEquals(ranked.get(0, 0), ranked.get(1, 0));
    }

    @Test void doublyStochasticAttentionAddsItsTermInTrainingOnly() {
        Decoder.Spec decoder = Decoder.of(Lstm.of(3, 4)).attention(Attention.Kind.DOT);
        Captioner plain = Captioner.of(WORDS, CNN, decoder).build(Rng.seed(5)),
                even = Captioner.of(WORDS, CNN, decoder.doublyStochastic(0.7)).build(Rng.seed(5));
        CaptionBatch batch = plain.batch(IMAGES, CAPTIONS);
        double expected = 0;
        for (int b = 0; b < 3; b++) {
            Tensor a = plain.attention(IMAGES.at(b), CAPTIONS.get(b));
            for (int s = 0; s < 6; s++) {
                double sum = 0;
                for (int t = 0; t <= CAPTIONS.get(b).size(); t++) sum += a.get(t, s / 3, s % 3);
                expected += 0.7 * (1 - sum) * (1 - sum) / 18;
            }
        }
        assertEquals(plain.loss(batch).item() + expected, even.loss(batch).item(), 1e-5);
        even.eval();
        assertEquals(plain.loss(batch).item(), even.loss(batch).item(), 0);
    }

    @Test void learnsWhereADotIs() {
        Rng rng = Rng.seed(3);
        Captioner model = Captioner
                .of(WORDS, ConvEncoder.of(1, 8, 8).conv(8).pool().conv(8).withAveragedSummary().withPlaces(),
                        Decoder.of(Gru.of(8, 16)).attention(Attention.Kind.GENERAL))
                .build(rng.split());
        Adam adam = new Adam(model.parameters(), 1e-2);
        for (int step = 0; step < 300; step++) {
            CaptionBatch batch = dots(model, 32, rng);
            adam.zeroGrad();
            model.loss(batch).backward();
            adam.step();
        }
        CaptionBatch held = dots(model, 100, rng);
        int right = 0;
        for (int b = 0; b < 100; b++) {
            int said = model.words().index(model.caption(held.images().at(b)).get(2));
            if (said == held.targets().data()[2 * 100 + b]) right++;
        }
        assertTrue(right >= 97, "right: " + right);
    }

    /** A bright pixel on a noisy ground: "a dot left" or "a dot right". */
    private static CaptionBatch dots(Captioner model, int n, Rng rng) {
        float[] pixels = rng.normal(n, 1, 8, 8).mul(0.1).data().clone();
        List<List<String>> captions = new ArrayList<>();
        for (int b = 0; b < n; b++) {
            int x = rng.nextInt(8), y = rng.nextInt(8);
            pixels[b * 64 + y * 8 + x] += 2;
            captions.add(List.of("a", "dot", x < 4 ? "left" : "right"));
        }
        return model.batch(Tensor.of(pixels, n, 1, 8, 8), captions);
    }

    @Test void featuresOfAnotherNetworkWillDo() {
        Captioner model = Captioner
                .of(WORDS, rng -> new FeatureEncoder(5),
                        Decoder.of(Lstm.of(3, 4)).attention(Attention.Kind.GENERAL))
                .build(Rng.seed(1));
        Tensor features = Rng.seed(2).normal(3, 5);
        assertTrue(model.loss(model.batch(features, CAPTIONS)).isFinite());
        assertEquals(1, model.attention(features.at(0), CAPTIONS.get(0)).get(0, 0, 0), 1e-6);
        assertThrows(ShapeException.class, () -> model.caption(IMAGES, BeamSearch.greedy(3)));
    }

    @Test void errorsSayWhatWasWrong() {
        Captioner model = specs().get(0).build(Rng.seed(5));
        message("one each, but got images [3, 2, 4, 6] and 2 captions",
                () -> model.batch(IMAGES, CAPTIONS.subList(0, 2)));
        message("caption 0 is empty", () -> model.batch(IMAGES.slice(0, 0, 1), List.of(List.of())));
        message("images of shape [B, 2, 4, 6] but got [1, 2, 4, 4]", () -> model.caption(Tensor.zeros(2, 4, 4)));
        message("empty after the poolings", () -> ConvEncoder.of(1, 2, 8).pool().pool());
        message("no attention", () -> model.attention(IMAGES.at(0), CAPTIONS.get(0)));
        message("choose attention(..) first", () -> Decoder.of(Lstm.of(3, 4)).doublyStochastic(1));
        message("Ends.addTo",
                () -> Captioner.of(Vocabulary.words(List.of("a", "b"), 1), CNN, Decoder.of(Lstm.of(3, 4))));
    }

    private static void message(String part, org.junit.jupiter.api.function.Executable work) {
        String message = assertThrows(RuntimeException.class, work).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void namesItsHyperparameters() {
        assertEquals(
                "Captioner(ConvEncoder(2×4×6 [conv 3, pool, conv 4]), Decoder(Lstm(input=3, hidden=4)), words="
                        + WORDS.size() + ")",
                specs().get(0).build(Rng.seed(1)).toString());
    }
}
