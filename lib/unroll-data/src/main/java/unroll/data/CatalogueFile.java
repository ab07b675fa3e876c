package unroll.data;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import unroll.data.Dataset.DataFile;
import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Reads {@code catalogue.json}. It may come from anywhere, so everything that becomes a path, an address or a size is
 * checked.
 */
final class CatalogueFile {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern PATH = Pattern
            .compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,5}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_CHARACTERS = 4_000_000;
    private static final long MAX_BYTES = 4_000_000_000L;

    private final String origin;

    private CatalogueFile(String origin) { this.origin = origin; }

    /** The entries of a catalogue; {@code origin} is what errors call it. */
    static List<Dataset> parse(String json, String origin) {
        CatalogueFile file = new CatalogueFile(origin);
        if (json.length() > MAX_CHARACTERS)
            throw file.bad("it has " + json.length() + " characters; at most " + MAX_CHARACTERS + " are read");
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement root = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) throw file.bad("something follows after its end");
            return file.datasets(root);
        } catch (JsonParseException | IOException e) {
            throw file.bad("it is not JSON: " + e.getMessage(), e);
        }
    }

    private List<Dataset> datasets(JsonElement root) {
        JsonObject catalogue = object(root, "the whole");
        if (!(catalogue.get("version") instanceof JsonPrimitive v && v.getAsString().equals("1")))
            throw bad("its version is " + catalogue.get("version") + "; this release reads version 1");
        List<Dataset> sets = new ArrayList<>();
        Set<String> names = new HashSet<>(), folders = new HashSet<>();
        for (JsonElement element : array(catalogue, "datasets", "the whole")) {
            Dataset set = dataset(object(element, "data set " + sets.size()), "data set " + sets.size());
            if (!names.add(set.name())) throw bad("two data sets are called " + set.name());
            if (!folders.add(set.folder())) throw bad("two data sets have the folder " + set.folder());
            sets.add(set);
        }
        return List.copyOf(sets);
    }

    private Dataset dataset(JsonObject json, String where) {
        String name = matching(json, "name", NAME, where);
        List<DataFile> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (JsonElement element : array(json, "files", name)) {
            DataFile file = file(object(element, name + ", file " + files.size()), name + ", file " + files.size());
            if (!paths.add(file.path())) throw bad(name + ": two files have the path " + file.path());
            files.add(file);
        }
        if (files.isEmpty()) throw bad(name + ": it has no files");
        return new Dataset(name, text(json, "title", name), matching(json, "folder", PATH, name),
                text(json, "format", name), text(json, "licence", name), text(json, "licenceSource", name),
                text(json, "citation", name), optional(json, "alternative", name), files);
    }

    private DataFile file(JsonObject json, String where) {
        return new DataFile(matching(json, "path", PATH, where), address(json, "url", where),
                matching(json, "sha256", SHA256, where), bytes(json, where), optional(json, "licence", where),
                json.has("origin") ? Optional.of(address(json, "origin", where)) : Optional.empty());
    }

    private long bytes(JsonObject json, String where) {
        String digits = json.get("bytes") instanceof JsonPrimitive p && p.isNumber() ? p.getAsString() : "";
        if (!digits.matches("[0-9]{1,10}") || Long.parseLong(digits) < 1 || Long.parseLong(digits) > MAX_BYTES)
            throw bad(
                    where + ": \"bytes\" must be a whole number in 1 .. " + MAX_BYTES + " but is " + json.get("bytes"));
        return Long.parseLong(digits);
    }

    /** Not refused here when it is not HTTPS: the download does that, wherever an address comes from. */
    private URI address(JsonObject json, String key, String where) {
        try {
            URI address = new URI(text(json, key, where));
            if (address.getScheme() != null && address.getHost() != null) return address;
            throw bad(where + ": \"" + key + "\" must be an address with scheme and host but is " + address);
        } catch (URISyntaxException e) {
            throw bad(where + ": \"" + key + "\" is no address: " + e.getMessage(), e);
        }
    }

    private String matching(JsonObject json, String key, Pattern pattern, String where) {
        String value = text(json, key, where);
        if (!pattern.matcher(value).matches())
            throw bad(where + ": \"" + key + "\" must match " + pattern + " but is " + Message.quoted(value));
        return value;
    }

    private Optional<String> optional(JsonObject json, String key, String where) {
        return json.has(key) ? Optional.of(text(json, key, where)) : Optional.empty();
    }

    private String text(JsonObject json, String key, String where) {
        if (json.get(key) instanceof JsonPrimitive p && p.isString() && !p.getAsString().isBlank())
            return p.getAsString();
        throw wrong(json, key, "a text", where);
    }

    private JsonArray array(JsonObject json, String key, String where) {
        if (json.get(key) instanceof JsonArray a) return a;
        throw wrong(json, key, "a list", where);
    }

    private DatasetException wrong(JsonObject json, String key, String expected, String where) {
        return bad(where + ": \"" + key + "\" must be " + expected + " but is "
                + (json.has(key) ? json.get(key) : "missing"));
    }

    private JsonObject object(JsonElement json, String where) {
        if (json instanceof JsonObject o) return o;
        throw bad(where + " must be an object but is " + json);
    }

    private DatasetException bad(String what) { return bad(what, null); }

    private DatasetException bad(String what, Throwable cause) {
        return new DatasetException(Reason.BAD_CATALOGUE, "Catalogue " + origin + ": " + what, cause);
    }
}
