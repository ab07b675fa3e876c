package unroll.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import com.sun.management.ThreadMXBean;

/**
 * One reader of files under many mutated inputs. Each must end in content or in an exception that the reader names,
 * within bounds of time and memory, with a message for people; where an independent reader knows the right content, in
 * that.
 *
 * <pre>{@code
 * Campaign.of("bio", "names.conll").seed("EU\tB-ORG\n\n").mutate(Mutations.text())
 *         .reads(BioFile::read).names(List.of(DatasetException.class)).expects(Naive::bio).run();
 * }</pre>
 *
 * Input {@code i} depends on {@code -Dunroll.fuzz.seed} (1) and {@code i} alone:
 * {@code -Dunroll.fuzz.first=i -Dunroll.fuzz=1} makes it again. Inputs that fail lie in {@code target/fuzz}, as they
 * were and made shorter.
 */
public final class Campaign {
    private static final int INPUTS = Integer.getInteger("unroll.fuzz", 10_000),
            FIRST = Integer.getInteger("unroll.fuzz.first", 0);
    private static final long SEED = Long.getLong("unroll.fuzz.seed", 1);
    private static final int LONGEST_MESSAGE = 2_000, MOST_FAILURES = 12, SHRINKING_STEPS = 2_000;
    private static final long WALL_SECONDS = 300;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What is under test. */
    @FunctionalInterface
    public interface Reader {
        /** The content of a file, in a form that {@code equals} compares by value. */
        Object read(Path file) throws Exception;
    }

    private final String name, fileName;
    private final List<byte[]> seeds = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private List<Mutation> mutations = List.of();
    private Reader reader;
    private Set<Class<?>> named = Set.of();
    private Function<byte[], Outcome> independent = bytes -> Outcome.OPEN;
    private long memory = 64 << 20;
    private boolean namesFile = true;
    private int processorSeconds = 10;

    private final Map<String, Failure> failures = new LinkedHashMap<>();
    private int read, refused, decided;
    private Path folder;

    private record Change(String what, int lines, UnaryOperator<byte[]> change) {
    }

    private record Failure(String kind, String detail) {
    }

    /** What happened: the outcome, or what is wrong with it. */
    private record Run(Outcome outcome, Failure failure) {
    }

    private Campaign(String name, String fileName) {
        this.name = name;
        this.fileName = fileName;
    }

    /** @param fileName what the inputs are called: some formats are known by their names */
    public static Campaign of(String name, String fileName) {
        return new Campaign(name, fileName);
    }

    /** Sound inputs to begin with. */
    public Campaign seed(byte[]... inputs) {
        seeds.addAll(Arrays.asList(inputs));
        return this;
    }

