package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class ColouredTextTest {
    @Property void thePageShowsTheText(
            @ForAll @CharRange(from = ' ', to = '~') @Chars({'é', '→', 'ß', '\t'}) String text) {
        float[] values = new float[text.length()];
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i);
        Document page = Jsoup.parseBodyFragment(ColouredText.of(text, values).html());
        page.select("[style=display: none]").remove();
        assertEquals(text, page.body().child(0).wholeText());
    }

    /** GitHub shows pages without their styles: the colours are gone, and what they hid is there. */
    @Property void withoutStylesThePageShowsTheBars(@ForAll @CharRange(from = 'a', to = 'z') @Chars('\n') String text) {
        float[] values = new float[text.length()];
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i);
        ColouredText coloured = ColouredText.of(text, values);
        String shown = Jsoup.parseBodyFragment(coloured.html()).body().child(0).wholeText();
        assertEquals(coloured.toString(), shown.replace("↵", "").stripTrailing());
    }

    @Test void plusOneIsVermilionMinusOneIsBlueZeroIsPlain() {
        String html = ColouredText.of("abc", 1f, 0f, -1f).html();
        assertTrue(
                html.contains(
                        "<span style=\"background: #e39557\">a</span>b<span style=\"background: #57a2cc\">c</span>"),
                html);
    }

    @Test void neighboursOfOneShadeShareAnElement() {
        assertTrue(ColouredText.of("abcd", 1f, 0.999f, 2f, 1f).html().contains(">abcd</span>"));
    }

    @Test void lineEndsAreMarkedAndKept() {
        assertTrue(ColouredText.of("a\nb", 0f, 0f, 0f).html().replaceAll("<span.*?>[▁-█\n]*</span>", "")
                .contains("a↵\nb"));
    }

    @Test void aCharacterBeyondTheBasicPlaneIsOneCharacter() {
        assertEquals("𝄞\n█", ColouredText.of("𝄞", 1f).toString());
    }

    @Test void aWordHasItsValueAndABlankHasNone() {
        assertEquals("so 𝄞 good\n▁▁ ▅ ████", ColouredText.words(List.of("so", "𝄞", "good"), -1f, 0f, 1f).toString());
        assertEquals("", ColouredText.words(List.of()).toString());
    }

    @Test void eachWordNeedsAValue() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> ColouredText.words(List.of("a", "b"), 1f));
        assertEquals("ColouredText: 1 values for 2 words", e.getMessage());
    }

    @Test void eachCharacterNeedsAValue() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ColouredText.of("abc", 1f));
        assertEquals("ColouredText: 1 values for a text of 3 characters", e.getMessage());
    }

    @Test void aConsoleShowsBarsUnderTheLines() {
        assertEquals("ab\n▁█\nc\n▅", ColouredText.of("ab\nc", -1f, 1f, 0f, 0f).toString());
    }

    @Test void anEmptyLineStaysEmpty() {
        assertEquals("a\n▅\n\n\nb\n▅", ColouredText.of("a\n\nb", 0f, 0f, 0f, 0f).toString());
    }
}
