package unroll.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * JSON as RFC 8259 has it, nothing more: to read it independently of the library, and to change it. Keys may come twice
 * and numbers stay text.
 */
public final class Json {
    private static final int DEEPEST = 200, LONGEST_NUMBER = 1_000;
    private static final Object NULL = new Object() {
        @Override public String toString() { return "null"; }
    };
    private static final String[] EDGES = {"null", "true", "false", "0", "-0", "-1", "1.5", "1e400", "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808", "1e2", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"../x\"", "\"/etc/x\"",
            "\"a b (1).jpg\"", "\"NaN\"",
            "\"-5\"", "\"1e999\"", "\"\\n\"", "[]",
            "{}", "[[]]", "[null]", "{\"\":0}"};

    private final String text;
    private int at;

    private Json(String text) { this.text = text; }

    public record Num(String raw) {
        @Override public String toString() { return raw; }
    }

    public record Obj(List<Map.Entry<String, Object>> fields) {
    }

    /**
     * Nested so deep, a number of so many digits, or a control character in a text: what to do with it, where nobody
     * asks for it, is a choice.
     */
    public static final class Extreme extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
    }

    /** @throws IllegalArgumentException where it is not JSON */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.blanks();
        if (json.at < text.length()) throw json.bad();
        return value;
    }

    /** The only value of that name; null where there is none, or several. */
    public static Object field(Object json, String name) {
        if (!(json instanceof Obj o)) return null;
        List<Object> found = o.fields.stream().filter(f -> f.getKey().equals(name)).map(Map.Entry::getValue).toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException("no JSON from character " + at + " on");
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private char next() {
        if (at == text.length()) throw bad();
        return text.charAt(at++);
    }

    private boolean ends(char end) {
        blanks();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    private Object value(int depth) {
        if (depth > DEEPEST) throw new Extreme();
        blanks();
        char c = next();
        if (c == '"') return string();
        if (c == '[') {
            List<Object> all = new ArrayList<>();
            if (ends(']')) return all;
            do
                all.add(value(depth + 1));
            while (ends(','));
            if (!ends(']')) throw bad();
            return all;
        }
        if (c == '{') {
            List<Map.Entry<String, Object>> all = new ArrayList<>();
            if (ends('}')) return new Obj(all);
            do {
                blanks();
                if (next() != '"') throw bad();
                String name = string();
                if (!ends(':')) throw bad();
                all.add(Map.entry(name, value(depth + 1)));
            } while (ends(','));
            if (!ends('}')) throw bad();
            return new Obj(all);
        }
        int from = at - 1;
        while (at < text.length() && ",]} \t\r\n:".indexOf(text.charAt(at)) < 0) at++;
        String raw = text.substring(from, at);
        return switch (raw) {
            case "null" -> NULL;
            case "true" -> true;
            case "false" -> false;
            default -> {
                if (!raw.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) throw bad();
                if (raw.length() > LONGEST_NUMBER) throw new Extreme();
                yield new Num(raw);
            }
        };
    }

    private String string() {
        StringBuilder s = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') throw new Extreme();
            if (c != '\\') {
                s.append(c);
                continue;
            }
            int escape = "\"\\/bfnrtu".indexOf(next());
            if (escape < 0) throw bad();
            if (escape < 8) s.append("\"\\/\b\f\n\r\t".charAt(escape));
            else {
                if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) throw bad();
                s.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            }
        }
        return s.toString();
    }

    /** Compact, non-ASCII as it is. */
    public static String write(Object json) {
        StringBuilder out = new StringBuilder();
        write(json, out);
        return out.toString();
    }

    private static void write(Object json, StringBuilder out) {
        if (json instanceof String s) {
            out.append('"');
            for (char c : s.toCharArray()) {
                if (c == '"' || c == '\\') out.append('\\').append(c);
                else if (c < ' ' || Character.isSurrogate(c)) out.append(String.format("\\u%04x", (int) c));
                else
                    out.append(c);
            }
            out.append('"');
        } else if (json instanceof List<?> l) {
            out.append('[');
            for (int i = 0; i < l.size(); i++) {
                if (i > 0) out.append(',');
                write(l.get(i), out);
            }
            out.append(']');
        } else if (json instanceof Obj o) {
            out.append('{');
            for (int i = 0; i < o.fields.size(); i++) {
                if (i > 0) out.append(',');
                write(o.fields.get(i).getKey(), out);
                out.append(':');
                write(o.fields.get(i).getValue(), out);
            }
            out.append('}');
        } else
            out.append(json);
    }

    /** One value or name somewhere in it made another; texts that are not JSON stay as they are. */
    public static String mutate(String text, SplittableRandom random) {
        Object root;
        try {
            root = parse(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
        int[] left = {random.nextInt(count(root))};
        return write(changed(root, left, random));
    }

    private static int count(Object json) {
        int n = 1;
        if (json instanceof List<?> l) for (Object o : l) n += count(o);
        if (json instanceof Obj o) for (Map.Entry<String, Object> f : o.fields) n += count(f.getValue());
        return n;
    }

    private static Object changed(Object json, int[] left, SplittableRandom random) {
        if (left[0]-- == 0) return mutant(json, random);
        if (json instanceof List<?> l) {
            List<Object> all = new ArrayList<>();
            for (Object o : l) all.add(changed(o, left, random));
            return all;
        }
        if (!(json instanceof Obj o)) return json;
        List<Map.Entry<String, Object>> all = new ArrayList<>();
        for (Map.Entry<String, Object> f : o.fields)
            all.add(Map.entry(f.getKey(), changed(f.getValue(), left, random)));
        return new Obj(all);
    }

    private static Object mutant(Object json, SplittableRandom random) {
        if (json instanceof List<?> l && !l.isEmpty() && random.nextBoolean()) {
            List<Object> all = new ArrayList<>(l);
            int i = random.nextInt(all.size());
            switch (random.nextInt(3)) {
                case 0 -> all.remove(i);
                case 1 -> all.add(random.nextInt(all.size() + 1), all.get(i));
                default -> all.add(new Num("0"));
            }
            return all;
        }
        if (json instanceof Obj o && !o.fields.isEmpty() && random.nextInt(4) > 0) {
            List<Map.Entry<String, Object>> all = new ArrayList<>(o.fields);
            int i = random.nextInt(all.size()), j = random.nextInt(all.size());
            switch (random.nextInt(4)) {
                case 0 -> all.remove(i);
                case 1 -> all.add(all.get(i));
                case 2 -> all.set(i, Map.entry(all.get(j).getKey(), all.get(i).getValue()));
                default -> all.set(i, Map.entry(all.get(i).getKey() + "x", all.get(i).getValue()));
            }
            return new Obj(all);
        }
        if (random.nextInt(40) == 0) return new Num("[".repeat(100_000) + "]".repeat(100_000));
        if (random.nextInt(10) == 0) return new Num("[".repeat(600) + "]".repeat(600));
        if (json instanceof String s && random.nextBoolean())
            return s.repeat(random.nextInt(20)) + (random.nextBoolean() ? "\u3000" : "\t");
        return new Num(EDGES[random.nextInt(EDGES.length)]);
    }
}
