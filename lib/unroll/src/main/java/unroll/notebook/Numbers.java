package unroll.notebook;

import java.math.BigDecimal;
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

    /** A tick of an axis: as short as four digits allow. */
    static String label(double value) {
        if (value != 0 && Double.isFinite(value) && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7))
            return String.format(Locale.ROOT, "%.2e", value).replaceFirst("\\.?0*e([+-])\\+?0*", "e$1").replace("e+", "e");
        return text(value);
    }

    /** Whole numbers keep all their digits. */
    static String text(long value) { return String.format(Locale.ROOT, "%,d", value); }

    /** The decimals that four significant digits of the value need, without zeros at the end. */
    static int decimals(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || scientific(value)) return 0;
        return Math.max(0, new BigDecimal(value).setScale(room(value), RoundingMode.HALF_UP).stripTrailingZeros().scale());
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
