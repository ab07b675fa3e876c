package unroll.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ErrorRateTest {
    private static ErrorRate of(String wanted, String got) {
        return ErrorRate.of(wanted.chars().boxed().toList(), got.chars().boxed().toList());
    }

    /** By trying everything, straight from the definition. */
    private static int slow(List<Integer> a, List<Integer> b) {
        if (a.isEmpty() || b.isEmpty()) return a.size() + b.size();
        List<Integer> restA = a.subList(1, a.size()), restB = b.subList(1, b.size());
        if (a.get(0).equals(b.get(0))) return slow(restA, restB);
        return 1 + Math.min(slow(restA, restB), Math.min(slow(restA, b), slow(a, restB)));
    }

    @Example void theWellKnownExamples() {
        assertEquals(new ErrorRate(2, 0, 1, 6, 1, 0), of("kitten", "sitting"));
        assertEquals(3, of("saturday", "sunday").changes());
        assertEquals(5, of("intention", "execution").changes());
        assertEquals(2, of("flaw", "lawn").changes());
    }

    @Example void missingAndNeedlessSymbolsAreToldApart() {
        assertEquals(new ErrorRate(0, 1, 0, 3, 1, 0), of("abc", "ac"));
        assertEquals(new ErrorRate(0, 0, 1, 2, 1, 0), of("ac", "abc"));
        assertEquals(new ErrorRate(0, 3, 0, 3, 1, 0), of("abc", ""));
        assertEquals(new ErrorRate(0, 0, 3, 0, 1, 0), of("", "abc"));
        assertEquals(new ErrorRate(0, 0, 0, 0, 1, 1), of("", ""));
    }

    @Property(tries = 200) void asFewChangesAsTryingEverythingFinds(
            @ForAll @Size(max = 6) List<@IntRange(max = 2) Integer> a,
            @ForAll @Size(max = 6) List<@IntRange(max = 2) Integer> b) {
        ErrorRate d = ErrorRate.of(a, b);
        assertEquals(slow(a, b), d.changes());
        assertEquals(b.size() - a.size(), d.insertions() - d.deletions());
        assertEquals(a.size(), d.wanted());
        assertTrue(d.substitutions() <= Math.min(a.size(), b.size()));
    }

    @Example void ratesAreOfAllSequencesTogether() {
        ErrorRate rate = ErrorRate.none().add(List.of("P", "EY", "T"), List.of("P", "AE", "T", "S")).add(List.of("M"),
                List.of("M"));
        assertEquals(new ErrorRate(1, 0, 1, 4, 2, 1), rate);
        assertEquals(0.5, rate.rate(), 1e-12);
        assertEquals(0.5, rate.exactRate(), 1e-12);
        assertEquals(rate, ErrorRate.none().add(rate));
        assertThrows(IllegalStateException.class, ErrorRate.none()::rate);
        assertThrows(IllegalStateException.class, ErrorRate.none()::exactRate);
    }
}
