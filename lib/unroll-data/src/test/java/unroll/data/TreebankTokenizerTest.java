package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;

/** Against the tokens that NLTK makes of 1,000 sentences: {@code make_treebank.py} in the resources. */
class TreebankTokenizerTest {
    private static final Tokenizer TREEBANK = Tokenizer.treebank();

    private static List<String[]> reference() throws IOException {
        try (InputStream in = TreebankTokenizerTest.class.getResourceAsStream("treebank.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split("\t")).toList();
        }
    }

    @Test void itsTokensAreThoseOfNltkButForTheNamedDifferences() throws IOException {
        List<String> differ = new ArrayList<>();
        int equal = 0, named = 0;
        for (String[] line : reference()) {
            String tokens = String.join(" ", TREEBANK.tokens(line[0]));
            if (tokens.equals(line[1])) equal++;
            else if (line[0].matches(".*(’|[,:][,:]).*")) named++;
            else
                differ.add(line[0] + "\n" + line[1] + "\n" + tokens);
        }
        assertEquals(List.of(), differ);
        assertEquals(List.of(945, 55), List.of(equal, named));
    }

    /**
     * Nothing is lost or made up: the tokens are the text without its white space, but for the shape of its
     * apostrophes.
     */
    @Property void theTokensAreTheTextWithoutItsBlanks(
            @ForAll @Chars({'a', 'n', 's', 't', '\'', '’', '"', '.', ',', ':', '-', '(', ' ', '\u00a0', '\u0301',
                    '7'}) String text) {
        assertEquals(text.replace('’', '\'').replaceAll("[ \u00a0]", ""), String.join("", TREEBANK.tokens(text)));
        assertTrue(TREEBANK.tokens(text).stream().noneMatch(String::isEmpty), text);
    }
}
