package unroll.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import unroll.nn.State;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Parallel;
import unroll.tensor.Rng;
import unroll.tensor.VectorMath;

/** Draws one symbol after the other from a language model, feeding each one back; several texts side by side. */
final class Generator {
    private static final int MOST = 100_000_000;                           // 400 MB of ids, days of work
    /** So many logits are weighed on one thread. */
    private static final int PART = 1 << 10;
    private final LanguageModel model;
    private final double temperature;
    private final int topK;

    Generator(LanguageModel model, double temperature, int topK) {
        if (!(temperature >= 0) || Double.isInfinite(temperature))
            throw new IllegalArgumentException("generate: expected a temperature of at least 0 but got " + temperature);
        if (topK < 0 || topK > model.vocabulary().size())
            throw new IllegalArgumentException(
                    "generate: expected topK in 0 (all) to " + model.vocabulary().size() + " but got " + topK);
        this.model = model;
        this.temperature = temperature;
        this.topK = topK;
    }

    /** Each text draws from a generator of its own, so that it does not depend on the others. */
    List<String> continueAll(List<int[]> prompts, int length, List<Rng> rngs) {
        int longest = 0;
        long symbols = 0;
        for (int[] prompt : prompts) {
            if (prompt.length == 0)
                throw new IllegalArgumentException(
                        "generate: expected a prompt of at least one symbol but it is empty");
            if (length < 0)
                throw new IllegalArgumentException("generate: expected a length of at least 0 but got " + length);
            symbols += (long) prompt.length + length;
            if (symbols > MOST)
                throw new IllegalArgumentException(Message.of("generate: expected at most " + MOST
                        + " symbols with the prompt but got a prompt of " + prompt.length
                        + " and a length of " + length
                        + (prompts.size() == 1 ? "" : " for each of " + prompts.size() + " texts")
                        + "; generate a part, and go on from its end"));
            longest = Math.max(longest, prompt.length);
        }
        int steps = longest + length - 1;
        Text[] texts = new Text[prompts.size()];
        for (int i = 0; i < texts.length; i++) texts[i] = new Text(prompts.get(i), length, rngs.get(i));
        if (texts.length > 0) model.quietly(() -> {
            write(texts, steps);
            return null;
        });
        return Arrays.stream(texts).map(text -> model.vocabulary().decode(text.all)).toList();
    }

    private void write(Text[] texts, int steps) {
        int V = model.vocabulary().size(), n = texts.length, each = Math.max(1, PART / V);
        int[] symbols = new int[n];
        State state = null;
        for (int t = 0; t < steps; t++) {
            Interrupts.check("generate", "symbol", t, steps + 1);
            // of a text that is complete the last symbol again, for nobody
            for (int i = 0; i < n; i++) symbols[i] = texts[i].all[Math.min(t, texts[i].all.length - 1)];
            LanguageModel.StepResult result = model.step(symbols, state);
            state = result.state();
            float[] logits = result.logits();
            int next = t + 1;
            if (IntStream.range(0, n).noneMatch(i -> texts[i].wants(next))) continue;
            Parallel.run((n + each - 1) / each, part -> {
                for (int i = part * each; i < Math.min(n, part * each + each); i++)
                    if (texts[i].wants(next)) texts[i].draw(logits, i * V, next);
            });
        }
    }

    /** A prompt and what follows. */
    private final class Text {
        private final int[] all;
        private final int given;
        private final Rng rng;
        private final float[] weights = new float[model.vocabulary().size()];
        private final float[] sorted = topK == 0 ? null : new float[weights.length];
        private final double[] room = new double[weights.length];

        Text(int[] prompt, int length, Rng rng) {
            all = Arrays.copyOf(prompt, prompt.length + length);
            given = prompt.length;
            this.rng = rng;
        }

        boolean wants(int t) { return t >= given && t < all.length; }

        /** Symbol t, from the logits that begin at {@code at}. */
        void draw(float[] logits, int at, int t) {
            int best = 0, n = weights.length;
            for (int i = 1; i < n; i++) if (logits[at + i] > logits[at + best]) best = i;
            all[t] = best;
            if (temperature == 0) return;
            float most = logits[at + best];
            for (int i = 0; i < n; i++) room[i] = (logits[at + i] - most) / temperature;
            VectorMath.exp(room, n);
            for (int i = 0; i < n; i++) weights[i] = (float) room[i];
            if (topK > 0) keepLargest(logits, at);
            all[t] = rng.categorical(weights);
        }

        /** Of equal logits at the border the first ones stay. */
        private void keepLargest(float[] logits, int at) {
            System.arraycopy(logits, at, sorted, 0, sorted.length);
            Arrays.sort(sorted);
            float least = sorted[sorted.length - topK];
            int room = topK;
            for (int i = 0; i < sorted.length; i++) if (logits[at + i] > least) room--;
            for (int i = 0; i < sorted.length; i++)
                if (!(logits[at + i] > least) && (logits[at + i] < least || room-- <= 0)) weights[i] = 0;
        }
    }
}
