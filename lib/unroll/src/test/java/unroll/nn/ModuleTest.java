package unroll.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;

/** Names, sharing, modes and memory of modules within modules. */
class ModuleTest {
    private static final class Block extends Module {
        final Linear linear;
        final Dropout dropout;

        Block(Linear linear) {
            this.linear = child("linear", linear);
            dropout = child("dropout", new Dropout(.5, Rng.seed(1)));
        }
    }

    private static final class Net extends Module {
        final Parameter scale = parameter(new Parameter("scale", Tensor.ones(1)));
        final Block first, second;

        Net(Linear one, Linear two) {
            first = child("first", new Block(one));
            second = child("second", new Block(two));
        }
    }

    private static Linear linear() { return new Linear(2, 3, Rng.seed(1)); }

    @Test void parametersAreNamedByPath() {
        Net net = new Net(linear(), linear());
        assertEquals(List.of("scale", "first.linear.w", "first.linear.b", "second.linear.w", "second.linear.b"),
                List.copyOf(net.namedParameters().keySet()));
        assertSame(net.second.linear.w(), net.namedParameters().get("second.linear.w"));
        assertEquals(1 + 2 * (6 + 3), net.parameterCount());
    }

    @Test void sharedParametersCountOnce() {
        Linear shared = linear();
        Net net = new Net(shared, shared);
        assertEquals(List.of("scale", "first.linear.w", "first.linear.b"), List.copyOf(net.namedParameters().keySet()));
        assertEquals(3, net.parameters().size());
        assertEquals(1 + 9, net.parameterCount());
    }

    @Test void oneNameForTwoPartsIsRefused() {
        assertTrue(message(() -> new Module() {
            {
                parameter(new Parameter("w", Tensor.ones(1)));
                parameter(new Parameter("w", Tensor.ones(1)));
            }
        }).contains("two parts named w"));
        assertTrue(message(() -> new Module() {
            {
                child("w", linear());
                parameter(new Parameter("w", Tensor.ones(1)));
            }
        }).contains("two parts named w"));
        assertTrue(message(() -> new Module() {
            {
                child("a", linear());
                child("a", linear());
            }
        }).contains("two parts named a"));
        assertTrue(message(() -> new Module() {
            {
                generator("rng", Rng.seed(1));
                generator("rng", Rng.seed(2));
            }
        }).contains("two generators named rng"));
    }

    /** A dot would let two paths be one: "a" + "b.c" and "a.b" + "c". */
    @Test void namesWithADotAreRefused() {
        assertTrue(message(() -> new Module() {
            {
                child("a.b", linear());
            }
        }).contains("a.b"));
        assertTrue(message(() -> new Module() {
            {
                parameter(new Parameter("b.c", Tensor.ones(1)));
            }
        }).contains("b.c"));
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }

    @Test void modesReachEveryPart() {
        Net net = new Net(linear(), linear());
        assertTrue(net.training() && net.second.dropout.training());
        net.eval();
        assertFalse(net.training() || net.first.dropout.training() || net.second.dropout.training());
        net.train();
        assertTrue(net.first.dropout.training() && net.second.dropout.training());
    }

