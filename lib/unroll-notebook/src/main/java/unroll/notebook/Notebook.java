package unroll.notebook;

import java.util.function.Function;
import java.util.stream.Stream;

import unroll.notebook.Rendering.Renderer;
import unroll.tensor.Message;

/**
 * The notebook as the library sees it: shows values, keeps live places, checks claims.
 *
 * <pre>{@code
 * import static unroll.notebook.Notebook.*;
 * Notebook.start();                                   // charts, tables, tensors and runs now show themselves
 * show(Charts.lines("Loss", "step", "nats").add("LSTM", losses));
 * check("the loss fell", losses[losses.length - 1] < losses[0]);
 * }</pre>
 *
 * Works on the JJava and IJava kernels, and in plain Java, where it prints text.
 */
public final class Notebook {
    /** Which kernel runs this program does not change while it runs. */
    private static final class Here {
        static final UnknownKernelException PROBLEM;
        static final Front FRONT;

        static {
            Front front = new Front.Console();
            UnknownKernelException problem = null;
            try {
                front = KernelFront.running().map(KernelFront::of).orElse(front);
            } catch (UnknownKernelException e) {
                problem = e;
            }
            FRONT = front;
            PROBLEM = problem;
        }
    }

    private Notebook() {
    }

    /**
     * Lets charts, tables, coloured text and training runs show themselves. Prints nothing; may be called again.
     *
     * @throws IllegalArgumentException if UNROLL_SCALE, by which notebooks choose their size, is misspelt
     * @throws UnknownKernelException in a kernel that is neither JJava nor IJava of a known version
     */
    public static void start() {
        setIfAbsent("java.awt.headless", "true");                          // charts need no screen
        // else native memory is refused as soon as the heap has grown
        setIfAbsent("org.bytedeco.javacpp.maxphysicalbytes", "0");
        checkScale(System.getenv("UNROLL_SCALE"));
        if (Here.PROBLEM != null) throw Here.PROBLEM;
    }

    /** Notebooks ask whether it is "full"; a misspelt one would be the default size without a word. */
    static void checkScale(String scale) {
        if (scale != null && !scale.isEmpty() && !scale.equals("full"))
            throw new IllegalArgumentException(Message.of("Setting UNROLL_SCALE: expected full, or nothing for the "
                    + "default size, but got \"" + scale + "\""));
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }

    /** Shows a value now, in the middle of a cell. */
    public static void show(Object value) { Here.FRONT.show(value); }

    /**
     * Says a sentence whose numbers were computed, as a paragraph: places as in {@link String#format}; {@code %s} shows
     * a number as tables do.
     *
     * <pre>{@code
     * say("The LSTM needs %.3f nats, the best count %.3f, after %s steps.", lstm, count, steps);
     * }</pre>
     */
    public static void say(String format, Object... values) { show(Sentence.of(format, values)); }

    /**
     * Shows the Javadoc of a type of the library: what it computes, and its public members.
     *
     * <pre>{@code
     * help(Lstm.class);
     * }</pre>
     */
    public static void help(Class<?> type) { show(Help.of(type)); }

    /** A place below the running cell whose content can be replaced; it appears with the first update. */
    public static Live live() {
        return Here.FRONT.live();
    }

    /** From now on values of this type (and its subtypes) show themselves as the HTML that the function gives. */
    public static <T> void render(Class<T> type, Function<? super T, String> html) {
        Here.FRONT.register(
                new Renderer<>(type, Rendering.HTML, value -> Rendering.html(value.toString(), html.apply(value))));
    }

    /** States a claim and checks it: prints {@code ✓ claim} if it holds, else throws {@link ClaimFailedException}. */
    public static void check(String claim, boolean holds) {
        if (!holds) throw new ClaimFailedException(claim);
        Here.FRONT.print("✓ " + claim);
    }

    /** The same with the value that was measured in the line or the message. */
    public static void check(String claim, boolean holds, double measured) {
        check(claim + " (measured: " + Numbers.text(measured) + ")", holds);
    }

    /**
     * States that what a reader's code gives is what it should give, and checks it: the same text, the same list, or
     * numbers that differ by at most a hundred-thousandth of the largest. Tensors, arrays and lists need the same
     * shape.
     *
     * @throws ClaimFailedException with the claim's words and what is wrong: null, NaN, another shape, another value
     */
    public static void checkEqual(String claim, Object given, Object right) {
        String fault = Exercise.fault(given, right);
        check(fault == null ? claim : claim + ": " + fault, fault == null);
    }

    /**
     * The checks of an exercise. Where readers run the notebook, what is not done yet, wrong or fails is said in a
     * line, and the notebook goes on. Where it is graded, by nbgrader or with {@code UNROLL_GRADING} set, it is thrown:
     * an exercise that is not done does not pass.
     *
     * <pre>{@code
     * exercise("Exercise 1", () -> checkEqual("mySum adds", mySum(2, 3), 5));
     * }</pre>
     */
    public static void exercise(String name, Runnable checks) {
        boolean graded = Stream.of("NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "UNROLL_GRADING").map(System::getenv)
                .anyMatch(v -> v != null && !v.isEmpty());
        exercise(name, checks, graded);
    }

    static void exercise(String name, Runnable checks, boolean graded) {
        try {
            checks.run();
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            if (graded) throw e;
            Here.FRONT.print("○ " + name + " is not done: " + Exercise.said(e));
        }
    }
}
