package unroll.notebook;

import java.util.function.Function;

/** How values of one type look in a notebook. */
record Renderer<T>(Class<T> type, Function<? super T, Rendering> rendering) {
    Rendering render(Object value) { return rendering.apply(type.cast(value)); }

    /** The kind of data that it gives, as kernels want to know it beforehand. */
    String mimeType() {
        return Chart.class.isAssignableFrom(type) ? Rendering.PNG : Rendering.HTML;
    }
}
