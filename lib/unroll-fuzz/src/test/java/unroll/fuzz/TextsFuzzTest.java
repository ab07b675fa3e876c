package unroll.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import unroll.data.BioFile;
import unroll.data.BytePairs;
import unroll.data.ConlluFile;
import unroll.data.Corpora;
import unroll.text.DatasetException;
import unroll.data.PronouncingDictionary;
import unroll.data.SentencePairs;
import unroll.data.TextTable;
import unroll.data.Tokenizer;
import unroll.text.Vocabulary;

/** The readers of texts. */
class TextsFuzzTest {
    private static final String BIO = "EU\tB-ORG\nrejects\tO\nGerman\tB-MISC\ncall\tO\n\nPeter\tB-PER\nBlackburn\tI-PER\n\n";
    private static final String CONLLU = "# sent_id = "
            + "1\n1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_\n2-3\tcat's\t_\t_\t_\t_\t_\t_\t_\t_\n"
            + "2\tcat\tcat\tNOUN\tNN\t_\t0\troot\t_\t_\n3\t's\t's\tPART\tPOS\t_\t2\tcase\t_\t_\n3.1\t_\t_\t_\t_\t_\t_\t_\t_\t_\n\n"
            + "1\tÉtretat\tÉtretat\tPROPN\tNNP\t_\t0\troot\t_\t_\n\n";

    /** Names what all readers of text files name. */
    private static Campaign campaign(String name, String fileName, String... seeds) {
        return Campaign.of(name, fileName).seed(seeds).mutate(Texts.mutations())
                .names(List.of(DatasetException.class))
                .sameAfter("a byte order mark", Texts::mark);
    }

    @Test void commaSeparatedTable() {
        campaign("csv", "mails.csv",
                "id,body,folder\n1,Hello there,work\n2,\"Yes, \"\"no\"\"\nand more\",home\n3,ok !,work\n",
                "body,folder\na b,x\nc,y\n",
                "folder,body\r\nx,\"a, b\"\r\n")
                .reads(file -> TextTable.read(file, "body", "folder"))
                .expects(bytes -> Naive.csv(bytes, "body", "folder")).run();
    }

    @Test void tabSeparatedTable() {
        campaign("tsv", "mails.tsv", "id\tbody\tfolder\n1\tHello, there\twork\n2\t\"Yes\thome\n\n3\tok \"!\"\twork\n",
                "body\tfolder\na b\tx\nc\ty\n")
                .reads(file -> TextTable.read(file, "body", "folder"))
                .expects(bytes -> Naive.tsv(bytes, "body", "folder")).run();
    }

    @Test void taggedTokens() {
        campaign("bio", "names.conll", BIO, "a\tB-x\nb\tI-x\nc\tI-x\n\t\nd\tO\n",
                "a\tI-x\nb\tB-x\nc\tI-y\nd\tO\n\ne\tI-x\n",
                "a\tS-x\nb\tB-x\nc\tI-x\nd\tE-x\n\ne\tO\nf\tB-y\ng\tE-y\n", "a\tU-x\nb\tB-x\nc\tI-x\nd\tL-x\ne\tO\n")
                .reads(BioFile::read)
                .expects(bytes -> Naive.bio(bytes, 0)).run();
    }

    @Test void conll2003() {
        campaign("conll2003", "eng.train",
                "-DOCSTART-\t-X-\tO\tO\n\nEU\tNNP\tI-NP\tI-ORG\nrejects\tVBZ\tI-VP\tO\n\nPeter\tNNP\tI-NP\tB-PER\n",
                "a\tX\tB-NP\tB-LOC\nb\tX\tI-NP\tI-LOC\n").reads(file -> BioFile.read(file, 3))
                .expects(bytes -> Naive.bio(bytes, 3)).run();
    }

