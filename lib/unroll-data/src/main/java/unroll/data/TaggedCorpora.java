package unroll.data;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import unroll.tensor.Rng;
import unroll.text.DatasetException;

/**
 * Tagged sentences by name.
 *
 * <pre>{@code
 * // parts of speech; the real one where it can be had, else a generated one
 * TaggedCorpus web = TaggedCorpora.englishEwt();
 * TaggedCorpus names = TaggedCorpora.wnut17();       // names in BIO
 * System.out.println(web.source());                  // which of them it is, and why
 * }</pre>
 */
public final class TaggedCorpora {
    private static final int SEED = 17;

    private TaggedCorpora() {
    }

    /**
     * The English Web Treebank of Universal Dependencies (Silveira et al. 2014) with its 17 universal parts of speech,
     * 12,544 + 2,001 + 2,077 sentences. Where it is out of reach, {@link #generatedPartsOfSpeech()}, whose
     * {@code source} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static TaggedCorpus englishEwt() { return englishEwt(Catalogue.standard()); }

    static TaggedCorpus englishEwt(Catalogue catalogue) {
        return of(catalogue, "ud-english-ewt",
                List.of("en_ewt-ud-train.conllu", "en_ewt-ud-dev.conllu", "en_ewt-ud-test.conllu"),
                (text, file) -> ConlluFile.parse(text, file, ConlluFile.Column.UPOS),
                TaggedCorpora::generatedPartsOfSpeech);
    }

    /**
     * Emerging and rare names in noisy texts (Derczynski et al. 2017), BIO tags of 6 types, 3,394 + 1,009 + 1,287
     * sentences. Where they are out of reach, {@link #generatedNames()}, whose {@code source} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static TaggedCorpus wnut17() { return wnut17(Catalogue.standard()); }

    static TaggedCorpus wnut17(Catalogue catalogue) {
        return of(catalogue, "wnut17", List.of("wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated"),
                BioFile::parse, TaggedCorpora::generatedNames);
    }

    /** Short sentences whose words are nouns here and verbs there: 2,000 + 300 + 300, no sentence in two parts. */
    public static TaggedCorpus generatedPartsOfSpeech() {
        return generated("generated-parts-of-speech", GeneratedTags.partsOfSpeech());
    }

    /**
     * Short sentences with names of persons, places and organisations: 2,000 + 300 + 300, no sentence in two parts, and
     * about half of the rare names of validation and test are not in the training part.
     */
    public static TaggedCorpus generatedNames() { return generated("generated-names", GeneratedTags.names()); }

    private static TaggedCorpus generated(String name, GeneratedTags tags) {
        Split<TaggedSentence> split = tags.split(2_000, 300, Rng.seed(SEED));
        return new TaggedCorpus(name, split.train(), split.validation(), split.test(),
                "Sentences drawn from a grammar, built in.", true);
    }

    private static TaggedCorpus of(Catalogue catalogue, String name, List<String> files,
            BiFunction<String, String, List<TaggedSentence>> reader, Supplier<TaggedCorpus> alternative) {
        return catalogue.orStandIn(name, set -> {
            List<List<TaggedSentence>> parts = files.stream()
                    .map(file -> reader.apply(catalogue.text(name, file), file)).toList();
            return new TaggedCorpus(name, parts.get(0), parts.get(1), parts.get(2), set.source(), false);
        }, why -> {
            TaggedCorpus builtIn = alternative.get();
            return new TaggedCorpus(builtIn.name(), builtIn.train(), builtIn.validation(), builtIn.test(),
                    builtIn.source() + " They stand in for " + name + why, true);
        });
    }
}
