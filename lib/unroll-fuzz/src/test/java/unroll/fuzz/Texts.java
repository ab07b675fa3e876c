package unroll.fuzz;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mutations of texts, which know lines, cells and numbers. Bytes that are not UTF-8 are left to {@link Bytes}. */
public final class Texts {
    private static final String[] TOKENS = {"\"", "\"\"", "'", "\t", "\n", "\r", "\r\n", "\0", "\u0001", "\u001b",
            "\ufeff", "\u2028", "\u2029",
            "\u3000", "\u00a0", "\u0085", "\u000b", "\u000c", "\u200b", "\u00ad", "\u0301", "\ufe0f", "\ud83d\ude00",
            "\ufffd", "\u0130", "ß", " ",
            "  ", ",", ";", "#", ";;;",
            "-DOCSTART-", "_", "(2)", "(1)", "B-", "I-", "O", "-", "{", "}", "[", "]", ":", "\\", "\\u0000", "null",
            "true", "NaN", "Infinity",
            "1e999", "@@", "<",
            "<unk>", "&", "%s", "%n"};
    private static final String[] NUMBERS = {"0", "-0", "-1", "1", "2", "10", "2147483647", "2147483648", "-2147483648",
            "9223372036854775807",
            "9223372036854775808", "1e308", "1e400", "-1e-400", "NaN", "-Infinity", "1F", "0x1p5", "1_000", "+5", "007",
            "٣", "1.", ".5", ""};
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private Texts() {
    }

    private interface Change {
        String apply(String text, SplittableRandom random);
    }

    /** Of the bytes and of the text. */
    public static List<Mutation> mutations() {
        List<Mutation> all = new ArrayList<>(Bytes.mutations());
        for (Change change : List.<Change>of(Texts::token, Texts::token, Texts::token, Texts::replaceByToken,
                Texts::number, Texts::number,
                Texts::repeatLine, Texts::dropLine, Texts::swapLines, Texts::joinLines, Texts::repeatCell,
                Texts::dropCell, Texts::longToken,
                Texts::lineEnds, Texts::caseOf))
            all.add((input, random, seeds) -> {
                String text = text(input);
                return text == null ? input : change.apply(text, random).getBytes(StandardCharsets.UTF_8);
            });
        all.add(Texts::otherCharset);
        return List.copyOf(all);
    }

    /** The text of UTF-8 bytes, or null where they are something else. */
    public static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static <E> E one(E[] of, SplittableRandom random) { return of[random.nextInt(of.length)]; }

    private static String token(String text, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + one(TOKENS, random) + text.substring(at);
    }

    private static String replaceByToken(String text, SplittableRandom random) {
        if (text.isEmpty()) return text;
        int at = random.nextInt(text.length());
        return text.substring(0, at) + one(TOKENS, random) + text.substring(at + 1);
    }

    private static String number(String text, SplittableRandom random) {
        Matcher m = NUMBER.matcher(text);
        List<int[]> found = new ArrayList<>();
        while (m.find() && found.size() < 1_000) found.add(new int[] {m.start(), m.end()});
        if (found.isEmpty()) return token(text, random);
        int[] place = found.get(random.nextInt(found.size()));
        return text.substring(0, place[0]) + one(NUMBERS, random) + text.substring(place[1]);
    }

    private static List<String> lines(String text) { return new ArrayList<>(Arrays.asList(text.split("(?<=\n)", -1))); }

    private static String repeatLine(String text, SplittableRandom random) {
        List<String> lines = lines(text);
        lines.add(random.nextInt(lines.size() + 1), lines.get(random.nextInt(lines.size())));
        return String.join("", lines);
    }

    private static String dropLine(String text, SplittableRandom random) {
        List<String> lines = lines(text);
        lines.remove(random.nextInt(lines.size()));
        return String.join("", lines);
    }

    private static String swapLines(String text, SplittableRandom random) {
        List<String> lines = lines(text);
        int a = random.nextInt(lines.size()), b = random.nextInt(lines.size());
        String kept = lines.get(a);
        lines.set(a, lines.get(b));
        lines.set(b, kept);
        return String.join("", lines);
    }

    private static String joinLines(String text, SplittableRandom random) {
        int at = text.indexOf('\n', random.nextInt(text.length() + 1));
        return at < 0
                ? text
                : text.substring(0, at) + (random.nextBoolean() ? "" : one(TOKENS, random)) + text.substring(at + 1);
    }

    private static List<String> cells(String text) {
        return new ArrayList<>(Arrays.asList(text.split("(?<=[\t,\n ])", -1)));
    }

    private static String repeatCell(String text, SplittableRandom random) {
        List<String> cells = cells(text);
        cells.add(random.nextInt(cells.size() + 1), cells.get(random.nextInt(cells.size())));
        return String.join("", cells);
    }

    private static String dropCell(String text, SplittableRandom random) {
        List<String> cells = cells(text);
        cells.remove(random.nextInt(cells.size()));
        return String.join("", cells);
    }

    private static String longToken(String text, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + one(TOKENS, random).repeat(1 << random.nextInt(13)) + text.substring(at);
    }

    private static String lineEnds(String text, SplittableRandom random) {
        return text.replace("\n",
                one(new String[] {"\r\n", "\r", "\n\n", "\n\r", " \n", "\t\n", "\u2028", "\u0085"}, random));
    }

    private static String caseOf(String text, SplittableRandom random) {
        return random.nextBoolean() ? text.toUpperCase(java.util.Locale.ROOT) : text.toLowerCase(java.util.Locale.ROOT);
    }

    private static byte[] otherCharset(byte[] input, SplittableRandom random, List<byte[]> seeds) {
        String text = text(input);
        if (text == null) return input;
        String mark = random.nextBoolean() ? "\ufeff" : "";
        Charset charset = one(
                new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.ISO_8859_1,
                        StandardCharsets.UTF_8,
                        Charset.forName("UTF-32LE"), Charset.forName("windows-1252")},
                random);
        ByteBuffer bytes = charset.encode(CharBuffer.wrap(mark + text));
        return Arrays.copyOfRange(bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.remaining());
    }

    /** All line ends as CR LF, where they are all LF. */
    static byte[] carriageReturns(byte[] input) {
        for (byte b : input) if (b == '\r') return null;
        return text(input) == null ? null : text(input).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** With a byte order mark before it. */
    static byte[] mark(byte[] input) {
        boolean has = input.length >= 3 && input[0] == (byte) 0xEF && input[1] == (byte) 0xBB
                && input[2] == (byte) 0xBF;
        return has ? null : Bytes.replaced(input, 0, 0, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
    }
}
