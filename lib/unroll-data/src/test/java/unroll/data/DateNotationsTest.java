package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import unroll.tensor.Rng;

final class DateNotationsTest {
    @Test void aSundayInAllNotations() {
        assertEquals(
                List.of("3 May 1998", "May 3, 1998", "May 3rd, 1998", "the 3rd of May 1998", "Sunday, May 3rd, 1998",
                        "Sunday 3 May 1998", "3 May 98",
                        "MAY-03-1998", "03/05/1998", "3.5.98", "3. Mai 1998", "den 3 maj 1998"),
                DateNotations.all(LocalDate.of(1998, 5, 3)).stream().map(DateNotations.Written::text).toList());
        assertTrue(DateNotations.all(LocalDate.of(1998, 5, 3)).stream().allMatch(w -> w.iso().equals("1998-05-03")));
    }

    @Test void ordinals() {
        assertEquals(
                List.of("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st"),
                Stream.of(1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)
                        .map(day -> DateNotations.all(LocalDate.of(2000, 1, day)).get(3).text().split(" ")[1])
                        .toList());
    }

    @Test void partsShareNoString() {
        Split<DateNotations.Written> dates = DateNotations.split(3000, 500, Rng.seed(1));
        Set<String> all = new HashSet<>();
        for (var part : List.of(dates.train(), dates.validation(), dates.test()))
            for (var one : part) assertTrue(all.add(one.text()), one.text());
        assertEquals(4000, all.size());
        assertEquals(dates, DateNotations.split(3000, 500, Rng.seed(1)));
        assertTrue(dates.train().stream().allMatch(w -> w.iso().matches("(19[3-9]|20[0-2])\\d-\\d\\d-\\d\\d")));
    }

    /** One string never means two dates: what is learned has one right answer. */
    @Test void noStringIsAmbiguous() {
        Map<String, String> all = new HashMap<>();
        for (LocalDate day = LocalDate.of(1930, 1, 1); day.getYear() < 2030; day = day.plusDays(1))
            for (var w : DateNotations.all(day))
                assertEquals(w.iso(), all.merge(w.text(), w.iso(), (first, second) -> first), w.text());
    }

    @Test void mistakesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> DateNotations.split(0, 5, Rng.seed(1)));
        assertThrows(IllegalArgumentException.class, () -> DateNotations.split(1_000_000, 5, Rng.seed(1)));
        assertThrows(IllegalArgumentException.class, () -> DateNotations.all(LocalDate.of(1929, 12, 31)));
    }
}
