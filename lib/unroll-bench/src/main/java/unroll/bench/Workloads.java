package unroll.bench;

import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import unroll.text.Batches;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;
import unroll.text.LanguageModel;
import unroll.nn.SequenceLayer;
import unroll.recurrent.Gru;
import unroll.recurrent.Lstm;
import unroll.recurrent.LstmCell;
import unroll.recurrent.Rnn;
import unroll.recurrent.Unrolled;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.train.Adam;
import unroll.train.Clip;

/** The workloads by name; each run is one step, the first ones of which warm up. */
final class Workloads {
    private static final Pattern LAYER = Pattern.compile("layer-(lstm|gru|rnn)-B(\\d+)-T(\\d+)-I(\\d+)-H(\\d+)"),
            CELL = Pattern.compile("handwritten-lstm-cell-B(\\d+)-T(\\d+)-I(\\d+)-H(\\d+)"),
            CHARACTERS = Pattern.compile("char-lm-step-H(\\d+)(?:x(\\d+))?-B(\\d+)-T(\\d+)"),
            WORDS = Pattern.compile("word-lm-step-V(\\d+)-H(\\d+)x(\\d+)-B(\\d+)-T(\\d+)"),
            TINY = Pattern.compile("tiny-(elman|second-order)-H(\\d+)-T(\\d+)-one-string"),
            OUTPUT_RNN = Pattern.compile("rnn-with-output-B(\\d+)-T(\\d+)-I(\\d+)-H(\\d+)-K(\\d+)"),
            TRANSLATION = Pattern.compile("step-seq2seq-attention-GRU(\\d+)-B(\\d+)-T(\\d+)-V(\\d+)"),
            CAPTIONS = Pattern.compile(
                    "step-captioner(-pooled)?-(\\d+)x\\2-conv(\\d+)-(\\d+)-(\\d+)-LSTM(\\d+)-B(\\d+)-T(\\d+)-V(\\d+)"),
            CRF = Pattern.compile("crf-(nll|decode)-K(\\d+)-B(\\d+)-T(\\d+)");
    static final int CHARACTER_VOCABULARY = 65;

    private Workloads() {
    }

    /** The step of a workload, or null for one that this side does not have. */
    static Runnable of(String name) {
        Matcher m = LAYER.matcher(name);
        if (m.matches()) {
            int I = number(m, 4), H = number(m, 5);
            SequenceLayer.Spec spec = m.group(1).equals("lstm")
                    ? Lstm.of(I, H)
                    : m.group(1).equals("gru") ? Gru.of(I, H) : Rnn.of(I, H);
            return layer(spec.build(Rng.seed(1)), number(m, 3), number(m, 2));
        }
        m = CELL.matcher(name);
        if (m.matches())
            return layer(new Unrolled<>(new LstmCell(number(m, 3), number(m, 4), Rng.seed(1))), number(m, 2),
                    number(m, 1));
        m = CHARACTERS.matcher(name);
        if (m.matches()) {
            int layers = m.group(2) == null ? 1 : number(m, 2);
            return languageModel(CHARACTER_VOCABULARY, layers == 1 ? 32 : 64, number(m, 1), layers, number(m, 3),
                    number(m, 4));
        }
        m = WORDS.matcher(name);
        if (m.matches())
            return languageModel(number(m, 1), number(m, 2), number(m, 2), number(m, 3), number(m, 4), number(m, 5));
        m = TINY.matcher(name);
        if (m.matches())
            return m.group(1).equals("elman")
                    ? TinyNets.elman(number(m, 2), number(m, 3))
                    : TinyNets.secondOrder(number(m, 2), number(m, 3));
        m = CRF.matcher(name);
        if (m.matches()) {
            CrfNll field = new CrfNll(number(m, 2), number(m, 3), number(m, 4));
            return m.group(1).equals("nll") ? field::step : field::decode;
        }
        m = OUTPUT_RNN.matcher(name);
        if (m.matches())
            return new OutputRnn(number(m, 1), number(m, 2), number(m, 3), number(m, 4), number(m, 5))::step;
        m = TRANSLATION.matcher(name);
        if (m.matches()) return Translation.step(number(m, 1), number(m, 2), number(m, 3), number(m, 4));
        m = CAPTIONS.matcher(name);
        if (m.matches()) {
            int[] channels = {number(m, 3), number(m, 4), number(m, 5)};
            return Captions.step(m.group(1) != null, number(m, 2), channels, number(m, 6), number(m, 7), number(m, 8),
                    number(m, 9));
        }
        Runnable step = LongSequences.of(name);
        return step != null ? step : Throughput.of(name);
    }

    static int number(Matcher m, int group) { return Integer.parseInt(m.group(group)); }

    /** Forward, and backward to input, weights and biases with fresh gradients. */
    static Runnable layer(SequenceLayer layer, int T, int B) {
        Tensor x = Rng.seed(2).normal(T, B, layer.inputSize()).tracked(),
                cotangent = Rng.seed(3).normal(T, B, layer.outputSize());
        return () -> {
            x.zeroGradient();
            layer.zeroGradients();
            layer.apply(x).states().backward(cotangent);
        };
    }

    /** Loss, gradients, clipping to norm 5 and a step of Adam. */
    private static Runnable languageModel(int symbols, int embedding, int H, int layers, int B, int T) {
        int[] ids = IntStream.range(0, B * T + 1).map(i -> (int) ((i * 2654435761L >>> 7) % symbols)).toArray();
        LanguageModel model = new LanguageModel(vocabulary(symbols), Lstm.of(embedding, H).layers(layers), Rng.seed(1));
        Adam adam = new Adam(model.parameters(), 1e-3);
        Batches<SequenceBatch> batches = Batches.contiguous(ids, B, T);
        return () -> {
            Iterator<SequenceBatch> batch = batches.epoch(0);
            adam.zeroGrad();
            model.loss(batch.next(), null).loss().backward();
            Clip.byGlobalNorm(model.parameters(), 5);
            adam.step();
        };
    }

    static Vocabulary vocabulary(int symbols) {
        return Vocabulary.of(IntStream.range(0, symbols).mapToObj(i -> Character.toString('0' + i)).toList(),
                Vocabulary.Kind.CHARACTERS);
    }
}
