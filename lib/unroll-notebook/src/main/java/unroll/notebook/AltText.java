package unroll.notebook;

import java.util.List;

/**
 * Pictures in words, for those who do not see them: what kind, which title, which axes, which values. Front ends read
 * them from a picture's metadata.
 */
final class AltText {
    private static final int MOST = 12, LONGEST = 1000;

    private AltText() {
    }

    /** Sentences one after the other, each with its end, on one line that is not too long to listen to. */
    static String of(String... sentences) {
        StringBuilder all = new StringBuilder();
        for (String sentence : sentences) {
            String line = sentence.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
            if (!line.isEmpty())
                all.append(all.isEmpty() ? "" : " ").append(line).append(line.matches(".*[.?!…]") ? "" : ".");
        }
        return all.codePointCount(0, all.length()) <= LONGEST
                ? all.toString()
                : all.substring(0, all.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }

    /** The first dozen, and how many more there are. */
    static String list(List<String> things) {
        String shown = String.join(", ", things.subList(0, Math.min(MOST, things.size())));
        return things.size() <= MOST ? shown : shown + " and " + (things.size() - MOST) + " more";
    }

    /** {@code from 0 to 1}; of values none of which is a number, that. */
    static String range(List<Series> series) {
        double low = series.stream().mapToDouble(Series::min).filter(v -> !Double.isNaN(v)).min().orElse(Double.NaN);
        double high = series.stream().mapToDouble(Series::max).filter(v -> !Double.isNaN(v)).max().orElse(Double.NaN);
        return Double.isNaN(low) ? "none of them a number" : "from " + Numbers.text(low) + " to " + Numbers.text(high);
    }
}
