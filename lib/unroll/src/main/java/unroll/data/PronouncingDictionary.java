package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words and how they are said: the CMU dictionary of English, or a toy spelling whose rules are known.
 *
 * <pre>{@code
 * PronouncingDictionary words = PronouncingDictionary.cmu().withoutStress().firstVariants();   // words.source() says which it is
 * words.of("paternal");                                                                       // [paternal P AH T ER N AH L]
 * }</pre>
 *
 * @param entries in the order of the file
 * @param source  where they came from, their licence, and why they stand in for others, if they do
 * @param builtIn whether they were generated
 */
public record PronouncingDictionary(List<Pronunciation> entries, String source, boolean builtIn) {
    /** The 15 vowels of ARPAbet as the dictionary uses it; they may carry the stress 0 (none), 1 (first) or 2 (second). */
    public static final Set<String> VOWELS = Set.of("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW");

    /** The 24 consonants. */
    public static final Set<String> CONSONANTS = Set.of("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH",
            "T",
            "TH", "V", "W", "Y", "Z", "ZH");

    private static final String SET = "cmudict", FILE = "cmudict.dict";
    private static final Pattern WORD = Pattern.compile("(\\S+?)(?:\\(([2-9])\\))?");
    private static final int MAX_PHONEMES = 100;

    public PronouncingDictionary {
        entries = List.copyOf(entries);
        Objects.requireNonNull(source, "source");
        if (entries.isEmpty()) throw new EmptyCorpusException("PronouncingDictionary: it has no entries");
    }

    /**
     * The CMU Pronouncing Dictionary, 135,166 entries with stress and variants. Where it is out of reach, {@link #regular()}, and {@link #source()} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static PronouncingDictionary cmu() { return cmu(Catalogue.standard()); }

    static PronouncingDictionary cmu(Catalogue catalogue) {
        Dataset set = catalogue.dataset(SET);
        try {
            PronouncingDictionary read = read(catalogue.file(SET, FILE));
            return new PronouncingDictionary(read.entries, set.title() + "; licence: " + set.licence() + ".", false);
        } catch (DatasetException e) {
            if (!e.reason().outOfReach()) throw e;
            PronouncingDictionary regular = regular();
            return new PronouncingDictionary(regular.entries, regular.source + e.standIn(SET), true);
        }
    }

    /** One-syllable words and their relatives in a spelling that follows rules: pa, pat, pate, pater, patern, paternal. See {@link RegularSpelling}. */
    public static PronouncingDictionary regular() {
        return new PronouncingDictionary(RegularSpelling.words().stream().map(w -> new Pronunciation(w, 1, RegularSpelling.phonemes(w))).toList(),
                "Words of a toy spelling and their sounds, made by rules, built in.", true);
    }

    /**
     * A file of the dictionary's format, of at most 200 MB: word, blank, phonemes with blanks in between; {@code word(2)} for a second way to say it; what
     * follows {@code #} is a comment; empty lines and lines that begin with {@code ;;;} are skipped.
     *
     * @throws MalformedLineException if a line is not of the format
     */
    public static PronouncingDictionary read(Path file) {
        String name = "Pronouncing dictionary " + file.getFileName();
        return new PronouncingDictionary(parse(TextFile.read(file, name), name), "The file " + file.getFileName() + ", chosen by the reader.", false);
    }

    static List<Pronunciation> parse(String text, String file) {
        List<Pronunciation> entries = new ArrayList<>();
        TextFile.lines(text, (number, line) -> {
            if (line.startsWith(";;;")) return;
            int comment = line.indexOf(" #");                              // not every #: it may be part of a word
            String[] parts = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", MAX_PHONEMES + 2);
            if (parts.length == 1 && parts[0].isEmpty()) return;
            Matcher word = WORD.matcher(parts[0]);
            if (parts.length < 2 || parts.length > MAX_PHONEMES + 1 || !word.matches())
                throw new MalformedLineException(file, number, "a word and 1 to " + MAX_PHONEMES + " phonemes", line);
            List<String> phonemes = Arrays.asList(parts).subList(1, parts.length);
            for (String phoneme : phonemes)
                if (!isPhoneme(phoneme))
                    throw new MalformedLineException(file, number, "phonemes of ARPAbet, of which " + Symbols.describe(phoneme) + " is none,", line);
            entries.add(new Pronunciation(word.group(1), word.group(2) == null ? 1 : Integer.parseInt(word.group(2)), phonemes));
        });
        return entries;
    }

    private static boolean isPhoneme(String s) {
        return CONSONANTS.contains(s) || VOWELS.contains(s) || s.matches("[A-Z]{2}[012]") && VOWELS.contains(s.substring(0, 2));
    }

    /** The same entries without the stress of vowels: 39 phonemes. */
    public PronouncingDictionary withoutStress() {
        return new PronouncingDictionary(entries.stream().map(Pronunciation::withoutStress).toList(), source, builtIn);
    }

    /** Only the first way to say each word. */
    public PronouncingDictionary firstVariants() {
        return new PronouncingDictionary(entries.stream().filter(e -> e.variant() == 1).toList(), source, builtIn);
    }

    /** All ways to say a word; empty where the dictionary does not have it. */
    public List<Pronunciation> of(String word) {
        return entries.stream().filter(e -> e.word().equals(word)).toList();
    }

    @Override public String toString() { return String.format(Locale.ROOT, "PronouncingDictionary(%,d entries; %s)", entries.size(), source); }
}
