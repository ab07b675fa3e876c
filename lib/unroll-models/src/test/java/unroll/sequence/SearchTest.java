package unroll.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import unroll.tensor.LoopInterruptedException;
import unroll.tensor.Parallel;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/** Search in toy models whose probabilities depend on the source and on all symbols so far. */
final class SearchTest {
    private static final int BEGIN = 0, END = 1;

    /** The state of a row is the text so far, its source in front. */
    private record Toy(int symbols, long seed) implements StepFunction<List<List<Integer>>> {
        float[] next(List<Integer> text) {
            return Rng.seed(seed).split(text.hashCode()).normal(1, symbols).mul(2).logSoftmax().data();
        }

        @Override public Next<List<List<Integer>>> step(List<List<Integer>> states, int[] read) {
            List<List<Integer>> texts = new ArrayList<>();
            float[] log = new float[states.size() * symbols];
            for (int r = 0; r < states.size(); r++) {
                List<Integer> text = new ArrayList<>(states.get(r));
                text.add(read[r]);
                texts.add(text);
                System.arraycopy(next(text), 0, log, r * symbols, symbols);
            }
            return new Next<>(Tensor.of(log, states.size(), symbols), texts);
        }

        @Override public List<List<Integer>> select(List<List<Integer>> states, int[] rows) {
            return Arrays.stream(rows).mapToObj(states::get).toList();
        }

        List<List<Hypothesis>> run(BeamSearch search, int sources) {
            return search.run(this, IntStream.range(0, sources).mapToObj(List::of).toList(), sources, BEGIN, END);
        }

        /** All that end within the limit and all that are cut off there. */
        List<Hypothesis> all(BeamSearch search, int source) {
            List<Hypothesis> found = new ArrayList<>();
            extend(search, List.of(source, BEGIN), 0, found);
            found.sort(Comparator.comparing((Hypothesis h) -> !h.finished())
                    .thenComparing(Comparator.comparingDouble(Hypothesis::score).reversed()));
            return found;
        }

        private void extend(BeamSearch search, List<Integer> text, double log, List<Hypothesis> found) {
            float[] p = next(text);
            for (int v = 0; v < symbols; v++) {
                List<Integer> longer = new ArrayList<>(text);
                longer.add(v);
                int n = longer.size() - 2;
                double sum = log + p[v];
                int[] written = longer.subList(2, v == END ? longer.size() - 1 : longer.size()).stream()
                        .mapToInt(i -> i).toArray();
                if (v == END || n == search.limit())
                    found.add(new Hypothesis(written, sum, search.score(sum, n), v == END));
                else
                    extend(search, longer, sum, found);
            }
        }
    }

    @Property(tries = 60) void aBeamWideEnoughFindsWhatTryingEverythingFinds(
            @ForAll @IntRange(min = 2, max = 4) int symbols,
            @ForAll @IntRange(min = 1, max = 4) int limit, @ForAll @IntRange(max = 1000) int seed,
            @ForAll @DoubleRange(max = 1) double alpha) {
        Toy toy = new Toy(symbols, seed);
        BeamSearch search = BeamSearch.of((int) Math.pow(symbols, limit) + symbols * limit, limit).lengthPenalty(alpha);
        List<List<Hypothesis>> found = toy.run(search, 2);
        for (int b = 0; b < 2; b++) {
            List<Hypothesis> all = toy.all(search, b);
            assertEquals(all.size(), found.get(b).size());
            for (int i = 0; i < all.size(); i++) assertEquals(all.get(i).score(), found.get(b).get(i).score(), 1e-9);
            assertEquals(all.get(0), found.get(b).get(0));
        }
    }

    @Property(tries = 60) void width1TakesTheMostLikelySymbolEachTime(@ForAll @IntRange(max = 1000) int seed) {
        Toy toy = new Toy(5, seed);
        Hypothesis found = toy.run(BeamSearch.greedy(6), 1).get(0).get(0);
        List<Integer> text = new ArrayList<>(List.of(0, BEGIN));
        double log = 0;
        boolean ended = false;
        for (int t = 0; t < 6 && !ended; t++) {
            float[] p = toy.next(text);
            int best = 0;
            for (int v = 1; v < p.length; v++) if (p[v] > p[best]) best = v;
            log += p[best];
            ended = best == END;
            if (!ended) text.add(best);
        }
        assertArrayEquals(text.stream().skip(2).mapToInt(i -> i).toArray(), found.symbols());
        assertEquals(log, found.logProbability(), 1e-9);
        assertEquals(ended, found.finished());
    }

