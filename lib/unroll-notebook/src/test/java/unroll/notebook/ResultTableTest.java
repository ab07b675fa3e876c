package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

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
        for (String html : List.of(results().html(), Tables.text(results().toTablesaw()).html()))
            assertEquals(List.of("col", "col", "col"), Jsoup.parseBodyFragment(html).select("th").eachAttr("scope"));
    }

    @Test void textIsEscapedForAPage() {
        assertEquals("a &lt;b&gt; &amp; &quot;c&quot;", Rendering.escape("a <b> & \"c\""));
    }

    @Test void headersAreEscaped() { assertTrue(Tables.of("<b>").row(1).html().contains("&lt;b&gt;")); }

    @Test void columnsOfTablesawHaveTheTypesOfTheValues() {
        assertEquals(List.of(ColumnType.STRING, ColumnType.LONG, ColumnType.DOUBLE),
                results().toTablesaw().columns().stream().map(c -> c.type()).toList());
    }

    @Test void tablesawGetsTheFullNumbers() {
        assertEquals(1.55249, results().toTablesaw().doubleColumn("nats").get(1));
    }

    @Test void missingValuesAreMissingInTablesaw() {
        assertTrue(results().toTablesaw().longColumn("parameters").isMissing(2));
    }

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

    @Test void tablesOfTablesawAreFormattedToo() {
        Table table = Table.create(StringColumn.create("word", "a"), DoubleColumn.create("score", 12345.678));
        assertTrue(Tables.text(table).html().contains("<td align=\"right\" style=\"text-align: right\">12,346</td>"));
    }

    @Test void ofALongTableTheEndsAreShown() {
        String html = Tables.text(Table.create(IntColumn.create("n", IntStream.range(0, 10_000).toArray()))).html();
        assertTrue(html.contains(">9,999</td>") && html.contains(">0</td>") && !html.contains(">5,000</td>"));
        assertTrue(html.endsWith("<p>The first 40 and the last 10 of 10,000 rows.</p>"));
    }

    /** A table of letters has such columns; Tablesaw takes their names for one. */
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
        Table tablesaw = table.toTablesaw();
        assertEquals(4, tablesaw.columnCount());
        assertEquals("low", tablesaw.stringColumn("t (2)").get(0));
        assertTrue(Tables.text(tablesaw).html().contains(">low<"));
    }
}
