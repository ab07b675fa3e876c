package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

class ResultTableTest {
    private static ResultTable results() {
        return Tables.of("model", "parameters", "nats").row("bigram", 4225, 2.5).row("LSTM <2>", 863_000L, 1.55249)
                .row("published", null, null);
    }

    @Test void numbersStandToTheRightInOneLine() {
        assertEquals("""
                model      parameters   nats
                ---------  ----------  -----
                bigram          4,225  2.500
                LSTM <2>      863,000  1.552
                published           –      –""", results().toString());
    }

    @Test void htmlIsEscaped() {
        assertTrue(results().html().contains(">LSTM &lt;2&gt;</td>"));
        assertFalse(results().html().contains("<2>"));
    }

    @Test void htmlSaysWhichColumnsStandToTheRight() {
        assertTrue(results().html().contains("<td align=\"left\" style=\"text-align: left\">bigram</td>"));
        assertTrue(results().html().contains("<td align=\"right\" style=\"text-align: right\">4,225</td>"));
    }

    @Test void everyHeaderSaysWhatItIsTheHeaderOf() {
        assertEquals(List.of("col", "col", "col"),
                Jsoup.parseBodyFragment(results().html()).select("th").eachAttr("scope"));
    }

    @Test void textIsEscapedForAPage() {
        assertEquals("a &lt;b&gt; &amp; &quot;c&quot;", Rendering.escape("a <b> & \"c\""));
    }

    @Test void headersAreEscaped() { assertTrue(Tables.of("<b>").row(1).html().contains("&lt;b&gt;")); }

    @Test void aRowNeedsAValueForEachColumn() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Tables.of("a", "b").row(1));
        assertEquals("Tables: a row of 1 values [1] for the 2 columns [a, b]", e.getMessage());
    }

    @Test void columnsNeedNamesOfTheirOwn() { assertThrows(IllegalArgumentException.class, () -> Tables.of("a", "a")); }

    @Test void valuesCanBeAskedFor() { assertEquals(4225, results().value(0, "parameters")); }

    @Test void anUnknownColumnIsAnErrorThatNamesTheKnownOnes() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> results().value(0, "loss")).getMessage()
                .endsWith("there are [model, parameters, nats]"));
    }

    @Test void anEmptyTableHasItsHeader() { assertTrue(Tables.of("model").html().contains("model")); }

    /** A table of letters has such columns. */
    @Test void columnsMayDifferOnlyInCase() {
        ResultTable table = Tables.of("T", "t", "column 0", "T (2)").row(1, "low", 3.5, 4).row(5, "x", 7.25, 8);
        assertEquals("""
                T  t    column 0  T (2)
                -  ---  --------  -----
                1  low      3.50      4
                5  x        7.25      8""", table.toString());
        String html = table.html();
        assertTrue(html.contains(">T<") && html.contains(">t<") && html.contains(">low<") && html.contains(">8<"),
                html);
        assertTrue(html.contains("<td align=\"left\" style=\"text-align: left\">low</td>")
                && html.contains("<td align=\"right\" style=\"text-align: right\">1</td>"), html);
        assertEquals("low", table.value(0, "t"));
    }
}
