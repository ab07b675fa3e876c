package unroll.notebook;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One value as a front end takes it: the same thing in several kinds of data, of which the front end shows the richest
 * that it knows.
 *
 * @param data     by MIME type; always with {@code text/plain}
 * @param metadata by MIME type: the size in which an image is shown, and its alternative text
 */
record Rendering(Map<String, Object> data, Map<String, Object> metadata) {
    static final String TEXT = "text/plain", HTML = "text/html", PNG = "image/png";

    /** Text for a console and HTML for a page. */
    static Rendering html(String text, String html) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(TEXT, text);
        data.put(HTML, html);
        return new Rendering(data, Map.of());
    }

    /**
     * A chart, drawn with twice the pixels of the size that it is shown in, so that it is crisp on fine screens and in
     * print.
     */
    static Rendering chart(Chart chart) {
        return picture(chart.toString(), chart.alt(), chart.png(), chart.width(), chart.height());
    }

    /** The graph of a loss, in the same way. */
    static Rendering graph(GraphFigure graph) {
        return picture(graph.toString(), graph.alt(), Canvas.png(graph.image()), graph.width(), graph.height());
    }

    /** Pictures with words, in the same way. */
    static Rendering grid(PictureGrid grid) {
        return picture(grid.toString(), grid.alt(), Canvas.png(grid.image()), grid.width(), grid.height());
    }

    /** A picture of a reader's own, of which nothing more is known. */
    static Rendering image(BufferedImage image) {
        String words = "Picture of " + image.getWidth() + " × " + image.getHeight() + " pixels";
        return picture(words, AltText.of(words), Canvas.png(image), image.getWidth(), image.getHeight());
    }

    private static Rendering picture(String text, String alt, byte[] png, int width, int height) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(TEXT, text);
        data.put(PNG, Base64.getEncoder().encodeToString(png));
        return new Rendering(data, Map.of(PNG, Map.of("width", width, "height", height, "alt", alt)));
    }

    /** Text so that a page shows it as it is. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