    /** One thread that evaluates does not end the evaluation of another one, nor the training mode that was before. */
    @Test void evaluationsOfSeveralThreadsOverlap() throws InterruptedException {
        Net net = new Net(linear(), linear());
        CountDownLatch inside = new CountDownLatch(1), go = new CountDownLatch(1);
        Thread other = new Thread(() -> net.quietly(() -> {
            inside.countDown();
            await(go);
            return null;
        }));
        other.start();
        inside.await();
        net.quietly(() -> net.second.quietly(() -> {
            assertFalse(net.training() || net.second.dropout.training());
            return null;
        }));
        assertFalse(net.training() || net.second.dropout.training(), "the other thread still evaluates");
        go.countDown();
        other.join();
        assertTrue(net.training() && net.second.dropout.training());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test void aModeThatIsSetWithinAnEvaluationHoldsAfterIt() {
        Net net = new Net(linear(), linear());
        net.quietly(() -> {
            net.eval();
            return null;
        });
        assertFalse(net.training());
    }

    @Test void aModuleSaysItsNameItsSettingsAndItsParts() {
        Module mine = new Module() {
            private final double slope = 0.2;
            {
                child("linear", linear());
                parameter(new Parameter("w", Tensor.full((float) slope, 1)));
            }
        };
        assertEquals("Module(slope=0.2, linear=Linear(in=2, out=3))", mine.toString());
        assertEquals(Map.of("", "slope=0.2", "linear", "Linear(in=2, out=3)"), mine.structure());
        assertEquals("Block(linear=Linear(in=2, out=3), dropout=Dropout(p=0.5))", new Block(linear()).toString());
    }

    @Test void namesWithControlCharactersAreRefused() {
        String message = message(() -> new Module() {
            {
                parameter(new Parameter("a\u0000b", Tensor.ones(1)));
            }
        });
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }

    @Test void generatorsAreNamedByPath() {
        Net net = new Net(linear(), linear());
        assertEquals(List.of("first.dropout.rng", "second.dropout.rng"), List.copyOf(net.namedGenerators().keySet()));
        Rng rng = net.namedGenerators().get("first.dropout.rng");
        Rng.State before = rng.state();
        net.first.dropout.apply(Tensor.ones(3));
        assertFalse(before.equals(rng.state()));
    }

    @Test void zeroGradientsReachesEveryParameter() {
        Net net = new Net(linear(), linear());
        net.parameters().forEach(p -> p.sum().backward());
        net.zeroGradients();
        net.parameters().forEach(p -> assertNull(p.gradientData(), p.name()));
    }

    @Test void aPartTakesTheModeOfItsWhole() {
        Module whole = new Module() {
        };
        whole.eval();
        Block late = whole.child("late", new Block(linear()));
        assertFalse(late.training() || late.dropout.training());
    }

    /** Remembers a number that is not learned. */
    private static final class Counter extends Module {
        Counter(float value) { set(value); }

        void set(float value) { buffer("value", Tensor.full(value, 1)); }

        float value() { return buffer("value").get(0); }
    }

    @Test void buffersAreThoseOfAllPartsByPath() {
        Counter top = new Counter(0), inner = new Counter(1);
        Module middle = new Module() {
        };
        top.child("middle", middle).child("inner", inner);
        Map<String, Tensor> before = top.namedBuffers();
        assertEquals(List.of("value", "middle.inner.value"), List.copyOf(before.keySet()));
        top.set(7);
        inner.set(7);
        top.restoreBuffers(before);
        assertEquals(0, top.value());
        assertEquals(1, inner.value());
        assertTrue(message(() -> top.restoreBuffers(Map.of("value", Tensor.ones(1)))).contains("middle.inner.value"));
        assertTrue(
                message(() -> inner.buffer("value", Tensor.ones(2))).contains("has shape [1] and cannot become [2]"));
        assertEquals(Map.of(), linear().namedBuffers());
    }

    @Test void whoChangesAModuleIsAlone() throws InterruptedException {
        Linear linear = linear();
        CountDownLatch inside = new CountDownLatch(1), go = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Thread reader = new Thread(() -> linear.quietly(() -> {
            inside.countDown();
            await(go);
            return order.add("evaluated");
        }));
        reader.start();
        inside.await();
        Thread writer = new Thread(() -> linear.alone(() -> order.add("changed")));
        writer.start();
        while (writer.getState() != Thread.State.WAITING) Thread.yield();
        go.countDown();
        reader.join();
        writer.join();
        assertEquals(List.of("evaluated", "changed"), order);
        assertTrue(assertThrows(IllegalStateException.class, () -> linear.quietly(() -> linear.alone(() -> 1)))
                .getMessage().contains("within its own quietly"));
    }
}
