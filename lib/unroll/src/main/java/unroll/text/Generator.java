package unroll.text;

import java.util.Arrays;

import unroll.nn.State;
import unroll.tensor.Interrupts;
import unroll.tensor.Rng;

/** Draws one symbol after the other from a language model, feeding each one back. */
final class Generator {
    private static final int MOST = 100_000_000;                           // 400 MB of ids, days of work
    private final LanguageModel model;
    private final double temperature;
    private final int topK;
    private final Rng rng;

    Generator(LanguageModel model, double temperature, int topK, Rng rng) {
        if (!(temperature >= 0) || Double.isInfinite(temperature))
            throw new IllegalArgumentException("generate: expected a temperature of at least 0 but got " + temperature);
        if (topK < 0 || topK > model.vocabulary().size())
            throw new IllegalArgumentException(
                    "generate: expected topK in 0 (all) to " + model.vocabulary().size() + " but got " + topK);
        this.model = model;
        this.temperature = temperature;
        this.topK = topK;
        this.rng = rng;
    }

    String continuePrompt(int[] prompt, int length) {
        if (prompt.length == 0)
            throw new IllegalArgumentException("generate: expected a prompt of at least one symbol but it is empty");
        if (length < 0)
            throw new IllegalArgumentException("generate: expected a length of at least 0 but got " + length);
        if (length > MOST - prompt.length)
            throw new IllegalArgumentException("generate: expected at most " + MOST
                    + " symbols with the prompt but got a prompt of " + prompt.length
                    + " and a length of " + length + "; generate a part, and go on from its end");
        int[] all = Arrays.copyOf(prompt, prompt.length + length);
        model.quietly(() -> {
            State state = null;
            for (int t = 0; t < all.length - 1; t++) {
                Interrupts.check("generate", "symbol", t, all.length);
                LanguageModel.StepResult result = model.step(all[t], state);
                state = result.state();
                if (t + 1 >= prompt.length) all[t + 1] = draw(result.logits());
            }
            return null;
        });
        return model.vocabulary().decode(all);
    }

    private int draw(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        if (temperature == 0) return best;
        float[] weights = new float[logits.length];
        for (int i = 0; i < weights.length; i++)
            weights[i] = (float) Math.exp((logits[i] - logits[best]) / temperature);
        if (topK > 0) keepLargest(logits, weights);
        return rng.categorical(weights);
    }

    /** Of equal logits at the border the first ones stay. */
    private void keepLargest(float[] logits, float[] weights) {
        float[] sorted = logits.clone();
        Arrays.sort(sorted);
        float least = sorted[sorted.length - topK];
        int room = topK;
        for (float l : logits) if (l > least) room--;
        for (int i = 0; i < logits.length; i++)
            if (!(logits[i] > least) && (logits[i] < least || room-- <= 0)) weights[i] = 0;
    }
}
