package unroll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
 * List<AgreementSentence> train = probe.sentences(AgreementPart.TRAIN, 4_000, Rng.seed(1));
 * List<AgreementSentence> far = probe.sentencesAt(12, AgreementPart.TEST, 400, Rng.seed(2));
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
    private static final List<String> NOUNS = List.of("cat", "dog", "bird", "girl", "boy", "teacher", "farmer", "king",
            "horse", "friend", "doctor",
            "painter");
    private static final List<String> ADVERBS = List.of("often", "usually", "rarely", "clearly", "always", "perhaps",
            "surely", "today", "again",
            "already", "really", "still", "sometimes", "certainly", "finally", "probably", "now", "never", "soon",
            "later");
    private static final List<String> ADJECTIVES = List.of("small", "old", "young", "quiet", "happy", "tall", "clever",
            "strange");
    private static final List<String> PREPOSITIONS = List.of("near", "behind", "with", "beside", "without", "above");
    private static final List<String> SLEPT = List.of("slept", "waited", "laughed", "came", "worked", "stayed");
    private static final List<String> SAW = List.of("saw", "liked", "heard", "knew", "helped", "found", "followed",
            "missed");
    private static final Vocabulary VOCABULARY = words();

    /** What a piece between noun and verb is made of; its length is the number of its words. */
    private static final List<List<String>> PIECES = List.of(List.of("ADVERB"), List.of("which", "SLEPT"),
            List.of("PREPOSITION", "the", "NOUN"),
            List.of("PREPOSITION", "the", "ADJECTIVE", "NOUN"), List.of("which", "SAW", "the", "NOUN"),
            List.of("which", "SAW", "the", "ADJECTIVE", "NOUN"), List.of("which", "ADVERB", "SAW", "the", "NOUN"),
            List.of("which", "ADVERB", "SAW", "the", "ADJECTIVE", "NOUN"));

    public AgreementProbe {
        if (longest < 1)
            throw new IllegalArgumentException(
                    "AgreementProbe: expected at least 1 word in between but got " + longest);
    }

    /** All words that occur before the verb. */
    public static Vocabulary vocabulary() { return VOCABULARY; }

    private static Vocabulary words() {
        List<String> all = new ArrayList<>(List.of("the", "which"));
        for (String noun : NOUNS) all.addAll(List.of(noun, noun + "s"));
        for (List<String> more : List.of(ADVERBS, ADJECTIVES, PREPOSITIONS, SLEPT, SAW)) all.addAll(more);
        return Vocabulary.of(all, Vocabulary.Kind.WORDS);
    }

    /** Sentences of a part, with 1 to {@code longest} words in between, all distances equally likely. */
    public List<AgreementSentence> sentences(AgreementPart part, int n, Rng rng) {
        List<AgreementSentence> all = new ArrayList<>();
        for (int i = 0; i < n; i++) all.add(sentence(1 + rng.nextInt(longest), part, rng));
        return all;
    }

    /** Sentences of a part with exactly so many words in between. */
    public List<AgreementSentence> sentencesAt(int distance, AgreementPart part, int n, Rng rng) {
        if (distance < 1 || distance > longest)
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a distance in 1 to " + longest + " but got " + distance));
        List<AgreementSentence> all = new ArrayList<>();
        for (int i = 0; i < n; i++) all.add(sentence(distance, part, rng));
        return all;
    }

    private static AgreementSentence sentence(int distance, AgreementPart part, Rng rng) {
        boolean plural = rng.nextInt(2) == 1;
        List<String> words = new ArrayList<>(List.of("the", noun(plural, rng)));
        List<String> between = new ArrayList<>();
        int attractors;
        do {
            between.clear();
            attractors = 0;
            while (between.size() < distance) {
                int room = distance - between.size();
                List<List<String>> fitting = PIECES.stream().filter(piece -> piece.size() <= room).toList();
                for (String kind : one(fitting, rng)) {
                    boolean many = kind.equals("NOUN") && rng.nextInt(2) == 1;
                    if (kind.equals("NOUN") && many != plural) attractors++;
                    between.add(word(kind, many, rng));
                }
            }
        } while (AgreementPart.of(between) != part);
        words.addAll(between);
        return new AgreementSentence(words, plural, attractors);
    }

    private static String word(String kind, boolean plural, Rng rng) {
        return switch (kind) {
            case "ADVERB" -> one(ADVERBS, rng);
            case "ADJECTIVE" -> one(ADJECTIVES, rng);
            case "PREPOSITION" -> one(PREPOSITIONS, rng);
            case "SLEPT" -> one(SLEPT, rng);
            case "SAW" -> one(SAW, rng);
            case "NOUN" -> noun(plural, rng);
            default -> kind;
        };
    }

    private static String noun(boolean plural, Rng rng) { return one(NOUNS, rng) + (plural ? "s" : ""); }

    private static <E> E one(List<E> list, Rng rng) { return list.get(rng.nextInt(list.size())); }

    /** Sentences side by side: 1-of-k words, label 0 for "was" and 1 for "were". */
    public LabelledBatch batch(List<AgreementSentence> sentences) {
        return batch(sentences,
                IntTensor.of(sentences.stream().mapToInt(s -> s.plural() ? 1 : 0).toArray(), sentences.size()));
    }

    /**
     * The same with a label for each step, as for a language model: the word that comes next, and in the end the verb,
     * {@code vocabulary().size()} for "was" and one more for "were".
     */
    public LabelledBatch nextWords(List<AgreementSentence> sentences) {
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

    private static LabelledBatch batch(List<AgreementSentence> sentences, IntTensor labels) {
        int B = sentences.size(), T = longest(sentences);
        int[] ids = new int[T * B], lengths = new int[B];
        for (int b = 0; b < B; b++) {
            int[] own = VOCABULARY.encode(sentences.get(b).words());
            for (int t = 0; t < own.length; t++) ids[t * B + b] = own[t];
            lengths[b] = own.length;
        }
        return LabelledBatch.ofSymbols(IntTensor.of(ids, T, B), VOCABULARY.size(), Lengths.of(lengths), labels);
    }

    private static int longest(List<AgreementSentence> sentences) {
        return sentences.stream().mapToInt(s -> s.words().size()).max().orElse(0);
    }

    /** Batches of these sentences, in another order each epoch. */
    public Batches<LabelledBatch> batches(List<AgreementSentence> sentences, int batchSize, Rng rng) {
        return Batches.shuffled(sentences.size(), batchSize, rng,
                numbers -> batch(Arrays.stream(numbers).mapToObj(sentences::get).toList()));
    }
}
