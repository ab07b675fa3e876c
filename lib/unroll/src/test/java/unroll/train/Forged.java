package unroll.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/** A checkpoint's JSON that was changed together with its checksum. */
final class Forged {
    private Forged() {
    }

    /** Sets one field, given as {@code "name":value}. */
    static void rewrite(Path json, String field) throws IOException {
        JsonObject whole = JsonParser.parseString(Files.readString(json)).getAsJsonObject(),
                content = whole.getAsJsonObject("checkpoint");
        JsonParser.parseString("{" + field + "}").getAsJsonObject().entrySet()
                .forEach(e -> content.add(e.getKey(), e.getValue()));
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256")
                    .digest(content.toString().getBytes(StandardCharsets.UTF_8));
            whole.addProperty("sha256", HexFormat.of().formatHex(sum));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        Files.writeString(json, whole.toString());
    }
}
