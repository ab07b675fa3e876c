package unroll;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import unroll.nn.Lengths;
import unroll.picture.AdaptiveAvgPool2d;
import unroll.nn.AttentionPooling;
import unroll.picture.Conv2d;
import unroll.picture.ConvStack;
import unroll.nn.Embedding;
import unroll.nn.IdentityLayer;
import unroll.nn.Initializer;
import unroll.nn.LayerNorm;
import unroll.nn.Linear;
import unroll.picture.MaxPool2d;
import unroll.nn.ResidualBlock;
import unroll.nn.ResidualStack;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Bidirectional;
import unroll.recurrent.EveryCell;
import unroll.recurrent.Gru;
import unroll.recurrent.GruConvention;
import unroll.recurrent.IndRnnCell;
import unroll.recurrent.Lstm;
import unroll.recurrent.MinGru;
import unroll.recurrent.MinLstm;
import unroll.recurrent.Nonlinearity;
import unroll.recurrent.Rnn;
import unroll.recurrent.Unrolled;
import unroll.sequence.Attention;
import unroll.sequence.Crf;
import unroll.sequence.SelfAttention;
import unroll.statespace.H3;
import unroll.statespace.Lru;
import unroll.statespace.S4d;
import unroll.statespace.SelectiveSsm;
import unroll.statespace.ShiftSsm;
import unroll.tensor.IntTensor;
import unroll.tensor.Matrix;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * Walks all operations with shapes just above what an array holds, made from small inputs. For a process of its own
 * with a small heap: what goes wrong here ends the process. Writes one line for each case, {@code ok} or {@code FAIL},
 * and {@code end} after the last.
 */
final class HugeShapes {
    /** Products just above the limit, 2^32 exactly (0 as int), just above it (a small positive int), and further on. */
    private static final int[][] PAIRS = {{46_341, 46_341}, {65_536, 65_536}, {65_537, 65_536}, {70_000, 70_000},
            {3, 1_431_655_765}};

    /**
     * Methods of a tensor whose result has no more elements than what they read, so that no product of lengths is new;
     * and those that compute nothing.
     */
    private static final Set<String> NOT_LARGER = Set.of("abs", "exp", "log", "logSoftmax", "neg", "relu",
            "sigmoid", "sin", "softmax",
            "softplus", "sqrt",
            "square", "tanh", "pow", "rsub", "sum", "mean", "max", "argmax", "norm", "permute", "transpose", "slice",
            "columns", "at", "unbind",
            "tracked", "detach", "scalar", "data", "shape", "rank", "size", "item", "get", "isFinite", "nd4j",
            "operation", "named", "name", "inputs", "lookup",
            "requiresGradient", "backward", "gradient", "gradientData", "zeroGradient", "keepGradient", "accumulate",
            "take", "gradientRoom",
            "toString");

    /** Layers for which the same holds. */
    static final Set<String> LAYERS_NOT_LARGER = Set.of("BatchNorm2d", "Dropout", "Stacked",
            "InputShortcut");

    private final Set<String> seen = new TreeSet<>();

    public static void main(String[] args) {
        HugeShapes walk = new HugeShapes();
        walk.tensors();
        walk.layers();
        walk.methodsLeftOut();
        System.out.println("end");
    }

    private static Tensor zeros(int... shape) { return Tensor.zeros(shape); }

    private static Rng rng() { return Rng.seed(1); }

