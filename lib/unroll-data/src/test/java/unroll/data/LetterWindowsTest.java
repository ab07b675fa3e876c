package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;
import unroll.tensor.Tensor;

class LetterWindowsTest {
    @Test void eachLetterIsInTheMiddleOnce() {
        assertEquals(List.of("___pat_", "__pat__", "_pat___"), new LetterWindows(7).of("pat"));
        assertEquals(List.of("p", "a", "t"), new LetterWindows(1).of("pat"));
    }

    @Test void eachPlaceOfAWindowHasOneOne() {
        Tensor x = new LetterWindows(3).oneHot(List.of("_az", "zz_"));
        assertArrayEquals(new int[] {2, 81}, x.shape());
        for (int w = 0; w < 2; w++) {
            int[] places = w == 0 ? new int[] {26, 27, 54 + 25} : new int[] {25, 27 + 25, 54 + 26};
            double sum = 0;
            for (int i = 0; i < 81; i++) sum += x.get(w, i);
            assertEquals(3, sum);
            for (int place : places) assertEquals(1, x.get(w, place));
        }
    }

    @Test void whatIsNoLetterIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> new LetterWindows(4));
        assertEquals("LetterWindows: expected a word of letters a to z but got \"it's\"",
                assertThrows(IllegalArgumentException.class, () -> new LetterWindows(3).of("it's")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new LetterWindows(3).oneHot(List.of("ab")));
    }
}
