package unroll.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;

final class LengthBatchesTest {
    private static List<int[]> epoch(Batches<int[]> batches, int number) {
        List<int[]> all = new ArrayList<>();
        batches.epoch(number).forEachRemaining(all::add);
        return all;
    }

    /** How many places a batch's padding fills. */
    private static long padding(List<int[]> batches, int[] lengths) {
        return batches.stream().mapToLong(
                b -> (long) b.length * Arrays.stream(b).map(i -> lengths[i]).max().orElse(0)
                        - Arrays.stream(b).map(i -> lengths[i]).sum())
                .sum();
    }

    @Property(tries = 100) void everyExampleOnceAnEpochAndEqualNumbersGiveEqualBatches(
            @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 60) Integer> list,
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(max = 5) int number) {
        int[] lengths = list.stream().mapToInt(i -> i).toArray();
        Batches<int[]> batches = Batches.byLength(lengths, size, Rng.seed(1), numbers -> numbers);
        List<int[]> one = epoch(batches, number),
                again = epoch(Batches.byLength(lengths, size, Rng.seed(1), numbers -> numbers), number);
        assertEquals(batches.perEpoch(), one.size());
        assertArrayEquals(IntStream.range(0, lengths.length).toArray(),
                one.stream().flatMapToInt(Arrays::stream).sorted().toArray());
        for (int k = 0; k < one.size(); k++) assertArrayEquals(one.get(k), again.get(k));
        assertEquals(lengths.length % size == 0 ? 0 : 1, one.stream().filter(b -> b.length < size).count());
    }

    @Property(tries = 20) void paddingIsLessThanAQuarterOfThatOfShuffledBatches(@ForAll long seed) {
        int[] lengths = Rng.seed(seed).permutation(2_000);
        for (int i = 0; i < lengths.length; i++) lengths[i] = 1 + lengths[i] % 50;
        long near = padding(epoch(Batches.byLength(lengths, 20, Rng.seed(seed), n -> n), 0), lengths);
        long shuffled = padding(epoch(Batches.shuffled(lengths.length, 20, Rng.seed(seed), n -> n), 0), lengths);
        assertTrue(near < shuffled / 4, near + " and " + shuffled);
    }

    @Property(tries = 20) void anotherEpochHasOtherBatchesInAnotherOrder(@ForAll long seed) {
        int[] lengths = IntStream.range(0, 400).map(i -> 1 + i % 40).toArray();
        Batches<int[]> batches = Batches.byLength(lengths, 10, Rng.seed(seed), n -> n);
        List<int[]> first = epoch(batches, 0), second = epoch(batches, 1);
        assertTrue(IntStream.range(0, 40).anyMatch(k -> !Arrays.equals(first.get(k), second.get(k))));
        List<Integer> longest = first.stream().map(b -> Arrays.stream(b).map(i -> lengths[i]).max().orElse(0)).toList();
        assertTrue(!longest.equals(longest.stream().sorted().toList()), "not from short to long: " + longest);
    }

    @Property(tries = 1) void nothingToBatchIsRefused() {
        Refused.by(Reason.EMPTY, () -> Batches.byLength(new int[0], 1, Rng.seed(1), n -> n));
        assertThrows(IllegalArgumentException.class, () -> Batches.byLength(new int[1], 0, Rng.seed(1), n -> n));
    }
}
