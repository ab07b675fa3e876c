package unroll.model;

import unroll.nn.State;
import unroll.tensor.Rng;

/** Draws one symbol after the other from a language model, feeding each one back. */
final class Generator {
    private final LanguageModel model;
    private final double temperature;
    private final int topK;
    private final Rng rng;

    Generator(LanguageModel model, double temperature, int topK, Rng rng) {
        if (!(temperature >= 0) || Double.isInfinite(temperature))
            throw new IllegalArgumentException("generate: expected a temperature of at least 0 but got " + temperature);
        if (topK < 0 || topK > model.vocabulary().size())
            throw new IllegalArgumentException("generate: expected topK in 0 (all) to " + model.vocabulary().size() + " but got " + topK);
        this.model = model;
        this.temperature = temperature;
        this.topK = topK;
        this.rng = rng;
    }

    String continuePrompt(int[] prompt, int length) {
        if (prompt.length == 0) throw new IllegalArgumentException("generate: expected a prompt of at least one symbol but it is empty");
        if (length < 0) throw new IllegalArgumentException("generate: expected a length of at least 0 but got " + length);
        int[] all = java.util.Arrays.copyOf(prompt, prompt.length + length);
        model.quietly(() -> {
            State state = null;
            for (int t = 0; t < all.length - 1; t++) {
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
        float least = topK == 0 ? Float.NEGATIVE_INFINITY : kthLargest(logits);
        float[] weights = new float[logits.length];
        for (int i = 0; i < weights.length; i++) if (logits[i] >= least) weights[i] = (float) Math.exp((logits[i] - logits[best]) / temperature);
        return rng.categorical(weights);
    }

    private float kthLargest(float[] logits) {
        float[] sorted = logits.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length - topK];
    }
}
