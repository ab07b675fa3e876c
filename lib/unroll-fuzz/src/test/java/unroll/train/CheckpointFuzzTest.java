package unroll.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
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
import unroll.fuzz.Outcome;
import unroll.fuzz.Texts;
import unroll.fuzz.Zips;
import unroll.text.LanguageModel;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
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
        Trainer.of(model, new Adam(model.parameters(), 0.01), model::loss).epochs(2).checkpoint(folder)
                .fit(Batches.contiguous(VOCABULARY.encode(TEXT), 4, 16));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the right sum: a damaged one is soon found out. */
    private static byte[] signed(Object content) {
        String compact = Json.write(content);
        return ("{\"checkpoint\":" + compact + ",\"sha256\":\"" + sha256(compact.getBytes(StandardCharsets.UTF_8))
                + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mutate(byte[] json, java.util.SplittableRandom random) {
        try {
            Object content = content(new String(json, StandardCharsets.UTF_8));
            return content == null ? json : signed(Json.parse(Json.mutate(Json.write(content), random)));
        } catch (IllegalArgumentException e) {
            return json;
        }
    }

    private static Map<String, List<Float>> state(LanguageModel model, Adam adam) {
        Map<String, Tensor> all = new TreeMap<>(model.namedParameters());
        model.memory().forEach((n, t) -> all.put("memory " + n, t));
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

    /** null where it is not JSON: what overwrites itself later may be anything, the sum is that of what is left. */
    private static Object content(String json) {
        try {
            return Json.field(Json.parse(json), "checkpoint");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Reads it into a model and an optimizer. */
    private static Object restored(Path folder) throws IOException {
        LanguageModel model = model();
        Adam adam = new Adam(model.parameters(), 0.01);
        Map<String, List<Float>> before = state(model, adam);
        try {
            Checkpoint c = Checkpoint.read(folder, "last");
            c.into(model, adam);
            Object json = content(Files.readString(folder.resolve("last.json")));
            for (Map.Entry<String, Object> e : Map
                    .<String, Object>of("step", c.step(), "batches", c.batches(), "waited", c.waited(), "validated",
                            c.validated())
                    .entrySet())
                if (Json.field(json, e.getKey()) instanceof Json.Num n && !n.raw().equals("-0")
                        && !n.raw().equals(e.getValue().toString())
                        || ((Number) e.getValue()).longValue() < 0)
                    throw new AssertionError(e + " of " + Json.field(json, e.getKey()));
            Map<String, List<Float>> after = state(model, adam);
            // what a model of one's own remembers may be anything
            after.forEach((name, values) -> {
                for (float v : values)
                    if (!Float.isFinite(v) && !name.startsWith("memory "))
                        throw new AssertionError(name + " is not finite");
            });
            return after;
        } catch (CheckpointException e) {
            if (!state(model, adam).equals(before))
                throw new AssertionError("refused, but model or optimizer have changed", e);
            throw e;
        }
    }

    @Test void json(@TempDir Path folder) throws IOException {
        trained(folder);
        byte[] json = Files.readAllBytes(folder.resolve("last.json"));
        List<Mutation> mutations = new ArrayList<>(Texts.mutations());
        for (int i = 0; i < 60; i++) mutations.add((input, random, seeds) -> mutate(input, random));
        Campaign.of("checkpoint", "last.json")
                .seed(json, signed(Json.field(Json.parse(new String(json, StandardCharsets.UTF_8)), "checkpoint")))
                .mutate(mutations)
                .reads(file -> {
                    Files.copy(file, folder.resolve("last.json"), StandardCopyOption.REPLACE_EXISTING);
                    return restored(folder);
                }).names(List.of(CheckpointException.class)).messagesWithoutFile().expects(CheckpointFuzzTest::sums)
                .run();
    }

    /**
     * A wrong sum must be refused; of what is plain ASCII without escapes, so that it can be written in one way only.
     */
    private static Outcome sums(byte[] bytes) {
        String text = Texts.text(bytes);
        if (text == null || !text.matches("[\n -\\[\\]-~]*")) return Outcome.OPEN;
        try {
            Object json = Json.parse(text), content = Json.field(json, "checkpoint");
            return content != null && Json.field(json, "sha256") instanceof String sum
                    && !sum.equals(sha256(Json.write(content).getBytes(StandardCharsets.UTF_8)))
                            ? Outcome.refusal()
                            : Outcome.OPEN;
        } catch (IllegalArgumentException e) {
            return Outcome.OPEN;
        }
    }

    /** Arrays of which the JSON has the right sum. */
    @Test void arrays(@TempDir Path folder) throws IOException {
        trained(folder);
        Json.Obj sound = (Json.Obj) Json.field(Json.parse(Files.readString(folder.resolve("last.json"))), "checkpoint");
        Path arrays = folder.resolve((String) Json.field(sound, "arrays"));
        Campaign.of("checkpoint arrays", "arrays.npz").seed(Files.readAllBytes(arrays))
                .mutate(Zips.mutations(Bytes.mutations())).reads(file -> {
                    byte[] bytes = Files.readAllBytes(file);
                    Files.copy(file, arrays, StandardCopyOption.REPLACE_EXISTING);
                    List<Map.Entry<String, Object>> fields = new ArrayList<>();
                    for (Map.Entry<String, Object> f : sound.fields())
                        fields.add(Map.entry(f.getKey(), f.getKey().equals("arraysSha256")
                                ? sha256(bytes)
                                : f.getKey().equals("arrayBytes") ? new Json.Num("" + bytes.length) : f.getValue()));
                    Files.delete(folder.resolve("last.json"));
                    Files.write(folder.resolve("last.json"), signed(new Json.Obj(fields)));
                    return restored(folder);
                }).names(List.of(CheckpointException.class)).messagesWithoutFile().run();
    }
}
