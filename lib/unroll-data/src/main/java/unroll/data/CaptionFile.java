package unroll.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * The captions of photographs as the files of COCO, Karpathy and Flickr have them: a picture's file name, and its
 * captions as words.
 */
final class CaptionFile {
    private static final int LONGEST_NAME = 255;
    private static final long MEMORY = Runtime.getRuntime().maxMemory(),
            MOST_BYTES = Math.min(TextFile.MAX_BYTES, MEMORY / 4);

    /**
     * The lines of a text file: what the first of them is where it is no picture, and how one is cut. The later copies
     * are from Kaggle.
     */
    private enum Lines {
        TOKEN(null, "([^\t]+)#[0-9]+\t(.*)", "picture#number, a tab and a caption"), COMMA("image,caption",
                "([^,]+),(.*)", "picture,caption"), COMMAS("image_name,comment_number,comment",
                        "([^,]+),[ \t]*[0-9]+[ \t]*,(.*)", "picture,number,caption"),
        /** In one line of the published file of Flickr30k the second mark is missing. */
        BARS("image_name|comment_number|comment", "([^|]*[^| \t])[ \t]*\\|[ \t]*[0-9]+[ \t]*(?:\\||[ \t])(.*)",
                "picture| number| caption");

        private final String header, expected;
        private final Pattern form;

        Lines(String header, String form, String expected) {
            this.header = header;
            this.form = Pattern.compile(form, Pattern.DOTALL);             // U+2028 and U+0085 end no line
            this.expected = expected;
        }

        static Lines of(String first) {
            String plain = first.replaceAll("[ \t\r]", "");
            return Stream.of(values()).filter(l -> plain.equals(l.header)).findFirst().orElse(TOKEN);
        }
    }

    /** Reads one element of an array of the file, which errors call {@code where}. */
    private interface Element {
        void read(JsonReader json, String where) throws IOException;
    }

    private final String name;
    // each word is held once, however often it is written
    private final Map<String, String> words = new HashMap<>();
    private final Map<String, List<List<String>>> captions = new LinkedHashMap<>();
    private int without;
    private long held;

    private CaptionFile(String name) { this.name = name; }

    /** How errors call it. */
    String name() { return name; }

    /** The captions of each picture that has one, of at least one word each. */
    Map<String, List<List<String>>> captions() {
        return captions;
    }

    /** How many pictures are not among these, since they have none. */
    int without() { return without; }

