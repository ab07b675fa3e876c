package unroll.data;

import java.io.ByteArrayInputStream;
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
import java.util.function.Consumer;
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

    /**
     * The lines of a text file: what the first of them is where it is no picture, and how one is cut. The later copies
     * are from Kaggle.
     */
    private enum Lines {
        /** As they were published. */
        TOKEN(null, "([^\t]+)#[0-9]+\t(.*)", "picture#number, a tab and a caption"),
        /** {@code captions.txt} of later copies. */
        COMMA("image,caption", "([^,]+),(.*)", "picture,caption"),
        /** The same with numbers. */
        COMMAS("image_name,comment_number,comment", "([^,]+),[ \t]*[0-9]+[ \t]*,(.*)", "picture,number,caption"),
        /** {@code results.csv}. In one line of the published file of Flickr30k the second mark is missing. */
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

    /** Reads the value of a field, of an object which errors call {@code where}. */
    private interface Value {
        Object read(JsonReader json, String where, String field) throws IOException;
    }

    private final String name;
    private final HeldWords held;
    private final Map<String, List<List<String>>> captions = new LinkedHashMap<>();
    private int without;

    private CaptionFile(String name) {
        this.name = name;
        held = new HeldWords(name);
    }

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

    private boolean add(List<List<String>> own, List<String> caption) {
        return !caption.isEmpty() && own.add(held.hold(caption));
    }

    /** The name of a picture, with its place in maps and the list of its captions. */
    private String held(String picture) {
        held.record(30);
        return held.own(picture);
    }

    /**
     * What {@code captions_train2017.json} holds: {@code {"images": [{"id", "file_name"}, …], "annotations":
     * [{"image_id", "caption"}, …]}}.
     */
    static CaptionFile coco(Path json) {
        CaptionFile file = new CaptionFile("COCO captions " + json.getFileName());
        return file.coco(readers -> file.read(json, readers));
    }

    /** The same from the bytes of a file. */
    static CaptionFile coco(String name, byte[] bytes) {
        CaptionFile file = new CaptionFile("COCO captions " + name);
        return file.coco(readers -> file.read(new ByteArrayInputStream(bytes), readers));
    }

    private CaptionFile coco(Consumer<Map<String, Value>> content) {
        Map<Long, String> images = new LinkedHashMap<>();
        Map<Long, List<List<String>>> captions = new LinkedHashMap<>();
        content.accept(Map.of("images", each((in, where, field) -> image(in, where, images)), "annotations",
                each((in, where, field) -> caption(in, where, captions))));
        for (long id : captions.keySet())
            if (!images.containsKey(id))
                throw bad("there is a caption of image " + id + ", but no such image");
        images.forEach((id, picture) -> put(picture, captions.getOrDefault(id, List.of())));
        return checked();
    }

    private String image(JsonReader json, String where, Map<Long, String> images) throws IOException {
        Map<String, Object> image = object(json, where,
                Map.of("id", this::id, "file_name", this::text, "sentences", (in, place, field) -> {
                    throw bad("it is a file of Karpathy's splits; read it with CocoCaptions.karpathy");
                }));
        Long id = required(Long.class, image, "id", where);
        String picture = required(String.class, image, "file_name", where);
        if (images.put(id, picture) != null) throw bad("two images have the id " + id);
        return held(picture);
    }

    private boolean caption(JsonReader json, String where, Map<Long, List<List<String>>> all) throws IOException {
        Map<String, Object> caption = object(json, where, Map.of("image_id", this::id, "caption", this::text));
        Long image = required(Long.class, caption, "image_id", where);
        String text = required(String.class, caption, "caption", where);
        return add(all.computeIfAbsent(image, i -> new ArrayList<>()), words(text));
    }

    /**
     * What {@code dataset_coco.json} holds: {@code {"images": [{"filepath", "filename", "split", "sentences":
     * [{"tokens", "raw"}, …]}, …]}}; those of Flickr have no {@code filepath}.
     */
    static CaptionFile karpathy(Path json, Set<String> splits) {
        CaptionFile file = new CaptionFile("Karpathy's captions " + json.getFileName());
        Set<String> there = new TreeSet<>();
        file.read(json, Map.of("images", each((in, where, field) -> {
            List<List<String>> own = new ArrayList<>();
            Map<String, Object> image = object(in, where,
                    Map.of("filepath", file::text, "filename", file::text, "split", file::text, "sentences",
                            each((sentence, place, f) -> file.sentence(sentence, place, own))));
            String picture = file.required(String.class, image, "filename", where),
                    split = file.required(String.class, image, "split", where);
            if (there.size() < 20) there.add(split);
            if (splits.contains(split))
                file.put(image.containsKey("filepath") ? image.get("filepath") + "/" + picture : picture, own);
            return split;
        })));
        for (String split : splits)
            if (!there.contains(split))
                throw file.bad("there is no image of the split " + Message.quoted(split) + ", but of "
                        + there.stream().map(Message::quoted).toList());
        return file.checked();
    }

    private boolean sentence(JsonReader json, String where, List<List<String>> own) throws IOException {
        List<String> tokens = new ArrayList<>();
        Map<String, Object> sentence = object(json, where,
                Map.of("raw", this::text, "tokens", each((in, place, field) -> tokens.add(text(in, place, field)))));
        return add(own,
                sentence.containsKey("tokens")
                        ? tokens.stream().filter(token -> !token.isEmpty()).toList()
                        : words(String.valueOf(sentence.getOrDefault("raw", ""))));
    }

    /** Reads the object that the file is. */
    private void read(Path file, Map<String, Value> readers) {
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > TextFile.MAX_BYTES)
                throw new DatasetException(Reason.TOO_LARGE, name + ": it has more than " + TextFile.MAX_BYTES
                        + " bytes, the most that is read " + TextFile.heap());
            read(in, readers);
        } catch (IOException e) {
            throw bad("it cannot be read (" + e + ")", e);
        }
    }

    private void read(InputStream in, Map<String, Value> readers) {
        try (JsonReader json = new JsonReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            json.setStrictness(Strictness.STRICT);
            object(json, "", readers);
            if (json.peek() != JsonToken.END_DOCUMENT) throw bad("something follows after its end");
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

    /** The fields of an object that have readers; others are skipped, and of two of one name the last stays. */
    private static Map<String, Object> object(JsonReader json, String where, Map<String, Value> readers)
            throws IOException {
        Map<String, Object> values = new HashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (readers.containsKey(field)) values.put(field, readers.get(field).read(json, where, field));
            else
                json.skipValue();
        }
        json.endObject();
        return values;
    }

    /** The elements of an array; those of the file's own arrays are numbered. */
    private static Value each(Value element) {
        return (json, where, field) -> {
            String kind = field.equals("images") ? "image number " : "caption number ";
            json.beginArray();
            for (int number = 0; json.hasNext(); number++)
                element.read(json, where.isEmpty() ? kind + number : where, field);
            json.endArray();
            return json;
        };
    }

    private <T> T required(Class<T> type, Map<String, Object> values, String field, String where) {
        if (!values.containsKey(field)) throw bad(where + " lacks its \"" + field + "\"");
        return type.cast(values.get(field));
    }

    private Long id(JsonReader json, String where, String field) throws IOException {
        JsonToken type = json.peek();
        String digits = type == JsonToken.NUMBER ? json.nextString() : "";
        if (!digits.matches("[0-9]{1,18}"))
            throw bad(where + ": \"" + field + "\" must be a whole number but is "
                    + (digits.isEmpty() ? "a " + type : Message.firstLine(digits)));
        return Long.valueOf(digits);
    }

    private String text(JsonReader json, String where, String field) throws IOException {
        JsonToken type = json.peek();
        if (type != JsonToken.STRING) throw bad(where + ": \"" + field + "\" must be a text but is a " + type);
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
            file.add(file.captions.computeIfAbsent(picture, p -> {
                file.held(p);
                return new ArrayList<>();
            }), words(m.group(2)));
        });
        return file.checked();
    }

    private void put(String picture, List<List<String>> own) {
        if (captions.put(picture, own) != null) throw bad("two images have the file " + Message.quoted(picture));
        held(picture);
    }

    private CaptionFile checked() {
        if (captions.isEmpty()) throw bad("there is no image in it");
        for (String picture : captions.keySet())
            if (!isPlain(picture))
                throw bad("the picture " + Message.quoted(picture)
                        + " is no plain file name below the folder; it is not opened", null);
        int all = captions.size();
        captions.values().removeIf(List::isEmpty);
        without = all - captions.size();
        if (captions.isEmpty()) throw bad("there is no caption of at least one word in it, of " + all + " images");
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

    private DatasetException bad(String what) { return bad(what, null); }

    private DatasetException bad(String what, Throwable cause) {
        return new DatasetException(Reason.UNREADABLE, name + ": " + what, cause);
    }
}