    @Test void conllU() {
        campaign("conllu", "ewt.conllu", CONLLU, "1\ta\ta\tX\tY\t_\t0\troot\t_\t_\n")
                .reads(file -> ConlluFile.read(file, ConlluFile.Column.UPOS))
                .expects(Naive::conllu).sameAfter("a comment in front", 1, input -> {
                    String text = Naive.text(input);
                    return text == null ? null : ("# text = x\n" + text).getBytes(StandardCharsets.UTF_8);
                }).run();
    }

    @Test void sentencePairs() {
        campaign("pairs", "swe.txt", "Go.\tGå.\tCC-BY 2.0 (France) Attribution: tatoeba.org #1\nHi!\tHej!\tx\n",
                "Who?\tVem?\ty\n\nStop!\tStopp!\t\n")
                .reads(file -> SentencePairs.read(file).pairs()).expects(Naive::pairs).run();
    }

    @Test void pronouncingDictionary() {
        campaign("cmudict", "cmudict.dict",
                "a AH0\na(2) EY1\nparis P EH1 R IH0 S # place\n'bout B AW1 T\n\n;;; comment\nthe DH AH\n",
                "b B IY1\nc S IY1\n")
                .reads(file -> PronouncingDictionary.read(file).entries()).expects(Naive::dictionary).run();
    }

    @Test void corpus() {
        campaign("corpus", "letters.txt", "To be, or not to be:\nthat is the question.\n", "åäö €\u3000\ud83d\ude00\n")
                .reads(file -> Corpora.file(file).text())
                .expects(Naive::corpus).run();
    }

    /** Whatever the text: no blanks within tokens, and nothing but blanks and invisible characters is lost. */
    @Test void tokenizers() {
        campaign("tokenizers", "letters.txt",
                "Mr. Smith can't  pay $5.50 (U.S.), \"or so\" he said... e\u0301 \ud83d\ude00\ufe0f\n",
                "a-b c_d 1,000 <unk> http://x.y/z?\n").reads(file -> {
                    String text = Corpora.file(file).text();
                    keeps(text, Tokenizer.wordsAndPunctuation().tokens(text));
                    keeps(text.toLowerCase(Locale.ROOT), Tokenizer.wordsAndPunctuation().lowercase().tokens(text));
                    keeps(text.replace('’', '\'').toLowerCase(Locale.ROOT), Tokenizer.reviews().tokens(text));
                    sound(Tokenizer.lines().tokens(text));
                    sound(Tokenizer.treebank().tokens(text));
                    return text;
                }).run();
    }

    /** What is cut into symbols comes back. */
    @Test void symbols() {
        campaign("symbols", "letters.txt", "hunden ser hunden@@ och katten\nser @@ hunden a@@b\n",
                "e\u0301e\u0301 \ud83d\ude00\ud83d\ude00 ab ab\n")
                .reads(file -> {
                    String text = Corpora.file(file).text();
                    Vocabulary characters = Vocabulary.characters(text);
                    if (!characters.decode(characters.encode(text)).equals(text))
                        throw new AssertionError("another text from " + characters);
                    List<String> words = Arrays.stream(text.split("[ \t\r\n]+")).filter(word -> !word.isEmpty())
                            .limit(200).toList();
                    if (words.isEmpty()) return text;
                    BytePairs pairs = BytePairs.learn(Stream.of(words), 12);
                    if (!BytePairs.words(pairs.pieces(words)).equals(words))
                        throw new AssertionError("other words from " + pairs.pieces(words));
                    return text;
                }).run();
    }

    private static void keeps(String text, List<String> tokens) {
        sound(tokens);
        if (!visible(String.join("", tokens)).equals(visible(text)))
            throw new AssertionError("characters are lost or changed: " + tokens);
    }

    private static String visible(String text) { return text.replaceAll("[\\p{Z}\\p{C}]", ""); }

    private static void sound(List<String> tokens) {
        for (String token : tokens)
            if (token.isEmpty() || token.chars().anyMatch(c -> " \t\r\n".indexOf(c) >= 0))
                throw new AssertionError("a token [" + token + "]");
    }
}
