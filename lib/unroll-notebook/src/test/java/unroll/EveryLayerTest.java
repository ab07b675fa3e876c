package unroll;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.nn.Lengths;
import unroll.picture.AdaptiveAvgPool2d;
import unroll.nn.AttentionPooling;
import unroll.picture.BatchNorm2d;
import unroll.picture.Conv2d;
import unroll.picture.ConvStack;
import unroll.nn.Dropout;
import unroll.nn.IdentityLayer;
import unroll.nn.LayerNorm;
import unroll.nn.Linear;
import unroll.picture.MaxPool2d;
import unroll.nn.Module;
import unroll.nn.ResidualBlock;
import unroll.nn.ResidualStack;
import unroll.nn.SequenceLayer;
import unroll.recurrent.EveryCell;
import unroll.recurrent.Gru;
import unroll.recurrent.GruConvention;
import unroll.recurrent.InputShortcut;
import unroll.recurrent.Lstm;
import unroll.recurrent.MinGru;
import unroll.recurrent.MinLstm;
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
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/**
 * What stands in one row of a batch is nothing to the others, and what comes later nothing to what was before: for
 * every layer of the library.
 */
final class EveryLayerTest {
    /**
     * How a layer sees a sequence: not at all in order, or so that the future cannot be seen: to the last bit, or as
     * exactly as a transform is.
     */
    private enum Order {
        NONE, CAUSAL, CAUSAL_BUT_NAN, TRANSFORM
    }

    /** @param batch the axis of the batch in its input and output */
    private record Layer(String name, Module module, int[] shape, int batch, Order order,
            Function<Tensor, Tensor> work) {
        @Override public String toString() { return name; }
    }

    private static final int T = 13, B = 6, I = 5;
    private static final Rng RNG = Rng.seed(11);
    private static final int[] LENGTHS = {13, 1, 7, 13, 12, 2};

    private static Layer sequence(SequenceLayer layer, Order order) {
        layer.eval();
        return new Layer(layer.toString(), layer, new int[] {T, B, I}, 1, order, x -> layer.apply(x).states());
    }

    private static Layer padded(SequenceLayer layer) {
        layer.eval();
        return new Layer("padded " + layer, layer, new int[] {T, B, I}, 1, Order.NONE,
                x -> x.size(1) == 1 ? null : layer.apply(x, Lengths.of(LENGTHS)).states());
    }

    private static Layer pictures(Module module, UnaryOperator<Tensor> work) {
        module.eval();
        return new Layer(module.toString(), module, new int[] {B, 3, 7, 6}, 0, Order.NONE, work::apply);
    }

