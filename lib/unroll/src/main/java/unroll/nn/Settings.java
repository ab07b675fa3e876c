package unroll.nn;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What tells a module from others whose parameters have the same names and shapes, as a text that is the same in every
 * process.
 */
final class Settings {
    /** A notebook's kernel compiles each cell into a class of its own: {@code REPL.$JShell$12$MyModel}. */
    private static final Pattern CELL = Pattern.compile("REPL\\.\\$JShell\\$\\w+\\$");
    /** What an object without a toString of its own gives: a name, which may be a lambda's, and its hash. */
    private static final Pattern NAMELESS = Pattern
            .compile("[\\w.$]+\\$\\$Lambda[\\w.$/]*(@[0-9a-f]+)?|[\\w.$/]+@[0-9a-f]{5,8}\\b");
    /** The numbers in the text of a tensor, which may be the weights of a cell that is a record. */
    private static final Pattern NUMBERS = Pattern
            .compile("(\\[[\\d, ]*\\])[ \n]\\[(?:[-+\\d.,e \n\\[\\]…]|NaN|Infinity)*\\]");

    private Settings() {
    }

    static String of(Object part) {
        return describesItself(part.getClass()) ? part.toString() : String.join(", ", fields(part));
    }

    private static boolean describesItself(Class<?> type) {
        try {
            Class<?> by = type.getMethod("toString").getDeclaringClass();
            return by != Module.class && by != Object.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every object has a toString", e);
        }
    }

    /**
     * The final fields that hold a number, a truth value, a text or an enum constant, those of superclasses first.
     * Others may change, or are parts.
     */
    static List<String> fields(Object part) {
        List<String> all = new ArrayList<>();
        for (Class<?> type = part.getClass(); type != Module.class
                && type != Object.class; type = type.getSuperclass()) {
            List<String> own = new ArrayList<>();
            for (Field field : type.getDeclaredFields())
                if (Modifier.isFinal(field.getModifiers()) && !Modifier.isStatic(field.getModifiers())
                        && isSetting(field.getType())) {
                            Object value = value(field, part);
                            // val$: a local variable of around
                            if (value != null) own.add(field.getName().replaceFirst("^val\\$", "") + "=" + value);
                        }
            all.addAll(0, own);
        }
        return all;
    }

    private static boolean isSetting(Class<?> type) {
        return type.isPrimitive() || type.isEnum() || type == String.class || type == Boolean.class
                || type == Character.class
                || Number.class.isAssignableFrom(type) && type.getName().startsWith("java.lang.");
    }

    /** Null where there is none, or where its package lets nobody look. */
    private static Object value(Field field, Object part) {
        try {
            return field.trySetAccessible() ? field.get(part) : null;
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    static String name(Class<?> type) {
        while (type.getSimpleName().isEmpty()) type = type.getSuperclass();                       // an anonymous one
        return type.getSimpleName();
    }

    /** Without what differs from process to process or from cell to cell. */
    static String stable(String text) {
        String named = NAMELESS.matcher(NUMBERS.matcher(text).replaceAll("$1")).replaceAll("own");
        return inOneLine(CELL.matcher(named).replaceAll(""));
    }

    static String inOneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
