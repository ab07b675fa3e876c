package unroll.data;

import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * Dates from 1930 to 2029 as people write them, with the one notation of ISO 8601: a small translation with one right
 * answer, whose alignment can be seen.
 *
 * <pre>{@code
 * Split<DateNotations.Written> dates = DateNotations.split(20_000, 1_000, Rng.seed(1));
 * dates.test().get(0);                                             // such as Sunday, May 3rd, 1998 = 1998-05-03
 * }</pre>
 *
 * Numbers alone come as day, month, year; years of two digits are those from 1930 to 2029. No string is in two parts; a
 * date may be, in other notations.
 */
public final class DateNotations {
    /**
     * A date in two notations.
     *
     * @param text as somebody wrote it
     * @param iso  {@code yyyy-mm-dd}
     */
    public record Written(String text, String iso) {
        @Override public String toString() { return text + " = " + iso; }
    }

    private static final int FIRST_YEAR = 1930, YEARS = 100;
    private static final String[] SWEDISH = ("januari februari mars april maj juni juli augusti september oktober "
            + "november december").split(" "),
            GERMAN = ("Januar Februar März April Mai Juni Juli August September Oktober November Dezember").split(" ");
    private static final List<Function<LocalDate, String>> NOTATIONS = List.of(
            d -> d.getDayOfMonth() + " " + month(d) + " " + d.getYear(),
            d -> month(d) + " " + d.getDayOfMonth() + ", " + d.getYear(),
            d -> month(d) + " " + ordinal(d) + ", " + d.getYear(),
            d -> "the " + ordinal(d) + " of " + month(d) + " " + d.getYear(),
            d -> weekday(d) + ", " + month(d) + " " + ordinal(d) + ", " + d.getYear(),
            d -> weekday(d) + " " + d.getDayOfMonth() + " " + month(d) + " " + d.getYear(),
            d -> d.getDayOfMonth() + " " + month(d).substring(0, 3) + " " + two(d.getYear()),
            d -> month(d).substring(0, 3).toUpperCase(Locale.ROOT) + "-" + two(d.getDayOfMonth()) + "-" + d.getYear(),
            d -> two(d.getDayOfMonth()) + "/" + two(d.getMonthValue()) + "/" + d.getYear(),
            d -> d.getDayOfMonth() + "." + d.getMonthValue() + "." + two(d.getYear()),
            d -> d.getDayOfMonth() + ". " + GERMAN[d.getMonthValue() - 1] + " " + d.getYear(),
            d -> "den " + d.getDayOfMonth() + " " + SWEDISH[d.getMonthValue() - 1] + " " + d.getYear());

    private DateNotations() {
    }

    /**
     * So many different strings to train on, and so many for each of validation and test; dates and notations are
     * equally likely.
     */
    public static Split<Written> split(int train, int held, Rng rng) {
        int n = train + 2 * held, most = YEARS * 365 * NOTATIONS.size() / 4;
        if (train < 1 || held < 0 || n > most)
            throw new IllegalArgumentException("DateNotations: expected at least 1 date to train on and at most " + most
                    + " together but got " + train + " and twice " + held);
        List<Written> all = Grammar.distinct(n, new HashSet<>(), Written::text, () -> draw(rng));
        return new Split<>(all.subList(0, train), all.subList(train, train + held), all.subList(train + held, n));
    }

    private static Written draw(Rng rng) {
        int year = FIRST_YEAR + rng.nextInt(YEARS);
        LocalDate date = LocalDate.ofYearDay(year, 1 + rng.nextInt(LocalDate.ofYearDay(year, 1).lengthOfYear()));
        return new Written(Grammar.one(NOTATIONS, rng).apply(date), date.toString());
    }

    /** A date in all notations, in the order of this class. */
    public static List<Written> all(LocalDate date) {
        if (date.getYear() < FIRST_YEAR || date.getYear() >= FIRST_YEAR + YEARS)
            throw new IllegalArgumentException(Message.of("DateNotations: expected a date from " + FIRST_YEAR + " to "
                    + (FIRST_YEAR + YEARS - 1) + " but got " + date));
        return NOTATIONS.stream().map(n -> new Written(n.apply(date), date.toString())).toList();
    }

    private static String month(LocalDate d) { return d.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH); }

    private static String weekday(LocalDate d) {
        return d.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String two(int number) { return String.format(Locale.ROOT, "%02d", number % 100); }

    private static String ordinal(LocalDate d) {
        int day = d.getDayOfMonth();
        return day + (day / 10 == 1 ? "th" : switch (day % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        });
    }
}
