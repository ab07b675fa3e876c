import unroll.data.Corpora;
import unroll.recurrent.Lstm;
import unroll.tensor.Rng;
import unroll.tensor.Tensor;
import unroll.text.Batches;
import unroll.text.LanguageModel;
import unroll.text.SequenceBatch;
import unroll.text.Vocabulary;
import unroll.train.Adam;
import unroll.train.Clip;

/**
 * A language model of characters, trained by the loop that is written here: corpus, vocabulary, model, gradients,
 * clipping, optimizer, a held-out score and a sample. Fill lib/kit once ({@code python3 notebooks/run.py 01} or
 * {@code mvn package}), then
 *
 * <pre>
 * java -cp 'lib/kit/*' examples/TrainCharacters.java              # on Windows: "lib/kit/*"
 * java -cp 'lib/kit/*' examples/TrainCharacters.java 2000         # more steps
 * </pre>
 */
class TrainCharacters {
    public static void main(String[] arguments) {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 400;
        var corpus = Corpora.builtIn();                                    // Java source code; or Corpora.file(path)
        var vocabulary = Vocabulary.characters(corpus.text());
        int[] train = vocabulary.encode(corpus.train()), held = vocabulary.encode(corpus.validation());

        var model = new LanguageModel(vocabulary, Lstm.of(64, 192), Rng.seed(1));
        var adam = new Adam(model.parameters(), 4e-3);
        System.out.println(corpus.source() + "\n" + model + ", " + model.parameterCount() + " numbers");
        System.out.println(String.format("all characters alike: %.3f nats per character", Math.log(vocabulary.size())));

        int step = 0;
        for (SequenceBatch batch : Batches.contiguous(train, 32, 64)) {    // 32 rows of 64 characters; each goes on
            adam.zeroGrad();
            Tensor loss = model.loss(batch);                               // mean of -ln p(next character)
            loss.backward();
            double norm = Clip.byGlobalNorm(model.parameters(), 5.0);      // of all gradients, before it was clipped
            adam.step();
            if (++step % 50 == 0)
                System.out.println(String.format("step %4d  loss %.3f  gradient norm %.2f", step, loss.item(), norm));
            if (step == steps) break;
        }

        double nats = model.evaluate(held).natsPerCharacter();
        System.out.println(String.format("held-out text: %.3f nats per character", nats));
        System.out.println(model.generate("public static ", 300, 0.7, 0, Rng.seed(2)));
    }
}