    /** The twin: of all sequences, those that hold no forbidden symbol. */
    @Property(tries = 60) void whatIsForbiddenIsNeverWrittenAndTheRestIsFound(
            @ForAll @IntRange(min = 4, max = 5) int symbols, @ForAll @IntRange(min = 1, max = 3) int limit,
            @ForAll @IntRange(max = 1000) int seed, @ForAll @DoubleRange(max = 1) double alpha) {
        Toy toy = new Toy(symbols, seed);
        BeamSearch search = BeamSearch.of((int) Math.pow(symbols, limit) + symbols * limit, limit).lengthPenalty(alpha);
        List<List<Hypothesis>> found = toy.run(search.without(BEGIN, 3), 2);
        for (int b = 0; b < 2; b++) {
            List<Hypothesis> allowed = toy.all(search, b).stream()
                    .filter(h -> Arrays.stream(h.symbols()).noneMatch(v -> v == BEGIN || v == 3)).toList();
            assertEquals(allowed.size(), found.get(b).size());
            for (int i = 0; i < allowed.size(); i++)
                assertEquals(allowed.get(i).score(), found.get(b).get(i).score(), 1e-9);
            assertEquals(allowed.get(0), found.get(b).get(0));
        }
    }

    @Property(tries = 60) void aNarrowBeamNeverWritesWhatIsForbidden(@ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 4) int width) {
        Toy toy = new Toy(6, seed);
        for (Hypothesis h : toy.run(BeamSearch.of(width, 6).without(4).without(2), 1).get(0))
            assertTrue(Arrays.stream(h.symbols()).noneMatch(v -> v == 2 || v == 4), h.toString());
        for (Hypothesis h : toy.run(BeamSearch.of(width, 6).without(END), 1).get(0)) assertFalse(h.finished());
        assertEquals(toy.run(BeamSearch.of(width, 6), 2), toy.run(BeamSearch.of(width, 6).without(), 2));
    }

    @Example void whatCannotBeForbiddenIsNamed() {
        BeamSearch plain = BeamSearch.of(2, 5), narrowed = plain.lengthPenalty(0.6).without(7, 3).without(3);
        assertEquals("BeamSearch(width=2, limit=5, length penalty=0.6, without [3, 7])", narrowed.toString());
        assertEquals("BeamSearch(width=2, limit=5)", plain.toString());
        assertEquals(narrowed.toString(), plain.without(3, 7).lengthPenalty(0.6).toString());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> plain.without(1, -2)).getMessage()
                .contains("but got -2"));
        assertEquals(
                "BeamSearch(width=2, limit=5, without [4]): symbol 4 is to be left out, but the model knows 0 to 3",
                assertThrows(IndexOutOfBoundsException.class,
                        () -> plain.without(4).run(TRAP, List.of(0), 1, BEGIN, END)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> plain.without(0, 1, 2, 3).run(TRAP, List.of(0), 1, BEGIN, END)).getMessage()
                .contains("no symbol can come next"));
    }

    @Property(tries = 60) void sourcesDoNotDisturbEachOther(@ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 5) int width) {
        Toy toy = new Toy(4, seed);
        BeamSearch search = BeamSearch.of(width, 5).lengthPenalty(0.6);
        List<List<Hypothesis>> together = toy.run(search, 4);
        for (int b = 0; b < 4; b++) {
            assertEquals(search.run(toy, List.of(List.of(b)), 1, BEGIN, END).get(0), together.get(b));
            assertTrue(together.get(b).size() <= width && !together.get(b).isEmpty());
        }
    }

    /** Against all of a step sorted; many equal ones, and some that cannot be. */
    @Property(tries = 20) void manySymbolsOnAnyNumberOfThreads(@ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 12) int width, @ForAll boolean coarse) {
        int sources = 9, symbols = 5003;
        float[] log = Rng.seed(seed).normal(sources, symbols).logSoftmax().data();
        for (int i = 0; i < log.length; i++) {
            if (coarse) log[i] = Math.round(4 * log[i]) / 4f;
            if (i % 11 == 3) log[i] = Float.NEGATIVE_INFINITY;
        }
        StepFunction<int[]> table = new StepFunction<>() {
            @Override public Next<int[]> step(int[] rows, int[] read) {
                float[] next = new float[rows.length * symbols];
                for (int r = 0; r < rows.length; r++)
                    System.arraycopy(log, rows[r] * symbols, next, r * symbols, symbols);
                return new Next<>(Tensor.of(next, rows.length, symbols), rows);
            }

            @Override public int[] select(int[] rows, int[] chosen) {
                return Arrays.stream(chosen).map(r -> rows[r]).toArray();
            }
        };
        int[] start = IntStream.range(0, sources).toArray();
        List<List<Hypothesis>> one = Parallel.withThreads(1,
                () -> BeamSearch.of(width, 1).run(table, start, sources, BEGIN, END));
        for (int b = 0; b < sources; b++) {
            int at = b * symbols;
            int[] best = IntStream.range(0, symbols).boxed().sorted(Comparator.comparing((Integer v) -> -log[at + v]))
                    .limit(width).mapToInt(v -> v).filter(v -> v != END).toArray();
            assertArrayEquals(best, one.get(b).stream().filter(h -> !h.finished()).mapToInt(h -> h.symbols()[0])
                    .toArray());
        }
        List<List<Hypothesis>> deep = Parallel.withThreads(1,
                () -> BeamSearch.of(width, 4).run(table, start, sources, BEGIN, END));
        for (int threads : new int[] {2, 3, 4, 8})
            assertEquals(deep, Parallel.withThreads(threads,
                    () -> BeamSearch.of(width, 4).run(table, start, sources, BEGIN, END)));
    }

    @Property(tries = 30) void whatIsFoundHasTheProbabilityItSays(@ForAll @IntRange(max = 1000) int seed) {
        Toy toy = new Toy(4, seed);
        for (Hypothesis h : toy.run(BeamSearch.of(3, 5), 1).get(0)) {
            List<Integer> text = new ArrayList<>(List.of(0, BEGIN));
            double log = 0;
            for (int v : h.symbols()) {
                log += toy.next(text)[v];
                text.add(v);
            }
            if (h.finished()) log += toy.next(text)[END];
            else
                assertEquals(5, h.symbols().length);
            assertEquals(log, h.logProbability(), 1e-5);
        }
    }

    /** Two symbols and the end: a greedy search is misled by the first step. */
    private static final StepFunction<List<Integer>> TRAP = new StepFunction<>() {
        @Override public Next<List<Integer>> step(List<Integer> states, int[] symbols) {
            float[] log = new float[4 * symbols.length];
            for (int r = 0; r < symbols.length; r++) {
                double[] p = symbols[r] == BEGIN
                        ? new double[] {0, 0, 0.6, 0.4}
                        : symbols[r] == 2 ? new double[] {0, 0.5, 0.25, 0.25} : new double[] {0, 1, 0, 0};
                for (int v = 0; v < 4; v++) log[4 * r + v] = (float) Math.log(p[v]);
            }
            return new Next<>(Tensor.of(log, symbols.length, 4), states);
        }

        @Override public List<Integer> select(List<Integer> states, int[] rows) {
            return Arrays.stream(rows).mapToObj(states::get).toList();
        }
    };

    @Example void aBeamOfTwoSeesWhatGreedySearchMisses() {
        assertArrayEquals(new int[] {2},
                BeamSearch.greedy(5).run(TRAP, List.of(0), 1, BEGIN, END).get(0).get(0).symbols());
        List<Hypothesis> two = BeamSearch.of(2, 5).run(TRAP, List.of(0), 1, BEGIN, END).get(0);
        assertArrayEquals(new int[] {3}, two.get(0).symbols());
        assertEquals(Math.log(0.4), two.get(0).logProbability(), 1e-6);
    }

    @Example void aBeamWiderThanWhatThereIsGivesWhatThereIs() {
        List<Hypothesis> all = BeamSearch.of(50, 2).run(TRAP, List.of(0), 1, BEGIN, END).get(0);
        assertEquals(4, all.size());
        assertEquals(List.of(true, true, false, false), all.stream().map(Hypothesis::finished).toList());
    }

    @Example void theLengthPenaltyIsThatOfWu() {
        BeamSearch search = BeamSearch.of(2, 5).lengthPenalty(0.6);
        assertEquals(-3 / Math.pow(15 / 6.0, 0.6), search.score(-3, 10), 1e-12);
        assertEquals(-3, BeamSearch.of(2, 5).score(-3, 10), 0);
    }

    @Example void mistakesAreNamed() {
        for (Runnable bad : List.<Runnable>of(() -> BeamSearch.of(0, 5), () -> BeamSearch.of(2, 0),
                () -> BeamSearch.of(2, 5).lengthPenalty(-1)))
            assertThrows(IllegalArgumentException.class, bad::run);
        assertThrows(IllegalArgumentException.class, () -> fixed(Float.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> fixed(0.5f, -1));
        assertThrows(IllegalArgumentException.class, () -> fixed(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> fixed(-1, Float.NaN)).getMessage()
                .contains("has training diverged?"));
        for (float log : new float[] {Float.NaN, Float.NEGATIVE_INFINITY})
            assertTrue(assertThrows(IllegalArgumentException.class, () -> fixed(log, log)).getMessage()
                    .startsWith("BeamSearch(width=1, limit=3): "));
        assertThrows(IndexOutOfBoundsException.class, () -> BeamSearch.greedy(3).run(TRAP, List.of(0), 1, BEGIN, 4));
        assertThrows(ShapeException.class, () -> fixed(-1));
    }

    private static void fixed(float... log) {
        BeamSearch.greedy(3).run(new StepFunction<Integer>() {
            @Override public Next<Integer> step(Integer states, int[] symbols) {
                return new Next<>(log.length == 1 ? Tensor.of(log, 1) : Tensor.of(log, 1, log.length), states);
            }

            @Override public Integer select(Integer states, int[] rows) { return states; }
        }, 0, 1, BEGIN, END);
    }

    @Example void anInterruptStopsTheSearch() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(LoopInterruptedException.class, () -> new Toy(4, 1).run(BeamSearch.greedy(5), 1));
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
