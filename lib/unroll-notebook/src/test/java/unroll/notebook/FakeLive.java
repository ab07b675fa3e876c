package unroll.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A live place that notes what it shows, and a clock that moves only when told; drawing takes the time that is asked
 * for.
 */
final class FakeLive implements Live {
    final List<Object> shown = new ArrayList<>();
    final AtomicLong nanos = new AtomicLong();
    private final long cost;
    int finished;

    FakeLive(double costInSeconds) { cost = (long) (costInSeconds * 1e9); }

    void pass(double seconds) { nanos.addAndGet((long) (seconds * 1e9)); }

    @Override public void update(Object value) {
        shown.add(value);
        nanos.addAndGet(cost);
    }

    @Override public void finish() { finished++; }
}
