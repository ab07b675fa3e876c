package unroll.model;

import java.util.List;

import unroll.nn.Embedding;
import unroll.nn.Linear;
import unroll.nn.Module;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * A vector for each word from its characters: a convolution over {@link #WIDTH} neighbouring ones, then the largest
 * over the word of each feature (dos Santos and Zadrozny 2014). Two marks stand before the word and two after it, so
 * that a feature can be "ends in -ly".
 */
final class SpellingEncoder extends Module {
    private static final int WIDTH = 5, MARKS = WIDTH / 2, BEGIN = 0, END = 1, OTHERS = 2;
    private final int vectorSize;
    private final Embedding embedding;
    private final Linear convolution;

    SpellingEncoder(int characters, int vectorSize, int features, Rng rng) {
        this.vectorSize = vectorSize;
        embedding = child("embedding", new Embedding(characters + OTHERS, vectorSize, rng.split()));
        convolution = child("convolution", new Linear(WIDTH * vectorSize, features, rng.split()));
    }

    /** W words as ids of characters give {@code [W, features]}; each as if it were alone. */
    Tensor apply(List<int[]> words) {
        int longest = 1, W = words.size();
        for (int[] word : words) longest = Math.max(longest, word.length);
        int[] windows = new int[longest * W * WIDTH];
        for (int w = 0; w < W; w++)
            for (int c = 0; c < longest; c++) {
                int[] word = words.get(w);
                // beyond its end the last window again: it changes no largest
                int centre = Math.min(c, word.length - 1);
                for (int k = 0; k < WIDTH; k++) windows[(c * W + w) * WIDTH + k] = character(word, centre + k - MARKS);
            }
        Tensor seen = embedding.apply(IntTensor.of(windows, longest, W, WIDTH)).reshape(longest, W, WIDTH * vectorSize);
        return convolution.apply(seen).max(0).tanh();
    }

    private static int character(int[] word, int at) {
        return at < 0 ? BEGIN : at >= word.length ? END : word[at] + OTHERS;
    }

    @Override public String toString() { return "SpellingEncoder(" + convolution + ")"; }
}
