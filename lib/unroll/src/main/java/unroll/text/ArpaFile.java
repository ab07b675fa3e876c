package unroll.text;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.WholeFile;
import unroll.text.DatasetException.Reason;

/**
 * Counts in the ARPA format of KenLM and SRILM: of each n-gram the decimal logarithm of its probability and, where a
 * longer one begins with it, of its back-off weight.
 *
 * <pre>{@code
 * new ArpaFile(vocabulary, counts).write(Path.of("words.arpa"));
 * ArpaFile others = ArpaFile.read(Path.of("theirs.arpa"));
 * others.model().evaluate(others.vocabulary().encode(tokens)).perplexity();
 * }</pre>
 *
 * The format parts its fields by blanks: white space and a backslash in a symbol are written as {@code \}{@code u0020}.
 * The marks of sentences {@code <s>} and {@code </s>} are symbols like others where a file has them; where the
 * vocabulary has none, they are written with the logarithm -99, which says never, and left out when read back, as is
 * such an {@code <unk>}. A weight that is missing where a longer n-gram needs it is an error.
 *
 * @param vocabulary the symbols by their ids
 * @param model      what they are expected after
 */
public record ArpaFile(Vocabulary vocabulary, NGramModel model) {
    private static final double NEVER = -99;
    private static final List<String> MARKS = List.of("<s>", "</s>", Vocabulary.UNKNOWN);
    private static final int LONGEST_LINE = 1 << 20, HIGHEST_ORDER = 100;
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})"),
            COUNT = Pattern.compile("ngram\\s+(\\d{1,3})\\s*=\\s*(\\d{1,10})"),
            DECIMAL = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|-inf(inity)?");

    /** @throws IllegalArgumentException if the model was counted over another number of symbols */
    public ArpaFile {
        Message.require(vocabulary.size() == model.symbols(), "ArpaFile: the vocabulary has " + vocabulary.size()
                + " symbols but the model was counted over " + model.symbols());
    }

    /** Writes it aside, then renames it. */
    public void write(Path file) throws IOException {
        WholeFile.write(file, out -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            List<String> marks = MARKS.stream().filter(mark -> !vocabulary.symbols().contains(mark)).toList();
            text.write("\\data\\\n");
            for (int n = 1; n <= model.order(); n++)
                text.write("ngram " + n + "=" + (model.ngrams(n) + (n == 1 ? marks.size() : 0)) + "\n");
            for (int n = 1; n <= model.order(); n++) {
                text.write("\n\\" + n + "-grams:\n");
                if (n == 1) for (String mark : marks) text.write(NEVER + "\t" + mark + "\n");
                model.each(n, (ids, p, share) -> text.write(line(ids, p, share)));
            }
            text.write("\n\\end\\\n");
            text.flush();
        });
    }

    private String line(int[] ids, double p, double share) {
        StringBuilder line = new StringBuilder().append(logarithm(p)).append('\t');
        for (int i = 0; i < ids.length; i++)
            line.append(i == 0 ? "" : " ").append(escaped(vocabulary.symbol(ids[i])));
        if (!Double.isNaN(share)) line.append('\t').append(logarithm(share));
        return line.append('\n').toString();
    }

    private static double logarithm(double p) { return p == 0 ? NEVER : Math.log10(p); }

    private static String escaped(String symbol) {
        StringBuilder all = new StringBuilder();
        symbol.chars().forEach(c -> {
            if (c == '\\' || c < ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c))
                all.append(String.format("\\u%04x", c));
            else
                all.append((char) c);
        });
        return all.toString();
    }

    private static String plain(String symbol) {
        return symbol.indexOf('\\') < 0
                ? symbol
                : ESCAPE.matcher(symbol).replaceAll(found -> Matcher
                        .quoteReplacement("" + (char) Integer.parseInt(found.group(1), 16)));
    }

    /**
     * Reads a whole file. Its vocabulary is one of characters if every symbol is one.
     *
     * @throws DatasetException that names the line, if it is not of the format or was cut off
     */
    public static ArpaFile read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return new Reader(file, in).all();
        } catch (IOException e) {
            throw new DatasetException(Reason.UNREADABLE, file + " cannot be read (" + e + ")", e);
        }
    }

    /** One file while it is read. */
    private static final class Reader {
        private final Path file;
        private final InputStream in;
        private long number;
        private String line = "";
        private Vocabulary vocabulary;
        private final Map<String, Integer> ids = new HashMap<>();

        Reader(Path file, InputStream in) {
            this.file = file;
            this.in = in;
        }

        ArpaFile all() throws IOException {
            while (!next("\\data\\").equals("\\data\\")) continue;         // what stands before it is a comment
            List<Integer> promised = new ArrayList<>();
            while (!next("\\1-grams:").startsWith("\\")) promised.add(count(promised.size() + 1));
            if (promised.isEmpty()) throw wrong("is where a line such as \"ngram 1=20\" was expected");
            NGramModel.BackOff grams = null;
            for (int n = 1; n <= promised.size(); n++) {
                if (!line.equals("\\" + n + "-grams:")) throw wrong("is not \\" + n + "-grams:");
                Section section = n == 1 ? symbols(promised.get(0)) : section(n, promised.get(n - 1));
                if (n == 1) grams = new NGramModel.BackOff(promised.size(), vocabulary.size());
                try {
                    grams.add(section.ids, section.p, section.share);
                } catch (IllegalArgumentException e) {
                    throw new DatasetException(Reason.MALFORMED, file + ": " + e.getMessage(), e);
                }
            }
            if (!line.equals("\\end\\")) throw wrong("is not \\end\\");
            return new ArpaFile(vocabulary, grams.model("from " + file.getFileName()));
        }

        private int count(int n) {
            Matcher found = COUNT.matcher(line);
            if (!found.matches() || Integer.parseInt(found.group(1)) != n || n > HIGHEST_ORDER)
                throw wrong("is " + Message.quoted(line) + " where \"ngram " + n + "=…\" or \\1-grams: was expected");
            long count = Long.parseLong(found.group(2));
            if (count > Integer.MAX_VALUE / Math.max(1, n) - 8)
                throw wrong("promises " + count + " n-grams; that is too many");
            return (int) count;
        }

        /** All n-grams of one length. */
        private record Section(int[] ids, double[] p, double[] share) {
        }

        private Section symbols(int promised) throws IOException {
            List<String> symbols = new ArrayList<>();
            double[] p = new double[16], share = new double[16];
            int count = 0;
            for (; !next("the symbol number " + (count + 1)).startsWith("\\"); count++) {
                String[] fields = fields(1, count, promised);
                double logarithm = logarithm(fields[0], "probability");
                String symbol = plain(fields[1]);
                if (MARKS.contains(symbol) && logarithm <= NEVER && fields.length == 2) continue;
                if (symbols.size() == p.length) {
                    p = Arrays.copyOf(p, 2 * p.length);
                    share = Arrays.copyOf(share, p.length);
                }
                p[symbols.size()] = Math.pow(10, logarithm);
                share[symbols.size()] = weight(fields, 1);
                symbols.add(symbol);
            }
            whole(count, promised, 1);
            boolean characters = symbols.stream()
                    .allMatch(s -> s.codePointCount(0, s.length()) == 1 || s.equals(Vocabulary.UNKNOWN));
            try {
                vocabulary = Vocabulary.of(symbols, characters ? Vocabulary.Kind.CHARACTERS : Vocabulary.Kind.WORDS);
            } catch (IllegalArgumentException e) {
                throw new DatasetException(Reason.MALFORMED, file + ": " + e.getMessage(), e);
            }
            int V = symbols.size();
            for (int i = 0; i < V; i++) ids.put(symbols.get(i), i);
            return new Section(IntStream.range(0, V).toArray(), Arrays.copyOf(p, V), Arrays.copyOf(share, V));
        }

        private Section section(int n, int promised) throws IOException {
            int room = Math.min(promised, 1 << 16);                        // a promise costs nothing yet
            int[] ids = new int[room * n];
            double[] p = new double[room], share = new double[room];
            int count = 0;
            for (; !next("the " + n + "-gram number " + (count + 1)).startsWith("\\"); count++) {
                String[] fields = fields(n, count, promised);
                if (count == room) {
                    room = (int) Math.min(promised, 2L * room);
                    ids = Arrays.copyOf(ids, room * n);
                    p = Arrays.copyOf(p, room);
                    share = Arrays.copyOf(share, room);
                }
                for (int i = 0; i < n; i++) {
                    String symbol = plain(fields[1 + i]);
                    Integer id = this.ids.get(symbol);
                    if (id == null) throw wrong("has " + Message.quoted(symbol) + ", which is not one of the 1-grams");
                    ids[count * n + i] = id;
                }
                p[count] = Math.pow(10, logarithm(fields[0], "probability"));
                share[count] = weight(fields, n);
            }
            whole(count, promised, n);
            return new Section(Arrays.copyOf(ids, count * n), Arrays.copyOf(p, count), Arrays.copyOf(share, count));
        }

        /** A logarithm, n symbols and perhaps a back-off weight. */
        private String[] fields(int n, int count, int promised) {
            Interrupts.check("ArpaFile", number);
            if (count == promised)
                throw wrong("is one more " + n + "-gram than the " + promised + " that the head promises");
            String[] fields = line.split("[ \t]+");
            if (fields.length < n + 1 || fields.length > n + 2)
                throw wrong("has " + fields.length + " fields; expected a logarithm, " + n
                        + " symbols and perhaps a back-off weight");
            return fields;
        }

        private void whole(int count, int promised, int n) {
            if (count < promised)
                throw wrong("follows " + count + " " + n + "-grams, but the head promises " + promised);
        }

        private double weight(String[] fields, int n) {
            return fields.length < n + 2 ? Double.NaN : Math.pow(10, logarithm(fields[n + 1], "back-off weight"));
        }

        private double logarithm(String text, String what) {
            if (!DECIMAL.matcher(text).matches())
                throw wrong("has " + Message.quoted(text) + " as logarithm of a " + what);
            double value = text.startsWith("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(text);
            if (what.equals("probability") && value > 0 || value > 99)
                throw wrong("has " + text + " as logarithm of a " + what + "; expected at most 0");
            return value;
        }

        /** The next line that is not empty. */
        private String next(String wanted) throws IOException {
            do {
                byte[] bytes = new byte[80];
                int end = 0, c;
                while ((c = in.read()) >= 0 && c != '\n') {
                    if (end == LONGEST_LINE)
                        throw wrong("is longer than " + LONGEST_LINE + " bytes. Is this a text file?");
                    if (end == bytes.length) bytes = Arrays.copyOf(bytes, 2 * end);
                    bytes[end++] = (byte) c;
                }
                number++;
                if (c < 0 && end == 0)
                    throw new DatasetException(Reason.TRUNCATED, file + ": ends before " + wanted + ", after line "
                            + (number - 1) + ". Was it cut off?");
                try {
                    line = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end)).toString()
                            .strip();
                } catch (CharacterCodingException e) {
                    throw wrong("is not UTF-8");
                }
            } while (line.isEmpty());
            return line;
        }

        private DatasetException wrong(String what) {
            return new DatasetException(Reason.MALFORMED, file + ": line " + number + " " + what);
        }
    }

    @Override public String toString() { return "ArpaFile(" + vocabulary + ", " + model + ")"; }
}
