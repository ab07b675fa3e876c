package unroll.data;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * The built-in corpus: the Java sources of Apache Commons Lang, whose sources jar is on the class path.
 *
 * <p>The files of the jar in the order of their names, each from its {@code package} line on (so without the licence
 * header that all repeat), one after the other up to as many characters as tiny Shakespeare has. Only line feeds and
 * the 95 printable characters of ASCII stay; the few dozen others would be symbols that a model sees once. So the
 * vocabulary has 96 symbols at most.
 */
final class SourceCode {
    private static final String WITNESS = "org/apache/commons/lang3/StringUtils.java";
    private static final int CHARACTERS = 1_115_394;

    private SourceCode() {
    }

    static Corpus corpus() {
        URL witness = SourceCode.class.getClassLoader().getResource(WITNESS);
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
                return new Corpus(Corpora.BUILT_IN, text(jar),
                        "Built-in corpus: Java source code of Apache Commons Lang " + version
                                + ", licence: Apache-2.0.",
                        true);
            }
        } catch (IOException | ClassCastException e) {
            throw new DatasetException(Reason.UNREADABLE,
                    "The built-in corpus at " + witness + " cannot be read (" + e + ")", e);
        }
    }

    private static String text(JarFile jar) throws IOException {
        List<JarEntry> files = jar.stream().filter(e -> e.getName().endsWith(".java"))
                .sorted(java.util.Comparator.comparing(JarEntry::getName)).toList();
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
}
