package unroll.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import unroll.data.DatasetException.Reason;
import unroll.tensor.Tensor;

/**
 * Photographs with several captions each: COCO (Lin et al. 2014, Chen et al. 2015) and Flickr8k (Hodosh, Young and Hockenmaier 2013), from files that the
 * reader has. Captions are in memory; a picture is decoded when it is asked for.
 *
 * <pre>{@code
 * ImageTransform small = ImageTransform.resizeShorterSide(64).then(ImageTransform.centreCrop(64, 64));
 * CocoCaptions train = CocoCaptions.coco(folder.resolve("annotations/captions_train2017.json"), folder.resolve("train2017"), small);
 * train.picture(0);                                                 // [3, 64, 64], grey ones with three equal channels
 * train.captions(0);                                                // some five, each as words: lower case, no punctuation
 * CocoCaptions few = CocoCaptions.flickr8k(tokens, pictures, small).part(0, 1_000);
 * CiderD.of(train.references());
 * }</pre>
 *
 * Captions without any word are left out. For the tokens see Karpathy and Fei-Fei 2015: {@code a man's red-and-white bike} is {@code a mans redandwhite bike}.
 */
public final class CocoCaptions {
    private record Photograph(Path file, List<List<String>> captions) {
    }

    private final List<Photograph> photographs;
    private final ImageTransform transform;
    private final int absent;
    private final Images images = Images.rgb();

    private CocoCaptions(List<Photograph> photographs, ImageTransform transform, int absent) {
        this.photographs = List.copyOf(photographs);
        this.transform = Objects.requireNonNull(transform, "transform");
        this.absent = absent;
    }

    /**
     * The captions of COCO, {@code captions_train2017.json} for instance, of at most 200 MB; every picture must be in the folder.
     *
     * @param transform what is done to each picture, such that all get one size; nothing random
     * @throws DatasetException naming the file, if it is damaged, its captions and images do not belong together, or a picture is not there
     */
    public static CocoCaptions coco(Path json, Path folder, ImageTransform transform) {
        return new CocoCaptions(photographs(CaptionFile.coco(json), folder, false), transform, 0);
    }

    /**
     * The same without the images whose pictures are not in the folder; the others may be few, but not none.
     *
     * @throws DatasetException as {@link #coco}
     */
    public static CocoCaptions cocoPresent(Path json, Path folder, ImageTransform transform) {
        return present(CaptionFile.coco(json), folder, transform);
    }

    /**
     * The captions of Flickr8k: {@code Flickr8k.token.txt}, or {@code captions.txt} of later copies, and the folder of the pictures.
     *
     * @param transform as for {@link #coco}
     * @throws DatasetException       if an image has no caption or is not there: the published file names one that is not, see {@link #flickr8kPresent}
     * @throws MalformedLineException if a line is not of the format
     */
    public static CocoCaptions flickr8k(Path captions, Path folder, ImageTransform transform) {
        return new CocoCaptions(photographs(CaptionFile.flickr8k(captions), folder, false), transform, 0);
    }

    /** The same without the images whose pictures are not in the folder. */
    public static CocoCaptions flickr8kPresent(Path captions, Path folder, ImageTransform transform) {
        return present(CaptionFile.flickr8k(captions), folder, transform);
    }

    private static CocoCaptions present(Map<String, List<List<String>>> all, Path folder, ImageTransform transform) {
        List<Photograph> there = photographs(all, folder, true);
        if (there.isEmpty())
            throw new DatasetException(Reason.UNREADABLE, "CocoCaptions: none of the " + all.size() + " pictures is in the folder " + folder);
        return new CocoCaptions(there, transform, all.size() - there.size());
    }

    private static List<Photograph> photographs(Map<String, List<List<String>>> all, Path folder, boolean leaveOut) {
        List<Photograph> there = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        all.forEach((picture, captions) -> {
            Path file = folder.resolve(picture);
            if (Files.isRegularFile(file)) there.add(new Photograph(file, List.copyOf(captions)));
            else missing.add(picture);
        });
        if (!missing.isEmpty() && !leaveOut)
            throw new DatasetException(Reason.UNREADABLE, "CocoCaptions: the picture " + missing.get(0) + " is not in the folder " + folder + ", and "
                    + (missing.size() - 1) + " others are not; cocoPresent and flickr8kPresent leave such images out");
        return there;
    }

    /** The images {@code from} .. {@code to - 1}. */
    public CocoCaptions part(int from, int to) {
        if (from < 0 || to > size() || from >= to)
            throw new IndexOutOfBoundsException("CocoCaptions: part " + from + " to " + to + " of " + size() + " images");
        return new CocoCaptions(photographs.subList(from, to), transform, 0);
    }

    /** How many images there are. */
    public int size() { return photographs.size(); }

    /** The file of an image. */
    public Path file(int image) { return photographs.get(image).file; }

    /** The captions of an image as words, in the order of the file, at least one. */
    public List<List<String>> captions(int image) {
        return photographs.get(image).captions;
    }

    /** The captions of all images: what a measure such as {@code CiderD} compares with. */
    public List<List<List<String>>> references() {
        return photographs.stream().map(Photograph::captions).toList();
    }

    /**
     * The picture, {@code [3, H, W]}, read and transformed now.
     *
     * @throws ImageException naming the file, if it is no picture, is damaged, or has more than 64 MiB or 50 million pixels
     */
    public Tensor picture(int image) { return transform.apply(images.read(file(image))); }

    /** The picture and one of its captions; nobody knows where its objects are. */
    public CaptionedImage captioned(int image, int caption) {
        return new CaptionedImage(picture(image), captions(image).get(caption), List.of());
    }

    @Override public String toString() {
        long captions = photographs.stream().mapToLong(p -> p.captions.size()).sum();
        return String.format(Locale.ROOT, "CocoCaptions(%,d images, %,d captions; %s", size(), captions, transform)
                + (absent == 0 ? ")" : String.format(Locale.ROOT, "; %,d images left out, whose pictures are not in the folder)", absent));
    }
}
