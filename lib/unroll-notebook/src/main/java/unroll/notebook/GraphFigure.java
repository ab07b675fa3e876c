package unroll.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Tensor;

/**
 * A picture of how a loss was computed, read from the tape itself: a box for each tensor, an arrow for each use, from
 * left to right. A weight is one box, however often it is used. As the last expression of a cell it shows itself.
 *
 * <pre>{@code
 * Tensor h = x.matmul(w).add(h0.matmul(u)).tanh().named("h₁");     // names stand in the boxes
 * Tensor loss = h.square().sum();
 * GraphFigure.of(loss).title("One step")                           // every operation
 * GraphFigure.outline(loss)                                        // only what has a name, without the weights
 * }</pre>
 *
 * To be made before {@code backward()}, which frees the graph.
 */
public final class GraphFigure extends Figure {
    private static final int MOST = 300;
    private static final int BOX = 26, ROW = 62, GAP = 13, MARGIN = 18, TOP = 46, LEAST = 320;
    private static final Color NAMED = new Color(0xD6E6F2), INPUT = new Color(0xECECEC);

    enum Kind {
        /** A parameter, or another leaf that collects a gradient. */
        WEIGHT,
        /** A leaf without a gradient. */
        INPUT, OPERATION
    }

    /**
     * One box.
     *
     * @param inputs the boxes that it was computed from, by number, each once
     */
    record Node(Tensor tensor, Kind kind, List<Integer> inputs) {
        static Node of(Tensor t, List<Integer> inputs) {
            Kind leaf = t.requiresGradient() ? Kind.WEIGHT : Kind.INPUT;
            return new Node(t, t.inputs().isEmpty() ? leaf : Kind.OPERATION, inputs);
        }

        /** What stands in the box. */
        String label() {
            if (!tensor.name().isEmpty()) return tensor.name();
            return kind == Kind.OPERATION ? tensor.operation() : kind == Kind.WEIGHT ? "weight" : "input";
        }

        boolean named() { return kind == Kind.OPERATION && !tensor.name().isEmpty(); }

        boolean weight() { return kind == Kind.WEIGHT; }

        Font font() { return weight() || named() ? ChartStyle.BOLD : ChartStyle.SMALL; }

        double width() { return Math.max(34, ChartStyle.length(label(), ChartStyle.BOLD) + 12); }
    }

    private final List<Node> nodes;
    private final GraphLayout layout;
    private final double[] centres;                                        // of the columns
    private final int right, width;
    private final Legend legend;

    private GraphFigure(String title, List<Node> nodes, GraphLayout layout) {
        super("GraphFigure", title);
        this.nodes = nodes;
        this.layout = layout;
        double[] widest = new double[layout.width() + 1];
        for (int i = 0; i < nodes.size(); i++) {
            int column = (int) Math.round(layout.columns()[i]);
            widest[column] = Math.max(widest[column], nodes.get(i).width());
        }
        centres = new double[widest.length];
        double x = MARGIN;
        for (int c = 0; c < widest.length; c++) {
            centres[c] = x + widest[c] / 2;
            x += widest[c] + GAP;
        }
        right = (int) Math.ceil(x - GAP);
        width = Math.max(right, LEAST);
        legend = new Legend(width);
        for (int i = 0; i < nodes.size(); i++)
            if (nodes.get(i).weight()) legend.add(nodes.get(i).label() + ", " + said(i), colour(i), null);
        if (nodes.stream().anyMatch(node -> node.kind == Kind.INPUT)) legend.add("input", INPUT, null);
        if (nodes.stream().anyMatch(Node::named)) legend.add("value with a name", NAMED, null);
    }

    /**
     * Every operation, input and weight.
     *
     * @throws ChartException for a tensor that was not computed, or whose graph is gone, or with more boxes than one
     *     can read
     */
    public static GraphFigure of(Tensor loss) {
        List<Node> nodes = read(loss, t -> true);
        return new GraphFigure("Graph of a loss", nodes, GraphLayout.of(nodes));
    }

    /**
     * Only the tensors that were given a name ({@link Tensor#named}) and the loss: what stands between them is passed
     * through, weights are left out. The number at the end of a name is its step of time, so that x₁, h₁ and y₁ stand
     * in one column and h₁, h₂ and h₃ in one row.
     */
    public static GraphFigure outline(Tensor loss) {
        List<Node> nodes = read(loss, t -> !(t instanceof Parameter) && !t.name().isEmpty());
        return new GraphFigure("Outline of a graph", nodes, GraphLayout.overTime(nodes));
    }

