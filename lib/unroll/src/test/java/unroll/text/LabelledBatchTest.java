package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import unroll.nn.Lengths;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;
import unroll.text.DatasetException.Reason;

final class LabelledBatchTest {
    private static final Lengths BOTH = Lengths.of(2, 1);

    @Test void symbolsBecomeOneOfKAndPaddingZeros() {
        LabelledBatch batch = LabelledBatch.ofSymbols(IntTensor.of(new int[] {2, 0, 1, 7}, 2, 2), 3, BOTH,
                IntTensor.of(new int[] {4, 5}, 2));
        assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0}, batch.inputs().data());
        assertFalse(batch.everyStep());
        assertEquals(2, batch.batchSize());
    }

    @Test void unknownSymbolsAreNamedWithTheirPlace() {
        String message = assertThrows(IndexOutOfBoundsException.class,
                () -> LabelledBatch.ofSymbols(IntTensor.of(new int[] {2, 0, 3, 7}, 2, 2), 3, BOTH,
                        IntTensor.of(new int[] {4, 5}, 2)))
                .getMessage();
        assertTrue(message.contains("got 3 at step 1 of sequence 0"), message);
    }

    @Test void labelsAreOneASequenceOrOneAStep() {
        Tensor x = Tensor.zeros(3, 2, 4);
        assertTrue(new LabelledBatch(x, Lengths.full(3, 2), IntTensor.of(new int[6], 3, 2)).everyStep());
        assertThrows(ShapeException.class, () -> new LabelledBatch(x, Lengths.full(3, 2), IntTensor.of(new int[3], 3)));
        assertThrows(ShapeException.class,
                () -> new LabelledBatch(x, Lengths.of(1, 1, 1), IntTensor.of(new int[2], 2)));
        assertThrows(ShapeException.class,
                () -> new LabelledBatch(Tensor.zeros(3, 2), BOTH, IntTensor.of(new int[2], 2)));
        assertThrows(ShapeException.class, () -> new VectorBatch(x, Tensor.zeros(3, 1)));
    }

    @Test void shuffledBatchesHaveEveryExampleOnceInAnOrderOfTheEpoch() {
        Batches<List<Integer>> batches = Batches.shuffled(10, 4, Rng.seed(1),
                numbers -> IntStream.of(numbers).boxed().toList());
        List<List<Integer>> orders = new ArrayList<>();
        for (int epoch : new int[] {0, 1, 0}) {
            List<Integer> order = new ArrayList<>();
            batches.epoch(epoch).forEachRemaining(order::addAll);
            orders.add(order);
        }
        assertEquals(3, batches.perEpoch());
        assertEquals(orders.get(0), orders.get(2));
        assertFalse(orders.get(0).equals(orders.get(1)));
        assertEquals(IntStream.range(0, 10).boxed().toList(), orders.get(0).stream().sorted().toList());
        Refused.by(Reason.EMPTY, () -> Batches.shuffled(0, 4, Rng.seed(1), numbers -> numbers));
        assertThrows(IllegalArgumentException.class, () -> Batches.shuffled(4, 0, Rng.seed(1), numbers -> numbers));
    }
}
