package unroll.model;

/** Which vector of a sequence of states a classifier decides by; the padding of a batch never counts. */
public enum Pooling {
    /** The state at the end; of a layer that reads in both directions the state at the end of each. */
    LAST,
    /** The mean of all states. */
    MEAN,
    /** The largest value of each unit over time (Collobert et al. 2011; over an LSTM Conneau et al. 2017). */
    MAX,
    /** A mean with learned weights: {@link unroll.nn.AttentionPooling}. */
    ATTENTION
}
