package unroll.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;

final class RenderingTest {
    @Test void aChartOfXChartShowsItself() throws IOException {
        BoxChart chart = new BoxChartBuilder().title("Five seeds").width(300).height(200).build();
        chart.addSeries("LSTM", new double[] {1.6, 1.61, 1.58, 1.62, 1.7});
        Rendering shown = Rendering.all().stream().filter(r -> r.type().isInstance(chart)).findFirst().orElseThrow()
                .render(chart);
        assertEquals("XChart: Five seeds", shown.data().get(Rendering.TEXT));
        assertEquals(Map.of("width", 300, "height", 200, "alt", "XChart: Five seeds."),
                shown.metadata().get(Rendering.PNG));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode((String) shown.data().get(Rendering.PNG))));
        int dark = 0;
        for (int y = 0; y < 200; y++) for (int x = 0; x < 300; x++) if ((image.getRGB(x, y) & 0xFF) < 100) dark++;
        assertTrue(dark > 100, dark + " dark pixels");
    }
}
