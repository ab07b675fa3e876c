package unroll.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import unroll.tensor.Tensor;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Photographs with several captions each: COCO (Lin et al. 2014, Chen et al. 2015), Flickr8k (Hodosh, Young and
 * Hockenmaier 2013) and Flickr30k (Young et al. 2014), from files that the reader has, in the published forms or in
 * Karpathy's splits. Captions are in memory; a picture is decoded when it is asked for.
 *
 * <pre>{@code
 * ImageTransform small = ImageTransform.resizeShorterSide(64).then(ImageTransform.centreCrop(64, 64));
 * CocoCaptions train = CocoCaptions.coco(folder.resolve("annotations/captions_train2017.json"), folder.resolve("train2017"), small);
 * train.picture(0);                                                 // [3, 64, 64], grey ones with three equal channels
 * train.captions(0);  // some five, each as words: lower case, no punctuation
 * CocoCaptions few = CocoCaptions.flickr8k(tokens, pictures, small).part(0, 1_000);
 * CocoCaptions test = CocoCaptions.karpathy(splits, Set.of("test"), folder, small);
 * CiderD.of(train.references());
 * }</pre>
 *
 * Captions without any word are left out, and so are images without any caption; {@link #withoutCaption} counts these.
 * For the tokens see Karpathy and Fei-Fei 2015: {@code a man's red-and-white bike} is {@code a mans redandwhite bike};
 * only ASCII white space separates. A picture's name may have blanks, brackets and accents in it, composed or not,
 * whichever way the disk has them.
 */
public final class CocoCaptions {
    private record Photograph(Path file, List<List<String>> captions) {
    }

    private final List<Photograph> photographs;
    private final ImageTransform transform;
    private final int withoutPicture, withoutCaption;
    private final Images images = Images.rgb();

    private CocoCaptions(List<Photograph> photographs, ImageTransform transform, int withoutPicture,
            int withoutCaption) {
        this.photographs = List.copyOf(photographs);
        this.transform = Objects.requireNonNull(transform, "transform");
        this.withoutPicture = withoutPicture;
        this.withoutCaption = withoutCaption;
    }

    /**
     * The captions of COCO, {@code captions_train2017.json} for instance, of at most 200 MB; every picture must be in
     * the folder.
     *
     * @param transform what is done to each picture, such that all get one size; nothing random
     * @throws DatasetException naming the file, if it is damaged, its captions and images do not belong together, or a
     *     picture is not there
     */
    public static CocoCaptions coco(Path json, Path folder, ImageTransform transform) {
        return of(CaptionFile.coco(json), folder, transform, false);
    }

    /**
     * The same without the images whose pictures are not in the folder; the others may be few, but not none.
     *
     * @throws DatasetException as {@link #coco}
     */
    public static CocoCaptions cocoPresent(Path json, Path folder, ImageTransform transform) {
        return of(CaptionFile.coco(json), folder, transform, true);
    }

    /**
     * The captions of Flickr8k, {@code Flickr8k.token.txt}, or of Flickr30k, {@code results_20130124.token}, or
     * {@code captions.txt} and {@code results.csv} of later copies, and the folder of the pictures.
     *
     * @param transform as for {@link #coco}
     * @throws DatasetException       if a picture is not there: the published file names one that is not, see
     *     {@link #flickr8kPresent}
     * @throws DatasetException if a line is not of the format
     */
    public static CocoCaptions flickr8k(Path captions, Path folder, ImageTransform transform) {
        return of(CaptionFile.flickr(captions), folder, transform, false);
    }

    /** The same without the images whose pictures are not in the folder. */
    public static CocoCaptions flickr8kPresent(Path captions, Path folder, ImageTransform transform) {
        return of(CaptionFile.flickr(captions), folder, transform, true);
    }

    /**
     * The splits of Karpathy and Fei-Fei 2015 that papers compare on: {@code dataset_coco.json},
     * {@code dataset_flickr8k.json} or {@code dataset_flickr30k.json}, with their tokens as they are.
     *
     * @param splits some of {@code train}, {@code restval}, {@code val} and {@code test}; COCO is mostly trained on the
     *     first two together
     * @param folder that of the pictures; of COCO the one in which {@code train2014} and {@code val2014} are
     * @throws DatasetException as {@link #coco}, and if there is no such split
     */
    public static CocoCaptions karpathy(Path json, Set<String> splits, Path folder, ImageTransform transform) {
        return of(CaptionFile.karpathy(json, splits), folder, transform, false);
    }

    /** The same without the images whose pictures are not in the folder. */
    public static CocoCaptions karpathyPresent(Path json, Set<String> splits, Path folder, ImageTransform transform) {
        return of(CaptionFile.karpathy(json, splits), folder, transform, true);
    }

    private static CocoCaptions of(CaptionFile file, Path folder, ImageTransform transform, boolean leaveOut) {
        List<Photograph> there = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        file.captions().forEach((picture, captions) -> {
            Path found = find(folder, picture);
            if (found != null) there.add(new Photograph(found, List.copyOf(captions)));
            else
                missing.add(picture);
        });
        if (!missing.isEmpty() && !leaveOut)
            throw new DatasetException(Reason.UNREADABLE, file.name() + ": the picture " + missing.get(0)
                    + " is not in the folder " + folder + ", and " + (missing.size() - 1)
                    + " others are not; cocoPresent, flickr8kPresent and karpathyPresent leave such images " + "out");
        if (there.isEmpty())
            throw new DatasetException(Reason.UNREADABLE,
                    file.name() + ": none of the " + missing.size() + " pictures is in the folder " + folder);
        return new CocoCaptions(there, transform, missing.size(), file.without());
    }

    /**
     * The file of a picture, or null; é may be one character in the caption file and two on the disk, as on a Mac, or
     * the other way round.
     */
    private static Path find(Path folder, String picture) {
        for (String form : new String[] {picture, Normalizer.normalize(picture, Normalizer.Form.NFC),
                Normalizer.normalize(picture, Normalizer.Form.NFD)}) {
            try {
                Path file = folder.resolve(form);
                if (Files.isRegularFile(file)) return file;
            } catch (InvalidPathException e) {
                continue;                                                  // no file of this system can have that name
            }
        }
        return null;
    }

    /** The images {@code from} .. {@code to - 1}. */
    public CocoCaptions part(int from, int to) {
        if (from < 0 || to > size() || from >= to)
            throw new IndexOutOfBoundsException(
                    "CocoCaptions: part " + from + " to " + to + " of " + size() + " images");
        return new CocoCaptions(photographs.subList(from, to), transform, 0, 0);
    }

    /** How many images there are. */
    public int size() { return photographs.size(); }

    /** How many images of the file are not among these, since they have no caption of at least one word. */
    public int withoutCaption() {
        return withoutCaption;
    }

    /** How many images of the file are not among these, since their pictures are not in the folder. */
    public int withoutPicture() {
        return withoutPicture;
    }

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
     * @throws DatasetException naming the file, if it is no picture, is damaged, or has more than 64 MiB or 50 million
     *     pixels
     */
    public Tensor picture(int image) { return transform.apply(images.read(file(image))); }

    /** The picture and one of its captions; nobody knows where its objects are. */
    public CaptionedImage captioned(int image, int caption) {
        return new CaptionedImage(picture(image), captions(image).get(caption), List.of());
    }

    @Override public String toString() {
        long captions = photographs.stream().mapToLong(p -> p.captions.size()).sum();
        return String.format(Locale.ROOT, "CocoCaptions(%,d images, %,d captions; %s", size(), captions, transform)
                + (withoutPicture == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d images left out, whose pictures are not in the folder",
                                withoutPicture))
                + (withoutCaption == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d images left out, which have no caption", withoutCaption))
                + ")";
    }
}
