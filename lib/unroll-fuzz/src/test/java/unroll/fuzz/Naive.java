package unroll.fuzz;

import static unroll.fuzz.Outcome.OPEN;
import static unroll.fuzz.Outcome.content;
import static unroll.fuzz.Outcome.refusal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import unroll.data.LabelledText;
import unroll.data.PronouncingDictionary;
import unroll.data.Pronunciation;
import unroll.data.SentencePairs;
import unroll.data.TaggedSentence;
import unroll.data.Tokenizer;

/**
 * Independent readers of the text formats: by regular expressions and splits, without care for time and memory or for
 * the wording of errors.
 */
public final class Naive {
    private static final String BLANK = "[ \t]*", LINE_END = "\r\n|\r|\n";

    private Naive() {
    }

    /** A line that is not of the format. */
    private static final class Bad extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int line;

        private Bad(int line) { this.line = line; }
    }

    private interface Lines {
        Object read(List<String> lines);
    }

    /** The text without a byte order mark; null where it is not UTF-8 or holds a NUL. */
    static String text(byte[] bytes) {
        String text = Texts.text(bytes);
        if (text == null || text.indexOf('\0') >= 0) return null;
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static Outcome ofLines(byte[] bytes, Lines reader) {
        String text = text(bytes);
        if (text == null) return refusal();
        List<String> lines = new ArrayList<>(Arrays.asList(text.split(LINE_END, -1)));
        if (lines.get(lines.size() - 1).isEmpty()) lines.remove(lines.size() - 1);
        try {
            Object read = reader.read(lines);
            return read == null ? OPEN : content(read);
        } catch (Bad e) {
            return refusal(e.line);
        }
    }

    private static boolean blank(String line) { return line.matches(BLANK); }

    private static String trim(String cell) { return cell.replaceAll("^[ \t]+|[ \t]+$", ""); }

    static Outcome corpus(byte[] bytes) {
        String text = text(bytes);
        return text == null || text.codePoints().distinct().count() < 2 ? refusal() : content(text);
    }

    /** Rows of cells separated by tabs. */
    static Outcome tsv(byte[] bytes, String textColumn, String labelColumn) {
        return ofLines(bytes, lines -> table(lines.stream().map(line -> List.of(line.split("\t", -1))).toList(),
                textColumn, labelColumn));
    }

    /** As RFC 4180 has it: {@code (quoted|plain)(,|line end)}. */
    static Outcome csv(byte[] bytes, String textColumn, String labelColumn) {
        String text = text(bytes);
        if (text == null) return refusal();
        Matcher cell = Pattern.compile("(?:\"((?:[^\"]|\"\")*+)\"|([^\",\r\n][^,\r\n]*+|))(,|\r\n|\r|\n|$(?![\r\n]))")
                .matcher(text);
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        int at = 0;
        while (at < text.length() || !row.isEmpty()) {
            cell.region(at, text.length());
            if (!cell.lookingAt()) return refusal();
            row.add(cell.group(1) != null ? cell.group(1).replace("\"\"", "\"") : cell.group(2));
            at = cell.end();
            if (cell.group(3).equals(",")) continue;
            rows.add(row);
            row = new ArrayList<>();
        }
        try {
            return content(table(rows, textColumn, labelColumn));
        } catch (Bad e) {
            return refusal();
        }
    }

    private static List<LabelledText> table(List<List<String>> lines, String textColumn, String labelColumn) {
        List<List<String>> rows = lines.stream().filter(row -> row.size() > 1 || !blank(row.get(0))).toList();
        if (rows.size() < 2) throw new Bad(0);
        List<String> header = rows.get(0).stream().map(Naive::trim).toList();
        for (String column : List.of(textColumn, labelColumn))
            if (header.stream().filter(column::equals).count() != 1) throw new Bad(0);
        List<LabelledText> all = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            if (row.size() != header.size()) throw new Bad(0);
            List<String> words = Tokenizer.wordsAndPunctuation().lowercase()
                    .tokens(row.get(header.indexOf(textColumn)));
            String label = trim(row.get(header.indexOf(labelColumn)));
            if (words.isEmpty() || label.isEmpty()) throw new Bad(0);
            all.add(new LabelledText(words, label));
        }
        return all;
    }

    private static final class Sentences {
        private final List<TaggedSentence> all = new ArrayList<>();
        private final List<String> words = new ArrayList<>(), tags = new ArrayList<>();

        private void add(String word, String tag) {
            words.add(word);
            tags.add(tag);
        }

        private void end() {
            if (!words.isEmpty()) all.add(new TaggedSentence(words, tags));
            words.clear();
            tags.clear();
        }

        private List<TaggedSentence> all() {
            end();
            if (all.isEmpty()) throw new Bad(0);
            return all;
        }
    }

    /**
     * A token and its tag in the last column or the one given (from 1), tabs in between. Decides BIO, IOB1, IOBES and
     * BILOU; neither bare tags nor blanks in between.
     */
    static Outcome bio(byte[] bytes, int column) {
        return ofLines(bytes, lines -> {
            List<TaggedSentence> all = tagged(lines, column);
            if (all == null) return null;
            if (all.stream().flatMap(s -> s.tags().stream()).anyMatch(t -> t.matches("(?s)[EISLUM].*")))
                all = all.stream().anyMatch(s -> s.tags().stream().anyMatch(t -> t.matches("(?s)[ESLUM].*")))
                        ? ofEnds(all)
                        : ofInsides(all);
            return all;
        });
    }

    /** null where it is not decided. */
    private static List<TaggedSentence> tagged(List<String> lines, int column) {
        Sentences sentences = new Sentences();
        int columns = 0, number = 0;
        for (String line : lines) {
            number++;
            if (blank(line) || line.matches("(?s)" + BLANK + "-DOCSTART-([ \t].*)?")) {
                sentences.end();
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (columns == 0 && cells.length == 1) return null;
            if (columns == 0) columns = Math.max(cells.length, column);
            if (columns > 100) return null;
            if (cells.length != columns || blank(cells[0])) throw new Bad(number);
            String tag = cells[column == 0 ? columns - 1 : column - 1];
            if (tag.matches("[BIESLUM]")) return null;
            if (!tag.matches("O|[BIESLUM]-\\S{1,100}")) throw new Bad(number);
            sentences.add(cells[0], tag);
        }
        return sentences.all();
    }

    /** B inside* end, and singles; inside is also called M, the end also L, a single also U. */
    private static List<TaggedSentence> ofEnds(List<TaggedSentence> all) {
        List<TaggedSentence> bio = new ArrayList<>();
        for (TaggedSentence s : all) {
            if (!(String.join(" ", s.tags()) + " ").matches("(?:O |[SU]-\\S+ |B-(\\S+) (?:[IM]-\\1 )*[EL]-\\1 )*"))
                throw new Bad(0);
            bio.add(new TaggedSentence(s.words(),
                    s.tags().stream().map(t -> t.replaceFirst("^[ELM]-", "I-").replaceFirst("^[SU]-", "B-")).toList()));
        }
        return bio;
    }

    /** IOB1 where some name begins with I and each B stands right after a tag of its type; else BIO as it is. */
    private static List<TaggedSentence> ofInsides(List<TaggedSentence> all) {
        boolean begins = false, only = true;
        List<TaggedSentence> bio = new ArrayList<>();
        for (TaggedSentence s : all) {
            List<String> tags = new ArrayList<>();
            for (int t = 0; t < s.words().size(); t++) {
                String tag = s.tags().get(t), type = tag.replaceFirst("(?s)^.-?", ""),
                        before = t == 0 ? "" : s.tags().get(t - 1).replaceFirst("(?s)^.-?", "");
                boolean first = !type.isEmpty() && !type.equals(before);
                begins |= first && tag.startsWith("I");
                only &= !(first && tag.startsWith("B"));
                tags.add(first ? "B-" + type : tag);
            }
            bio.add(new TaggedSentence(s.words(), tags));
        }
        return begins && only ? bio : all;
    }

    static Outcome conllu(byte[] bytes) {
        return ofLines(bytes, lines -> {
            Sentences sentences = new Sentences();
            int number = 0;
            for (String line : lines) {
                number++;
                if (blank(line)) sentences.end();
                if (blank(line) || line.startsWith("#")) continue;
                String[] cells = line.split("\t", -1);
                if (cells.length != 10) throw new Bad(number);
                if (cells[0].matches("[0-9]{1,9}[-.][0-9]{1,9}")) continue;
                if (!cells[0].equals("" + (sentences.words.size() + 1)) || blank(cells[1]) || blank(cells[3])
                        || cells[3].equals("_"))
                    throw new Bad(number);
                sentences.add(cells[1], cells[3]);
            }
            return sentences.all();
        });
    }

    /** Two, three or four columns. */
    static Outcome pairs(byte[] bytes) {
        return ofLines(bytes, lines -> {
            List<SentencePairs.Pair> pairs = new ArrayList<>();
            int columns = 0, number = 0, numbers = 0;
            for (String line : lines) {
                number++;
                if (blank(line)) continue;
                String[] cells = Arrays.stream(line.split("\t", -1)).map(Naive::trim).toArray(String[]::new);
                if (columns == 0) columns = cells.length;
                if (columns < 2 || columns > 4 || cells.length != columns || cells[0].isEmpty() || cells[1].isEmpty())
                    throw new Bad(number);
                if (cells[0].matches("[0-9]{1,18}")) numbers++;
                if (columns == 4 && !(cells[0] + " " + cells[2]).matches("[0-9]{1,18} [0-9]{1,18}"))
                    throw new Bad(number);
                if (columns == 4 && cells[3].isEmpty()) throw new Bad(number);
                pairs.add(columns == 4
                        ? new SentencePairs.Pair(cells[1], cells[3], "tatoeba.org #" + cells[0] + " & #" + cells[2])
                        : new SentencePairs.Pair(cells[0], cells[1], columns == 3 ? cells[2] : ""));
            }
            if (pairs.isEmpty() || columns < 4 && numbers == pairs.size() && numbers > 1) throw new Bad(0);
            return pairs;
        });
    }

    private static final String PHONEME = "(?:" + String.join("|", PronouncingDictionary.CONSONANTS) + "|(?:"
            + String.join("|", PronouncingDictionary.VOWELS)
            + ")[012]?)";
    private static final Pattern ENTRY = Pattern
            .compile(BLANK + "([^ \t]+?)(?:\\(([0-9]{1,3})\\))?((?:[ \t]+" + PHONEME + "){1,100})" + BLANK);

    /**
     * Old and new: {@code WORD(1)} is the second way to say a word in files that have such, {@code word(2)} in others.
     */
    static Outcome dictionary(byte[] bytes) {
        return ofLines(bytes, lines -> {
            List<String[]> entries = new ArrayList<>();
            boolean fromOne = false;
            int number = 0;
            for (String line : lines) {
                number++;
                if (line.startsWith(";;;") || line.startsWith("##")) continue;
                String plain = line.replaceFirst("(?s)[ \t]#.*", "");
                if (blank(plain)) continue;
                Matcher m = ENTRY.matcher(plain);
                if (!m.matches()) {
                    // a sign after its name
                    if (plain.matches("(?s)" + BLANK + "[^ \t]+[ \t]+[\\p{P}\\p{S}]+([ \t].*)?")) return null;
                    throw new Bad(number);
                }
                if (m.group(2) != null && Integer.parseInt(m.group(2)) == 0) throw new Bad(number);
                fromOne |= m.group(2) != null && Integer.parseInt(m.group(2)) == 1;
                entries.add(new String[] {m.group(1), m.group(2), trim(m.group(3))});
            }
            if (entries.isEmpty()) throw new Bad(0);
            int first = fromOne ? 1 : 0;
            return entries.stream()
                    .map(e -> new Pronunciation(e[0].toLowerCase(Locale.ROOT),
                            e[1] == null ? 1 : Integer.parseInt(e[1]) + first,
                            List.of(e[2].split("[ \t]+"))))
                    .toList();
        });
    }

    /** Lower case, no ASCII punctuation, cut at ASCII white space. */
    private static List<String> caption(String caption) {
        List<String> words = new ArrayList<>(List.of(""));
        for (char c : caption.toLowerCase(Locale.ROOT).toCharArray()) {
            int last = words.size() - 1;
            if (c == ' ' || c >= 9 && c <= 13) words.add("");
            else if ("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".indexOf(c) < 0) words.set(last, words.get(last) + c);
        }
        return words.stream().filter(w -> !w.isEmpty()).toList();
    }

    /**
     * {@code name.jpg#0 TAB caption} or, after a header, {@code name.jpg,caption} or {@code name.jpg| 0| caption}; of
     * files with plain names.
     */
    static Outcome flickr(byte[] bytes) {
        return ofLines(bytes, lines -> {
            String first = lines.isEmpty() ? "" : lines.get(0).replaceAll("[ \t]", "");
            boolean commas = first.equals("image,caption"), bars = first.equals("image_name|comment_number|comment");
            if (first.startsWith("image")) lines = lines.subList(1, lines.size());
            if (first.startsWith("image") && !commas && !bars) return null;
            Map<String, List<List<String>>> all = new LinkedHashMap<>();
            for (String line : lines) {
                if (blank(line)) continue;
                Matcher m = Pattern
                        .compile("(?s)([a-z0-9]{1,50}\\.jpg)" + (commas ? "," : bars ? "\\| [0-9]\\| " : "#[0-9]\t")
                                + "(.*)")
                        .matcher(line);
                if (!m.matches()) return null;
                List<String> words = caption(m.group(2));
                all.computeIfAbsent(m.group(1), picture -> new ArrayList<>());
                if (!words.isEmpty()) all.get(m.group(1)).add(words);
            }
            return all.isEmpty() ? null : withCaptions(all);
        });
    }

    /** {name, captions} of the pictures that have one. */
    private static List<List<Object>> withCaptions(Map<String, List<List<String>>> all) {
        List<List<Object>> some = all.entrySet().stream().filter(e -> !e.getValue().isEmpty())
                .map(e -> List.<Object>of(e.getKey(), e.getValue()))
                .toList();
        if (some.isEmpty()) throw new Bad(0);
        return some;
    }

    private interface Captions {
        /** Null where it is not decided. */
        Map<String, List<List<String>>> read(Object json);
    }

    private static Outcome ofJson(byte[] bytes, Captions reader) {
        String text = Texts.text(bytes);
        if (text == null) return refusal();
        try {
            Map<String, List<List<String>>> all = reader.read(Json.parse(text));
            return all == null || all.isEmpty() ? OPEN : content(withCaptions(all));
        } catch (Json.Extreme e) {
            return OPEN;
        } catch (IllegalArgumentException e) {
            return text.startsWith("\ufeff") ? OPEN : refusal();
        } catch (Bad e) {
            return refusal();
        }
    }

    /** COCO's JSON, of files with plain names and numbers. */
    static Outcome coco(byte[] bytes) {
        return ofJson(bytes, root -> {
            List<Object> images = list(Json.field(root, "images")), annotations = list(Json.field(root, "annotations"));
            if (images == null || annotations == null) return null;
            Map<String, List<List<String>>> all = new LinkedHashMap<>();
            Map<String, String> ids = new LinkedHashMap<>();
            for (Object image : images) {
                if (!(Json.field(image, "id") instanceof Json.Num id && id.raw().matches("[1-9][0-9]{0,17}")))
                    return null;
                if (!(Json.field(image, "file_name") instanceof String name && name.matches("[a-z0-9]{1,50}\\.jpg")))
                    return null;
                if (ids.put(id.raw(), name) != null || all.put(name, new ArrayList<>()) != null) return null;
            }
            for (Object annotation : annotations) {
                if (!(Json.field(annotation, "image_id") instanceof Json.Num id && ids.containsKey(id.raw())))
                    return null;
                if (!(Json.field(annotation, "caption") instanceof String caption)) return null;
                List<String> words = caption(caption);
                if (!words.isEmpty()) all.get(ids.get(id.raw())).add(words);
            }
            return all;
        });
    }

    /** Karpathy's JSON, the images of the split "train", with tokens or raw captions. */
    static Outcome karpathy(byte[] bytes) {
        return ofJson(bytes, root -> {
            List<Object> images = list(Json.field(root, "images"));
            if (images == null) return null;
            Map<String, List<List<String>>> all = new LinkedHashMap<>();
            for (Object image : images) {
                if (!(Json.field(image, "filename") instanceof String name && name.matches("[a-z0-9]{1,50}\\.jpg")))
                    return null;
                if (((Json.Obj) image).fields().stream().anyMatch(f -> f.getKey().equals("filepath"))) return null;
                List<Object> sentences = list(Json.field(image, "sentences"));
                if (!(Json.field(image, "split") instanceof String split) || sentences == null) return null;
                List<List<String>> own = new ArrayList<>();
                for (Object sentence : sentences) {
                    List<Object> tokens = list(Json.field(sentence, "tokens"));
                    if (tokens == null || !(Json.field(sentence, "raw") instanceof String)
                            || !tokens.stream().allMatch(t -> t instanceof String))
                        return null;
                    List<String> words = tokens.stream().map(t -> (String) t).filter(t -> !t.isEmpty()).toList();
                    if (!words.isEmpty()) own.add(words);
                }
                if (split.equals("train") && all.put(name, own) != null) return null;
            }
            return all;
        });
    }

    @SuppressWarnings("unchecked") private static List<Object> list(Object json) {
        return json instanceof List ? (List<Object>) json : null;
    }

    /** Word vectors as text, of files in which each line has a word without blanks and numbers in plain notation. */
    static Outcome vectors(byte[] bytes, int most) {
        String text = Texts.text(bytes);
        if (text == null || text.indexOf('\0') >= 0 || text.startsWith("\ufeff")) return OPEN;
        List<String> words = new ArrayList<>();
        List<List<Float>> rows = new ArrayList<>();
        int size = -1;
        long promised = -1;
        for (String line : text.split("\n", -1)) {
            String[] cells = line.replaceAll("^[ \t\r]+|[ \t\r]+$", "").split("[ \t\r]+");
            if (cells.length == 1 && cells[0].isEmpty()) continue;
            if (line.matches("[ \t\r].*")) return OPEN;
            if (words.size() == most) break;
            if (size < 0 && promised < 0 && cells.length == 2) {
                if (!line.matches("[1-9][0-9]{0,5} [1-9][0-9]{0,3}\r?") || !rows.isEmpty()) return OPEN;
                promised = Long.parseLong(cells[0]);
                size = Integer.parseInt(cells[1]);
                continue;
            }
            if (size < 0) size = cells.length - 1;
            if (cells.length != size + 1 || size < 1 || words.contains(cells[0])) return OPEN;
            List<Float> row = new ArrayList<>();
            for (int k = 1; k <= size; k++) {
                if (!cells[k].matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?(e-?[0-9])?")) return OPEN;
                float value = Float.parseFloat(cells[k]);
                if (value != (float) Double.parseDouble(cells[k])) return OPEN;
                row.add(value == 0 ? 0f : value);
            }
            words.add(cells[0]);
            rows.add(row);
        }
        if (words.size() < 2 || promised >= 0 && promised != words.size()) return OPEN;
        return content(List.of(words, rows));
    }
}
