package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;
import unroll.text.DatasetException.Reason;
import unroll.text.Refused;

class SplitTest {
    private final List<Integer> numbers = IntStream.range(0, 1000).boxed().toList();

    @Test void partsTogetherAreEverythingAndNothingIsInTwo() {
        Split<Integer> split = Split.random(numbers, 0.1, 0.2, Rng.seed(1));
        assertEquals(100, split.validation().size());
        assertEquals(200, split.test().size());
        List<Integer> all = new ArrayList<>(split.train());
        all.addAll(split.validation());
        all.addAll(split.test());
        assertEquals(1000, all.size());
        assertEquals(new HashSet<>(numbers), new HashSet<>(all));
    }

    @Test void whatSharesItsKeyStaysTogether() {
        Split<Integer> split = Split.randomBy(n -> n % 40, numbers, 0.25, 0.25, Rng.seed(3));
        Set<Integer> trained = new HashSet<>(split.train().stream().map(n -> n % 40).toList());
        assertTrue(split.test().stream().noneMatch(n -> trained.contains(n % 40)));
        assertTrue(split.validation().stream().noneMatch(n -> trained.contains(n % 40)));
        assertEquals(250, split.test().size());
    }

    @Test void theSeedDecides() {
        assertEquals(Split.random(numbers, 0.1, 0.1, Rng.seed(5)), Split.random(numbers, 0.1, 0.1, Rng.seed(5)));
        assertTrue(!Split.random(numbers, 0.1, 0.1, Rng.seed(5)).equals(Split.random(numbers, 0.1, 0.1, Rng.seed(6))));
    }

    @Test void aShareIsNeverEmpty() {
        Split<Integer> three = Split.random(List.of(1, 2, 3), 0.1, 0.1, Rng.seed(1));
        assertEquals(List.of(1, 1, 1), List.of(three.train().size(), three.validation().size(), three.test().size()));
        assertEquals(2, Split.random(List.of(1, 2), 0, 0, Rng.seed(1)).train().size());
        Refused.by(Reason.EMPTY, () -> Split.random(List.of(1, 2), 0.1, 0.1, Rng.seed(1)));
        Refused.by(Reason.EMPTY, () -> Split.random(List.of(1, 1, 1), 0.1, 0.1, Rng.seed(1)));
    }

    @Test void wrongSharesAndNoDataAreNamed() {
        String said = assertThrows(IllegalArgumentException.class, () -> Split.random(numbers, 0.5, 0.5, Rng.seed(1)))
                .getMessage();
        assertTrue(said.contains("0.5"), said);
        assertThrows(IllegalArgumentException.class, () -> Split.random(numbers, Double.NaN, 0.1, Rng.seed(1)));
        Refused.by(Reason.EMPTY, () -> Split.random(List.of(), 0.1, 0.1, Rng.seed(1)));
        Refused.by(Reason.EMPTY, () -> Split.random(List.of(1), 0.1, 0.9 - 1e-9, Rng.seed(1)));
    }
}