    /**
     * Lower case, ASCII punctuation left out, cut at ASCII white space: the tokens of Karpathy and Fei-Fei (2015).
     * Other blanks, such as U+3000, belong to their word.
     */
    static List<String> words(String caption) {
        String plain = caption.toLowerCase(Locale.ROOT).replaceAll("\\p{Punct}", "");
        return Stream.of(plain.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private void add(List<List<String>> own, List<String> caption) {
        if (caption.isEmpty()) return;
        own.add(caption.stream().map(word -> {
            String known = words.putIfAbsent(word, word);
            if (known == null) hold(100 + 2L * word.length());
            return known == null ? word : known;
        }).toList());
        hold(100 + 4L * caption.size());
    }

    /**
     * Counts, roughly, the bytes that are in memory by now: files of many short words take some ten times their size.
     */
    private void hold(long bytes) {
        if ((held += bytes) > MEMORY / 2)
            throw new DatasetException(Reason.TOO_LARGE,
                    name + ": its captions take more than half of the " + (MEMORY >> 20)
                            + " MiB that Java may take (its option -Xmx); cut the file down first");
    }

    /**
     * What {@code captions_train2017.json} holds: {@code {"images": [{"id", "file_name"}, …], "annotations":
     * [{"image_id", "caption"}, …]}}.
     */
    static CaptionFile coco(Path json) {
        CaptionFile file = new CaptionFile("COCO captions " + json.getFileName());
        Map<Long, String> images = new LinkedHashMap<>();
        Map<Long, List<List<String>>> captions = new LinkedHashMap<>();
        file.read(json, Map.of("images", (in, where) -> file.image(in, where, images), "annotations",
                (in, where) -> file.caption(in, where, captions)));
        for (long id : captions.keySet())
            if (!images.containsKey(id))
                throw file.bad("there is a caption of image " + id + ", but no such image", null);
        images.forEach((id, picture) -> file.put(picture, captions.getOrDefault(id, List.of())));
        return file.checked();
    }

    /**
     * What {@code dataset_coco.json} holds: {@code {"images": [{"filepath", "filename", "split", "sentences":
     * [{"tokens", "raw"}, …]}, …]}}; those of Flickr have no {@code filepath}.
     */
    static CaptionFile karpathy(Path json, Set<String> splits) {
        CaptionFile file = new CaptionFile("Karpathy's captions " + json.getFileName());
        Set<String> there = new TreeSet<>();
        file.read(json, Map.of("images", (in, where) -> {
            String folder = "", picture = null, split = null;
            List<List<String>> own = new ArrayList<>();
            in.beginObject();
            while (in.hasNext()) {
                String field = in.nextName();
                switch (field) {
                    case "filepath" -> folder = file.text(in, where, field) + "/";
                    case "filename" -> picture = file.text(in, where, field);
                    case "split" -> split = file.text(in, where, field);
                    case "sentences" -> file.sentences(in, where, own);
                    default -> in.skipValue();
                }
            }
            in.endObject();
            if (picture == null || split == null)
                throw file.bad(where + " lacks its \"" + (picture == null ? "filename" : "split") + "\"", null);
            if (there.size() < 20) there.add(split);
            if (splits.contains(split)) file.put(folder + picture, own);
        }));
        for (String split : splits)
            if (!there.contains(split))
                throw file.bad("there is no image of the split " + Message.quoted(split) + ", but of "
                        + there.stream().map(Message::quoted).toList(), null);
        return file.checked();
    }

    private void sentences(JsonReader json, String where, List<List<String>> own) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            List<String> tokens = null;
            String raw = "";
            json.beginObject();
            while (json.hasNext()) {
                String field = json.nextName();
                switch (field) {
                    case "raw" -> raw = text(json, where, field);
                    case "tokens" -> {
                        tokens = new ArrayList<>();
                        json.beginArray();
                        while (json.hasNext()) tokens.add(text(json, where, field));
                        json.endArray();
                    }
                    default -> json.skipValue();
                }
            }
            json.endObject();
            add(own, tokens == null ? words(raw) : tokens.stream().filter(token -> !token.isEmpty()).toList());
        }
        json.endArray();
    }

