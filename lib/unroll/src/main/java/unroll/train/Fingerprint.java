package unroll.train;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import unroll.tensor.IntTensor;
import unroll.tensor.Tensor;

/**
 * A sum over the numbers and texts of a batch and their order, the same in every process. Of an object its final fields
 * are looked at, as those of a record; not what an object of the JDK, other than a collection, holds.
 */
final class Fingerprint {
    /** Objects within objects: those that know each other would not end. */
    private static final int DEEPEST = 8;

    private Fingerprint() {
    }

    /** The sum with one more value. */
    static long of(long sum, Object value) {
        return of(sum, value, 0);
    }

    private static long of(long sum, Object value, int depth) {
        if (value == null) return mixed(sum, 0);
        if (value instanceof Tensor t) return of(of(sum, t.shape(), depth), t.data(), depth);
        if (value instanceof IntTensor t) return of(of(sum, t.shape(), depth), t.data(), depth);
        if (value.getClass().isArray()) return ofArray(sum, value, depth);
        if (value instanceof CharSequence text) return mixed(sum, text.toString().hashCode());
        if (value instanceof Number || value instanceof Boolean || value instanceof Character)
            return mixed(sum, value.hashCode());
        if (value instanceof Enum<?> constant) return of(sum, constant.name(), depth);
        if (value instanceof Optional<?> may) return of(sum, may.orElse(null), depth);
        if (value instanceof Map.Entry<?, ?> e) return of(of(sum, e.getKey(), depth), e.getValue(), depth);
        if (value instanceof Map<?, ?> map) return of(sum, map.entrySet(), depth);
        if (value instanceof Set<?> some)                                  // in no order
            return mixed(sum, some.stream().mapToLong(one -> of(1, one, depth)).sum());
        if (!(value instanceof Collection<?> some)) return ofFields(sum, value, depth);
        long s = mixed(sum, 1);
        for (Object one : some) s = of(s, one, depth);
        return s;
    }

    private static long ofArray(long sum, Object array, int depth) {
        int n = Array.getLength(array);
        long s = mixed(sum, n);
        if (array instanceof float[] a) for (float v : a) s = mixed(s, Float.floatToRawIntBits(v));
        else if (array instanceof int[] a) for (int v : a) s = mixed(s, v);
        else
            for (int i = 0; i < n; i++) s = of(s, Array.get(array, i), depth);
        return s;
    }

    private static long ofFields(long sum, Object object, int depth) {
        long s = mixed(sum, 2);
        if (depth == DEEPEST || object.getClass().isHidden()) return s;
        for (Class<?> type = object.getClass(); type != null
                && !type.getName().startsWith("java."); type = type.getSuperclass())
            for (Field field : type.getDeclaredFields())
                try {
                    if (Modifier.isFinal(field.getModifiers()) && !Modifier.isStatic(field.getModifiers())
                            && field.trySetAccessible())
                        s = of(s, field.get(object), depth + 1);
                } catch (IllegalAccessException e) {
                    s = mixed(s, 0);
                }
        return s;
    }

    private static long mixed(long sum, long value) {
        return (sum + value) * 0x9e3779b97f4a7c15L ^ sum >>> 31;
    }
}
