package unroll.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * A context-free grammar from which sentences are drawn, one rule a line, alternatives equally likely:
 *
 * <pre>{@code
 * # about films and food
 * sentence = <thing> was <good>
 *   | <thing> was not <good>
 * thing = the film | the food
 * good = good | great
 * }</pre>
 *
 * A rule names only rules below it, so the language is finite. {@code _} is the empty alternative. Alternatives can
 * also be lists that a task draws from and puts together by itself.
 */
final class Grammar {
    private final Map<String, List<List<String>>> rules = new LinkedHashMap<>();

    private Grammar() {
    }

    /** The grammar in a file of the library, {@code NAME.grammar}. */
    static Grammar named(String name) {
        return parse(text(name));
    }

    static String text(String name) {
        try (InputStream in = Grammar.class.getResourceAsStream(name + ".grammar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws IllegalArgumentException if a line is no rule, a name stands twice, or a rule names one that is not below
     * it
     */
    static Grammar parse(String text) {
        Grammar grammar = new Grammar();
        List<String> lines = text.replaceAll("\n *\\|", " |").lines().filter(l -> !l.isBlank() && !l.startsWith("#"))
                .toList();
        for (int i = lines.size() - 1; i >= 0; i--) grammar.add(lines.get(i));
        return grammar;
    }

    private void add(String line) {
        String[] sides = line.split(" = ", 2);
        if (sides.length != 2)
            throw new IllegalArgumentException(Message.of("Grammar: expected NAME = ALTERNATIVES but got " + line));
        List<List<String>> all = new ArrayList<>();
        for (String alternative : sides[1].split("\\|"))
            all.add(alternative.strip().equals("_") ? List.of() : List.of(alternative.strip().split(" +")));
        for (List<String> alternative : all)
            for (String part : alternative)
                if (isRule(part) && !rules.containsKey(name(part)))
                    throw new IllegalArgumentException(
                            Message.of("Grammar: " + sides[0] + " names " + part + ", which is not below it"));
        if (rules.put(sides[0].strip(), all) != null)
            throw new IllegalArgumentException(Message.of("Grammar: two rules " + sides[0]));
    }

    private static boolean isRule(String part) { return part.startsWith("<") && part.endsWith(">"); }

    private static String name(String rule) { return rule.substring(1, rule.length() - 1); }

    /** The alternatives of a rule as they stand there. */
    List<List<String>> alternatives(String rule) {
        return rules.get(rule);
    }

    /** All words of the alternatives of a rule: of a list of words that list. */
    List<String> words(String rule) {
        return rules.get(rule).stream().flatMap(List::stream).toList();
    }

    /** One sentence, word by word. */
    List<String> draw(String rule, Rng rng) {
        List<String> words = new ArrayList<>();
        for (String part : one(rules.get(rule), rng)) {
            if (isRule(part)) words.addAll(draw(name(part), rng));
            else
                words.add(part);
        }
        return words;
    }

    /** One of a list of words: {@code <good>}; what names no rule is itself a word. */
    String word(String part, Rng rng) {
        return isRule(part) ? one(words(name(part)), rng) : part;
    }

    /** {@code n} different sentences that are not among the known ones, and then are. */
    List<List<String>> drawDistinct(String rule, int n, Set<List<String>> known, Rng rng) {
        return distinct(n, known, sentence -> sentence, () -> draw(rule, rng));
    }

    /** {@code n} examples whose keys are not among the known ones, and then are; there must be many more. */
    static <E, K> List<E> distinct(int n, Set<K> known, Function<E, K> key, Supplier<E> draw) {
        List<E> found = new ArrayList<>();
        for (long tries = 0; found.size() < n; tries++) {
            if (tries > 100L * n + 1000)
                throw new IllegalArgumentException(
                        "Grammar: expected " + n + " different sentences but only " + found.size() + " were found");
            E one = draw.get();
            if (known.add(key.apply(one))) found.add(one);
        }
        return found;
    }

    /** One of these, each equally likely. */
    static <E> E one(List<E> list, Rng rng) {
        return list.get(rng.nextInt(list.size()));
    }

    /** A template with words in the place of their names. */
    static List<String> filled(List<String> template, Map<String, String> words) {
        return template.stream().map(word -> words.getOrDefault(word, word)).toList();
    }
}
