package unroll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import unroll.tensor.Message;
import unroll.text.DatasetException;
import unroll.text.DatasetException.Reason;

/**
 * Words and how they are said: the CMU dictionary of English, or a toy spelling whose rules are known.
 *
 * <pre>{@code
 * // words.source() says which it is
 * PronouncingDictionary words = PronouncingDictionary.cmu().withoutStress().firstVariants();
 * words.of("paternal");  // [paternal P AH T ER N AH L]
 * }</pre>
 *
 * @param entries in the order of the file
 * @param source  where they came from, their licence, and why they stand in for others, if they do
 * @param builtIn whether they were generated
 */
public record PronouncingDictionary(List<Pronunciation> entries, String source, boolean builtIn) {
    /**
     * The 15 vowels of ARPAbet as the dictionary uses it; they may carry the stress 0 (none), 1 (first) or 2 (second).
     */
    public static final Set<String> VOWELS = Set.of("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY",
            "OW", "OY", "UH", "UW");

    /** The 24 consonants. */
    public static final Set<String> CONSONANTS = Set.of("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N",
            "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH");

    private static final String SET = "cmudict", FILE = "cmudict.dict";
    private static final Pattern WORD = Pattern.compile("(.+?)(?:\\(([0-9]{1,3})\\))?", Pattern.DOTALL),
            COMMENT = Pattern.compile("[ \t]#");
    /** A second part of a word: the sign itself after its name, such as {@code smile :-)}. */
    private static final Pattern PUNCTUATION = Pattern.compile("[\\p{P}\\p{S}]+");
    private static final int MAX_PHONEMES = 100;

    public PronouncingDictionary {
        entries = List.copyOf(entries);
        Objects.requireNonNull(source, "source");
        if (entries.isEmpty()) throw new DatasetException(Reason.EMPTY, "PronouncingDictionary: it has no entries");
    }

    /**
     * The CMU Pronouncing Dictionary, 135,166 entries with stress and variants. Where it is out of reach,
     * {@link #regular()}, and {@link #source()} says so.
     *
     * @throws DatasetException if what was found is damaged
     */
    public static PronouncingDictionary cmu() { return cmu(Catalogue.standard()); }

    static PronouncingDictionary cmu(Catalogue catalogue) {
        return catalogue.orStandIn(SET,
                set -> new PronouncingDictionary(parse(catalogue.text(SET, FILE), FILE), set.source(), false),
                why -> new PronouncingDictionary(regular().entries,
                        regular().source + " They stand in for " + SET + why, true));
    }

    /**
     * One-syllable words and their relatives in a spelling that follows rules: pa, pat, pate, pater, patern, paternal.
     * See {@link RegularSpelling}.
     */
    public static PronouncingDictionary regular() {
        return new PronouncingDictionary(RegularSpelling.words().stream()
                .map(w -> new Pronunciation(w, 1, RegularSpelling.phonemes(w))).toList(),
                "Words of a toy spelling and their sounds, made by rules, built in.", true);
    }

    /**
     * A file of the dictionary's format, of at most 200 MB or a tenth of the heap: word, blanks, phonemes with blanks
     * in between; {@code word(2)} for a second way to say it; what follows {@code #} after a blank is a comment; empty
     * lines and lines that begin with {@code ;;;} or {@code ##} are skipped. Also as up to version 0.7b: in upper case,
     * where {@code WORD(1)} is the second way. Words come in lower case.
     *
     * @throws DatasetException if a line is not of the format
     * @throws DatasetException if it has no entries
     * @throws DatasetException if it cannot be read or is too large
     */
    public static PronouncingDictionary read(Path file) {
        String name = "Pronouncing dictionary " + file.getFileName();
        return new PronouncingDictionary(parse(TextFile.read(file, name), name),
                "The file " + file.getFileName() + ", chosen by the reader.", false);
    }

    static List<Pronunciation> parse(String text, String file) {
        List<Pronunciation> entries = new ArrayList<>();
        HeldWords held = new HeldWords(file);
        // whether the second way to say a word has the number 1
        boolean[] fromOne = {false};
        TextFile.lines(text, (number, line) -> {
            if (line.startsWith(";;;") || line.startsWith("##")) return;
            Matcher comment = COMMENT.matcher(line);                       // not every #: it may be part of a word
            List<String> parts = TextFile.words(comment.find() ? line.substring(0, comment.start()) : line,
                    MAX_PHONEMES + 3);
            if (parts.isEmpty()) return;
            int first = parts.size() > 2 && PUNCTUATION.matcher(parts.get(1)).matches() ? 2 : 1;
            List<String> phonemes = parts.subList(Math.min(first, parts.size()), parts.size());
            Matcher word = WORD.matcher(String.join(" ", parts.subList(0, first)));
            if (phonemes.isEmpty() || phonemes.size() > MAX_PHONEMES || !word.matches())
                throw TextFile.malformed(file, number, "a word and 1 to " + MAX_PHONEMES + " phonemes", line);
            for (String phoneme : phonemes)
                if (!isPhoneme(phoneme))
                    throw TextFile.malformed(file, number,
                            "phonemes of ARPAbet, of which " + Message.quoted(phoneme) + " is none,", line);
            int variant = word.group(2) == null ? 0 : Integer.parseInt(word.group(2));
            if (word.group(2) != null && variant == 0)
                throw TextFile.malformed(file, number, "the number of a second or further way to say a word", line);
            fromOne[0] |= variant == 1;
            entries.add(new Pronunciation(held.own(word.group(1).toLowerCase(Locale.ROOT)), variant + 1,
                    held.hold(phonemes)));
            held.record(4);
        });
        if (entries.isEmpty()) throw new DatasetException(Reason.EMPTY, file + ": it has no entries");
        if (!fromOne[0])
            entries.replaceAll(e -> e.variant() == 1 ? e : new Pronunciation(e.word(), e.variant() - 1, e.phonemes()));
        return entries;
    }

    private static boolean isPhoneme(String s) {
        return CONSONANTS.contains(s) || VOWELS.contains(s)
                || s.matches("[A-Z]{2}[012]") && VOWELS.contains(s.substring(0, 2));
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

    @Override public String toString() {
        return String.format(Locale.ROOT, "PronouncingDictionary(%,d entries; %s)", entries.size(), source);
    }
}
