package unroll.notebook;

import java.util.function.Function;

/**
 * How values of one type look in a notebook.
 *
 * @param mimeType the kind of data that it gives, as kernels want to know it beforehand
 */
record Renderer<T>(Class<T> type, String mimeType, Function<? super T, Rendering> rendering) {
    Renderer(Class<T> type, Function<? super T, Rendering> rendering) {
        this(type, Chart.class.isAssignableFrom(type) ? Rendering.PNG : Rendering.HTML, rendering);
    }

    Rendering render(Object value) { return rendering.apply(type.cast(value)); }
}
