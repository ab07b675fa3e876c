package unroll.recurrent;

import java.util.List;
import java.util.stream.Stream;

import unroll.nn.State;
import unroll.tensor.Rng;

/** The cells of this library, for what holds for all of them. */
public record EveryCell(String name, Maker maker) {
    @FunctionalInterface
    interface Maker {
        Cell<? extends State> make(int inputSize, int hiddenSize, Rng rng);
    }

    private static final Nonlinearity TANH = Nonlinearity.TANH;
    private static final List<EveryCell> ALL = List.of(
            new EveryCell("simple RNN", (i, h, r) -> new ElmanCell(i, h, TANH, r)),
            new EveryCell("simple RNN, state before σ", (i, h, r) -> new PreactivationCell(i, h, TANH, r)),
            new EveryCell("skip over time", (i, h, r) -> new TimeSkipCell(i, h, TANH, r)),
            new EveryCell("Jordan network", (i, h, r) -> new JordanCell(i, h, h, TANH, r)),
            new EveryCell("IndRNN", (i, h, r) -> new IndRnnCell(i, h, Nonlinearity.RELU, r)),
            new EveryCell("LSTM", LstmCell::new),
            new EveryCell("LSTM without forget gate", NoForgetGateLstmCell::new),
            new EveryCell("peephole LSTM", PeepholeLstmCell::new),
            new EveryCell("coupled LSTM", CoupledLstmCell::new),
            new EveryCell("GRU", GruCell::new),
            new EveryCell("simplified GRU", SimplifiedGruCell::new),
            new EveryCell("minimal gated unit", MinimalGatedUnitCell::new),
            new EveryCell("minGRU", MinGruCell::new),
            new EveryCell("minLSTM", MinLstmCell::new));

    public static Stream<EveryCell> all() {
        return Stream.concat(ALL.stream(), Stream.of(GruConvention.values())
                .map(c -> new EveryCell("GRU, " + c, (i, h, r) -> new GruCell(i, h, c, r))));
    }

    public static EveryCell named(String name) {
        return all().filter(c -> c.name.equals(name)).findFirst().orElseThrow();
    }

    public Cell<? extends State> cell(int inputSize, int hiddenSize, Rng rng) {
        return maker.make(inputSize, hiddenSize, rng);
    }

    @Override public String toString() { return name; }
}
