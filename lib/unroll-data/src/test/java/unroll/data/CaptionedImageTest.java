package unroll.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import unroll.data.CaptionedImage.NamedBox;
import unroll.data.Scenes.Relation;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

final class CaptionedImageTest {
    private static final List<String> WORDS = List.of("a", "red", "circle");

    @Test void boxesLieWithinThePictureAndTheCaption() {
        Tensor picture = Tensor.zeros(3, 4, 6);
        CaptionedImage image = new CaptionedImage(picture, WORDS, List.of(new NamedBox(1, 2, new Box(0, 0, 6, 4))));
        assertEquals("a red circle", image.text());
        assertEquals("CaptionedImage(a red circle, [3, 4, 6])", image.toString());
        for (NamedBox beyond : List.of(new NamedBox(1, 3, new Box(0, 0, 1, 1)), new NamedBox(1, 2, new Box(0, 0, 7, 4)),
                new NamedBox(1, 2, new Box(0, 0, 6, 5))))
            assertThrows(IllegalArgumentException.class, () -> new CaptionedImage(picture, WORDS, List.of(beyond)));
        assertThrows(IllegalArgumentException.class, () -> new CaptionedImage(picture, List.of(), List.of()));
        assertThrows(ShapeException.class, () -> new CaptionedImage(Tensor.zeros(4, 6), WORDS, List.of()));
    }

    @Test void boxes() {
        Box box = new Box(2, 3, 5, 9);
        assertEquals(List.of(3, 6), List.of(box.width(), box.height()));
        assertEquals(List.of(3.5, 6.0), List.of(box.centreX(), box.centreY()));
        assertTrue(box.contains(2, 3) && box.contains(4, 8));
        assertFalse(box.contains(5, 3) || box.contains(2, 9) || box.contains(1, 3));
        assertTrue(box.overlaps(new Box(4, 8, 5, 9)));
        assertFalse(box.overlaps(new Box(5, 3, 6, 9)) || box.overlaps(new Box(2, 0, 5, 3)));
        assertThrows(IllegalArgumentException.class, () -> new Box(2, 3, 2, 9));
        assertThrows(IllegalArgumentException.class, () -> new Box(-1, 3, 2, 9));
        assertThrows(IllegalArgumentException.class, () -> new NamedBox(2, 1, box));
        assertTrue(new NamedBox(1, 2, box).names(2) && !new NamedBox(1, 2, box).names(3));
    }

    @Test void relationsThatNobodyDoubts() {
        Box middle = new Box(10, 10, 14, 14);
        assertEquals(Optional.of(Relation.LEFT_OF), Relation.of(new Box(4, 12, 8, 16), middle));
        assertEquals(Optional.of(Relation.RIGHT_OF), Relation.of(new Box(16, 8, 20, 12), middle));
        assertEquals(Optional.of(Relation.ABOVE), Relation.of(new Box(8, 4, 12, 8), middle));
        assertEquals(Optional.of(Relation.BELOW), Relation.of(new Box(12, 16, 16, 20), middle));
        assertEquals(Optional.empty(), Relation.of(new Box(4, 4, 8, 8), middle), "as far to the left as above");
        assertEquals(Optional.empty(), Relation.of(new Box(7, 10, 11, 14), middle), "not apart");
    }
}
