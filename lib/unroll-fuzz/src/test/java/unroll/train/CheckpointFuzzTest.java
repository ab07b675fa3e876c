package unroll.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
import unroll.tensor.Tensor;

/** Checkpoints of a run: a model gets all of one, or nothing. */
class CheckpointFuzzTest {
    private static final String TEXT = "abca cabba bac ".repeat(20);
    private static final int SUM = 64;
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

    /** Where the sum stands in a file that begins as a checkpoint does, else -1. */
    private static int sumAt(byte[] file) {
        byte[] start = "{\"__metadata__\":{\"sha256\":\"".getBytes(StandardCharsets.US_ASCII);
        int at = Long.BYTES + start.length;
        return file.length >= at + SUM && Arrays.equals(file, Long.BYTES, at, start, 0, start.length) ? at : -1;
    }

    /** With the right sum: a damaged one is soon found out. */
    private static byte[] signed(byte[] file) {
        int at = sumAt(file);
        if (at < 0) return file;
        byte[] signed = file.clone();
        Arrays.fill(signed, at, at + SUM, (byte) '0');
        try {
            byte[] sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(signed))
                    .getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(sum, 0, signed, at, SUM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return signed;
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

    /** The text of that name in a file that was read; null where it comes twice, or is not looked for. */
    private static Object text(byte[] file, String name) {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, Long.BYTES, length, StandardCharsets.UTF_8);
        try {
            return Json.field(Json.field(Json.parse(header), "__metadata__"), name);
        } catch (Json.Extreme e) {
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
            byte[] file = Files.readAllBytes(folder.resolve("last.safetensors"));
            for (Map.Entry<String, Long> e : Map.of("step", c.step(), "batches", c.batches(), "waited",
                    (long) c.waited(), "validated", c.validated()).entrySet())
                if (e.getValue() < 0
                        || text(file, e.getKey()) instanceof String s && Long.parseLong(s) != e.getValue())
                    throw new AssertionError(e + " of " + text(file, e.getKey()));
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
        }).names(List.of(CheckpointException.class)).messagesWithoutFile().expects(CheckpointFuzzTest::sums).run();
    }

    /** A wrong sum must be refused. */
    private static Outcome sums(byte[] file) {
        return sumAt(file) < 0 || !Arrays.equals(file, signed(file)) ? Outcome.refusal() : Outcome.OPEN;
    }
}
