package unroll.bench;

import java.util.function.IntFunction;

import unroll.nn.Module;
import unroll.tensor.Tensor;
import unroll.train.Adam;
import unroll.train.Clip;

/**
 * Loss, gradients, clipping to norm 5 and a step of Adam, over a few batches in turn, so that none is learnt by heart.
 */
final class TrainingStep implements Runnable {
    static final int BATCHES = 4;
    private final Module model;
    private final Adam adam;
    private final IntFunction<Tensor> loss;
    private int turn;

    /** @param loss of batch 0 .. {@value #BATCHES} - 1 */
    TrainingStep(Module model, IntFunction<Tensor> loss) {
        this.model = model;
        this.loss = loss;
        adam = new Adam(model.parameters(), 1e-3);
    }

    @Override public void run() {
        adam.zeroGrad();
        loss.apply(turn++ % BATCHES).backward();
        Clip.byGlobalNorm(model.parameters(), 5);
        adam.step();
    }
}
