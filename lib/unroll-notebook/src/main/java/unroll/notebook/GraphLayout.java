package unroll.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    static GraphLayout of(List<Node> nodes) {
        List<Box> boxes = new ArrayList<>();
        for (Node node : nodes) boxes.add(new Box(node, boxes));
        return new Placing(boxes).place();
    }

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

    /** A box of {@link #of} on the way to its place. */
    private static final class Box {
        final Kind kind;
        final List<Box> inputs, readers = new ArrayList<>();
        double column;                                                     // at first how deep it is
        int lane;
        boolean placed, trunk, after;                                      // after: some part of the trunk is behind it

        Box(Node node, List<Box> before) {
            kind = node.kind();
            inputs = node.inputs().stream().map(before::get).toList();
            inputs.forEach(input -> input.readers.add(this));
            column = inputs.stream().mapToDouble(input -> input.column + 1).max().orElse(0);
        }

        boolean computed() { return kind == Kind.OPERATION; }

        void put(int lane) {
            this.lane = lane;
            placed = true;
        }

        /** Of several the last; null without inputs. */
        Box deepestInput() {
            Box deepest = null;
            for (Box input : inputs) if (deepest == null || input.column >= deepest.column) deepest = input;
            return deepest;
        }
    }

    private record Placing(List<Box> boxes) {
        GraphLayout place() {
            List<Box> backwards = new ArrayList<>(boxes);
            Collections.reverse(backwards);
            for (Box at = backwards.get(0); at != null && at.computed(); at = at.deepestInput()) {
                at.trunk = true;
                at.put(0);
            }
            for (Box b : boxes) b.after = b.inputs.stream().anyMatch(input -> input.trunk || input.after);
            for (Box b : backwards)
                if (b.computed() && !b.after && !b.trunk)
                    b.column = b.readers.stream().mapToDouble(r -> r.column).min().orElse(b.column + 1) - 1;
            for (Box b : backwards) if (b.computed() && !b.placed) chain(b, b.after ? -1 : 1);
            for (Box b : backwards) if (b.kind == Kind.INPUT) input(b);
            weights(true);
            weights(false);
            double left = Math.floor(boxes.stream().mapToDouble(b -> b.column).min().orElse(0));
            int top = boxes.stream().mapToInt(b -> b.lane).min().orElse(0);
            return new GraphLayout(boxes.stream().mapToDouble(b -> b.column - left).toArray(),
                    boxes.stream().mapToInt(b -> b.lane - top).toArray(), false);
        }

        /** A box off the trunk and those that lead to it, in the first lane on that side with room for all. */
        private void chain(Box end, int side) {
            List<Box> chain = new ArrayList<>();
            for (Box at = end; at != null;) {
                chain.add(at);
                Box next = null;
                for (Box input : at.inputs)
                    if (input.computed() && !input.placed && input.after == end.after) next = input;
                at = next;
            }
            int lane = side;
            while (!free(lane, chain.get(chain.size() - 1).column, end.column)) lane += side;
            for (Box b : chain) b.put(lane);
        }

        private boolean free(int lane, double from, double to) {
            return boxes.stream()
                    .noneMatch(b -> b.placed && b.lane == lane && b.column > from - 1 && b.column < to + 1);
        }

        /**
         * Under its first reader or before it, or where there is no room, further down. On the trunk there is more room
         * below, elsewhere before.
         */
        private void input(Box b) {
            Box reader = b.readers.stream().min(Comparator.comparingDouble(r -> r.column))
                    .orElse(boxes.get(boxes.size() - 1));
            double under = reader.column, before = under - 1;
            int lane = Math.max(reader.lane, 0) + 1;
            boolean roomUnder = reader.lane >= 0 && free(lane, under, under);
            boolean goesBefore = free(reader.lane, before, before) && !(reader.trunk && roomUnder);
            while (!goesBefore && !free(lane, under, under)) lane++;
            b.column = goesBefore ? before : under;
            b.put(goesBefore ? reader.lane : lane);
        }

        /** Those that are used only below the trunk in the lowest lane, all others in the highest one. */
        private void weights(boolean below) {
            int side = below ? 1 : -1;
            int outermost = boxes.stream().filter(b -> b.placed).mapToInt(b -> side * b.lane).max().orElse(0) + 1;
            List<Box> shelf = boxes.stream().filter(b -> b.kind == Kind.WEIGHT && !b.placed
                    && below == b.readers.stream().allMatch(r -> r.lane > 0)).toList();
            for (Box b : shelf) b.column = b.readers.stream().mapToDouble(r -> r.column).average().orElse(0);
            double next = Double.NEGATIVE_INFINITY;
            for (Box b : shelf.stream().sorted(Comparator.comparingDouble(box -> box.column)).toList()) {
                b.column = Math.max(b.column, next);
                next = b.column + 1;
                b.put(side * outermost);
            }
        }
    }
}
