package unroll.notebook;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A live place that is drawn anew every so often, or more seldom: drawing takes less than a twentieth of the time. */
final class Paced {
    private static final int SHARE = 20;

    private final Supplier<Live> places;
    private final LongSupplier nanoTime;
    private final long between;
    private Live live;                                                     // null while nothing runs
    private long nextAt;

    Paced(Supplier<Live> places, LongSupplier nanoTime, double secondsBetween) {
        this.places = places;
        this.nanoTime = nanoTime;
        between = (long) (secondsBetween * 1e9);
    }

    boolean isOpen() { return live != null; }

    /** Opens a place, to be drawn first after that part of the time between two drawings. */
    void open(double part) {
        live = places.get();
        nextAt = nanoTime.getAsLong() + (long) (part * between);
    }

    long now() { return nanoTime.getAsLong(); }

    /** Draws if it is time, nothing where the content is null. */
    void draw(Supplier<?> content) {
        long before = now();
        if (before < nextAt) return;
        Object shown = content.get();
        if (shown != null) live.update(shown);
        long after = now();
        nextAt = after + Math.max(between, SHARE * (after - before));
    }

    /** Draws for the last time. */
    void close(Supplier<?> content) {
        nextAt = Long.MIN_VALUE;
        draw(content);
        live.finish();
        live = null;
    }
}
