package unroll.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import unroll.data.Dataset.DataFile;
import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Texts by name.
 *
 * <pre>{@code
 * var corpus = Corpora.text("tiny-shakespeare");       // the real one where it can be had, else the built-in one
 * System.out.println(corpus.source());                  // which of them it is, and why
 * var mine = Corpora.file(Path.of("letters.txt"));
 * var chosen = Corpora.chosen("tiny-shakespeare");      // what UNROLL_CORPUS names, else this one
 * }</pre>
 */
public final class Corpora {
    /** The name of the corpus that comes with the library. */
    public static final String BUILT_IN = "built-in";

    private Corpora() {
    }

    /**
     * A text of the catalogue: {@code NAME} for the first file of a set, {@code NAME/FILE} for another one,
     * {@link #BUILT_IN} for {@link #builtIn()}. A set that is out of reach (no network, no folder to keep it in) gives
     * the built-in corpus, whose {@code source} says so.
     *
     * @throws DatasetException if there is no such set, it is not a text, or what was found is damaged
     */
    public static Corpus text(String name) { return text(name, Catalogue.standard()); }

    static Corpus text(String name, Catalogue catalogue) {
        if (name.equals(BUILT_IN)) return builtIn();
        int slash = name.indexOf('/');
        Dataset set = catalogue.dataset(slash < 0 ? name : name.substring(0, slash));
        if (!set.format().equals("text"))
            throw new DatasetException(Reason.UNREADABLE,
                    "Data set " + set.name() + " is not a text but has the format " + set.format() + "; texts are "
                            + String.join(", ", catalogue.datasets().stream().filter(d -> d.format().equals("text"))
                                    .map(Dataset::name).toList()));
        DataFile file = slash < 0 ? set.files().get(0) : set.file(name.substring(slash + 1));
        return catalogue.orStandIn(set.name(), s -> {
            String text = checked(TextFile.decode(catalogue.bytes(set.name(), file.path()), name), name);
            return new Corpus(name, text, set.title() + "; " + file.url() + ", licence: " + set.licence() + ".", false);
        }, why -> {
            Corpus builtIn = builtIn();
            return new Corpus(builtIn.name(), builtIn.text(), builtIn.source() + " It stands in for " + name + why,
                    true);
        });
    }

    /**
     * The corpus that comes with the library: Java source code, as long as tiny Shakespeare; needs no network and no
     * files. See {@link SourceCode}.
     */
    public static Corpus builtIn() {
        return SourceCode.corpus();
    }

    /**
     * A text file in UTF-8 of at most 200 MB or a tenth of the heap. A byte order mark is dropped; line ends stay as
     * they are.
     *
     * @throws DatasetException if it cannot be read or is too large
     * @throws DatasetException if it is not UTF-8
     * @throws DatasetException if it is empty or repeats one character
     */
    public static Corpus file(Path file) {
        String name = String.valueOf(file.getFileName());
        return new Corpus(name, checked(TextFile.read(file, "Corpus " + file), file.toString()),
                "The file " + name + ", chosen by the reader.", false);
    }

    /**
     * The corpus that UNROLL_CORPUS (or the property unroll.corpus) names: a name for {@link #text}, or the path of a
     * text file; else the default.
     */
    public static Corpus chosen(String defaultName) {
        String choice = Locations.setting("corpus").orElse(defaultName);
        Catalogue catalogue = Catalogue.standard();
        int slash = choice.indexOf('/');
        if (choice.equals(BUILT_IN) || catalogue.has(slash < 0 ? choice : choice.substring(0, slash)))
            return text(choice, catalogue);
        try {
            Path file = Path.of(choice);
            if (Files.exists(file)) return file(file);
        } catch (InvalidPathException e) {
            // then it is a misspelt name: the same error as for a file that is not there
        }
        throw new DatasetException(Reason.UNKNOWN_NAME,
                "UNROLL_CORPUS names " + Message.quoted(choice) + ", but there is no such file, seen from "
                        + Path.of("").toAbsolutePath() + ", and " + catalogue + " has no set of that name; " + BUILT_IN
                        + " is the corpus that is always there");
    }

    private static String checked(String text, String what) {
        if (text.codePoints().distinct().limit(2).count() < 2)
            throw new DatasetException(Reason.EMPTY, "Corpus " + what
                    + ": a model needs at least two different characters but the file has "
                    + (text.isEmpty() ? "none" : "only " + Message.quoted(Character.toString(text.codePointAt(0))))
                    + ". Choose another one.");
        return text;
    }
}
