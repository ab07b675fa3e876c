package unroll.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import unroll.nn.Lengths;
import unroll.sequence.Crf;
import unroll.tensor.IntTensor;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;

/**
 * The mean negative log likelihood of a conditional random field over sequences of full length, forward and backward,
 * and its most probable tags.
 * The inputs are those of {@code torch_peer.py}, and {@code check_crf.py} compares the numbers:
 *
 * <pre>{@code
 * java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.CrfNll 17 32 30 FILE.npz      # K B T
 * }</pre>
 */
public final class CrfNll {
    private final Crf crf;
    private final Tensor emissions;
    private final IntTensor tags;
    private final Lengths lengths;

    CrfNll(int K, int B, int T) {
        crf = new Crf(K);
        crf.transitions().set(cycle(1, K, K).mul(0.5));
        crf.start().set(cycle(2, K).mul(0.5));
        crf.end().set(cycle(3, K).mul(0.5));
        emissions = cycle(0, T, B, K).tracked();
        int[] wanted = new int[T * B];
        for (int i = 0; i < wanted.length; i++) wanted[i] = i * 7 % K;
        tags = IntTensor.of(wanted, T, B);
        lengths = Lengths.full(T, B);
    }

    /** Numbers in -1 .. 1 that every side can make. */
    private static Tensor cycle(int seed, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) values[i] = ((i + seed) * 37 % 101 - 50) / 50f;
        return Tensor.of(values, shape);
    }

    /** With fresh gradients; the loss. */
    Tensor step() {
        emissions.zeroGradient();
        crf.zeroGradients();
        Tensor loss = crf.loss(emissions, tags, lengths);
        loss.backward();
        return loss;
    }

    /** The most probable tags, {@code [T, B]}. */
    IntTensor decode() {
        return crf.decode(emissions, lengths);
    }

    public static void main(String[] arguments) {
        if (arguments.length != 4)
            throw new IllegalArgumentException("expected K B T FILE but got " + List.of(arguments));
        CrfNll nll = new CrfNll(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]));
        Map<String, Tensor> found = new LinkedHashMap<>(
                Map.of("loss", nll.step().detach(), "emissions", nll.emissions.gradient(), "tags",
                        numbers(nll.decode())));
        nll.crf.namedParameters().forEach((name, p) -> found.put(name, p.gradient()));
        TensorFile.write(Path.of(arguments[3]), found);
    }

    private static Tensor numbers(IntTensor ids) {
        float[] values = new float[ids.size()];
        for (int i = 0; i < values.length; i++) values[i] = ids.data()[i];
        return Tensor.of(values, ids.shape());
    }
}
