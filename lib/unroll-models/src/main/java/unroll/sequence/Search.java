package unroll.sequence;

import java.util.List;

/**
 * How a sequence is chosen from a model that gives the probabilities of its next symbol: {@link BeamSearch} or
 * {@link Sampling}.
 */
public sealed interface Search permits BeamSearch, Sampling {
    /**
     * Writes for several sources side by side.
     *
     * @param step    the model
     * @param start   its states before the first symbol, one row a source
     * @param sources how many there are
     * @param begin   the symbol that is read first
     * @param end     the symbol after which a sequence is over
     * @return for each source what was found, the best first; at least one each
     * @throws unroll.tensor.LoopInterruptedException at the next symbol, when its thread is interrupted
     */
    <S> List<List<Hypothesis>> run(StepFunction<S> step, S start, int sources, int begin, int end);
}
