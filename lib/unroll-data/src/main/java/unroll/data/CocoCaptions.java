package unroll.data;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
 * CocoCaptions train = CocoCaptions.coco(Path.of("captions_train2017.json"), Path.of("train2017"), small);
 * train.picture(0);                                                 // [3, 64, 64], grey ones with three equal channels
 * train.captions(0);  // some five, each as words: lower case, no punctuation
 * CocoCaptions few = CocoCaptions.flickr8k(tokens, pictures, small).part(0, 1_000);
 * CocoCaptions test = CocoCaptions.karpathy(splits, Set.of("test"), folder, small);
 * CocoCaptions free = CocoCaptions.catalogued(small);               // 32 photographs of COCO under free licences
 * CiderD.of(train.references());
 * }</pre>
 *
 * Captions without any word are left out, and so are images without any caption; {@link #withoutCaption} counts these.
 * For the tokens see Karpathy and Fei-Fei 2015: {@code a man's red-and-white bike} is {@code a mans redandwhite bike};
 * only ASCII white space separates. A picture's name may have blanks, brackets and accents in it, composed or not,
 * whichever way the disk has them.
 */
public final class CocoCaptions {
    /** @param checked what the catalogue found right; null for a file of a folder, read when it is asked for */
    private record Photograph(Path file, byte[] checked, List<List<String>> captions) {
    }

    private static final String SET = "coco-cc-subset";
    private static final Pattern ANNOTATIONS = Pattern.compile("annotations/captions_(.+)\\.json");
    /** A name with the number of a copy after it, as one has in the published list of Flickr8k. */
    private static final Pattern NUMBERED = Pattern.compile("(.+\\.jpe?g)\\.[0-9]+", Pattern.CASE_INSENSITIVE);

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
     * The photographs of COCO that the {@link Catalogue} has, 32 under licences that allow it, with five captions each;
     * where they are not in the folder or in the cache, they are downloaded now (4 MB).
     * {@code Catalogue.standard().dataset("coco-cc-subset")} says of each file under which licence it is and where its
     * author shows it.
     *
     * @throws DatasetException with a reason that is {@link Reason#outOfReach} where they cannot be had here; nothing
     *     of their kind is built in
     */
    public static CocoCaptions catalogued(ImageTransform transform) {
        return catalogued(Catalogue.standard(), transform);
    }

    static CocoCaptions catalogued(Catalogue catalogue, ImageTransform transform) {
        List<String> paths = catalogue.dataset(SET).files().stream().map(Dataset.DataFile::path).toList();
        List<Photograph> there = new ArrayList<>();
        int missing = 0, without = 0;
        for (String path : paths) {
            Matcher part = ANNOTATIONS.matcher(path);
            if (!part.matches()) continue;
            CaptionFile file = CaptionFile.coco(path, catalogue.bytes(SET, path));
            without += file.without();
            for (var one : file.captions().entrySet()) {
                String picture = part.group(1) + "/" + one.getKey();
                if (paths.contains(picture))
                    there.add(new Photograph(Path.of(picture), catalogue.bytes(SET, picture),
                            List.copyOf(one.getValue())));
                else
                    missing++;
            }
        }
        return new CocoCaptions(there, transform, missing, without);
    }

    /**
     * The captions of COCO, {@code captions_train2017.json} for instance, of at most 200 MB; every picture must be in
     * the folder.
     *
     * @param transform what is done to each picture, such that all get one size; nothing random
     * @throws DatasetException naming the file or line, if it is damaged, its captions and images do not belong
     *     together, or a picture is not there
     */
    public static CocoCaptions coco(Path json, Path folder, ImageTransform transform) {
        return of(CaptionFile.coco(json), folder, transform, picture -> false);
    }

    /** As {@link #coco} without the images whose pictures are not in the folder; one at least must be. */
    public static CocoCaptions cocoPresent(Path json, Path folder, ImageTransform transform) {
        return of(CaptionFile.coco(json), folder, transform, picture -> true);
    }

    /**
     * The captions of Flickr8k, {@code Flickr8k.token.txt}, or of Flickr30k, {@code results_20130124.token}, or
     * {@code captions.txt} and {@code results.csv} of later copies, as {@link #coco}. The published list of Flickr8k
     * has a picture {@code 2258277193_586949ec62.jpg.1}, which did not come with it: such a name is that of the picture
     * without the number, and where this is not in the folder either, the image is left out as in
     * {@link #flickr8kPresent}.
     */
    public static CocoCaptions flickr8k(Path captions, Path folder, ImageTransform transform) {
        return of(CaptionFile.flickr(captions), folder, transform, NUMBERED.asMatchPredicate());
    }

    /** As {@link #flickr8k} without the images whose pictures are not in the folder. */
    public static CocoCaptions flickr8kPresent(Path captions, Path folder, ImageTransform transform) {
        return of(CaptionFile.flickr(captions), folder, transform, picture -> true);
    }

    /**
     * The splits of Karpathy and Fei-Fei 2015 that papers compare on: {@code dataset_coco.json},
     * {@code dataset_flickr8k.json} or {@code dataset_flickr30k.json}, with their tokens as they are, as {@link #coco}.
     *
     * @param splits some of {@code train}, {@code restval}, {@code val} and {@code test}; COCO is mostly trained on the
     *     first two together
     * @param folder that of the pictures; of COCO the one in which {@code train2014} and {@code val2014} are
     */
    public static CocoCaptions karpathy(Path json, Set<String> splits, Path folder, ImageTransform transform) {
        return of(CaptionFile.karpathy(json, splits), folder, transform, picture -> false);
    }

    /** As {@link #karpathy} without the images whose pictures are not in the folder. */
    public static CocoCaptions karpathyPresent(Path json, Set<String> splits, Path folder, ImageTransform transform) {
        return of(CaptionFile.karpathy(json, splits), folder, transform, picture -> true);
    }

    /** @param leaveOut which images are left out, where their pictures are not in the folder */
    private static CocoCaptions of(CaptionFile file, Path folder, ImageTransform transform,
            Predicate<String> leaveOut) {
        List<Photograph> there = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        file.captions().forEach((picture, captions) -> {
            Path found = find(folder, picture);
            Matcher numbered = NUMBERED.matcher(picture);
            if (found == null && numbered.matches() && !file.captions().containsKey(numbered.group(1)))
                found = find(folder, numbered.group(1));
            if (found != null) there.add(new Photograph(found, null, List.copyOf(captions)));
            else
                missing.add(picture);
        });
        List<String> wanted = missing.stream().filter(leaveOut.negate()).toList();
        if (!wanted.isEmpty())
            throw new DatasetException(Reason.UNREADABLE, file.name() + ": the picture " + wanted.get(0)
                    + " is not in the folder " + folder + ", and " + (wanted.size() - 1)
                    + " others are not; cocoPresent, flickr8kPresent and karpathyPresent leave such images out");
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
        for (String form : List.of(picture, Normalizer.normalize(picture, Normalizer.Form.NFC),
                Normalizer.normalize(picture, Normalizer.Form.NFD))) {
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

    /** The file of an image; of the catalogue's the path within the set. */
    public Path file(int image) {
        return photographs.get(image).file;
    }

    /** The captions of an image as words, in the order of the file, at least one. */
    public List<List<String>> captions(int image) {
        return photographs.get(image).captions;
    }

    /** The captions of all images: what a measure such as {@code CiderD} compares with. */
    public List<List<List<String>>> references() {
        return photographs.stream().map(Photograph::captions).toList();
    }

    /** The picture, {@code [3, H, W]}, read and transformed now; {@link Images} says which are refused. */
    public Tensor picture(int image) {
        Photograph one = photographs.get(image);
        return transform.apply(one.checked == null
                ? images.read(one.file)
                : images.read(new ByteArrayInputStream(one.checked), one.file.toString()));
    }

    /** The picture and one of its captions; nobody knows where its objects are. */
    public CaptionedImage captioned(int image, int caption) {
        return new CaptionedImage(picture(image), captions(image).get(caption), List.of());
    }

    @Override public String toString() {
        long captions = photographs.stream().mapToLong(p -> p.captions.size()).sum();
        return String.format(Locale.ROOT, "CocoCaptions(%,d images, %,d captions; %s%s%s)", size(), captions, transform,
                leftOut(withoutPicture, "whose pictures are not in the folder"),
                leftOut(withoutCaption, "which have no caption"));
    }

    private static String leftOut(int images, String which) {
        return images == 0 ? "" : String.format(Locale.ROOT, "; %,d images left out, %s", images, which);
    }
}