    public Campaign seed(String... inputs) {
        for (String input : inputs) seeds.add(input.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Campaign mutate(List<Mutation> mutations) {
        this.mutations = mutations;
        return this;
    }

    public Campaign reads(Reader reader) {
        this.reader = reader;
        return this;
    }

    /** The exceptions that the reader documents; any other is a failure. */
    public Campaign names(List<Class<? extends Exception>> exceptions) {
        named = Set.copyOf(exceptions);
        return this;
    }

    /** An independent reader, slow and simple. */
    public Campaign expects(Function<byte[], Outcome> independent) {
        this.independent = independent;
        return this;
    }

    /** A change of an input after which the outcome must be the same; null where it does not apply. */
    public Campaign sameAfter(String what, UnaryOperator<byte[]> change) {
        return sameAfter(what, 0, change);
    }

    /** @param lines how many lines the change puts in front */
    public Campaign sameAfter(String what, int lines, UnaryOperator<byte[]> change) {
        changes.add(new Change(what, lines, change));
        return this;
    }

    /** How many bytes may be allocated on the way, besides 500 for each byte of the input. */
    public Campaign memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** How much processor time one input may take. */
    Campaign processorSeconds(int seconds) {
        processorSeconds = seconds;
        return this;
    }

    /** For readers of streams and folders, which do not know how the file is called. */
    public Campaign messagesWithoutFile() {
        namesFile = false;
        return this;
    }

    /** @throws AssertionError that lists all kinds of failure */
    public void run() {
        Collection<Failure> found = failures(INPUTS);
        if (found.isEmpty()) return;
        StringBuilder report = new StringBuilder(name + ": " + found.size() + " kinds of failure, seed " + SEED);
        for (Failure f : found) report.append("\n- ").append(f.kind).append(": ").append(f.detail);
        throw new AssertionError(report.toString());
    }

    /** The kinds of failure among so many inputs. */
    Set<String> kinds(int inputs) {
        failures(inputs);
        return failures.keySet();
    }

    private Collection<Failure> failures(int inputs) {
        Watch watch = new Watch();
        Thread worker = new Thread(() -> {
            try {
                all(watch, inputs);
                // a mistake of the mutations or of the independent reader
            } catch (Throwable e) {
                failures.put("campaign", new Failure("campaign", "at input " + watch.index + ": " + described(e)));
            }
        }, "fuzz " + name);
        // one that hangs does not keep the tests from ending
        worker.setDaemon(true);
        PrintStream stderr = System.err;
        AtomicLong printed = new AtomicLong();
        System.setErr(new PrintStream(new OutputStream() {
            @Override public void write(int b) { printed.incrementAndGet(); }
        }));
        long start = System.nanoTime();
        try {
            folder = Files.createTempDirectory("fuzz");
            worker.start();
            while (worker.isAlive()) {
                worker.join(100);
                byte[] hanging = watch.hanging(worker);
                if (hanging == null) continue;
                StringBuilder stack = new StringBuilder();
                for (StackTraceElement e : worker.getStackTrace()) stack.append("\n    ").append(e);
                keep(new Failure("hang", "no end after " + watch.spent(worker) + stack), watch.index, hanging);
                worker.interrupt();
                break;
            }
            if (!worker.isAlive()) remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            System.setErr(stderr);
        }
        if (printed.get() > 0) failures.put("stderr", new Failure("stderr", printed + " bytes were printed to it"));
        System.out.printf(Locale.ROOT,
                "%-24s %,8d inputs: %,8d read, %,8d refused, %,8d decided by an independent reader, %,d failures, "
                        + "%.1f s%n",
                name,
                read + refused, read, refused, decided, failures.size(), (System.nanoTime() - start) / 1e9);
        return failures.values();
    }

    /** Which input is being read, and since when. */
    private final class Watch {
        private byte[] input;
        private int index;
        private long wall, processor;

        synchronized void begins(int i, byte[] bytes) {
            input = bytes;
            index = i;
            wall = System.nanoTime();
            processor = THREADS.getCurrentThreadCpuTime();
        }

        synchronized void ends() { input = null; }

        /**
         * The input that takes too long; by processor time, since the machine may be busy, and by a long wall time,
         * since it may wait for ever.
         */
        synchronized byte[] hanging(Thread worker) {
            if (input == null) return null;
            double spent = (THREADS.getThreadCpuTime(worker.getId()) - processor) / 1e9;
            return spent > processorSeconds || System.nanoTime() - wall > WALL_SECONDS * 1e9 ? input : null;
        }

        synchronized String spent(Thread worker) {
            return String.format(Locale.ROOT, "%.1f s of processor time, %.1f s in all",
                    (THREADS.getThreadCpuTime(worker.getId()) - processor) / 1e9,
                    (System.nanoTime() - wall) / 1e9);
        }
    }

    private void all(Watch watch, int inputs) {
        for (int s = 0; s < seeds.size(); s++) {
            byte[] seed = seeds.get(s);
            watch.begins(-1 - s, seed);
            Run run = examine(seed);
            if (run.failure == null && !(run.outcome instanceof Outcome.Content))
                run = new Run(run.outcome, new Failure("sound input refused", refusal(seed)));
            watch.ends();
            if (run.failure != null) keep(run.failure, -1 - s, seed);
        }
        for (int i = FIRST; i < FIRST + inputs && failures.size() < MOST_FAILURES; i++) {
            byte[] input = input(i);
            watch.begins(i, input);
            Run run = examine(input);
            watch.ends();
            if (run.outcome instanceof Outcome.Content) read++;
            else
                refused++;
            if (run.failure == null || failures.containsKey(run.failure.kind)) continue;
            keep(run.failure, i, input);
            shrink(run.failure.kind, i, input, watch);
        }
    }

    private byte[] input(int i) {
        SplittableRandom random = new SplittableRandom(
                SEED * 1_000_003 + 31L * name.hashCode() ^ i * 0x9E3779B97F4A7C15L);
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        int times = 1;
        while (times < 8 && random.nextInt(5) < 2) times++;
        for (int t = 0; t < times; t++)
            input = mutations.get(random.nextInt(mutations.size())).apply(input, random, seeds);
        return input;
    }

    /** Reads an input and judges what comes of it. */
    private Run examine(byte[] input) {
        Run run = outcome(input);
        if (run.failure != null) return run;
        Outcome expected = independent.apply(input);
        if (!(expected instanceof Outcome.Open)) decided++;
        if (!run.outcome.meets(expected))
            return fails(run, "wrong content", "expected " + expected + " but got " + run.outcome + reason(run, input));
        for (Change c : changes) {
            byte[] changed = c.change.apply(input);
            if (changed == null) continue;
            Run other = outcome(changed);
            if (other.failure != null)
                return fails(run, other.failure.kind, "after: " + c.what + ": " + other.failure.detail);
            Outcome moved = run.outcome instanceof Outcome.Refusal r && r.line() > 0
                    ? Outcome.refusal(r.line() + c.lines)
                    : run.outcome;
            if (!other.outcome.meets(moved))
                return fails(run, "not the same after: " + c.what,
                        run.outcome + " became " + other.outcome + reason(other, changed) + reason(run, input));
        }
        return run;
    }

    private Run fails(Run run, String kind, String detail) { return new Run(run.outcome, new Failure(kind, detail)); }

    private String reason(Run run, byte[] input) {
        return run.outcome instanceof Outcome.Refusal ? " (" + refusal(input) + ")" : "";
    }

    private String refusal(byte[] input) {
        try {
            reader.read(written(input));
            return "";
        } catch (Exception e) {
            return e.toString();
        }
    }

    /** Over the input before and then cut to length: file systems take their time over files that are emptied first. */
    private Path written(byte[] input) {
        Path file = folder.resolve(fileName);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (ByteBuffer left = ByteBuffer.wrap(input); left.hasRemaining();) channel.write(left);
            channel.truncate(input.length);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Run outcome(byte[] input) {
        Path file = written(input);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Outcome outcome;
        Failure failure = null;
        try {
            outcome = Outcome.content(reader.read(file));
            // OutOfMemoryError and StackOverflowError too
        } catch (Throwable e) {
            outcome = Outcome.refusal(line(e));
            failure = named.contains(e.getClass())
                    ? message(e)
                    : new Failure("unnamed " + e.getClass().getName() + place(e), described(e));
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (failure == null && taken > memory + 500L * input.length)
            failure = new Failure("memory",
                    String.format(Locale.ROOT, "%,d bytes were allocated for an input of %,d", taken, input.length));
        return new Run(outcome, failure);
    }

    /** The line that an exception names, if it does. */
    private static int line(Throwable e) {
        try {
            return e instanceof Exception ? (int) e.getClass().getMethod("line").invoke(e) : 0;
        } catch (ReflectiveOperationException none) {
            return 0;
        }
    }

    private static String place(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace())
            if (frame.getClassName().startsWith("unroll.") && !frame.getClassName().startsWith("unroll.fuzz."))
                return " at " + frame.getClassName() + ":" + frame.getLineNumber();
        return "";
    }

    private static String described(Throwable e) {
        StringBuilder text = new StringBuilder(Outcome.shortened(String.valueOf(e)));
        StackTraceElement[] stack = e.getStackTrace();
        for (int i = 0; i < Math.min(8, stack.length); i++) text.append("\n    ").append(stack[i]);
        return text.toString();
    }

    private Failure message(Throwable e) {
        String message = e.getMessage();
        String kind = e.getClass().getSimpleName() + place(e);
        if (message == null || message.isBlank()) return new Failure("empty message of " + kind, described(e));
        if (message.length() > LONGEST_MESSAGE)
            return new Failure("long message of " + kind,
                    message.length() + " characters: " + Outcome.shortened(message));
        if (message.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n'))
            return new Failure("control character in the message of " + kind, Outcome.shortened(message).codePoints()
                    .mapToObj(c -> Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString(c))
                    .reduce("", String::concat));
        if (namesFile && !message.contains(fileName))
            return new Failure("message without the file of " + kind, Outcome.shortened(message));
        return null;
    }

    private void keep(Failure failure, int index, byte[] input) {
        Path file = file(failure.kind, index, "");
        synchronized (failures) {
            failures.put(failure.kind,
                    new Failure(failure.kind, "input " + index + ", " + input.length + " bytes, kept as " + file + ": "
                            + failure.detail));
        }
        write(file, input);
    }

    private Path file(String kind, int index, String suffix) {
        return Path.of("target", "fuzz", name,
                kind.replaceAll("[^A-Za-z0-9]+", "-") + "-" + index + suffix + "-" + fileName);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves out what is not needed for the failure: halves, quarters, … single bytes. */
    private void shrink(String kind, int index, byte[] input, Watch watch) {
        byte[] smallest = input;
        int steps = 0;
        for (int block = Math.max(1, smallest.length / 2); steps < SHRINKING_STEPS; block /= 2) {
            for (int at = 0; at < smallest.length && steps < SHRINKING_STEPS;) {
                byte[] less = Bytes.without(smallest, at, Math.min(block, smallest.length - at));
                watch.begins(index, less);
                Failure failure = examine(less).failure;
                watch.ends();
                steps++;
                if (failure != null && failure.kind.equals(kind)) smallest = less;
                else
                    at += block;
            }
            if (block == 1) break;
        }
        if (smallest.length == input.length) return;
        write(file(kind, index, "-short"), smallest);
        String shown = HexFormat.of().formatHex(smallest, 0, Math.min(100, smallest.length));
        failures.compute(kind, (k, f) -> new Failure(k, f.detail + "\n    short: " + shown));
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path p : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(p);
        }
    }
}
