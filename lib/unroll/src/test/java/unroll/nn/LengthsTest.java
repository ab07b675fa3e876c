package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unroll.Says.assertSays;

import java.util.Arrays;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import unroll.tensor.IntTensor;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** What a batch's lengths say of its steps, against one sequence at a time. */
final class LengthsTest {
    @Property(tries = 200) void eachSequenceIsTreatedAsIfAlone(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 6) Integer> each,
            @ForAll @IntRange(max = 2) int padding) {
        int[] own = each.stream().mapToInt(i -> i).toArray();
        int B = own.length, T = Arrays.stream(own).max().orElseThrow() + padding;
        Lengths lengths = Lengths.of(own).in("test", T, B);
        Tensor x = Rng.seed(B * T).normal(T, B, 2), mask = lengths.mask(), clear = lengths.clear(x),
                turned = lengths.reverse(x), last = lengths.last(x);
        assertEquals(padding == 0 && Arrays.stream(own).allMatch(n -> n == T), lengths.full());
        assertTrue(lengths.clears(clear));
        assertArrayEquals(x.data(), lengths.reverse(turned).data());
        for (int b = 0; b < B; b++) {
            assertEquals(own[b], lengths.get(b));
            assertEquals(own[b], lengths.repeated(3).get(3 * b + 2));
            for (int t = 0; t < T; t++) {
                boolean runs = t < own[b];
                assertEquals(runs, lengths.has(t, b));
                assertEquals(runs ? 1 : 0, mask.get(t, b, 0));
                for (int i = 0; i < 2; i++) {
                    assertEquals(runs ? x.get(t, b, i) : 0, clear.get(t, b, i));
                    assertEquals(x.get(runs ? own[b] - 1 - t : t, b, i), turned.get(t, b, i));
                    assertEquals(x.get(own[b] - 1, b, i), last.get(b, i));
                }
            }
            int inside = 0;
            for (int t = 1; t < Math.min(T, 4); t++) if (t < own[b]) inside++;
            assertEquals(inside, lengths.within(1, Math.min(T, 4)).get(b));
        }
    }

    @Test void noGradientReachesThePadding() {
        Tensor x = Tensor.zeros(3, 2, 1).tracked();
        Lengths lengths = Lengths.of(3, 1);
        lengths.clear(x).add(lengths.reverse(lengths.clear(x))).sum().add(lengths.last(x).sum()).backward();
        assertArrayEquals(new float[] {2, 3, 2, 0, 3, 0}, x.gradient().data());
    }

    @Test void idsTurnWithTheirVectors() {
        IntTensor ids = IntTensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertArrayEquals(new int[] {5, 4, 3, 2, 1, 6}, Lengths.of(3, 2).reverse(ids).data());
    }

    @Test void whatDoesNotFitIsNamed() {
        assertSays(() -> Lengths.of(2, 0), "at least 1", "sequence 1 has 0", "leave empty");
        assertSays(() -> Lengths.of(2, 3).in("Reader", 2, 2), "Reader", "1 to 2", "sequence 1 has 3");
        assertSays(() -> Lengths.of(2, 3).in("Reader", 3, 1), "Reader", "expected 1 lengths", "got 2");
        Lengths same = Lengths.full(3, 2);
        assertSame(same, same.in("Reader", 3, 2));
        assertEquals(Lengths.of(3, 3), same);
    }
}
