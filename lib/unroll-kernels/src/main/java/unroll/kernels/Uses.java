package unroll.kernels;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import unroll.data.Catalogue;
import unroll.data.CocoCaptions;
import unroll.data.Corpora;
import unroll.data.ImageTransform;
import unroll.nn.Linear;
import unroll.notebook.Charts;
import unroll.notebook.Tables;
import unroll.tensor.LinearAlgebra;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.tensor.TensorFile;
import unroll.train.Checkpoint;

/**
 * What a notebook does with the libraries of the kit, each once: it must go well whatever lies before the kit on the
 * class path.
 */
public final class Uses {
    private Uses() {
    }

    /** Prints a word for each use; {@code arguments}: an empty folder, and "tables" where those are used too. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        files(folder);
        captions(folder);
        said("catalogue", Catalogue.standard().has("tiny-shakespeare"));
        said("corpus", Corpora.builtIn().train().length() > 100_000);
        said("svd", LinearAlgebra.svd(Tensor.of(new float[] {3, 0, 0, 4}, 2, 2)).singularValues()[0] > 3.99);
        said("eigenvalues", LinearAlgebra.spectralRadius(Tensor.of(new float[] {0, 1, -1, 0}, 2, 2)) > 0.99);
        INDArray array = Nd4j.linspace(1, 6, 6).reshape(2, 3);
        said("nd4j", Tensor.of(array.mmul(array.transpose())).shape()[1] == 2);
        said("chart", Charts.lines("loss", "step", "nats").add("train", 3, 2, 1).image().getWidth() > 0);
        if (arguments.length > 1)
            said("tables", Tables.of("cell", "nats").row("LSTM", 1.5).toTablesaw().print().contains("LSTM"));
    }

    private static void files(Path folder) throws IOException {
        Linear layer = new Linear(3, 2, Rng.seed(1));
        Checkpoint.of(layer).write(folder, "layer");
        Checkpoint.read(folder, "layer").into(new Linear(3, 2, Rng.seed(2)));
        said("checkpoint", Files.exists(folder.resolve("layer.safetensors")));
        Map<String, Tensor> weights = Map.of("w", layer.w().detach());
        for (String ending : List.of("safetensors", "npz")) {
            Path file = folder.resolve("weights." + ending);
            TensorFile.write(file, weights);
            said(ending, TensorFile.read(file).containsKey("w"));
        }
    }

    private static void captions(Path folder) throws IOException {
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", folder.resolve("fog.png").toFile());
        Path json = Files.writeString(folder.resolve("captions.json"),
                """
                        {"images": [{"id": 9, "file_name": "fog.png"}],
                         "annotations": [{"image_id": 9, "id": 1, "caption": "Fog."}]}""");
        said("captions",
                CocoCaptions.coco(json, folder, ImageTransform.resize(2, 2)).captions(0).get(0).contains("fog"));
    }

    private static void said(String use, boolean right) {
        if (!right) throw new IllegalStateException(use + " gave something wrong");
        System.out.println(use);
    }
}
