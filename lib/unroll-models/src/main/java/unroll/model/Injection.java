package unroll.model;

import java.util.Locale;

/**
 * Where what is known of a whole source, its summary v, enters a {@link Decoder}. In brackets the names of Tanti, Gatt
 * and Camilleri (2018), who compared them for captions.
 */
public enum Injection {
    /** It makes the first state: s_0 = tanh(v W + b) (init-inject). */
    INITIAL_STATE,
    /** It is read before the first symbol, as if it were one: x_0 = v W + b (pre-inject; Vinyals et al. 2015). */
    FIRST_INPUT,
    /** It is read with every symbol: x_t = E y_(t-1) + v W + b (par-inject). */
    EVERY_INPUT,
    /** The layer never sees it: z_t = tanh([h_t ; tanh(v W + b)] C + d) (merge; Mao et al. 2015). */
    MERGED;

    @Override public String toString() { return name().toLowerCase(Locale.ROOT).replace('_', ' '); }
}