    static Stream<Layer> layers() {
        List<SequenceLayer> causal = new ArrayList<>(
                Stream.<SequenceLayer.Spec>of(Lstm.of(I, 7), Lstm.of(I, 40).layers(2).layerNorm(), Rnn.of(I, 7),
                        Gru.of(I, 7), Gru.of(I, I).layers(2).residual(), MinGru.of(I, 7), MinLstm.of(I, 7),
                        Lru.of(I, 8), SelectiveSsm.of(I, 4),
                        IdentityLayer.of(I),
                        ResidualBlock.of(Lstm.of(I, I)), ResidualStack.of(I, 2, MinGru.of(I, I)))
                        .map(s -> s.build(RNG.split())).toList());
        for (GruConvention c : GruConvention.values()) causal.add(Gru.of(I, 7).convention(c).build(RNG.split()));
        EveryCell.all().forEach(e -> causal.add(new Unrolled<>(e.cell(I, 6, RNG.split()))));
        causal.add(new InputShortcut(Lstm.of(I, 7).build(RNG.split())));
        List<SequenceLayer> transforms = Stream.<SequenceLayer.Spec>of(S4d.of(I, 8), S4d.of(I, 8).chunk(5),
                ShiftSsm.of(I, 4), H3.of(I, 8).heads(1))
                .map(s -> s.build(RNG.split())).toList();
        SequenceLayer both = Lstm.of(I, 7).bidirectional().build(RNG.split()),
                self = SelfAttention.of(I).build(RNG.split());
        List<Layer> all = new ArrayList<>();
        for (SequenceLayer layer : causal) all.add(sequence(layer, Order.CAUSAL));
        for (SequenceLayer layer : transforms) all.add(sequence(layer, Order.TRANSFORM));
        all.add(sequence(self, Order.CAUSAL_BUT_NAN));
        all.add(sequence(both, Order.NONE));
        for (SequenceLayer layer : Stream.of(causal.stream(), transforms.stream(), Stream.of(both)).flatMap(s -> s)
                .toList())
            all.add(padded(layer));
        Linear linear = new Linear(I, 4, RNG.split());
        all.add(new Layer("Linear", linear, new int[] {B, I}, 0, Order.NONE, linear::apply));
        LayerNorm norm = new LayerNorm(I);
        all.add(new Layer("LayerNorm", norm, new int[] {B, I}, 0, Order.NONE, norm::apply));
        Dropout dropout = new Dropout(.5, RNG.split());
        dropout.eval();
        all.add(new Layer("Dropout", dropout, new int[] {B, I}, 0, Order.NONE, dropout::apply));
        Conv2d conv = new Conv2d(3, 4, 3, 1, 1, RNG.split());
        all.add(pictures(conv, conv::apply));
        ConvStack stack = new ConvStack(new Conv2d(3, 4, 3, 1, 1, RNG.split()), new MaxPool2d(2),
                new Conv2d(4, 5, 3, 1, 1, RNG.split()));
        all.add(pictures(stack, stack::apply));
        BatchNorm2d batchNorm = new BatchNorm2d(3);
        all.add(pictures(batchNorm, batchNorm::apply));
        all.add(pictures(new MaxPool2d(2), new MaxPool2d(2)::apply));
        all.add(pictures(new MaxPool2d(3, 2, 1), new MaxPool2d(3, 2, 1)::apply));
        all.add(pictures(new AdaptiveAvgPool2d(2, 3), new AdaptiveAvgPool2d(2, 3)::apply));
        AttentionPooling pooling = new AttentionPooling(I, 4, RNG.split());
        all.add(new Layer("AttentionPooling", pooling, new int[] {T, B, I}, 1, Order.NONE,
                x -> pooling.apply(x, Lengths.of(full(x))).reshape(1, x.size(1), I)));
        for (Attention.Kind kind : Attention.Kind.values()) {
            Attention attention = kind.build(I, I, RNG.split());
            all.add(new Layer(attention.toString(), attention, new int[] {T, B, I}, 1, Order.NONE,
                    x -> attention.attend(x, attention.keys(x, Lengths.of(full(x)))).context()));
        }
        return all.stream();
    }

    private static int[] full(Tensor x) {
        int[] lengths = new int[x.size(1)];
        Arrays.fill(lengths, x.size(0));
        return lengths;
    }

    /** x with other numbers in one row of the batch, or at one step. */
    private static Tensor with(Tensor x, int axis, int at, float factor) {
        float[] v = x.data().clone();
        int inner = 1;
        for (int a = axis + 1; a < x.rank(); a++) inner *= x.size(a);
        for (int i = 0; i < v.length; i++) if (i / inner % x.size(axis) == at) v[i] = (v[i] + .5f) * factor;
        return Tensor.of(v, x.shape());
    }

    /** The output and the gradient of the input. */
    private static List<Tensor> run(Layer layer, Tensor values) {
        Tensor x = values.tracked(), y = layer.work.apply(x);
        y.backward(Rng.seed(5).normal(y.shape()));
        return List.of(y.detach(), x.gradient());
    }

    private static Tensor rows(Tensor y, int axis, int from, int to) { return y.slice(axis, from, to); }

