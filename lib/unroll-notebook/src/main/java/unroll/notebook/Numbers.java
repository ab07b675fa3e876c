package unroll.notebook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as readers want them: four significant digits, thousands in groups. */
final class Numbers {
    private static final int DIGITS = 4;

    private Numbers() {
    }

    /** {@code 4225} as 4,225; {@code 1.52349} as 1.523; {@code 0.00001} as 1.000e-05. */
    static String text(double value) {
        return text(value, decimals(value));
    }

    /** The same with at most so many decimals; the same number for a whole column keeps its points in line. */
    static String text(double value, int columnDecimals) {
        if (Double.isNaN(value)) return "NaN";
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "-∞";
        if (scientific(value)) return String.format(Locale.ROOT, "%.3e", value);
        return String.format(Locale.ROOT, "%,." + Math.min(columnDecimals, room(value)) + "f", value);
    }

    /** A tick of an axis: different for places that lie a step or more apart, else as short as can be. */
    static String tick(double place, double step) {
        if (!Double.isFinite(place)) return Double.toString(place);
        int decimals = (int) Math.ceil(-Math.log10(step));
        return plainOrScientific(new BigDecimal(place).setScale(decimals, RoundingMode.HALF_UP));
    }

    /** {@code 3} as 1,000; {@code -9} as 1e-9; {@code 0.5} as 3.162. */
    static String powerOfTen(double exponent) {
        if (!Double.isFinite(exponent)) return Double.toString(exponent);
        int whole = (int) Math.floor(exponent);
        return plainOrScientific(
                new BigDecimal(Math.pow(10, exponent - whole)).round(new MathContext(DIGITS)).scaleByPowerOfTen(whole));
    }

    private static String plainOrScientific(BigDecimal value) {
        BigDecimal v = value.stripTrailingZeros();
        if (v.signum() == 0) return "0";
        int exponent = v.precision() - v.scale() - 1;
        if (exponent >= -4 && exponent < 5) return String.format(Locale.ROOT, "%,." + Math.max(0, v.scale()) + "f", v);
        if (exponent >= 5 && exponent < 7 && v.scale() <= 0) return String.format(Locale.ROOT, "%,.0f", v);
        return v.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }

    /** Whole numbers keep all their digits. */
    static String text(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** The decimals that four significant digits of the value need, without zeros at the end. */
    static int decimals(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || scientific(value)) return 0;
        return Math.max(0,
                new BigDecimal(value).setScale(room(value), RoundingMode.HALF_UP).stripTrailingZeros().scale());
    }

    /** The decimals that fit into four significant digits. */
    private static int room(double value) {
        if (value == 0) return DIGITS - 1;
        return Math.max(0, DIGITS - 1 - (int) Math.floor(Math.log10(Math.abs(value))));
    }

    private static boolean scientific(double value) {
        return value != 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e15);
    }
}
