package unroll.data;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

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

    private static final String WITNESS = "org/apache/commons/lang3/StringUtils.java";
    private static final int CHARACTERS = 1_115_394;

    private Corpora() {
    }

    /**
     * A text of the catalogue: {@code NAME} for the first file of a set, {@code NAME/FILE} for another one,
     * {@link #BUILT_IN} for {@link #builtIn()}, which also stands in for one that is out of reach.
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
     * The corpus that comes with the library and needs neither network nor files: the Java sources of Apache Commons
     * Lang, whose sources jar is on the class path. The files of the jar in the order of their names, each from its
     * {@code package} line on (so without the licence header that all repeat), one after the other up to as many
     * characters as tiny Shakespeare has. Only line feeds and the 95 printable characters of ASCII stay; the few dozen
     * others would be symbols that a model sees once.
     */
    public static Corpus builtIn() {
        URL witness = Corpora.class.getClassLoader().getResource(WITNESS);
        if (witness == null)
            throw new DatasetException(Reason.UNREADABLE,
                    "The built-in corpus is not on the class path: commons-lang3's sources jar is missing. "
                            + "In a notebook, build lib/kit again with: mvn package");
        try {
            JarURLConnection connection = (JarURLConnection) witness.openConnection();
            // else closing it would close the class loader's
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                String version = jar.getName().replaceAll("^.*commons-lang3-|-sources\\.jar$", "");
                return new Corpus(BUILT_IN, text(jar), "Built-in corpus: Java source code of Apache Commons Lang "
                        + version + ", licence: Apache-2.0.", true);
            }
        } catch (IOException | ClassCastException e) {
            throw new DatasetException(Reason.UNREADABLE,
                    "The built-in corpus at " + witness + " cannot be read (" + e + ")", e);
        }
    }

    private static String text(JarFile jar) throws IOException {
        List<JarEntry> files = jar.stream().filter(e -> e.getName().endsWith(".java"))
                .sorted(Comparator.comparing(JarEntry::getName)).toList();
        StringBuilder text = new StringBuilder(CHARACTERS);
        for (JarEntry file : files) {
            if (text.length() >= CHARACTERS) break;
            String code = TextFile.decode(jar.getInputStream(file).readAllBytes(), file.getName());
            code.chars().skip(Math.max(0, code.indexOf("package "))).filter(c -> c == '\n' || c >= ' ' && c <= '~')
                    .forEach(c -> text.append((char) c));
        }
        text.setLength(Math.min(text.length(), CHARACTERS));
        return text.toString();
    }

    /** A text file in UTF-8. A byte order mark is dropped; line ends stay as they are. */
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
