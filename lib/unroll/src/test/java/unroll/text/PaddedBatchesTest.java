package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import unroll.nn.Lengths;
import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;

final class PaddedBatchesTest {
    private static final List<int[]> SENTENCES = List.of(new int[] {1, 2, 3}, new int[] {4, 5}, new int[] {6, 7, 8, 9});

    /** Sequence i is (i, i, …), 2 to 6 symbols long. */
    private static List<int[]> many() {
        return IntStream.range(0, 40).mapToObj(i -> IntStream.generate(() -> i).limit(2 + i % 5).toArray()).toList();
    }

    private static List<Integer> order(PaddedBatches batches, int epoch) {
        List<Integer> order = new ArrayList<>();
        batches.epoch(epoch)
                .forEachRemaining(b -> { for (int i = 0; i < b.batchSize(); i++) order.add(b.inputs().get(0, i)); });
        return order;
    }

    @Test void shorterSequencesArePaddedAndTheirPaddingIsIgnored() {
        SequenceBatch batch = PaddedBatches.nextSymbols(SENTENCES, 3).iterator().next();
        assertArrayEquals(new int[] {1, 4, 6, 2, 0, 7, 0, 0, 8}, batch.inputs().data());
        assertArrayEquals(new int[] {2, 5, 7, 3, -1, 8, -1, -1, 9}, batch.targets().data());
        assertEquals(Lengths.of(2, 1, 3), batch.lengths());
        assertEquals(6, batch.symbols());
        assertFalse(batch.continues());
    }

    @Test void aBatchIsAsLongAsItsOwnLongest() {
        var batches = new ArrayList<SequenceBatch>();
        PaddedBatches.nextSymbols(SENTENCES, 2).forEach(batches::add);
        assertEquals(List.of(2, 3), batches.stream().map(SequenceBatch::steps).toList());
        assertEquals(1, batches.get(1).batchSize());
    }

    @Test void tagsAreTargetsOfTheirOwnSymbols() {
        SequenceBatch batch = PaddedBatches.of(List.of(new int[] {5, 6}), List.of(new int[] {1, 0}), 8).iterator()
                .next();
        assertArrayEquals(new int[] {5, 6}, batch.inputs().data());
        assertArrayEquals(new int[] {1, 0}, batch.targets().data());
    }

    @Test void anEpochIsAFunctionOfItsNumber() {
        PaddedBatches batches = Batches.padded(many(), 7, Rng.seed(3));
        List<Integer> first = order(batches, 0), second = order(batches, 1);
        assertNotEquals(first, second);
        assertEquals(second, order(batches, 1));
        assertEquals(second, order(Batches.padded(many(), 7, Rng.seed(3)), 1));
        assertNotEquals(second, order(Batches.padded(many(), 7, Rng.seed(4)), 1));
    }

    @Test void everySequenceOccursOnceAnEpoch() {
        List<Integer> order = order(Batches.padded(many(), 7, Rng.seed(3)), 5);
        order.sort(null);
        assertEquals(IntStream.range(0, 40).boxed().toList(), order);
    }

    @Test void byLengthEverySequenceOccursOnceAndLittleIsPadding() {
        PaddedBatches batches = PaddedBatches.nextSymbols(many(), 7).byLength(Rng.seed(3));
        List<Integer> order = order(batches, 2);
        assertEquals(order, order(batches, 2));
        assertNotEquals(order, order(batches, 3));
        order.sort(null);
        assertEquals(IntStream.range(0, 40).boxed().toList(), order);
        assertTrue(padding(batches) < padding(batches.shuffled(Rng.seed(3))) / 2);
    }

    private static int padding(PaddedBatches batches) {
        int places = 0;
        for (SequenceBatch b : batches) places += b.inputs().data().length - b.symbols();
        return places;
    }

    @Test void withoutShufflingTheOrderIsThatOfTheList() {
        assertEquals(IntStream.range(0, 40).boxed().toList(), order(PaddedBatches.nextSymbols(many(), 7), 2));
    }

    @Test void sequencesThatCannotBePredictedAreNamed() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> PaddedBatches.nextSymbols(List.of(new int[2], new int[1]), 2))
                .getMessage();
        assertTrue(message.contains("sequence 1 has 1 symbols"), message);
        assertThrows(IllegalArgumentException.class,
                () -> PaddedBatches.of(List.of(new int[2]), List.of(new int[3]), 1));
        assertThrows(IllegalArgumentException.class, () -> PaddedBatches.of(List.of(new int[2]), List.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> PaddedBatches.of(SENTENCES, SENTENCES, 0));
        Refused.by(Reason.EMPTY, () -> PaddedBatches.nextSymbols(List.of(), 1));
    }
}