    private void tensors() {
        for (int[] pair : PAIRS) {
            int m = pair[0], n = pair[1];
            for (var make : List.<Supplier<Tensor>>of(() -> Tensor.zeros(m, n), () -> Tensor.ones(m, n),
                    () -> Tensor.full(2, m, n),
                    () -> Tensor.of(new float[0], m, n), () -> Tensor.of(new double[0], m, n),
                    () -> Tensor.zeros(m, n, 0),
                    () -> Tensor.zeros(0, m, n)))
                refused("zeros ones full of", make, "[");
            refused("uniform", () -> rng().uniform(0, 1, m, n), "[");
            refused("normal", () -> rng().normal(m, n), "[");
            refused("bernoulli", () -> rng().bernoulli(.5, m, n), "[");
            refused("intTensor", () -> IntTensor.of(new int[0], m, n), "[");
            refused("reshape", () -> zeros(4).reshape(m, n), "[4]");
            refused("reshape", () -> zeros(4).reshape(m, n, -1), "[4]");
            refused("reshape", () -> zeros(0).reshape(m, n, 0), "[");
            // more than the inputs would fit the small heap
            if (n > 100_000) continue;
            refused("matmul", () -> zeros(m, 1).matmul(zeros(1, n)),
                    "matmul: [" + m + ", 1] and [1, " + n + "] would give [" + m + ", " + n + "]");
            refused("matmul", () -> zeros(m, 3).matmul(new Parameter("w", zeros(3, n))),
                    "[" + m + ", 3] and [3, " + n + "]");
            refused("matmul", () -> zeros(m, 0).matmul(zeros(0, n)), "matmul");
            refused("matmul", () -> zeros(3, m, 1).matmul(zeros(1, 1, n)), "[3, " + m + ", 1] and [1, 1, " + n + "]");
            refused("matmul", () -> zeros(m, 1, 1, 1).matmul(zeros(1, n, 1, 1)), "matmul");
            refused("matmul", () -> zeros(m, 1, 2).matmul(zeros(1, 2, n)), "matmul");
            refused("matmul", () -> zeros(2).matmul(zeros(m, 2, 1).matmul(zeros(1, 1, n))), "matmul");
            refused("linear", () -> zeros(m, 2).linear(zeros(2, n), zeros(n)),
                    "linear: [" + m + ", 2] and [2, " + n + "]");
            refused("add", () -> zeros(m, 1).add(zeros(1, n)), "add: [" + m + ", 1] and [1, " + n + "]");
            refused("add", () -> zeros(m, 1).add(zeros(n)), "add");
            refused("sub", () -> zeros(m, 1).sub(zeros(n)), "sub");
            refused("mul", () -> zeros(m, 1).mul(zeros(1, n)), "mul");
            refused("div", () -> zeros(m, 1).div(zeros(1, n)), "div");
            refused("expand", () -> zeros(m, 1).expand(m, n),
                    "expand: [" + m + ", 1] would give [" + m + ", " + n + "]");
            refused("expand", () -> zeros(1).expand(m, n), "expand");
            refused("rows", () -> zeros(2, n).rows(IntTensor.of(new int[m], m)),
                    "rows: [2, " + n + "] would give [" + m + ", " + n + "]");
            refused("columns", () -> zeros(n, 2).columns(IntTensor.of(new int[m], m)),
                    "columns: [" + n + ", 2] would give [" + m + ", " + n + "]");
            refused("concat", () -> Tensor.concat(0, Collections.nCopies(m, zeros(n))), "concat");
            refused("concat", () -> Tensor.concat(-1, Collections.nCopies(m, zeros(2, n / 2 + 1, 1))), "concat");
            refused("stack", () -> Tensor.stack(Collections.nCopies(m, zeros(n))), "stack");
            refused("of", () -> Tensor.of(Collections.nCopies(m, new double[n]).toArray(double[][]::new)),
                    "[" + m + ", " + n + "]");
            refused("of", () -> Tensor.of(view(m, n)), "[" + m + ", " + n + "]");
            refused("matrix", () -> Matrix.room(m, n), "[" + m + ", ");
            refused("matrix", () -> Matrix.room((long) m * n, 1), "Matrix");
            for (var init : List.of(Initializer.zeros(), Initializer.identity(), Initializer.orthogonal(),
                    Initializer.glorot(), Initializer.he()))
                refused("initializer", () -> init.values(m, n, rng()), "[" + m + ", " + n + "]");
        }
        refused("matrix", () -> Matrix.room(2, Integer.MAX_VALUE - 127), "Matrix");
        refused("native rows", () -> beyondItsRows(), "do not multiply");
        right("the largest matmul of a small heap",
                () -> zeros(1 << 14, 1).add(1).matmul(zeros(1, 1 << 14).add(1)).sum().item() == 1 << 28);
        right("uses of a weight whose gathered factors are longer than an array", () -> gathered());
        outOfMemory("matmul", () -> zeros(46_340, 1).matmul(zeros(1, 46_340)),
                "[46340, 1] and [1, 46340] would give [46340, 46340] takes 8,589 MB");
    }

    private static Matrix beyondItsRows() {
        Matrix a = Matrix.room(4, 4);
        a.multiply(2, 3, a, 0, a, false);
        return a;
    }

    private static INDArray view(int m, int n) {
        return Nd4j.create(Nd4j.create(1).data(), new long[] {m, n}, new long[] {0, 0}, 0);
    }

