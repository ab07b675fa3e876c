package unroll.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unroll.data.CaptionedImage.NamedBox;
import unroll.data.Scenes.Relation;
import unroll.tensor.Tensor;

final class ShapeScenesTest {
    private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow", "purple", "white"),
            FORMS = List.of("circle", "square", "triangle");

    private static List<CaptionedImage> all(ShapeScenes scenes, int n) {
        List<CaptionedImage> all = new ArrayList<>(scenes.training(n));
        all.addAll(scenes.heldOut(n));
        all.addAll(scenes.unseen(n));
        return all;
    }

    /** The words by which the caption names an object: size, colour and form, the size perhaps left out. */
    private static List<String> name(CaptionedImage scene, NamedBox named) {
        return scene.words().subList(named.firstWord(), named.lastWord() + 1);
    }

    /** Colour and form of an object. */
    private static String kind(CaptionedImage scene, NamedBox named) {
        List<String> name = name(scene, named);
        return String.join(" ", name.subList(name.size() - 2, name.size()));
    }

    /**
     * A reader of pixels that knows nothing of the generator finds the caption again, so it is a function of the
     * picture.
     */
    @ParameterizedTest
    @ValueSource(ints = {32, 64}) void theCaptionCanBeReadFromThePixels(int side) {
        for (CaptionedImage scene : all(ShapeScenes.of(3, side), 300)) {
            SeenShape a = new SeenShape(scene, scene.boxes().get(0).box()),
                    b = new SeenShape(scene, scene.boxes().get(1).box());
            SeenShape first = a.size() > b.size() || a.size() == b.size() && a.isLeftOfOrAbove(b) ? a : b,
                    second = first == a ? b : a;
            assertEquals(first.name() + " " + first.relation(second) + " " + second.name(), scene.text());
        }
    }

    /** An object as the moments of its pixels within a box show it. */
    private static final class SeenShape {
        private final double[] mean = new double[3];
        private final double x, y;
        private final String form;
        private final int size;

        SeenShape(CaptionedImage scene, Box box) {
            Tensor picture = scene.picture();
            int side = picture.size(1), around = 0;
            double[] ground = new double[3];
            for (int row = Math.max(0, box.y0() - 2); row < Math.min(side, box.y1() + 2); row++)
                for (int column = Math.max(0, box.x0() - 2); column < Math.min(side, box.x1() + 2); column++) {
                    int i = row, j = column;
                    if (scene.boxes().stream().anyMatch(named -> named.box().contains(j, i))) continue;
                    around++;
                    for (int c = 0; c < 3; c++) ground[c] += picture.get(c, row, column);
                }
            // as far as a pixel is of the mean colour of the box
            double[][] covered = new double[side][side];
            double most = 0;
            for (int pass = 0; pass < 2; pass++)
                for (int row = box.y0(); row < box.y1(); row++)
                    for (int column = box.x0(); column < box.x1(); column++)
                        for (int c = 0; c < 3; c++) {
                            double more = picture.get(c, row, column) - ground[c] / around;
                            if (pass == 0) mean[c] += more;
                            else
                                covered[row][column] += mean[c] * more;
                            most = Math.max(most, covered[row][column]);
                        }
            double[][] moments = new double[5][5];                         // of columns and rows from the middle
            double middleX = 0, middleY = 0;
            for (int pass = 0; pass < 2; pass++) {
                for (double[] row : moments) Arrays.fill(row, 0);
                for (int row = box.y0(); row < box.y1(); row++)
                    for (int column = box.x0(); column < box.x1(); column++)
                        for (int m = 0; m < 5 && covered[row][column] > .1 * most; m++)
                            for (int n = 0; n + m < 5; n++)
                                moments[m][n] += covered[row][column] * Math.pow(column - middleX, m)
                                        * Math.pow(row - middleY, n);
                double mass = moments[0][0];
                for (double[] row : moments) for (int n = 0; n < 5; n++) row[n] /= mass;
                middleX += moments[1][0];
                middleY += moments[0][1];
            }
            x = middleX;
            y = middleY;
            double varianceX = moments[2][0], varianceY = moments[0][2];
            form = moments[0][3] / Math.pow(varianceY, 1.5) < -.3
                    ? "triangle"
                    : moments[2][2] / varianceX / varianceY > .83 ? "square" : "circle";
            // the square of the side, as a multiple of the variance
            double per = form.equals("triangle") ? 18 : form.equals("square") ? 12 : 16;
            double length = Math.sqrt(per * (varianceY - 1 / 12.0)) * 32 / side;
            size = length < 7.75 ? 0 : length < 11.5 ? 1 : 2;
        }

        int size() { return size; }

        String name() {
            double most = Arrays.stream(mean).max().orElseThrow();
            boolean r = mean[0] > .5 * most, g = mean[1] > .6 * most, b = mean[2] > .5 * most;
            String colour = r && g && b
                    ? "white"
                    : r && g ? "yellow" : r && b ? "purple" : r ? "red" : g ? "green" : "blue";
            return "a " + List.of("small ", "", "large ").get(size) + colour + " " + form;
        }

        boolean isLeftOfOrAbove(SeenShape other) {
            return Math.abs(x - other.x) > Math.abs(y - other.y) ? x < other.x : y < other.y;
        }