    /** Reads the arrays of these names in the object that the file is, and skips what else there is. */
    private void read(Path file, Map<String, Element> arrays) {
        try (InputStream in = Files.newInputStream(file);
                JsonReader json = new JsonReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            if (Files.size(file) > MOST_BYTES)
                throw new DatasetException(Reason.TOO_LARGE,
                        name + ": it has more than " + MOST_BYTES + " bytes, a quarter of what Java may take");
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                String field = json.nextName();
                Element element = arrays.get(field);
                if (element == null) {
                    json.skipValue();
                    continue;
                }
                json.beginArray();
                for (int number = 0; json.hasNext(); number++)
                    element.read(json, (field.equals("images") ? "image" : "caption") + " number " + number);
                json.endArray();
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) throw bad("something follows after its end", null);
        } catch (CharacterCodingException e) {
            throw bad("it is not UTF-8", e);
        } catch (EOFException | MalformedJsonException e) {
            throw bad(
                    "it is cut off or not JSON," + Message.firstLine(e.getMessage()).replaceFirst(".*(?= at line)", ""),
                    e);
        } catch (IllegalStateException e) {
            throw bad("it is not JSON of this form (" + Message.firstLine(e.getMessage()) + ")", e);
        } catch (IOException e) {
            throw bad("it cannot be read (" + e + ")", e);
        }
    }

    private void image(JsonReader json, String where, Map<Long, String> images) throws IOException {
        Long id = null;
        String picture = null;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "id" -> id = id(json, where, field);
                case "file_name" -> picture = text(json, where, field);
                case "sentences" ->
                    throw bad("it is a file of Karpathy's splits; read it with CocoCaptions.karpathy", null);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (id == null || picture == null)
            throw bad(where + " lacks its \"" + (id == null ? "id" : "file_name") + "\"", null);
        if (images.put(id, picture) != null) throw bad("two images have the id " + id, null);
        hold(200 + 2L * picture.length());
    }

    private void caption(JsonReader json, String where, Map<Long, List<List<String>>> all) throws IOException {
        Long image = null;
        String caption = null;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "image_id" -> image = id(json, where, field);
                case "caption" -> caption = text(json, where, field);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (image == null || caption == null)
            throw bad(where + " lacks its \"" + (image == null ? "image_id" : "caption") + "\"", null);
        add(all.computeIfAbsent(image, i -> new ArrayList<>()), words(caption));
    }

    private long id(JsonReader json, String where, String field) throws IOException {
        JsonToken type = json.peek();
        String digits = type == JsonToken.NUMBER ? json.nextString() : "";
        if (!digits.matches("[0-9]{1,18}"))
            throw bad(where + ": \"" + field + "\" must be a whole number but is "
                    + (digits.isEmpty() ? "a " + type : Message.firstLine(digits)), null);
        return Long.parseLong(digits);
    }

    private String text(JsonReader json, String where, String field) throws IOException {
        JsonToken type = json.peek();
        if (type != JsonToken.STRING) throw bad(where + ": \"" + field + "\" must be a text but is a " + type, null);
        return json.nextString();
    }

    /** What the text files of Flickr8k and Flickr30k hold: a picture and a caption in a line, in one of four forms. */
    static CaptionFile flickr(Path tokens) {
        CaptionFile file = new CaptionFile("Flickr captions " + tokens.getFileName());
        String text = TextFile.read(tokens, file.name);
        Lines lines = Lines.of(text.lines().findFirst().orElse(""));
        TextFile.lines(text, (number, line) -> {
            if (line.matches("[ \t]*") || lines != Lines.TOKEN && number == 1) return;
            // "a, b.jpg",caption
            int quoted = lines == Lines.TOKEN || !line.startsWith("\"") ? 0 : line.indexOf('"', 1);
            Matcher m = lines.form.matcher(quoted > 0 ? "-" + line.substring(quoted + 1) : line);
            if (!m.matches()) throw TextFile.malformed(file.name, number, lines.expected, line);
            String picture = quoted > 0 ? line.substring(1, quoted) : m.group(1);
            file.hold(file.captions.containsKey(picture) ? 0 : 200 + 2L * picture.length());
            file.add(file.captions.computeIfAbsent(picture, p -> new ArrayList<>()), words(m.group(2)));
        });
        return file.checked();
    }

    private void put(String picture, List<List<String>> own) {
        if (captions.put(picture, own) != null) throw bad("two images have the file " + Message.quoted(picture), null);
        hold(200 + 2L * picture.length());
    }

    private CaptionFile checked() {
        if (captions.isEmpty()) throw bad("there is no image in it", null);
        for (String picture : captions.keySet())
            if (!isPlain(picture))
                throw bad("the picture " + Message.quoted(picture)
                        + " is no plain file name below the folder; it is not opened", null);
        int all = captions.size();
        captions.values().removeIf(List::isEmpty);
        without = all - captions.size();
        if (captions.isEmpty())
            throw bad("there is no caption of at least one word in it, of " + all + " images", null);
        return this;
    }

    /**
     * Blanks, brackets and letters of any script are parts of names; what would leave the folder, or be hidden in it,
     * is none.
     */
    private static boolean isPlain(String picture) {
        boolean drive = picture.length() > 1 && picture.charAt(1) == ':';
        return !drive && picture.indexOf('\\') < 0 && picture.chars().noneMatch(Character::isISOControl)
                && Stream.of(picture.split("/", -1))
                        .allMatch(part -> !part.isEmpty() && !part.startsWith(".") && part.length() <= LONGEST_NAME);
    }

    private DatasetException bad(String what, Throwable cause) {
        return new DatasetException(Reason.UNREADABLE, name + ": " + what, cause);
    }
}
