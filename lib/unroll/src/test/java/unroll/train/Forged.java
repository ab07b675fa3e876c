package unroll.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/** A checkpoint that was changed together with its checksum. */
final class Forged {
    private static final String START = "{\"__metadata__\":{\"sha256\":\"";

    private Forged() {
    }

    /** Sets one text of the metadata, given as {@code "name":value}. */
    static void rewrite(Path file, String field) throws IOException {
        rewrite(file, header -> {
            JsonObject all = JsonParser.parseString(header).getAsJsonObject();
            JsonParser.parseString("{" + field + "}").getAsJsonObject().entrySet()
                    .forEach(e -> all.getAsJsonObject("__metadata__").add(e.getKey(), e.getValue()));
            return all.toString();
        });
    }

    /** Changes the header. */
    static void rewrite(Path file, UnaryOperator<String> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8).strip();
        byte[] changed = change.apply(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer forged = ByteBuffer.allocate(8 + changed.length + bytes.length - 8 - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        forged.putLong(changed.length).put(changed).put(bytes, 8 + length, bytes.length - 8 - length);
        Files.write(file, signed(forged.array()));
    }

    /** With the right sum, which stands after {@link #START}. */
    static byte[] signed(byte[] file) {
        int at = 8 + START.length();
        Arrays.fill(file, at, at + 64, (byte) '0');
        byte[] sum = HexFormat.of().formatHex(sha256(file)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, file, at, sum.length);
        return file;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