        String relation(SeenShape other) {
            boolean horizontal = Math.abs(x - other.x) > Math.abs(y - other.y);
            return isLeftOfOrAbove(other) ? horizontal ? "left of" : "above" : horizontal ? "right of" : "below";
        }
    }

    @Test void boxesHoldTheObjectsAndNothingElse() {
        for (CaptionedImage scene : all(ShapeScenes.of(5), 200)) {
            Box a = scene.boxes().get(0).box(), b = scene.boxes().get(1).box();
            assertFalse(a.overlaps(b), scene + " " + a + " " + b);
            float least = 1, most = 0;
            for (int row = 0; row < 32; row++)
                for (int column = 0; column < 32; column++)
                    if (!a.contains(column, row) && !b.contains(column, row))
                        for (int c = 0; c < 3; c++) {
                            least = Math.min(least, scene.picture().get(c, row, column));
                            most = Math.max(most, scene.picture().get(c, row, column));
                        }
            assertTrue(least >= 0 && most < .42 && most - least < .3,
                    scene + ": beyond the boxes from " + least + " to " + most);
        }
    }

    @Test void boxesAreNamedByTheWordsOfTheirObject() {
        Set<String> words = new HashSet<>();
        for (CaptionedImage scene : all(ShapeScenes.of(5), 300)) {
            assertEquals(2, scene.boxes().size());
            for (NamedBox named : scene.boxes()) {
                List<String> name = name(scene, named);
                assertEquals("a", scene.words().get(named.firstWord() - 1));
                assertTrue(COLOURS.contains(name.get(name.size() - 2)) && FORMS.contains(name.get(name.size() - 1)),
                        name.toString());
                double side = (named.box().width() + named.box().height()) / 2.0;
                assertEquals(side < 8.5 ? List.of("small") : side < 12 ? List.of() : List.of("large"),
                        name.subList(0, name.size() - 2));
            }
            assertEquals(scene.words().size() - 1, scene.boxes().get(1).lastWord());
            words.addAll(scene.words());
        }
        assertEquals(new HashSet<>(ShapeScenes.words()), words);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4}) void trainingNeverHasWhatIsHeldOut(long seed) {
        ShapeScenes scenes = ShapeScenes.of(seed);
        Set<String> held = new HashSet<>(scenes.unseenKinds()), seen = new HashSet<>();
        assertEquals(3, held.size());
        for (var part : List.of(scenes.training(500), scenes.heldOut(500)))
            for (CaptionedImage scene : part) for (NamedBox named : scene.boxes()) seen.add(kind(scene, named));
        assertEquals(15, seen.size());
        for (String kind : held) {
            assertFalse(seen.contains(kind), kind);
            for (String word : kind.split(" "))
                assertTrue(seen.stream().anyMatch(k -> List.of(k.split(" ")).contains(word)), word);
        }
        Set<String> tried = new HashSet<>();
        for (CaptionedImage scene : scenes.unseen(500)) {
            Set<String> kinds = scene.boxes().stream().map(named -> kind(scene, named)).collect(Collectors.toSet());
            assertEquals(2, kinds.size(), scene.text());
            assertTrue(kinds.stream().anyMatch(held::contains), scene.text());
            tried.addAll(kinds);
        }
        assertEquals(18, tried.size());
    }

    @Test void partsShareNoPicture() {
        Set<Integer> seen = new HashSet<>();
        for (CaptionedImage scene : all(ShapeScenes.of(1), 300))
            assertTrue(seen.add(Arrays.hashCode(scene.picture().data())), scene.text());
    }

    @Test void theSeedDecidesAndMorePicturesBeginWithTheSame() {
        List<CaptionedImage> few = ShapeScenes.of(1).training(20), many = ShapeScenes.of(1).training(40);
        for (int i = 0; i < 20; i++) {
            assertEquals(few.get(i).words(), many.get(i).words());
            assertEquals(few.get(i).boxes(), many.get(i).boxes());
            assertArrayEquals(few.get(i).picture().data(), many.get(i).picture().data());
        }
        assertFalse(few.stream().map(CaptionedImage::text).toList()
                .equals(ShapeScenes.of(2).training(20).stream().map(CaptionedImage::text).toList()));
    }

    /** All four relations, and no place where an object never is. */
    @Test void scenesVary() {
        List<CaptionedImage> scenes = ShapeScenes.of(9).training(600);
        for (Relation relation : Relation.values()) {
            String words = " " + String.join(" ", relation.words()) + " ";
            long n = scenes.stream().filter(s -> s.text().contains(words)).count();
            assertTrue(n > 60, relation + ": " + n + " of 600");
        }
        for (int p = 0; p < 32 * 32; p++) {
            int column = p % 32, row = p / 32;
            assertTrue(
                    scenes.stream()
                            .anyMatch(s -> s.boxes().stream().anyMatch(named -> named.box().contains(column, row))),
                    column + ", " + row);
        }
        assertTrue(scenes.stream().map(CaptionedImage::text).distinct().count() > 500);
    }

    @Test void mistakesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> ShapeScenes.of(1).training(0));
        assertThrows(IllegalArgumentException.class, () -> ShapeScenes.of(1, 31));
        assertThrows(IllegalArgumentException.class, () -> ShapeScenes.of(1, 257));
        assertTrue(ShapeScenes.of(1, 48).toString().startsWith("ShapeScenes(seed=1, side=48, unseen=["),
                ShapeScenes.of(1, 48).toString());
    }
}
