package unroll.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the boxes of an outline stand: a column for each step of time, which is the number at the end of a name (x₁,
 * h12), and a row for each name without its number, inputs at the bottom. A box without a number stands in the middle
 * of those that it was computed from.
 */
final class TimeLayout {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9₀-₉]{1,6})");

    private TimeLayout() {
    }

    private record Place(String row, double column) {
        static Place of(GraphNode node, double otherwise) {
            Matcher name = NUMBERED.matcher(node.label());
            if (!name.matches()) return new Place(node.label(), otherwise);
            String digits = name.group(2).chars().map(c -> c >= '₀' ? c - '₀' + '0' : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            return new Place(name.group(1), Integer.parseInt(digits));
        }
    }

    static GraphLayout of(List<GraphNode> nodes) {
        int n = nodes.size();
        double[] columns = new double[n];
        int[] depths = new int[n], lanes = new int[n];
        Map<String, Integer> rows = new LinkedHashMap<>();                 // and how deep the first box of each is
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double mean = nodes.get(i).inputs().stream().mapToDouble(input -> columns[input]).average().orElse(0);
            for (int input : nodes.get(i).inputs()) depths[i] = Math.max(depths[i], depths[input] + 1);
            Place place = Place.of(nodes.get(i), mean);
            while (taken(places, place)) place = new Place(place.row, place.column + 1);
            places.add(place);
            columns[i] = place.column;
            rows.merge(place.row, depths[i], TimeLayout::shallow);
        }
        List<String> upwards = rows.keySet().stream().sorted((a, b) -> rows.get(a) - rows.get(b)).toList();
        double left = places.stream().mapToDouble(Place::column).min().orElse(0);
        for (int i = 0; i < n; i++) {
            columns[i] -= left;
            lanes[i] = upwards.size() - 1 - upwards.indexOf(places.get(i).row);
        }
        return new GraphLayout(columns, lanes, true);
    }

    /** Depth 0 is that of an initial state, which stands in the row of the others. */
    private static int shallow(int a, int b) {
        return a == 0 ? b : b == 0 ? a : Math.min(a, b);
    }

    private static boolean taken(List<Place> places, Place place) {
        return places.stream()
                .anyMatch(other -> other.row.equals(place.row) && Math.abs(other.column - place.column) < 1);
    }
}
