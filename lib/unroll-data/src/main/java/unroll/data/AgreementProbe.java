package unroll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Message;
import unroll.tensor.Rng;
import unroll.text.Batches;
import unroll.text.LabelledBatch;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;

/**
 * Which verb belongs to the noun at the beginning, "was" or "were" (after Linzen et al. 2016):
 * {@code the cat which often saw the dogs} … was.
 *
 * <pre>{@code
 * var probe = new AgreementProbe(12);
 * // 1 to 12 words in between
 * List<AgreementProbe.Sentence> train = probe.sentences(AgreementProbe.Part.TRAIN, 4_000, Rng.seed(1));
 * List<AgreementProbe.Sentence> far = probe.sentencesAt(12, AgreementProbe.Part.TEST, 400, Rng.seed(2));
 * Batches<LabelledBatch> batches = probe.batches(train, 50, Rng.seed(3));  // label 0 is "was", 1 "were"
 * }</pre>
 *
 * Between noun and verb stand adverbs, phrases ({@code near the small dog}) and clauses
 * ({@code which often saw the dogs}). Nouns in them are singular or plural with equal chance, whatever the first one
 * is: they say nothing about the verb, but mislead who looks at the last noun only. The three parts have no string of
 * words in between in common.
 *
 * @param longest the largest number of words in between, at least 1
 */
public record AgreementProbe(int longest) {
    /** To which part the words between noun and verb belong: a function of these alone, so that parts never overlap. */
    public enum Part {
        TRAIN, VALIDATION, TEST;

        /** Half of all word strings are for training, a quarter each for validation and test. */
        static Part of(List<String> between) {
            int mixed = String.join(" ", between).hashCode() * 0x9E3779B9;
            return switch (mixed >>> 30) {
                case 0 -> VALIDATION;
                case 1 -> TEST;
                default -> TRAIN;
            };
        }
    }

    /**
     * A sentence up to its verb.
     *
     * @param words      "the", the noun, and what stands between it and the verb
     * @param plural     whether the noun, and so the verb, is plural
     * @param attractors how many nouns in between have the other number
     */
    public record Sentence(List<String> words, boolean plural, int attractors) {
        public Sentence {
            words = List.copyOf(words);
        }

        /** How many words stand between noun and verb. */
        public int distance() { return words.size() - 2; }

        public String verb() { return plural ? "were" : "was"; }

        @Override public String toString() { return String.join(" ", words) + " … " + verb(); }
    }

    private static final Grammar GRAMMAR = Grammar.named("agreement");
    private static final Vocabulary VOCABULARY = words();

    public AgreementProbe {
        if (longest < 1)
            throw new IllegalArgumentException(
                    "AgreementProbe: expected at least 1 word in between but got " + longest);
    }

    /** All words that occur before the verb. */
    public static Vocabulary vocabulary() { return VOCABULARY; }

    private static Vocabulary words() {
        List<String> all = new ArrayList<>(List.of("the", "which"));
        for (String noun : GRAMMAR.words("noun")) all.addAll(List.of(noun, noun + "s"));
        for (String kind : List.of("adverb", "adjective", "preposition", "slept", "saw"))
            all.addAll(GRAMMAR.words(kind));
        return Vocabulary.of(all, Vocabulary.Kind.WORDS);
    }

    /** Sentences of a part, with 1 to {@code longest} words in between, all distances equally likely. */
    public List<Sentence> sentences(Part part, int n, Rng rng) {
        return Stream.generate(() -> sentence(1 + rng.nextInt(longest), part, rng)).limit(n).toList();
    }

    /** Sentences of a part with exactly so many words in between. */
    public List<Sentence> sentencesAt(int distance, Part part, int n, Rng rng) {
        if (distance < 1 || distance > longest)
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a distance in 1 to " + longest + " but got " + distance));
        return Stream.generate(() -> sentence(distance, part, rng)).limit(n).toList();
    }

    private static Sentence sentence(int distance, Part part, Rng rng) {
        boolean plural = rng.nextInt(2) == 1;
        List<String> words = new ArrayList<>(List.of("the", noun(plural, rng))), between = new ArrayList<>();
        int attractors;
        do {
            between.clear();
            attractors = 0;
            while (between.size() < distance) {
                int room = distance - between.size();
                List<List<String>> fitting = GRAMMAR.alternatives("piece").stream().filter(p -> p.size() <= room)
                        .toList();
                for (String kind : Grammar.one(fitting, rng)) {
                    boolean many = kind.equals("<noun>") && rng.nextInt(2) == 1;
                    if (kind.equals("<noun>") && many != plural) attractors++;
                    between.add(kind.equals("<noun>") ? noun(many, rng) : GRAMMAR.word(kind, rng));
                }
            }
        } while (Part.of(between) != part);
        words.addAll(between);
        return new Sentence(words, plural, attractors);
    }

    private static String noun(boolean plural, Rng rng) { return GRAMMAR.word("<noun>", rng) + (plural ? "s" : ""); }

    /** Sentences side by side: 1-of-k words, label 0 for "was" and 1 for "were". */
    public LabelledBatch batch(List<Sentence> sentences) {
        return batch(sentences,
                IntTensor.of(sentences.stream().mapToInt(s -> s.plural() ? 1 : 0).toArray(), sentences.size()));
    }

    /**
     * The same with a label for each step, as for a language model: the word that comes next, and in the end the verb,
     * {@code vocabulary().size()} for "was" and one more for "were".
     */
    public LabelledBatch nextWords(List<Sentence> sentences) {
        int B = sentences.size(), T = longest(sentences);
        int[] next = new int[T * B];
        Arrays.fill(next, SequenceBatch.IGNORE);
        for (int b = 0; b < B; b++) {
            int[] own = VOCABULARY.encode(sentences.get(b).words());
            for (int t = 1; t < own.length; t++) next[(t - 1) * B + b] = own[t];
            next[(own.length - 1) * B + b] = VOCABULARY.size() + (sentences.get(b).plural() ? 1 : 0);
        }
        return batch(sentences, IntTensor.of(next, T, B));
    }

    private static LabelledBatch batch(List<Sentence> sentences, IntTensor labels) {
        int B = sentences.size(), T = longest(sentences);
        int[] ids = new int[T * B], lengths = new int[B];
        for (int b = 0; b < B; b++) {
            int[] own = VOCABULARY.encode(sentences.get(b).words());
            for (int t = 0; t < own.length; t++) ids[t * B + b] = own[t];
            lengths[b] = own.length;
        }
        return LabelledBatch.ofSymbols(IntTensor.of(ids, T, B), VOCABULARY.size(), Lengths.of(lengths), labels);
    }

    private static int longest(List<Sentence> sentences) {
        return sentences.stream().mapToInt(s -> s.words().size()).max().orElse(0);
    }

    /** Batches of these sentences, in another order each epoch. */
    public Batches<LabelledBatch> batches(List<Sentence> sentences, int batchSize, Rng rng) {
        return Batches.shuffled(sentences.size(), batchSize, rng,
                numbers -> batch(Arrays.stream(numbers).mapToObj(sentences::get).toList()));
    }
}
