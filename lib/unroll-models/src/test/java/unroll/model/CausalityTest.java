package unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unroll.nn.IdentityLayer;
import unroll.nn.Lengths;
import unroll.nn.Module;
import unroll.nn.ResidualBlock;
import unroll.nn.ResidualStack;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.recurrent.Gru;
import unroll.recurrent.InputShortcut;
import unroll.recurrent.Lstm;
import unroll.recurrent.MinGru;
import unroll.recurrent.Rnn;
import unroll.sequence.SelfAttention;
import unroll.statespace.H3;
import unroll.statespace.Lru;
import unroll.statespace.S4d;
import unroll.statespace.SelectiveSsm;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.LanguageModel;
import unroll.text.Vocabulary;

/** What predicts the next symbol must not look at it. */
class CausalityTest {
    private static final Vocabulary VOCABULARY = Ends.addTo(Vocabulary.characters("abc"));

    /** A layer of one's own around another one. */
    private static class Around extends SequenceLayer {
        private final SequenceLayer inside;

        Around(SequenceLayer inside) { this.inside = inside; }

        @Override protected Output run(Tensor x, State initial, Lengths lengths) { return inside.apply(x, initial); }

        @Override public State initialState(int batch) { return inside.initialState(batch); }

        @Override public int inputSize() { return inside.inputSize(); }

        @Override public int outputSize() { return inside.outputSize(); }
    }

    /** The layer inside is a part of a part that is no layer. */
    private static final class Hidden extends Around {
        Hidden(SequenceLayer inside) {
            super(inside);
            child("box", new Box(inside));
        }
    }

    private static final class Box extends Module {
        Box(SequenceLayer inside) { child("inside", inside); }
    }

    /** Each output is the mean of all inputs. */
    private static final class Mean extends Around {
        Mean() { super(IdentityLayer.of(4).build(Rng.seed(1))); }

        @Override protected Output run(Tensor x, State initial, Lengths lengths) {
            Output own = super.run(x, initial, lengths);
            return new Output(own.states().mean(0).expand(x.size(0), x.size(1), x.size(2)), own.last());
        }
    }

    private record Own(Function<Rng, SequenceLayer> make) implements SequenceLayer.Spec {
        @Override public SequenceLayer build(Rng rng) { return make.apply(rng); }

        @Override public int inputSize() { return make.apply(Rng.seed(1)).inputSize(); }
    }

    static Stream<SequenceLayer.Spec> looksAhead() {
        SequenceLayer.Spec both = Lstm.of(4, 3).bidirectional();
        return Stream.of(both, Gru.of(4, 3).bidirectionalAdded(), Rnn.of(4, 3).separateDirections(),
                Lstm.of(4, 3).layers(2).bidirectional(),
                Gru.of(4, 3).layers(2).residual().layerNorm().bidirectionalAdded(), MinGru.of(4, 3).bidirectional(),
                InputShortcut.around(both),
                ResidualBlock.of(both), ResidualStack.of(4, 2, both), ResidualBlock.of(InputShortcut.around(both)),
                new Own(rng -> new Around(both.build(rng))), new Own(rng -> new Hidden(both.build(rng))),
                new Own(rng -> new Mean()));
    }

    @ParameterizedTest
    @MethodSource("looksAhead") void isRefusedByWhateverPredicts(SequenceLayer.Spec spec) {
        for (Runnable build : List.<Runnable>of(() -> new LanguageModel(VOCABULARY, spec, Rng.seed(1)),
                () -> Decoder.of(spec).build(VOCABULARY.size(), 5, 6, Rng.seed(1)),
                () -> Seq2Seq.of(VOCABULARY, VOCABULARY, Lstm.of(4, 3), spec).build(Rng.seed(1)))) {
            String message = assertThrows(IllegalArgumentException.class, build::run).getMessage();
            assertTrue(message.contains("reads what comes later") && message.contains("in one direction"), message);
        }
    }

    static Stream<SequenceLayer.Spec> looksBack() {
        return Stream.of(Lstm.of(4, 3), Gru.of(4, 3).layers(2).dropout(.5), Rnn.of(4, 3), MinGru.of(4, 3),
                Lstm.of(4, 3).peepholes(),
                InputShortcut.around(Lstm.of(4, 3)), ResidualBlock.of(Gru.of(4, 3)).dropout(.5),
                ResidualStack.of(4, 2, S4d.of(4, 4)), S4d.of(4, 8),
                Lru.of(4, 8), H3.of(4, 4), SelectiveSsm.of(4, 4), SelfAttention.of(4), IdentityLayer.of(4),
                new Own(rng -> new Around(Lstm.of(4, 3).build(rng))),
                new Own(rng -> new Hidden(Gru.of(4, 3).build(rng))));
    }

    @ParameterizedTest
    @MethodSource("looksBack") void isAllowedAndDrawsNothing(SequenceLayer.Spec spec) {
        assertTrue(spec.build(Rng.seed(1)).causal());
        LanguageModel model = new LanguageModel(VOCABULARY, spec, Rng.seed(1));
        assertTrue(model.training());
        model.namedGenerators().values()
                .forEach(rng -> assertEquals(0, rng.state().calls(), "the look at it drew no numbers"));
        assertFalse(model.evaluate(VOCABULARY.encode("abcabcab")).natsPerSymbol() == 0);
    }
}
