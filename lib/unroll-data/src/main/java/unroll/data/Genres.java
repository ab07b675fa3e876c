package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import unroll.tensor.Rng;
import unroll.text.DatasetException;

/**
 * Sentences of the English Web Treebank (Silveira et al. 2014), each with its genre, which is the first part of its
 * {@code sent_id}; or generated ones. For classification into five classes.
 *
 * <pre>{@code
 * Genres genres = Genres.webTreebank();          // real where it can be had, else generated; source() says which
 * genres.parts().train().get(0).label();         // weblog
 * Genres.read(Path.of("en_ewt-ud-dev.conllu"));  // sentences of a file of the reader's own
 * }</pre>
 *
 * @param parts   the three parts its authors made, or those drawn; no document is in two of them
 * @param source  where they came from, their licence, and why they stand in for others, if they do
 * @param builtIn whether they were generated
 */
public record Genres(Split<LabelledText> parts, String source, boolean builtIn) {
    /** The five genres, in alphabetical order. */
    public static final List<String> LABELS = List.of("answers", "email", "newsgroup", "reviews", "weblog");

    private static final String SET = "ud-english-ewt", ID = "# sent_id";
    private static final int TRAIN = 2_000, HELD = 300, SEED = 23;

    public Genres {
        Objects.requireNonNull(parts, "parts");
        Objects.requireNonNull(source, "source");
    }

    /** 12,544 + 2,001 + 2,077 sentences; where they are out of reach, {@link #generated()}. */
    public static Genres webTreebank() {
        return webTreebank(Catalogue.standard());
    }

    static Genres webTreebank(Catalogue catalogue) {
        return catalogue.orStandIn(SET, set -> {
            List<List<LabelledText>> parts = List.of("train", "dev", "test").stream()
                    .map(part -> "en_ewt-ud-" + part + ".conllu").map(file -> parse(catalogue.text(SET, file), file))
                    .toList();
            return new Genres(new Split<>(parts.get(0), parts.get(1), parts.get(2)), set.source(), false);
        }, why -> {
            Genres drawn = generated();
            return new Genres(drawn.parts, drawn.source + " They stand in for " + SET + why, true);
        });
    }

    /** Short sentences from a grammar, 2,000 + 300 + 300, all different; some could be of several genres. */
    public static Genres generated() {
        Grammar grammar = Grammar.named("genres");
        Rng rng = Rng.seed(SEED);
        Set<List<String>> known = new HashSet<>();
        List<LabelledText> all = new ArrayList<>();
        for (String label : LABELS)
            for (List<String> words : grammar.drawDistinct(label, (TRAIN + 2 * HELD) / LABELS.size(), known, rng))
                all.add(new LabelledText(words, label));
        double held = (double) HELD / all.size();
        return new Genres(Split.random(all, held, held, rng), "Sentences drawn from a grammar, built in.", true);
    }

    /**
     * The sentences of a CoNLL-U file.
     *
     * @throws DatasetException with the line, where a sentence has no {@code sent_id} before it, or one that does not
     *     begin with a genre and a hyphen; and for all that {@link ConlluFile} refuses
     */
    public static List<LabelledText> read(Path file) {
        String name = "CoNLL-U file " + file.getFileName();
        return parse(TextFile.read(file, name), name);
    }

    static List<LabelledText> parse(String text, String file) {
        List<TaggedSentence> sentences = ConlluFile.parse(text, file, ConlluFile.Column.UPOS);
        List<String> genres = new ArrayList<>();
        String[] genre = {null};                                           // of the sentence that is being read
        TextFile.lines(text, (number, line) -> {
            if (line.startsWith(ID)) genre[0] = genre(line, file, number);
            else if (TextFile.isBlank(line)) genre[0] = null;
            else if (line.startsWith("1\t")) {                             // as every sentence has once
                if (genre[0] == null)
                    throw TextFile.malformed(file, number, "a line \"" + ID + " = …\" before the sentence", line);
                genres.add(genre[0]);
            }
        });
        List<LabelledText> all = new ArrayList<>();
        for (int i = 0; i < genres.size(); i++) all.add(new LabelledText(sentences.get(i).words(), genres.get(i)));
        return List.copyOf(all);
    }

    private static String genre(String line, String file, int number) {
        String id = TextFile.trim(line.substring(line.indexOf('=') + 1));
        int end = id.indexOf('-');
        if (end < 0 || !LABELS.contains(id.substring(0, end)))
            throw TextFile.malformed(file, number,
                    ID + " = GENRE-…, where GENRE is one of " + String.join(", ", LABELS), line);
        return LABELS.get(LABELS.indexOf(id.substring(0, end)));
    }

    @Override public String toString() { return "Genres(" + parts + "; " + source + ")"; }
}
