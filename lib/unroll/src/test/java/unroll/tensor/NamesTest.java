package unroll.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** A name changes nothing but the name. */
class NamesTest {
    @Test void aNameIsShownAndChangesNothing() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2).tracked(), y = x.square();
        assertEquals("", y.name());
        assertSame(y, y.named("y"));
        assertEquals("y", y.name());
        assertEquals("y[2] [1., 4.]", y.toString());
        assertEquals("square", y.operation());
        y.sum().backward();
        assertEquals(4, x.gradient().data()[1]);
    }

    @Test void namesAreHeardInTheirOrderByTheInnermostListener() {
        List<String> outer = new ArrayList<>(), inner = new ArrayList<>();
        Tensor.ones(1).named("before");
        int result = Tape.overhear(t -> outer.add(t.name()), () -> {
            Tensor.ones(1).named("a");
            Tape.overhear(t -> inner.add(t.name()), () -> Tensor.ones(1).named("within"));
            Tensor.ones(1).named("b");
            return 7;
        });
        Tensor.ones(1).named("after");
        assertEquals(7, result);
        assertEquals(List.of("a", "b"), outer);
        assertEquals(List.of("within"), inner);
    }

    @Test void workThatFailsLeavesNoListener() {
        List<Tensor> heard = new ArrayList<>();
        assertThrows(IllegalStateException.class, () -> Tape.overhear(heard::add, () -> {
            throw new IllegalStateException("no");
        }));
        Tensor.ones(1).named("a");
        assertEquals(List.of(), heard);
    }

    @Test void aParameterKeepsItsName() {
        Parameter w = new Parameter("w", Tensor.ones(2));
        var e = assertThrows(UnsupportedOperationException.class, () -> w.named("v"));
        assertTrue(e.getMessage().contains("Parameter w") && e.getMessage().contains("named v"), e.getMessage());
        assertEquals("w", ((Tensor) w).name());
    }
}
