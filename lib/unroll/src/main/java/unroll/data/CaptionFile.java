package unroll.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
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

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;

import unroll.data.DatasetException.Reason;

/** The captions of photographs as the files of COCO and of Flickr8k have them: a picture's file name, and its captions as words. */
final class CaptionFile {
    private static final String FILE_NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,5}";
    private static final String KAGGLE_HEADER = "image,caption";

    private final String name;
    private final Map<String, String> words = new HashMap<>();             // each word is held once, however often it is written

    private CaptionFile(String name) { this.name = name; }

    /** Lower case, ASCII punctuation left out, cut at white space: the tokens of Karpathy and Fei-Fei (2015). */
    static List<String> words(String caption) {
        String plain = caption.toLowerCase(Locale.ROOT).replaceAll("\\p{Punct}", "").strip();
        return plain.isEmpty() ? List.of() : List.of(plain.split("\\s+"));
    }

    private List<String> shared(String caption) {
        return words(caption).stream().map(word -> {
            String known = words.putIfAbsent(word, word);
            return known == null ? word : known;
        }).toList();
    }

    /** What {@code captions_train2017.json} holds: {@code {"images": [{"id", "file_name"}, …], "annotations": [{"image_id", "caption"}, …]}}. */
    static Map<String, List<List<String>>> coco(Path json) {
        CaptionFile file = new CaptionFile("COCO captions " + json.getFileName());
        Map<Long, String> images = new LinkedHashMap<>();
        Map<Long, List<List<String>>> captions = new HashMap<>();
        try (InputStream in = Files.newInputStream(json)) {
            if (Files.size(json) > TextFile.MAX_BYTES) throw file.bad("it has more than " + TextFile.MAX_BYTES + " bytes", null);
            file.read(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), images, captions);
        } catch (CharacterCodingException e) {
            throw file.bad("it is not UTF-8", e);
        } catch (EOFException | MalformedJsonException e) {
            throw file.bad("it is cut off or not JSON," + e.getMessage().replaceFirst(".*(?= at line)", ""), e);
        } catch (IllegalStateException e) {
            throw file.bad("it is not JSON of this form (" + Symbols.firstLine(e.getMessage()) + ")", e);
        } catch (IOException e) {
            throw file.bad("it cannot be read (" + e + ")", e);
        }
        for (long id : captions.keySet())
            if (!images.containsKey(id)) throw file.bad("there is a caption of image " + id + ", but no such image", null);
        Map<String, List<List<String>>> all = new LinkedHashMap<>();
        images.forEach((id, picture) -> file.put(all, picture, captions.getOrDefault(id, List.of())));
        return file.checked(all);
    }

    private void read(Reader reader, Map<Long, String> images, Map<Long, List<List<String>>> captions) throws IOException {
        try (JsonReader json = new JsonReader(reader)) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                String field = json.nextName();
                if (!field.equals("images") && !field.equals("annotations")) {
                    json.skipValue();
                    continue;
                }
                json.beginArray();
                for (int number = 0; json.hasNext(); number++) {
                    if (field.equals("images")) image(json, "image number " + number, images);
                    else caption(json, "caption number " + number, captions);
                }
                json.endArray();
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) throw bad("something follows after its end", null);
        }
    }

    private void image(JsonReader json, String where, Map<Long, String> images) throws IOException {
        Long id = null;
        String picture = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "id" -> id = id(json, where, "id");
                case "file_name" -> picture = text(json, where, "file_name");
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (id == null || picture == null) throw bad(where + " lacks its \"" + (id == null ? "id" : "file_name") + "\"", null);
        if (images.put(id, picture) != null) throw bad("two images have the id " + id, null);
    }

    private void caption(JsonReader json, String where, Map<Long, List<List<String>>> captions) throws IOException {
        Long image = null;
        String caption = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "image_id" -> image = id(json, where, "image_id");
                case "caption" -> caption = text(json, where, "caption");
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (image == null || caption == null) throw bad(where + " lacks its \"" + (image == null ? "image_id" : "caption") + "\"", null);
        List<List<String>> own = captions.computeIfAbsent(image, i -> new ArrayList<>());
        List<String> tokens = shared(caption);
        if (!tokens.isEmpty()) own.add(tokens);
    }

    private long id(JsonReader json, String where, String field) throws IOException {
        JsonToken type = json.peek();
        String digits = type == JsonToken.NUMBER ? json.nextString() : "";
        if (!digits.matches("[0-9]{1,18}"))
            throw bad(where + ": \"" + field + "\" must be a whole number but is " + (digits.isEmpty() ? "a " + type : digits), null);
        return Long.parseLong(digits);
    }

    private String text(JsonReader json, String where, String field) throws IOException {
        JsonToken type = json.peek();
        if (type != JsonToken.STRING) throw bad(where + ": \"" + field + "\" must be a text but is a " + type, null);
        return json.nextString();
    }

    /** What {@code Flickr8k.token.txt} holds, {@code name.jpg#0 TAB caption} in a line, or {@code captions.txt}, {@code name.jpg,caption}. */
    static Map<String, List<List<String>>> flickr8k(Path tokens) {
        CaptionFile file = new CaptionFile("Flickr8k captions " + tokens.getFileName());
        Map<String, List<List<String>>> all = new LinkedHashMap<>();
        String text = TextFile.read(tokens, file.name);
        boolean commas = text.lines().findFirst().orElse("").strip().equals(KAGGLE_HEADER);
        TextFile.lines(text, (number, line) -> {
            if (line.isBlank() || commas && number == 1) return;
            int cut = line.indexOf(commas ? ',' : '\t'), end = commas ? cut : line.indexOf('#');
            if (cut < 1 || end < 1 || end > cut)
                throw new MalformedLineException(file.name, number, commas ? "picture,caption" : "picture#number, a tab and a caption", line);
            List<String> caption = file.shared(line.substring(cut + 1));
            List<List<String>> own = all.computeIfAbsent(line.substring(0, end), p -> new ArrayList<>());
            if (!caption.isEmpty()) own.add(caption);
        });
        return file.checked(all);
    }

    private void put(Map<String, List<List<String>>> all, String picture, List<List<String>> captions) {
        if (all.put(picture, captions) != null) throw bad("two images have the file " + Symbols.describe(picture), null);
    }

    private Map<String, List<List<String>>> checked(Map<String, List<List<String>>> all) {
        if (all.isEmpty()) throw bad("there is no image in it", null);
        all.forEach((picture, captions) -> {
            if (!picture.matches(FILE_NAME))
                throw bad("the picture " + Symbols.describe(picture) + " is no plain file name below the folder; it is not opened", null);
            if (captions.isEmpty()) throw bad("the image " + picture + " has no caption of at least one word", null);
        });
        return all;
    }

    private DatasetException bad(String what, Throwable cause) { return new DatasetException(Reason.UNREADABLE, name + ": " + what, cause); }
}
