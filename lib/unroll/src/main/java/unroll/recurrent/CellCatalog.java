package unroll.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

import unroll.recurrent.CatalogEntry.Cost;
import unroll.tensor.Message;

/**
 * Every recurrence of this package side by side: equations, number of parameters, multiplications per step,
 * publication.
 *
 * <pre>{@code
 * System.out.println(new CellCatalog(64, 256));                    // the table for 64 inputs and 256 hidden units
 * var layer = new CellCatalog(64, 256).entry("peephole LSTM").layer(64, 256, rng);
 * }</pre>
 *
 * {@code ∘} is the product element by element; a primed letter is the value after the step. Counted are the
 * multiplications of the products with weights and of the gates, for one sequence; not the additions of biases and the
 * non-linearities. The Jordan network is counted with as many outputs as hidden units.
 */
public final class CellCatalog {
    private static final Nonlinearity TANH = Nonlinearity.TANH;
    private static final String GATES = "r = σ(x W_r + h U_r + b_r); z = σ(x W_z + h U_z + b_z); ";

    private final int I, H;

    /** The catalogue with figures for these sizes. */
    public CellCatalog(int inputSize, int hiddenSize) {
        I = Sizes.positive("CellCatalog", "input size", inputSize);
        H = Sizes.positive("CellCatalog", "hidden size", hiddenSize);
    }

    /** All recurrences, simple ones first. */
    public List<CatalogEntry> entries() {
        List<CatalogEntry> all = new ArrayList<>(List.of(
                entry("simple RNN", "h' = tanh(x W + h U + b)", cost(1, 1, 1), cost(1, 1, 0), "Elman 1990",
                        (i, h, r) -> new ElmanCell(i, h, TANH, r)),
                entry("simple RNN, state before σ", "z' = x W + tanh(z) U + b; h' = tanh(z')", cost(1, 1, 1),
                        cost(1, 1, 0), "Elman 1990",
                        (i, h, r) -> new PreactivationCell(i, h, TANH, r)),
                entry("skip over time", "h_t = tanh(x_t W + h_{t-1} U_1 + h_{t-2} U_2 + b)", cost(1, 2, 1),
                        cost(1, 2, 0), "Lin et al. 1996",
                        (i, h, r) -> new TimeSkipCell(i, h, TANH, r)),
                entry("Jordan network", "k = tanh(x W + y U + b); y' = k V + c", cost(1, 2, 2), cost(1, 2, 0),
                        "Jordan 1986",
                        (i, h, r) -> new JordanCell(i, h, h, TANH, r)),
                entry("IndRNN", "h' = ReLU(x W + u ∘ h + b)", cost(1, 0, 2), cost(1, 0, 1), "Li et al. 2018",
                        (i, h, r) -> new IndRnnCell(i, h, Nonlinearity.RELU, r)),
                entry("LSTM",
                        "i, f, o = σ(x W + h U + b); g = tanh(x W_g + h U_g + b_g); c' = f ∘ c + i ∘ g; h' = o ∘ "
                                + "tanh(c')",
                        cost(4, 4, 4),
                        cost(4, 4, 3), "Hochreiter and Schmidhuber 1997, Gers et al. 2000", LstmCell::new),
                entry("LSTM without forget gate",
                        "i, o = σ(x W + h U + b); g = tanh(x W_g + h U_g + b_g); c' = c + i ∘ g; h' = o ∘ tanh(c')",
                        cost(3, 3, 3),
                        cost(3, 3, 2), "Hochreiter and Schmidhuber 1997", NoForgetGateLstmCell::new),
                entry("peephole LSTM",
                        "i, f = σ(x W + h U + p ∘ c + b); g = tanh(x W_g + h U_g + b_g); c' = f ∘ c + i ∘ g; "
                                + "o = σ(x W_o + h U_o + p_o ∘ c' + b_o); h' = o ∘ tanh(c')",
                        cost(4, 4, 7), cost(4, 4, 6), "Gers and Schmidhuber 2000", PeepholeLstmCell::new),
                entry("coupled LSTM",
                        "i, o = σ(x W + h U + b); g = tanh(x W_g + h U_g + b_g); c' = c + i ∘ (g - c); h' = o ∘ "
                                + "tanh(c')",
                        cost(3, 3, 3),
                        cost(3, 3, 2), "Greff et al. 2017", CoupledLstmCell::new),
                entry("GRU", GATES + "n = tanh(x W_n + b_n + r ∘ (h U_n + c_n)); h' = n + z ∘ (h - n)", cost(3, 3, 4),
                        cost(3, 3, 2),
                        "Cho et al. 2014", GruCell::new)));
        for (GruConvention convention : GruConvention.values())
            all.add(entry("GRU, " + convention,
                    GATES + "n = tanh(x W_n + b_n + " + (convention.resetAfter() ? "r ∘ (h U_n + c_n)" : "(r ∘ h) U_n")
                            + "); h' = " + (convention.keepsOld() ? "n + z ∘ (h - n)" : "h + z ∘ (n - h)"),
                    cost(3, 3, convention.resetAfter() ? 4 : 3),
                    cost(3, 3, 2), "Cho et al. 2014", (i, h, r) -> new GruCell(i, h, convention, r)));
        all.addAll(List.of(
                entry("simplified GRU",
                        "z = σ(x W_z + h U_z + b_z); n = tanh(x W_n + h U_n + b_n); h' = h + z ∘ (n - h)",
                        cost(2, 2, 2),
                        cost(2, 2, 1), "in lectures", SimplifiedGruCell::new),
                entry("minimal gated unit",
                        "f = σ(x W_f + h U_f + b_f); n = tanh(x W_n + (f ∘ h) U_n + b_n); h' = h + f ∘ (n - h)",
                        cost(2, 2, 2), cost(2, 2, 2), "Zhou et al. 2016", MinimalGatedUnitCell::new),
                entry("minGRU", "z = σ(x W_z + b_z); n = x W_n + b_n; h' = (1 - z) ∘ h + z ∘ n", cost(2, 0, 2),
                        cost(2, 0, 2), "Feng et al. 2024",
                        MinGruCell::new),
                entry("minLSTM",
                        "f = σ(x W_f + b_f); i = σ(x W_i + b_i); n = x W_n + b_n; a = f / (f + i); h' = a ∘ h + (1 - "
                                + "a) ∘ n",
                        cost(3, 0, 3), cost(3, 0, 2), "Feng et al. 2024", MinLstmCell::new)));
        return List.copyOf(all);
    }

