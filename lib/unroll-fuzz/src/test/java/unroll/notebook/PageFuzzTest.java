package unroll.notebook;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import unroll.fuzz.Campaign;
import unroll.fuzz.Texts;

/** Pages of any text: what is shown is the text, and it adds no element of its own. */
class PageFuzzTest {
    private static final String HOSTILE = "<b>bold</b> & <script>alert('x')</script> \" onload=\"x\" &amp; &lt; <!-- "
            + "]]> </div></td>\n";

    private static String shown(String html) {
        String plain = html.replaceAll("</?(div|pre|span|table|thead|tbody|tr|th|td|p|br)( [a-z]+=\"[^\"<>]*\")*>", "");
        if (plain.indexOf('<') >= 0) throw new AssertionError("an element of its own: " + plain);
        plain = Pattern.compile("&#x([0-9a-f]{1,2});").matcher(plain)
                .replaceAll(m -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(m.group(1), 16))));
        return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'")
                .replace("&nbsp;", "\u00a0")
                .replace("&amp;", "&");
    }

    private static Campaign campaign(String name) {
        return Campaign.of(name, "text.txt").seed(HOSTILE, "It’s a d\u00e9j\u00e0 vu \ud83d\ude00\n")
                .mutate(Texts.mutations()).names(List.of());
    }

    @Test void colouredText() {
        campaign("coloured text").reads(file -> {
            String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
            float[] values = new float[text.codePointCount(0, text.length())];
            for (int i = 0; i < values.length; i++) values[i] = (i % 7 - 3) / 3f;
            ColouredText coloured = ColouredText.of(text, values);
            coloured.toString();
            // bars, for pages without styles
            String shown = shown(coloured.html().replaceAll("(?s)<span style=\"display: none\">[^<]*</span>", ""));
            if (!shown.startsWith(text.replace("\n", "↵\n"))) throw new AssertionError("another text: " + shown);
            return "";
        }).run();
    }

    @Test void table() {
        campaign("table").reads(file -> {
            String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8)
                    .replaceAll("\\s+", " ").strip();
            if (text.isEmpty()) return "";
            String html = Tables.of("model", text + "!").row(text, 1.5).html();
            if (!shown(html).replaceAll("\\s+", " ").contains(text))
                throw new AssertionError("another text: " + shown(html));
            return "";
        }).run();
    }
}
