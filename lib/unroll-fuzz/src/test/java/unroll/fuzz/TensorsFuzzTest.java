package unroll.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import unroll.model.WordVectors;
import unroll.model.WordVectorsException;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Lstm;
import unroll.recurrent.TorchWeights;
import unroll.tensor.CheckpointException;
import unroll.tensor.Rng;
import unroll.tensor.Safetensors;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

/** The readers of arrays and of word vectors. */
class TensorsFuzzTest {
    private static ByteBuffer numbers(int bytes) {
        ByteBuffer numbers = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) numbers.put((byte) (37 * i + 11 * (i % 5)));
        return numbers;
    }

    private static final byte[] FLOATS = NaiveArrays.npy("<f4", false, "(2, 3)", numbers(24)),
            COLUMNS = NaiveArrays.npy(">f8", true, "(2, 3, 2)", numbers(96)),
            INTEGERS = NaiveArrays.npy("<i8", false, "(3,)", numbers(24)),
            SCALAR = NaiveArrays.npy("<f2", false, "()", numbers(2)),
            BYTES = NaiveArrays.npy("|u1", false, "(5,)", numbers(5));

    private static List<Mutation> arrays() {
        List<Mutation> all = new ArrayList<>(Bytes.mutations());
        for (int i = 0; i < 10; i++) all.add(NaiveArrays::mutateHeader);
        return all;
    }

    @Test void npy() {
        Campaign.of("npy", "w.npy").seed(FLOATS, COLUMNS, INTEGERS, SCALAR, BYTES).mutate(arrays())
                .reads(file -> NaiveArrays.value(TensorFile.read(file))).names(List.of(CheckpointException.class))
                .expects(bytes -> NaiveArrays.npy(bytes, "w")).run();
    }

    @Test void npz() throws IOException {
        ByteArrayOutputStream own = new ByteArrayOutputStream();
        unroll.tensor.Npz.write(own, Map.of("v", Tensor.of(new float[] {1, 2, 3}, 3)));
        Campaign.of("npz", "weights.npz")
                .seed(Zips.write(List.of(Zips.Part.of("a.npy", FLOATS), new Zips.Part("b.npy", COLUMNS, false, true)),
                        ""),
                        Zips.write(List.of(new Zips.Part("layer/0.npy", INTEGERS, false, false),
                                Zips.Part.of("s.npy", SCALAR)), "a comment"),
                        own.toByteArray())
                .mutate(Zips.mutations(arrays())).reads(file -> NaiveArrays.value(TensorFile.read(file)))
                .names(List.of(CheckpointException.class))
                .expects(NaiveArrays::npz).run();
    }

    private static byte[] safetensors(Map<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(out, tensors, Map.of());
        return out.toByteArray();
    }

    private static List<Mutation> safetensors() {
        List<Mutation> all = new ArrayList<>(Bytes.mutations());
        for (int i = 0; i < 10; i++) all.add(NaiveArrays::mutateSafetensors);
        return all;
    }

    @Test void safetensorsFiles() throws IOException {
        byte[] mixed = NaiveArrays.safetensors(
                "{\"__metadata__\":{\"format\":\"pt\"},\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[16,24]},"
                        + "\"w\":{\"dtype\":\"BF16\",\"shape\":[2,4],\"data_offsets\":[0,16]},\"é\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[24,27]}}",
                numbers(27).array());
        Campaign.of("safetensors", "model.safetensors")
                .seed(mixed, safetensors(Map.of("w", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))))
                .mutate(safetensors()).reads(file -> NaiveArrays.value(TensorFile.read(file)))
                .names(List.of(CheckpointException.class))
                .expects(NaiveArrays::safetensors).run();
    }

    /** Weights of a layer: all or none of them change. */
    @Test void torchWeights() throws IOException {
        SequenceLayer layer = Lstm.of(2, 3).build(Rng.seed(1));
        Campaign.of("torch weights", "lstm.safetensors")
                .seed(safetensors(TorchWeights.export(Lstm.of(2, 3).build(Rng.seed(2)))))
                .mutate(safetensors()).reads(file -> {
                    Object before = NaiveArrays.value(TorchWeights.export(layer));
                    try {
                        Map<String, Tensor> tensors = TensorFile.read(file);
                        TorchWeights.load(layer, tensors);
                        if (!NaiveArrays.value(TorchWeights.export(layer).get("weight_hh_l0"))
                                .equals(NaiveArrays.value(tensors.get("weight_hh_l0"))))
                            throw new AssertionError("other weights than those of the file");
                        return "";
                    } catch (CheckpointException | IllegalArgumentException e) {
                        if (e instanceof IllegalArgumentException
                                && !e.getMessage().startsWith("The weights do not fit "))
                            throw new AssertionError("an unexpected refusal", e);
                        if (!NaiveArrays.value(TorchWeights.export(layer)).equals(before))
                            throw new AssertionError("refused, but the layer has changed", e);
                        throw e;
                    }
                }).names(List.of(CheckpointException.class, IllegalArgumentException.class)).messagesWithoutFile().run();
    }

    private static Object vectors(WordVectors vectors) {
        List<List<Float>> rows = new ArrayList<>();
        for (String word : vectors.vocabulary().symbols()) {
            List<Float> row = new ArrayList<>();
            for (float v : vectors.vector(word)) row.add(v == 0 ? 0f : v);
            rows.add(row);
        }
        return List.of(vectors.vocabulary().symbols(), rows);
    }

    private static final String GLOVE = "the 0.418 0.24968 -0.41242\n, 0.013441 1e-5 -0.16899\nof 0.70853 0.57088 -4\n",
            WORD2VEC = "3 2\nking 0.1 0.2\nqueen -0.3 4\n\u3000 5 6\n";

    private static Campaign vectorsCampaign(String name, String fileName) {
        return Campaign.of(name, fileName).reads(file -> vectors(WordVectors.read(file, 4)))
                .names(List.of(WordVectorsException.class))
                .memory(256 << 20);
    }

    @Test void wordVectors() {
        vectorsCampaign("vectors", "glove.txt").seed(GLOVE, WORD2VEC).mutate(Texts.mutations())
                .expects(bytes -> Naive.vectors(bytes, 4))
                .sameAfter("CR LF instead of LF", input -> controls(input) ? null : Texts.carriageReturns(input)).run();
    }

    /** Such bytes are how the binary format is known. */
    private static boolean controls(byte[] input) {
        for (byte b : input) if (b >= 0 && b < ' ' && b != '\n' && b != '\t') return true;
        return false;
    }

    @Test void packedWordVectors() {
        byte[] glove = GLOVE.getBytes(StandardCharsets.UTF_8), word2vec = WORD2VEC.getBytes(StandardCharsets.UTF_8);
        vectorsCampaign("vectors.gz", "glove.txt.gz").seed(Gzips.write(glove), Gzips.write(word2vec))
                .mutate(Gzips.mutations(Texts.mutations()))
                .expects(bytes -> Gzips.unpacked(bytes, unpacked -> Naive.vectors(unpacked, 4))).run();
    }

    private static byte[] binary(String end, Object... wordsAndNumbers) {
        ByteBuffer bytes = ByteBuffer.allocate(500).order(ByteOrder.LITTLE_ENDIAN)
                .put("3 3\n".getBytes(StandardCharsets.UTF_8));
        for (Object o : wordsAndNumbers) {
            if (o instanceof String word) bytes.put((word + " ").getBytes(StandardCharsets.UTF_8));
            else
                bytes.putFloat(((Number) o).floatValue());
            if (o instanceof Integer) bytes.put(end.getBytes(StandardCharsets.UTF_8));
        }
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Test void binaryWordVectors() {
        vectorsCampaign("vectors.bin", "GoogleNews.bin")
                .seed(binary("\n", "</s>", .1f, .2f, 3, "größe", -.1f, -.2f, -3, "of", 1e-8f, 1e8f, 7),
                        binary("", "</s>", .1f, .2f, 3, "b", .5f, .25f, 1, "c", 1f, 2f, 9))
                .mutate(Bytes.mutations()).expects(NaiveArrays::binaryVectors).run();
    }
}
