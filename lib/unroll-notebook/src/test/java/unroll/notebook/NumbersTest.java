package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"4225|4,225", "1.52349|1.523", "0.5|0.5", "0|0", "-0.25|-0.25", "9.99999|10",
            "0.00001|1.000e-05",
            "1234567.8|1,234,568", "0.012345|0.01235", "NaN|NaN", "Infinity|∞", "-Infinity|-∞"}) void numbersAreShort(
                    double value, String text) {
        assertEquals(text, Numbers.text(value));
    }

    @Property void fourDigitsAreRight(@ForAll @DoubleRange(min = -1e9, max = 1e9) double value) {
        assertEquals(value, Double.parseDouble(Numbers.text(value).replace(",", "")), 5.1e-4 * Math.abs(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0.1|0.01|0.1", "0.30000000000000004|0.001|0.3", "4225.5|0.01|4,225.5",
            "1000|1|1,000", "0|1|0",
            "3e8|1e5|3e8",
            "0.00001|1e-7|1e-5", "1.0000005|1e-8|1.0000005", "1e300|1e298|1e300"}) void ticksHaveTheDigitsThatTheyNeed(
                    double place, double step,
                    String label) {
        assertEquals(label, Numbers.tick(place, step));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"3|1,000", "-3|0.001", "-9|1e-9", "12|1e12", "0.5|3.162",
            "320|1e320"}) void powersOfTenAreReadable(
                    double exponent, String label) {
        assertEquals(label, Numbers.powerOfTen(exponent));
    }

    /** Also on axes so narrow that they have only a few thousand doubles. */
    @Property void theTicksOfAnAxisAreAFewAndHaveDifferentLabels(@ForAll @DoubleRange(min = -1e9, max = 1e9) double low,
            @ForAll @IntRange(min = -3, max = 12) int magnitude, @ForAll @IntRange(min = 2, max = 20) int most) {
        double high = low + Math.pow(10, magnitude);
        List<Scale.Tick> ticks = Scale.of(false, null, Stream.of(new double[] {low, high})).ticks(most);
        assertTrue(ticks.size() >= most / 3 && ticks.size() <= most + 1, ticks.size() + " ticks");
        assertEquals(ticks.size(), ticks.stream().map(Scale.Tick::label).distinct().count());
        double rounding = Math.max(1e-6 * (high - low), 2 * Math.ulp(Math.max(Math.abs(low), high)));
        for (Scale.Tick tick : ticks) {
            assertTrue(tick.place() >= low - rounding && tick.place() <= high + rounding);
            assertEquals(tick.place(), Double.parseDouble(tick.label().replace(",", "")), rounding);
        }
    }

    /** The same on a logarithmic axis, also where a power is no {@code double} any more. */
    @Property void differentPowersOfTenHaveDifferentLabels(@ForAll @IntRange(min = -330, max = 330) int exponent) {
        assertEquals(10,
                IntStream.range(0, 10).mapToObj(i -> Numbers.powerOfTen(exponent + i / 10.0)).distinct().count());
    }
}