    @ParameterizedTest
    @MethodSource("layers") void aRowAloneGivesWhatItGivesInABatch(Layer layer) {
        Tensor x = Rng.seed(7).normal(layer.shape), all = layer.work.apply(x);
        for (int b = 0; b < B; b++) {
            Tensor alone = layer.work.apply(rows(x, layer.batch, b, b + 1));
            if (alone == null) return;
            Close.assertClose("row " + b, rows(all, layer.batch, b, b + 1), alone, 2e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("layers") void noRowChangesAnother(Layer layer) {
        Tensor x = Rng.seed(7).normal(layer.shape);
        List<Tensor> clean = run(layer, x);
        for (float factor : new float[] {1e6f, 1e30f, Float.POSITIVE_INFINITY, Float.NaN})
            for (int row : new int[] {0, 3}) {
                List<Tensor> dirty = run(layer, with(x, layer.batch, row, factor));
                for (int i = 0; i < 2; i++)
                    for (int b = 0; b < B; b++)
                        if (b != row)
                            assertSame(rows(clean.get(i), layer.batch, b, b + 1),
                                    rows(dirty.get(i), layer.batch, b, b + 1),
                                    (i == 0 ? "output" : "gradient") + " of row " + b + " with row " + row + " times "
                                            + factor);
            }
    }

    private static void assertSame(Tensor a, Tensor b, String what) {
        for (int i = 0; i < a.size(); i++) assertEquals(a.data()[i], b.data()[i], what);
    }

    @ParameterizedTest
    @MethodSource("layers") void noStepChangesEarlierOnes(Layer layer) {
        if (layer.order == Order.NONE) return;
        Tensor x = Rng.seed(8).normal(layer.shape), clean = layer.work.apply(x);
        for (float factor : new float[] {-1, 1e6f, 1e15f, Float.NaN}) {
            if (factor != factor && layer.order != Order.CAUSAL || factor > 1e6f && layer.order == Order.TRANSFORM)
                continue;
            for (int t = 1; t < T; t += 5) {
                Tensor dirty = layer.work.apply(with(x, 0, t, factor)), before = clean.slice(0, 0, t),
                        after = dirty.slice(0, 0, t);
                if (layer.order == Order.TRANSFORM) {
                    double largest = 0;
                    for (float v : dirty.data()) largest = Math.max(largest, Math.abs(v));
                    assertTrue(before.sub(after).norm() <= 2e-6 * largest,
                            () -> layer + " at " + before.sub(after).norm());
                } else {
                    assertSame(before, after, "before step " + t + " times " + factor);
                }
            }
        }
    }

    /**
     * Its sums over the tags have two ways, by the largest score of the whole batch, which differ in their rounding.
     */
    @Test void noSequenceOfAConditionalFieldChangesAnother() {
        Crf crf = new Crf(4);
        crf.transitions().set(Rng.seed(1).normal(4, 4));
        Tensor x = Rng.seed(2).normal(T, B, 4), dirty = with(x, 1, 0, 1e6f);
        Tensor clean = crf.marginals(x, Lengths.of(LENGTHS)).slice(1, 1, B);
        Close.assertClose("marginals", clean, crf.marginals(dirty, Lengths.of(LENGTHS)).slice(1, 1, B), 1e-6);
        Close.assertClose("partition", crf.logPartition(x, Lengths.of(LENGTHS)).slice(0, 1, B),
                crf.logPartition(dirty, Lengths.of(LENGTHS)).slice(0, 1, B), 1e-6);
    }

    /** An Embedding reads no numbers; a Crf has a test of its own. */
    @Test void noLayerIsForgotten() {
        String tried = "Embedding Crf "
                + layers().map(layer -> layer.module.getClass().getSimpleName() + " " + layer).collect(joining(" "));
        List<String> missing = Library.CLASSES.stream()
                .filter(c -> List
                        .of("unroll.nn", "unroll.recurrent", "unroll.picture", "unroll.sequence", "unroll.statespace")
                        .contains(c.getPackageName()))
                .filter(c -> c.isAssignableTo(Module.class)).map(c -> c.reflect())
                .filter(c -> !Modifier.isAbstract(c.getModifiers()))
                .map(Class::getSimpleName).filter(name -> !tried.matches("(?s).*\\b" + name + "\\b.*")).sorted()
                .toList();
        assertEquals(List.of(), missing);
    }
}
