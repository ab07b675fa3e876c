package unroll.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.Close;
import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** What stands in the padding of a batch reaches nothing: not even NaN, which is NaN times zero too. */
class PaddingTest {
    private static final int T = 7, I = 3;
    private static final int[] LENGTHS = {7, 2, 5, 1, 7};

    static Stream<SequenceLayer> layers() {
        return Stream.concat(LengthsTest.layers(),
                EveryCell.all().map(e -> new Unrolled<>(e.cell(I, 4, Rng.seed(2)))));
    }

    @ParameterizedTest
    @MethodSource("layers") void nothingInThePaddingReachesOutputsOrGradients(SequenceLayer layer) {
        List<float[]> clean = all(layer, 0);
        for (float[] array : clean) assertTrue(Tensor.of(array, array.length).isFinite());
        for (float padding : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 3e38f, 1}) {
            List<float[]> dirty = all(layer, padding);
            assertEquals(clean.size(), dirty.size());
            for (int i = 0; i < clean.size(); i++)
                assertArrayEquals(clean.get(i), dirty.get(i), "array " + i + " with " + padding + " in the padding");
        }
    }

    /** Outputs, last states, and the gradients of input, initial states and weights. */
    private static List<float[]> all(SequenceLayer layer, float padding) {
        int B = LENGTHS.length;
        float[] values = Rng.seed(3).normal(T, B, I).data();
        for (int b = 0; b < B; b++)
            for (int t = LENGTHS[b]; t < T; t++) for (int i = 0; i < I; i++) values[(t * B + b) * I + i] = padding;
        Tensor x = Tensor.of(values, T, B, I).tracked();
        Rng rng = Rng.seed(4);
        List<Tensor> start = layer.initialState(B).tensors().stream().map(t -> rng.normal(t.shape()).tracked())
                .toList();
        layer.zeroGradients();
        SequenceLayer.Output out = layer.apply(x, layer.initialState(B).with(start), Lengths.of(LENGTHS));
        Tensor loss = Close.weighted(out.states());
        List<float[]> all = new ArrayList<>(List.of(out.states().data()));
        for (Tensor t : out.last().tensors()) {
            loss = loss.add(Close.weighted(t));
            all.add(t.data());
        }
        loss.backward();
        all.add(x.gradientData());
        start.forEach(t -> all.add(t.gradientData()));
        layer.parameters().forEach(p -> all.add(p.gradientData()));
        return all;
    }
}