    /**
     * Each use takes one row of the weight's gradient's factors; the input of all is one array, so that little memory
     * is enough.
     */
    private static boolean gathered() {
        Parameter w = new Parameter("w", zeros(1 << 20, 2));
        Tensor x = Tensor.ones(100, 1 << 20), sum = Tensor.scalar(0);
        for (int i = 0; i < 24; i++) sum = sum.add(x.matmul(w).sum());     // 24 · 100 · 2^20 numbers are more than 2^31
        sum.backward();
        return w.gradient().get(7, 1) == 2400;
    }

    private void layers() {
        for (int[] pair : PAIRS) {
            int m = pair[0], n = pair[1];
            if (n > 100_000) continue;
            refused("Linear", () -> new Linear(1, n, rng()).apply(zeros(m, 1)), "[" + m + ", 1] and [1, " + n + "]");
            refused("Linear", () -> new Linear(m, n, rng()), "[" + m + ", " + n + "]");
            refused("Linear", () -> new Linear(1, n, rng()).crossEntropy(zeros(m, 1), IntTensor.of(new int[m], m)),
                    "[" + m + ", 1]");
            refused("Embedding", () -> new Embedding(2, n, rng()).apply(IntTensor.of(new int[m], m)),
                    "[" + m + ", " + n + "]");
            refused("Embedding", () -> new Embedding(m, n, rng()), "[" + m + ", " + n + "]");
            refused("LayerNorm", () -> new LayerNorm(1).apply(zeros(m, 1)).add(zeros(n)), "add");
            refused("AttentionPooling", () -> new AttentionPooling(1, n, rng()).apply(zeros(m, 1, 1), Lengths.of(m)),
                    "[" + m + ", 1, 1]");
            refused("Conv2d", () -> new Conv2d(1, n, 1, rng()).apply(zeros(m, 1, 1, 1)),
                    "[" + m + ", 1, 1, 1] would give [" + m + ", " + n + ", 1, 1]");
            refused("ConvStack", () -> new ConvStack(new Conv2d(1, n, 1, rng())).apply(zeros(m, 1, 1, 1)),
                    "[" + m + ", 1, 1, 1] would give [" + m + ", " + n + ", 1, 1]");
            refused("ConvStack", () -> new ConvStack(new MaxPool2d(1), new Conv2d(1, 1, 1, 1, m / 2, rng()),
                    new MaxPool2d(m / 2)).apply(zeros(1, 1, 1, 1)), "Conv");
            refused("Conv2d", () -> new Conv2d(1, 1, 1, 1, m / 2, rng()).apply(zeros(1, 1, 1, 1)), "Conv2d");
            refused("Conv2d", () -> new Conv2d(m, n, 1, rng()), "[");
            refused("AdaptiveAvgPool2d", () -> new AdaptiveAvgPool2d(m, n).apply(zeros(1, 1, 1, 1)),
                    "[1, 1, 1, 1] would give [1, 1, " + m + ", " + n + "]");
            refused("MinGru", () -> MinGru.of(1, n).build(rng()).apply(zeros(m, 1, 1)), "[" + m + ", 1, 1]");
            refused("MinLstm", () -> MinLstm.of(1, n).build(rng()).apply(zeros(1, m, 1)), "[" + m + ", " + n + "]");
            refused("Lru", () -> Lru.of(1, n).build(rng()).apply(zeros(m, 1, 1)), "[" + m + ", 1, 1]");
            refused("Lru", () -> Lru.of(m, n).build(rng()), "[" + m + ", " + n + "]");
            refused("SelectiveSsm", () -> SelectiveSsm.of(1, n).build(rng()).apply(zeros(m, 1, 1)),
                    "[" + m + ", 1, 1]");
            refused("SelectiveSsm", () -> SelectiveSsm.of(m, n).rank(1).build(rng()), "[" + m + ", ");
            refused("ShiftSsm", () -> ShiftSsm.of(1, n).build(rng()).apply(zeros(1, m, 1)),
                    "[" + m + ", 1, " + n + "]");
            refused("S4d", () -> S4d.of(1, n * 2).build(rng()).apply(zeros(1, m, 1)), "[" + m + ", 1, " + n + "]");
            refused("S4d", () -> S4d.of(n, 2).build(rng()).kernel(m), "[" + m + ", " + n + "]");
            refused("SelfAttention", () -> SelfAttention.of(1).build(rng()).apply(zeros(m, 1, 1)),
                    "SelfAttention(size=1): [" + m + ", 1, 1]");
            refused("SelfAttention", () -> SelfAttention.of(m).build(rng()), "[" + m + ", " + m + "]");
            refused("IdentityLayer", () -> IdentityLayer.of(m).build(rng()).initialState(n), "[" + n + ", " + m + "]");
            refused("ResidualBlock", () -> ResidualBlock.of(IdentityLayer.of(m)).build(rng()),
                    "[" + m + ", " + 2 * m + "]");
            refused("ResidualStack", () -> ResidualStack.of(m, 1, IdentityLayer.of(n)).build(rng()), "[");
            refused("Unrolled",
                    () -> new Unrolled<>(new IndRnnCell(1, n, Nonlinearity.TANH, rng())).apply(zeros(1, m, 1)),
                    "[" + m + ", ");
            refused("Crf", () -> new Crf(m), "[" + m + ", " + m + "]");
            for (Attention.Kind kind : Attention.Kind.values()) {
                refused(kind == Attention.Kind.ADDITIVE ? "AdditiveAttention" : "MultiplicativeAttention", () -> {
                    Attention a = kind.build(1, 1, rng());
                    return a.attend(zeros(m, 1, 1), a.keys(zeros(n, 1, 1), Lengths.of(n))).weights();
                }, "[" + m + ", 1, 1] and [" + n + ", 1, 1]");
            }
        }
        // Four gates of 256 units: a few numbers more than 2^32, while the states alone would fit an array.
        for (int[] steps : new int[][] {{(1 << 22) + 1, 1}, {65_537, 64}, {2049, 2048}})
            for (var spec : List.<SequenceLayer.Spec>of(Lstm.of(1, 256), Gru.of(1, 512),
                    Gru.of(1, 512).convention(GruConvention.values()[0]),
                    Rnn.of(1, 1024), Lstm.of(1, 256).bidirectional(), Lstm.of(1, 256).layers(2)))
                refused(spec.toString().split("\\(")[0], () -> spec.build(rng()).apply(zeros(steps[0], steps[1], 1)),
                        "[" + steps[0] + ", " + steps[1] + ", 1]");
        refused("Bidirectional",
                () -> new Bidirectional(MinGru.of(1, 65_536).build(rng()), MinGru.of(1, 65_536).build(rng()),
                        Bidirectional.Combination.values()[0]).apply(zeros(65_536, 1, 1)),
                "[65536, 1, 1]");
        refused("H3", () -> H3.of(1024, 2).heads(1).build(rng()).apply(zeros(2049, 1, 1024)),
                "[2049, 1, 1, 1024, 1024]");
        refused("MaxPool2d",
                () -> new MaxPool2d(Integer.MAX_VALUE, 1, Integer.MAX_VALUE / 2).apply(zeros(1, 1, 1 << 20, 1)),
                "MaxPool2d");
        right("MaxPool2d", () -> new MaxPool2d(2, Integer.MAX_VALUE, 1).apply(Tensor.ones(1, 1, 2, 2)).item() == 1);
        for (EveryCell every : EveryCell.all().toList())
            refused("cell", () -> every.cell(65_536, 65_536, rng()), "[65536, ");
    }

