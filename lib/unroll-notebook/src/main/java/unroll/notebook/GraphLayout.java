package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import unroll.notebook.GraphFigure.Kind;
import unroll.notebook.GraphFigure.Node;

/**
 * Where the boxes of a {@link GraphFigure} stand.
 *
 * @param columns  of the boxes; of some not whole numbers
 * @param lanes    of the boxes, the highest one 0
 * @param overTime whether columns are steps of time, so that arrows may go up, down and back
 */
record GraphLayout(double[] columns, int[] lanes, boolean overTime) {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9₀-₉]{1,6})");

    /**
     * Columns go with depth, from left to right. The longest way to the loss is the trunk, lane 0; what flows into it
     * stands below (lanes 1, 2, …) just before its first use, what branches off it and comes back stands above (lanes
     * -1, -2, …). Weights stand in the outermost lanes, in the middle of their uses.
     */
    static GraphLayout of(List<Node> nodes) { return new Placing(nodes).place(); }

    /**
     * A column for each step of time, which is the number at the end of a name (x₁, h12), and a row for each name
     * without its number, inputs at the bottom. A box without a number stands in the middle of those that it was
     * computed from.
     */
    static GraphLayout overTime(List<Node> nodes) {
        int n = nodes.size();
        double[] columns = new double[n];
        int[] depths = new int[n];
        Map<String, Integer> depthOfRow = new LinkedHashMap<>();           // of its first box
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double mean = nodes.get(i).inputs().stream().mapToDouble(input -> columns[input]).average().orElse(0);
            for (int input : nodes.get(i).inputs()) depths[i] = Math.max(depths[i], depths[input] + 1);
            Place place = Place.of(nodes.get(i), mean);
            while (places.stream().anyMatch(place::touches)) place = new Place(place.row, place.column + 1);
            places.add(place);
            columns[i] = place.column;
            // depth 0 is that of an initial state, which stands in the row of the others
            depthOfRow.merge(place.row, depths[i], (a, b) -> a == 0 ? b : b == 0 ? a : Math.min(a, b));
        }
        List<String> upwards = depthOfRow.keySet().stream().sorted(Comparator.comparing(depthOfRow::get)).toList();
        double left = Arrays.stream(columns).min().orElse(0);
        return new GraphLayout(Arrays.stream(columns).map(c -> c - left).toArray(),
                places.stream().mapToInt(place -> upwards.size() - 1 - upwards.indexOf(place.row)).toArray(), true);
    }

    /** In the layout over time. */
    private record Place(String row, double column) {
        static Place of(Node node, double otherwise) {
            Matcher name = NUMBERED.matcher(node.label());
            if (!name.matches()) return new Place(node.label(), otherwise);
            String digits = name.group(2).chars().map(c -> c >= '₀' ? c - '₀' + '0' : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            return new Place(name.group(1), Integer.parseInt(digits));
        }

        boolean touches(Place other) { return other.row.equals(row) && Math.abs(other.column - column) < 1; }
    }

    int width() { return 1 + (int) Math.ceil(Arrays.stream(columns).max().orElse(0)); }

    int height() { return 1 + Arrays.stream(lanes).max().orElse(0); }

    /** One way of {@link #of}, step by step. */
    private static final class Placing {
        private final List<Node> nodes;
        private final int n;
        private final double[] columns;
        private final int[] lanes;
        // after: some part of the trunk lies behind it
        private final boolean[] placed, trunk, after;
        private final List<List<Integer>> readers = new ArrayList<>();

        Placing(List<Node> nodes) {
            this.nodes = nodes;
            n = nodes.size();
            columns = new double[n];
            lanes = new int[n];
            placed = new boolean[n];
            trunk = new boolean[n];
            after = new boolean[n];
            for (int i = 0; i < n; i++) readers.add(new ArrayList<>());
            for (int i = 0; i < n; i++) for (int input : nodes.get(i).inputs()) readers.get(input).add(i);
        }

        GraphLayout place() {
            depths();
            trunk();
            for (int i = 0; i < n; i++)
                for (int input : nodes.get(i).inputs()) after[i] |= trunk[input] || after[input];
            for (int i = n - 1; i >= 0; i--) if (computed(i) && !after[i] && !trunk[i]) columns[i] = firstReader(i) - 1;
            for (int i = n - 1; i >= 0; i--) if (computed(i) && !placed[i]) chain(i, after[i] ? -1 : 1);
            for (int i = n - 1; i >= 0; i--) if (nodes.get(i).kind() == Kind.INPUT) input(i);
            weights(true);
            weights(false);
            int left = (int) Math.floor(Arrays.stream(columns).min().orElse(0)),
                    top = Arrays.stream(lanes).min().orElse(0);
            return new GraphLayout(Arrays.stream(columns).map(c -> c - left).toArray(),
                    Arrays.stream(lanes).map(l -> l - top).toArray(), false);
        }

        private boolean computed(int i) { return nodes.get(i).kind() == Kind.OPERATION; }

        private void depths() {
            for (int i = 0; i < n; i++)
                for (int input : nodes.get(i).inputs()) columns[i] = Math.max(columns[i], columns[input] + 1);
        }

        /** Back from the loss, each time to the deepest input, the last of several. */
        private void trunk() {
            int at = n - 1;
            while (at >= 0 && computed(at)) {
                trunk[at] = true;
                placed[at] = true;
                int deepest = -1;
                for (int input : nodes.get(at).inputs())
                    if (deepest < 0 || columns[input] >= columns[deepest]) deepest = input;
                at = deepest;
            }
        }

        private double firstReader(int i) {
            return readers.get(i).stream().mapToDouble(r -> columns[r]).min().orElse(columns[i] + 1);
        }

        /**
         * A box off the trunk and those that lead to it, in the first lane on that side where there is room for all.
         */
        private void chain(int end, int side) {
            List<Integer> chain = new ArrayList<>();
            for (int at = end; at >= 0;) {
                chain.add(at);
                int next = -1;
                for (int input : nodes.get(at).inputs())
                    if (computed(input) && !placed[input] && after[input] == after[end]) next = input;
                at = next;
            }
            double from = columns[chain.get(chain.size() - 1)], to = columns[end];
            int lane = side;
            while (!free(lane, from, to)) lane += side;
            for (int i : chain) {
                lanes[i] = lane;
                placed[i] = true;
            }
        }

        private boolean free(int lane, double from, double to) {
            for (int i = 0; i < n; i++)
                if (placed[i] && lanes[i] == lane && columns[i] > from - 1 && columns[i] < to + 1) return false;
            return true;
        }

        /**
         * Under its first reader or before it, or where there is no room, further down. On the trunk there is more room
         * below, elsewhere before.
         */
        private void input(int i) {
            int reader = readers.get(i).stream().min(Comparator.comparingDouble(r -> columns[r])).orElse(n - 1),
                    lane = lanes[reader];
            double under = columns[reader], before = under - 1;
            boolean roomBefore = free(lane, before, before), roomUnder = lane >= 0 && free(lane + 1, under, under);
            boolean goesBefore = roomBefore && !(trunk[reader] && roomUnder);
            columns[i] = goesBefore ? before : under;
            lanes[i] = goesBefore ? lane : Math.max(lane, 0) + 1;
            while (!goesBefore && !free(lanes[i], under, under)) lanes[i]++;
            placed[i] = true;
        }

        /** Those that are used only below the trunk in the lowest lane, all others in the highest one. */
        private void weights(boolean below) {
            int outermost = IntStream.range(0, n).filter(i -> placed[i]).map(i -> lanes[i]).map(l -> below ? l : -l)
                    .max().orElse(0) + 1;
            List<Integer> shelf = IntStream.range(0, n)
                    .filter(i -> nodes.get(i).kind() == Kind.WEIGHT && !placed[i]
                            && below == readers.get(i).stream().allMatch(r -> lanes[r] > 0))
                    .boxed().toList();
            for (int i : shelf) columns[i] = readers.get(i).stream().mapToDouble(r -> columns[r]).average().orElse(0);
            List<Integer> sorted = shelf.stream().sorted(Comparator.comparingDouble(i -> columns[i])).toList();
            for (int k = 0; k < sorted.size(); k++) {
                int i = sorted.get(k);
                if (k > 0) columns[i] = Math.max(columns[i], columns[sorted.get(k - 1)] + 1);
                lanes[i] = below ? outermost : -outermost;
            }
            for (int i : shelf) placed[i] = true;
        }
    }
}
