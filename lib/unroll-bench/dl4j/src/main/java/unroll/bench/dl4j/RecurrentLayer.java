package unroll.bench.dl4j;

import java.util.Map;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One recurrent layer of DL4J, in the layout that was the fastest of all tried: {@code [B, features, T]} with the first
 * index running fastest.
 */
final class RecurrentLayer {
    /** The kinds that other sides have too; DL4J has no GRU. */
    enum Kind {
        LSTM, RNN
    }

    static final char ORDER = 'f';

    private final MultiLayerNetwork network;

    RecurrentLayer(Kind kind, int inputs, int hidden) {
        BaseRecurrentLayer layer = kind == Kind.LSTM
                ? new LSTM.Builder().nIn(inputs).nOut(hidden).activation(Activation.TANH)
                        .gateActivationFunction(Activation.SIGMOID).dataFormat(RNNFormat.NCW).build()
                : new SimpleRnn.Builder().nIn(inputs).nOut(hidden).activation(Activation.TANH).dataFormat(RNNFormat.NCW)
                        .build();
        network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.FLOAT).list()
                .layer(layer).setInputType(InputType.recurrent(inputs, RNNFormat.NCW)).build());
        network.init();
    }

    /** x: {@code [B, I, T]}, gives the states {@code [B, H, T]}. */
    INDArray forward(INDArray x) {
        network.setInput(x);
        return network.feedForward(true, false).get(1);
    }

    /** The gradients of the weights and that of the input, after a forward pass. */
    Pair<Gradient, INDArray> backward(INDArray cotangent) {
        return network.backpropGradient(cotangent, LayerWorkspaceMgr.noWorkspaces());
    }

    /**
     * W {@code [I, ..]}, RW {@code [H, ..]} and b {@code [..]} by their names with {@code 0_} before; writing changes
     * the layer.
     */
    Map<String, INDArray> weights() {
        return network.paramTable();
    }
}
