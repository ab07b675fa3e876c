package unroll.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import unroll.tensor.CheckpointException;
import unroll.text.Batches;
import unroll.text.Vocabulary;
import unroll.fuzz.Bytes;
import unroll.fuzz.Campaign;
import unroll.fuzz.Json;
import unroll.fuzz.Mutation;
import unroll.fuzz.NaiveArrays;
import unroll.fuzz.Outcome;
import unroll.text.LanguageModel;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.Safetensors;
import unroll.tensor.Tensor;

/** Checkpoints of a run: a model gets all of one, or nothing. */
class CheckpointFuzzTest {
    private static final String TEXT = "abca cabba bac ".repeat(20);
    private static final Vocabulary VOCABULARY = Vocabulary.characters(TEXT);

    private static LanguageModel model() {
        return new LanguageModel(VOCABULARY, Lstm.of(2, 3).dropout(0.1), Rng.seed(7));
    }

    /** The folder after two epochs. */
    private static void trained(Path folder) {
        LanguageModel model = model();
        Trainer.of(model, new Adam(model.parameters(), 0.01), model::start, model::loss).epochs(2).checkpoint(folder)
                .fit(Batches.contiguous(VOCABULARY.encode(TEXT), 4, 16));
    }

    /** With the right sum, where it is a file of the format: a damaged one is soon found out. */
    private static byte[] signed(byte[] file) {
        try {
            Path path = Files.createTempFile("checkpoint", ".safetensors");
            try {
                Files.write(path, file);
                Safetensors.Content content = Safetensors.read(path);
                Map<String, String> texts = new LinkedHashMap<>(content.metadata());
                texts.put("sha256", "0".repeat(64));
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Safetensors.write(out, content.tensors(), texts);
                byte[] sum = MessageDigest.getInstance("SHA-256").digest(out.toByteArray());
                texts.put("sha256", HexFormat.of().formatHex(sum));
                out.reset();
                Safetensors.write(out, content.tensors(), texts);
                return out.toByteArray();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            } catch (CheckpointException e) {
                return file;
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, List<Float>> state(LanguageModel model, Adam adam) {
        Map<String, Tensor> all = new TreeMap<>(model.namedParameters());
        adam.memory().forEach((n, t) -> all.put("moments " + n, t));
        Map<String, List<Float>> values = new TreeMap<>();
        all.forEach((name, t) -> {
            List<Float> list = new ArrayList<>();
            for (float v : t.data()) list.add(v);
            values.put(name, list);
        });
        values.put("steps", List.of((float) adam.steps()));
        return values;
    }

    /** Reads it into a model and an optimizer. */
    private static Object restored(Path folder) throws IOException {
        LanguageModel model = model();
        Adam adam = new Adam(model.parameters(), 0.01);
        Map<String, List<Float>> before = state(model, adam);
        try {
            Checkpoint c = Checkpoint.read(folder, "last");
            c.into(model, adam);
            Map<String, String> texts = Safetensors.read(folder.resolve("last.safetensors")).metadata();
            for (Map.Entry<String, Long> e : Map.of("step", c.step(), "batches", c.batches(), "waited",
                    (long) c.waited(), "validated", c.validated()).entrySet())
                if (e.getValue() < 0 || Long.parseLong(texts.get(e.getKey())) != e.getValue())
                    throw new AssertionError(e + " of " + texts.get(e.getKey()));
            Map<String, List<Float>> after = state(model, adam);
            after.forEach((name, values) -> {
                for (float v : values) if (!Float.isFinite(v)) throw new AssertionError(name + " is not finite");
            });
            return after;
        } catch (CheckpointException e) {
            if (!state(model, adam).equals(before))
                throw new AssertionError("refused, but model or optimizer have changed", e);
            throw e;
        }
    }

    @Test void files(@TempDir Path folder) throws IOException {
        trained(folder);
        Path last = folder.resolve("last.safetensors");
        byte[] sound = Files.readAllBytes(last);
        List<Mutation> mutations = new ArrayList<>(Bytes.mutations());
        for (Mutation m : Bytes.mutations())
            mutations.add((input, random, seeds) -> signed(m.apply(input, random, seeds)));
        for (int i = 0; i < 40; i++)
            mutations.add((input, random, seeds) -> signed(NaiveArrays.mutateSafetensors(input, random, seeds)));
        Campaign.of("checkpoint", "last.safetensors").seed(sound).mutate(mutations).reads(file -> {
            Files.copy(file, last, StandardCopyOption.REPLACE_EXISTING);
            return restored(folder);
        }).names(List.of(CheckpointException.class)).messagesWithoutFile()
                .expects(changed -> of(changed, sound)).run();
    }

    /** Other tensors or texts under the old sum must be refused. */
    private static Outcome of(byte[] changed, byte[] sound) {
        Outcome now = NaiveArrays.safetensors(changed);
        if (now.equals(Outcome.OPEN) || sum(changed) == null || !sum(changed).equals(sum(sound))) return Outcome.OPEN;
        return now.equals(NaiveArrays.safetensors(sound)) ? Outcome.OPEN : Outcome.refusal();
    }

    private static Object sum(byte[] file) {
        if (file.length < Long.BYTES) return null;
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        try {
            return Json.field(Json.field(Json.parse(new String(file, Long.BYTES, length, StandardCharsets.UTF_8)),
                    "__metadata__"), "sha256");
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }
}