    /** The tensors that are to be shown, each after its inputs; what is not shown is passed through. */
    private static List<Node> read(Tensor loss, Predicate<Tensor> shown) {
        if (loss.inputs().isEmpty())
            throw new ChartException(
                    "GraphFigure: there is no graph behind this tensor; was backward() called, which frees it, or was "
                            + "it computed within noGrad or from nothing that requires a gradient?");
        // the boxes that one sees from a tensor: itself or those behind it
        Map<Tensor, Set<Integer>> seen = new IdentityHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Tensor t : inOrder(loss)) {
            Set<Integer> behind = new LinkedHashSet<>();
            for (Tensor input : t.inputs()) behind.addAll(seen.get(input));
            if (t == loss || shown.test(t)) {
                nodes.add(Node.of(t, List.copyOf(behind)));
                behind = Set.of(nodes.size() - 1);
            }
            seen.put(t, behind);
        }
        if (nodes.size() > MOST)
            throw new ChartException("GraphFigure: " + nodes.size() + " boxes are more than one can read; at most "
                    + MOST + ". Take a shorter sequence, or GraphFigure.outline(loss)");
        return nodes;
    }

    /** All tensors behind the loss, each after its inputs. */
    private static List<Tensor> inOrder(Tensor loss) {
        List<Tensor> order = new ArrayList<>();
        Set<Tensor> opened = Collections.newSetFromMap(new IdentityHashMap<>()),
                done = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Tensor> open = new ArrayDeque<>(List.of(loss));
        while (!open.isEmpty()) {
            Tensor t = open.peek();
            if (opened.add(t)) {
                for (Tensor input : t.inputs()) if (!opened.contains(input)) open.push(input);
            } else {
                open.pop();
                if (done.add(t)) order.add(t);
            }
        }
        return order;
    }

    /** The same picture with another title. */
    public GraphFigure title(String title) {
        return new GraphFigure(title, nodes, layout);
    }

    /** How many boxes there are. */
    public int size() { return nodes.size(); }

    /** How many boxes have been computed from this tensor directly; an error if it is not in the picture. */
    public int uses(Tensor tensor) {
        for (int i = 0; i < nodes.size(); i++) if (nodes.get(i).tensor == tensor) return uses(i);
        throw new IllegalArgumentException(
                Message.of("GraphFigure " + title() + ": the tensor " + tensor.name() + " is not in the picture"));
    }

    private int uses(int node) { return (int) nodes.stream().filter(n -> n.inputs.contains(node)).count(); }

    private String said(int node) { return uses(node) == 1 ? "1 use" : uses(node) + " uses"; }

    List<Node> nodes() { return nodes; }

    GraphLayout layout() { return layout; }

    @Override public int width() { return width; }

    @Override public int height() { return TOP + ROW * (layout.height() - 1) + BOX + 12 + legend.height(); }

    /** The weights with their uses, then what has a name. */
    @Override String alt() {
        List<String> named = nodes.stream().filter(Node::named).map(Node::label).toList();
        return sentences("Graph: " + title(), nodes.size() + " boxes",
                weights().isEmpty() ? "" : "Weights: " + list(weights()),
                named.isEmpty() ? "" : "Computed, in this order: " + list(named));
    }

    private List<String> weights() {
        return IntStream.range(0, nodes.size()).filter(i -> nodes.get(i).weight())
                .mapToObj(i -> nodes.get(i).label() + ": " + said(i)).toList();
    }

    @Override public String toString() {
        return "Graph \"" + title() + "\": " + nodes.size() + " boxes"
                + String.join("", weights().stream().map(weight -> "\n  " + weight).toList());
    }

    /** Arrows first, boxes over them; each weight and its arrows in a colour of their own. */
    @Override void paint(Graphics2D graphics) {
        ChartStyle.title(graphics, title(), width);
        for (int i = 0; i < nodes.size(); i++) for (int input : nodes.get(i).inputs) arrow(graphics, input, i);
        for (int i = 0; i < nodes.size(); i++) box(graphics, i);
        legend.paint(graphics, height());
    }

    private Color colour(int i) {
        return ChartStyle.colour((int) nodes.subList(0, i).stream().filter(Node::weight).count());
    }

    /** The middle of a box; the whole graph stands in the middle of the picture. */
    private Point2D at(int i) {
        double column = layout.columns()[i], part = column - Math.floor(column);
        double x = centres[(int) column] * (1 - part) + centres[Math.min(centres.length - 1, (int) column + 1)] * part;
        return new Point2D.Double(x + (width - right) / 2.0, TOP + ROW * layout.lanes()[i] + BOX / 2.0);
    }

    private void arrow(Graphics2D graphics, int from, int to) {
        Point2D a = at(from), b = at(to);
        boolean weight = nodes.get(from).weight(), overTime = layout.overTime();
        graphics.setColor(weight ? colour(from) : ChartStyle.LEVEL);
        graphics.setStroke(new BasicStroke(weight ? 1.5f : 1.2f));
        double dx = b.getX() - a.getX(), dy = b.getY() - a.getY();
        double columns = layout.columns()[to] - layout.columns()[from];
        // the boxes between
        boolean over = !weight && Math.abs(columns) > 1.5 && (dy == 0 || dy > 0 && !overTime);
        if (over) over(graphics, a, b);
        else if (dy != 0 && Math.abs(dx) < 1 && Math.abs(dy) > 1.5 * ROW && overTime) beside(graphics, a, b);
        else if (dy != 0 && (weight || overTime || Math.abs(dx) < 1)) upright(graphics, a, b, overTime);
        else
            along(graphics, a.getX() + Math.signum(dx) * nodes.get(from).width() / 2, a.getY(),
                    b.getX() - Math.signum(dx) * nodes.get(to).width() / 2, b.getY());
    }

    /** An arc from top to top. */
    private static void over(Graphics2D graphics, Point2D a, Point2D b) {
        double side = Math.signum(b.getX() - a.getX()), from = a.getX() + 8 * side, to = b.getX() - 8 * side;
        double high = a.getY() - BOX / 2.0 - 12 - 0.05 * Math.abs(to - from);
        draw(graphics, Math.PI / 2, from, a.getY() - BOX / 2.0, from + side * 8, high, to, high, to,
                b.getY() - BOX / 2.0);
    }

    /** In one column, round the boxes between. */
    private static void beside(Graphics2D graphics, Point2D a, Point2D b) {
        double side = Math.signum(b.getY() - a.getY()), x = a.getX() - 36;
        draw(graphics, side * 1.1, a.getX() - 10, a.getY() + side * BOX / 2, x, a.getY() + side * ROW, x,
                b.getY() - side * ROW, b.getX() - 10, b.getY() - side * BOX / 2);
    }

    /**
     * From the upper or lower edge; those that go aslant end beside the middle, if {@code apart}, where others go
     * straight.
     */
    private static void upright(Graphics2D graphics, Point2D a, Point2D b, boolean apart) {
        double side = Math.signum(b.getY() - a.getY()), start = a.getY() + side * BOX / 2,
                end = b.getY() - side * BOX / 2;
        double aside = apart && Math.abs(b.getX() - a.getX()) > 1 ? 9 * Math.signum(b.getX() - a.getX()) : 0;
        double from = a.getX() + aside, to = b.getX() - aside;
        draw(graphics, side * Math.PI / 2, from, start, from, start + side * 16, to, end - side * 24, to, end);
    }

    /** From the right edge to the left one, or back. */
    private static void along(Graphics2D graphics, double start, double from, double end, double to) {
        double bend = from == to ? 0 : Math.max(12, (end - start) / 2);
        draw(graphics, end < start ? Math.PI : 0, start, from, start + bend, from, end - bend, to, end, to);
    }

    /** A curve through its start, two points that bend it, and its end, where a head points along the angle. */
    private static void draw(Graphics2D graphics, double angle, double... p) {
        graphics.draw(new CubicCurve2D.Double(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]));
        Path2D head = new Path2D.Double();
        head.moveTo(p[6], p[7]);
        for (double turn : new double[] {2.7, -2.7})
            head.lineTo(p[6] + 7 * Math.cos(angle + turn), p[7] + 7 * Math.sin(angle + turn));
        head.closePath();
        graphics.fill(head);
    }

    private void box(Graphics2D graphics, int i) {
        Node node = nodes.get(i);
        Point2D at = at(i);
        double w = node.width();
        var box = new RoundRectangle2D.Double(at.getX() - w / 2, at.getY() - BOX / 2.0, w, BOX, 10, 10);
        Color plain = node.kind == Kind.INPUT ? INPUT : node.named() ? NAMED : Color.WHITE;
        graphics.setColor(node.weight() ? colour(i) : plain);
        graphics.fill(box);
        graphics.setColor(node.weight() ? colour(i) : ChartStyle.LEVEL);
        graphics.setStroke(new BasicStroke(1f));
        graphics.draw(box);
        graphics.setColor(node.weight() ? Color.WHITE : ChartStyle.INK);
        ChartStyle.write(graphics, node.font(), node.label(), at.getX(), at.getY() + 4.5, 0.5);
    }
}