    private void methodsLeftOut() {
        String missing = Arrays.stream(Tensor.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic()).map(Method::getName)
                .filter(name -> !NOT_LARGER.contains(name) && !seen.contains(name)).distinct().sorted()
                .collect(joining(", "));
        report(missing.isEmpty(), "methods of Tensor",
                missing.isEmpty() ? "" : "not tried with huge shapes: " + missing);
    }

    private void refused(String name, Supplier<?> work, String words) {
        seen.addAll(Arrays.asList(name.split(" ")));
        try {
            work.get();
            report(false, name, "gave a result");
        } catch (ShapeException e) {
            report(e.getMessage().contains(words), name, e.getMessage());
        } catch (Throwable e) {
            report(false, name,
                    e + " at " + Stream.of(e.getStackTrace()).limit(4).map(Object::toString).collect(joining(" < ")));
        }
    }

    private void right(String name, BooleanSupplier holds) {
        try {
            report(holds.getAsBoolean(), name, "");
        } catch (Throwable e) {
            report(false, name, e.toString());
        }
    }

    private void outOfMemory(String name, Supplier<?> work, String words) {
        try {
            work.get();
            report(false, name, "gave a result");
        } catch (OutOfMemoryError e) {
            report(e.getMessage().contains(words), name, e.getMessage());
        }
    }

    private void report(boolean ok, String name, String detail) {
        System.out.println((ok ? "ok " : "FAIL ") + name + ": " + detail);
    }
}