    private static Cost cost(int inputHidden, int hiddenHidden, int hidden) {
        return new Cost(inputHidden, hiddenHidden, hidden);
    }

    private static CatalogEntry entry(String name, String equations, Cost parameters, Cost multiplyAdds, String paper,
            CatalogEntry.Builder builder) {
        return new CatalogEntry(name, equations, parameters, multiplyAdds, paper, builder);
    }

    /** The recurrence of that name; an error that lists the names when there is none. */
    public CatalogEntry entry(String name) {
        return entries().stream().filter(e -> e.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        Message.of("CellCatalog: there is no recurrence \"" + name + "\"; there are "
                                + entries().stream().map(CatalogEntry::name).collect(Collectors.joining("; ")))));
    }

    /** A table of plain text: a line of figures and a line of equations for each recurrence. */
    @Override public String toString() {
        List<CatalogEntry> all = entries();
        int name = width(all, CatalogEntry::name), parameters = width(all, e -> e.parameters().toString()),
                products = width(all, e -> e.multiplyAdds().toString());
        String line = "%-" + name + "s  %" + parameters + "s %,11d  %" + products + "s %,11d  %s%n    %s%n";
        StringBuilder text = new StringBuilder(
                "Recurrent cells with I = " + I + " inputs and H = " + H + " hidden units: parameters, multiply-adds "
                        + "per step and sequence, publication\n");
        for (CatalogEntry e : all)
            text.append(String
                    .format(Locale.ROOT, line, e.name(), e.parameters(), e.parameters().of(I, H), e.multiplyAdds(),
                            e.multiplyAdds().of(I, H), e.paper(), e.equations())
                    .replace(System.lineSeparator(), "\n"));
        return text.toString();
    }

    private static int width(List<CatalogEntry> all, Function<CatalogEntry, String> column) {
        return all.stream().mapToInt(e -> column.apply(e).length()).max().orElse(1);
    }
}
