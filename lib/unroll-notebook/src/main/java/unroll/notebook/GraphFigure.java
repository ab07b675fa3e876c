package unroll.notebook;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import unroll.tensor.Message;
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
public final class GraphFigure {
    private static final int MOST = 300;

    private final String title;
    private final List<GraphNode> nodes;
    private final GraphLayout layout;

    private GraphFigure(String title, List<GraphNode> nodes, GraphLayout layout) {
        this.title = title;
        this.nodes = nodes;
        this.layout = layout;
    }

    /**
     * Every operation, input and weight.
     *
     * @throws ChartException for a tensor that was not computed, or whose graph is gone, or with more boxes than one
     *     can read
     */
    public static GraphFigure of(Tensor loss) {
        List<GraphNode> nodes = read(loss, t -> true);
        return new GraphFigure("Graph of a loss", nodes, GraphLayout.of(nodes));
    }

    /**
     * Only the tensors that were given a name ({@link Tensor#named}) and the loss: what stands between them is passed
     * through, weights are left out. The number at the end of a name is its step of time, so that x₁, h₁ and y₁ stand
     * in one column and h₁, h₂ and h₃ in one row.
     */
    public static GraphFigure outline(Tensor loss) {
        List<GraphNode> nodes = read(loss, GraphNode::isOutlined);
        return new GraphFigure("Outline of a graph", nodes, TimeLayout.of(nodes));
    }

    private static List<GraphNode> read(Tensor loss, Predicate<Tensor> shown) {
        if (loss.inputs().isEmpty())
            throw new ChartException(
                    "GraphFigure: there is no graph behind this tensor; was backward() called, which frees it, or was "
                            + "it computed "
                            + "within noGrad or from nothing that requires a gradient?");
        List<GraphNode> nodes = GraphNode.graph(loss, shown);
        if (nodes.size() > MOST)
            throw new ChartException(
                    "GraphFigure: " + nodes.size() + " boxes are more than one can read; at most " + MOST
                            + ". Take a shorter sequence, or GraphFigure.outline(loss)");
        return nodes;
    }

    /** The same picture with another title. */
    public GraphFigure title(String title) {
        return new GraphFigure(title, nodes, layout);
    }

    /** How many boxes there are. */
    public int size() { return nodes.size(); }

    /** How many boxes have been computed from this tensor directly; an error if it is not in the picture. */
    public int uses(Tensor tensor) {
        for (int i = 0; i < nodes.size(); i++) if (nodes.get(i).tensor() == tensor) return uses(i);
        throw new IllegalArgumentException(
                Message.of("GraphFigure " + title + ": the tensor " + tensor.name() + " is not in the picture"));
    }

    int uses(int node) { return (int) nodes.stream().filter(n -> n.inputs().contains(node)).count(); }

    String title() { return title; }

    List<GraphNode> nodes() { return nodes; }

    GraphLayout layout() { return layout; }

    /** The width on the page; the image has twice as many pixels. */
    public int width() {
        return new GraphPainting(this).width();
    }

    /** The height on the page; the image has twice as many pixels. */
    public int height() {
        return new GraphPainting(this).height();
    }

    /** The picture, {@code 2 width × 2 height} pixels. */
    public BufferedImage image() {
        GraphPainting painting = new GraphPainting(this);
        return Canvas.paint("GraphFigure " + title, painting.width(), painting.height(), painting::paint);
    }

    /** The picture in words: the weights with their uses, then what has a name. */
    String alt() {
        List<String> named = nodes.stream().filter(GraphNode::named).map(GraphNode::label).toList();
        return AltText.of("Graph: " + title, nodes.size() + " boxes",
                weights().isEmpty() ? "" : "Weights: " + AltText.list(weights()),
                named.isEmpty() ? "" : "Computed, in this order: " + AltText.list(named));
    }

    private List<String> weights() {
        return IntStream.range(0, nodes.size()).filter(i -> nodes.get(i).kind() == GraphNode.Kind.WEIGHT)
                .mapToObj(i -> nodes.get(i).label() + (uses(i) == 1 ? ": 1 use" : ": " + uses(i) + " uses")).toList();
    }

    @Override public String toString() {
        return "Graph \"" + title + "\": " + nodes.size() + " boxes"
                + String.join("", weights().stream().map(weight -> "\n  " + weight).toList());
    }
}
