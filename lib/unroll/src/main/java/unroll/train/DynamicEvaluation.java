package unroll.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import unroll.nn.Carried;
import unroll.nn.Lengths;
import unroll.nn.State;
import unroll.tensor.IntTensor;
import unroll.tensor.Interrupts;
import unroll.tensor.Message;
import unroll.tensor.Tensor;
import unroll.text.LanguageModel;
import unroll.text.Predictor;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;

/**
 * Goes on learning while it reads (Mikolov et al. 2010; Krause et al. 2018): after each stretch of a text, which was
 * predicted with the weights as they were, one step of gradient descent on it. Every text begins with the model's own
 * weights, which stay as they are.
 *
 * <pre>{@code
 * DynamicEvaluation.of(model, 0.1).stretch(20).read(held).perplexity();   // the rate is chosen on validation
 * }</pre>
 */
public final class DynamicEvaluation implements Predictor {
    private static final double CLIP = 1;
    private final LanguageModel model;
    private final double rate;
    private final int stretch;

    private DynamicEvaluation(LanguageModel model, double rate, int stretch) {
        this.model = Objects.requireNonNull(model, "model");
        this.rate = rate;
        this.stretch = stretch;
        Message.require(rate > 0 && rate < Double.POSITIVE_INFINITY,
                "DynamicEvaluation: expected a learning rate above 0 but got " + rate);
        Message.require(stretch >= 1 && stretch <= 1 << 20,
                "DynamicEvaluation: expected stretches of 1 to " + (1 << 20) + " symbols but got " + stretch);
    }

    /** Steps of this rate, with gradients clipped to norm {@value #CLIP}, after each 20 symbols. */
    public static DynamicEvaluation of(LanguageModel model, double rate) {
        return new DynamicEvaluation(model, rate, 20);
    }

    /** How many symbols lie between two steps. */
    public DynamicEvaluation stretch(int symbols) {
        return new DynamicEvaluation(model, rate, symbols);
    }

    @Override public Vocabulary vocabulary() { return model.vocabulary(); }

    @Override public Reading begin() { return new Adapted(); }

    @Override public double[] logProbabilities(int[] ids) {
        double[] all = new double[Math.max(0, ids.length - 1)];
        Adapted reading = new Adapted();
        reading.within(() -> {                                             // weights are put back once, at the end
            for (int i = 0; i < all.length; i++) {
                Interrupts.check("DynamicEvaluation", i);
                reading.read(ids[i]);
                all[i] = Math.log(reading.probabilities()[ids[i + 1]]);
            }
        });
        return all;
    }

    /** A text with weights of its own. */
    private final class Adapted implements Reading {
        private final Reading reading = model.begin();
        private final int[] read = new int[stretch + 1];
        private Map<String, Tensor> weights = weights();
        private State before;                                              // of the first symbol of the stretch
        private int count;

        @Override public void take(int symbol) { within(() -> read(symbol)); }

        private void read(int symbol) {
            read[count++] = symbol;
            if (count > stretch) learn();
            reading.take(symbol);
        }

        @Override public double[] probabilities() { return reading.probabilities(); }

        private void learn() {
            boolean training = model.training();
            model.eval();
            try {
                SequenceBatch batch = new SequenceBatch(IntTensor.of(Arrays.copyOf(read, stretch), stretch, 1),
                        IntTensor.of(Arrays.copyOfRange(read, 1, stretch + 1), stretch, 1), Lengths.full(stretch, 1),
                        true);
                Sgd sgd = new Sgd(model.parameters(), rate);
                sgd.zeroGrad();
                Carried step = model.loss(batch, before);
                before = step.state().detach();
                step.loss().backward();
                Clip.byGlobalNorm(model.parameters(), CLIP);
                sgd.step();
                sgd.zeroGrad();
            } finally {
                if (training) model.train();
            }
            read[0] = read[stretch];
            count = 1;
        }

        /** With its own weights in the place of the model's. */
        private void within(Runnable work) {
            model.alone(() -> {
                Map<String, Tensor> others = weights();
                give(weights);
                try {
                    work.run();
                    weights = weights();
                } finally {
                    give(others);
                }
                return null;
            });
        }
    }

    private Map<String, Tensor> weights() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        model.namedParameters().forEach((name, p) -> all.put(name, p.detach()));
        return all;
    }

    private void give(Map<String, Tensor> values) {
        model.namedParameters().forEach((name, p) -> p.set(values.get(name)));
    }

    @Override public String toString() {
        return "DynamicEvaluation(" + model + ", rate=" + rate + ", stretch=" + stretch + ")";
    }
}
