package unroll.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import unroll.tensor.Message;
import unroll.tensor.Rng;

/**
 * A context-free grammar from which sentences are drawn, one rule a line, alternatives equally likely:
 *
 * <pre>{@code
 * sentence = <thing> was <good> | <thing> was not <good>
 * thing = the film | the food
 * good = good | great
 * }</pre>
 *
 * A rule names only rules below it, so the language is finite. {@code _} is the empty alternative.
 */
final class Grammar {
    private final Map<String, List<List<String>>> rules;

    private Grammar(Map<String, List<List<String>>> rules) { this.rules = rules; }

    /**
     * @throws IllegalArgumentException if a line is no rule, a name stands twice, or a rule names one that is not below
     * it
     */
    static Grammar parse(String text) {
        Map<String, List<List<String>>> rules = new LinkedHashMap<>();
        List<String> lines = text.lines().filter(l -> !l.isBlank()).toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            String[] sides = lines.get(i).split(" = ", 2);
            if (sides.length != 2)
                throw new IllegalArgumentException(
                        Message.of("Grammar: expected NAME = ALTERNATIVES but got " + lines.get(i)));
            List<List<String>> alternatives = alternatives(sides[1]);
            for (List<String> alternative : alternatives)
                for (String part : alternative)
                    if (isRule(part) && !rules.containsKey(name(part)))
                        throw new IllegalArgumentException(
                                Message.of("Grammar: " + sides[0] + " names " + part + ", which is not below it"));
            if (rules.put(sides[0].strip(), alternatives) != null)
                throw new IllegalArgumentException(Message.of("Grammar: two rules " + sides[0]));
        }
        return new Grammar(rules);
    }

    private static List<List<String>> alternatives(String text) {
        List<List<String>> all = new ArrayList<>();
        for (String alternative : text.split("\\|"))
            all.add(alternative.strip().equals("_") ? List.of() : List.of(alternative.strip().split(" +")));
        return all;
    }

    private static boolean isRule(String part) { return part.startsWith("<") && part.endsWith(">"); }

    private static String name(String rule) { return rule.substring(1, rule.length() - 1); }

    /** One sentence, word by word. */
    List<String> draw(String rule, Rng rng) {
        List<String> words = new ArrayList<>();
        expand(rule, rng, words);
        return words;
    }

    private void expand(String rule, Rng rng, List<String> words) {
        List<List<String>> alternatives = rules.get(rule);
        for (String part : alternatives.get(rng.nextInt(alternatives.size())))
            if (isRule(part)) expand(name(part), rng, words);
            else
            words.add(part);
    }

    /** {@code n} different sentences that are not among the given ones; the grammar has many more. */
    List<List<String>> drawDistinct(String rule, int n, Set<List<String>> not, Rng rng) {
        Set<List<String>> found = new LinkedHashSet<>();
        for (long tries = 0; found.size() < n; tries++) {
            if (tries > 100L * n + 1000)
                throw new IllegalArgumentException(
                        "Grammar: expected " + n + " different sentences but only " + found.size() + " were found");
            List<String> one = draw(rule, rng);
            if (!not.contains(one)) found.add(one);
        }
        return List.copyOf(found);
    }
}
