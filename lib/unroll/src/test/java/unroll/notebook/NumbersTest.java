package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"4225|4,225", "1.52349|1.523", "0.5|0.5", "0|0", "-0.25|-0.25", "9.99999|10", "0.00001|1.000e-05",
            "1234567.8|1,234,568",
            "0.012345|0.01235", "NaN|NaN", "Infinity|∞", "-Infinity|-∞"}) void numbersAreShort(double value, String text) {
        assertEquals(text, Numbers.text(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0.00001|1e-5", "0.00025e-3|2.5e-7", "3e8|3e8", "1000|1,000", "0.001|0.001"}) void ticksAreShorter(
            double value, String text) {
        assertEquals(text, Numbers.label(value));
    }

    @Property void fourDigitsAreRight(@ForAll @DoubleRange(min = -1e9, max = 1e9) double value) {
        assertEquals(value, Double.parseDouble(Numbers.text(value).replace(",", "")), 5.1e-4 * Math.abs(value));
    }
}
