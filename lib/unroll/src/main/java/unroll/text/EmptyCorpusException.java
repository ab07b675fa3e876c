package unroll.text;

import unroll.tensor.Message;

/** A corpus is empty or repeats one symbol, so there is nothing that a model could learn from it. */
public final class EmptyCorpusException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public EmptyCorpusException(String message) { super(Message.of(message)); }
}
