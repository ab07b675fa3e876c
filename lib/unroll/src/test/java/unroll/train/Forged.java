package unroll.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import unroll.tensor.Safetensors;

/** A checkpoint that was changed together with its checksum. */
final class Forged {
    private Forged() {
    }

    /** Sets one text of the metadata; null takes it out. */
    static void rewrite(Path file, String name, String text) throws IOException {
        Safetensors.Content content = Safetensors.read(file);
        Map<String, String> texts = new LinkedHashMap<>(content.metadata());
        texts.put(name, text);
        texts.values().remove(null);
        sign(file, new Safetensors.Content(content.tensors(), texts));
    }

    /** Writes a file with the right sum. */
    static void sign(Path file, Safetensors.Content content) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>(content.metadata());
        texts.put("sha256", "0".repeat(64));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Safetensors.write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), content.tensors(),
                    texts);
            texts.put("sha256", HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        Safetensors.write(file, content.tensors(), texts);
    }
}
