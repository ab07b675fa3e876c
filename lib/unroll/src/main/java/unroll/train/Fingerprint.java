package unroll.train;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import unroll.tensor.IntTensor;
import unroll.tensor.Tensor;

/** A sum over the numbers and texts of a batch and their order, the same in every process; what it holds besides is not looked at. */
final class Fingerprint {
    private Fingerprint() {
    }

    /** The sum with one more value. */
    static long of(long sum, Object value) {
        if (value instanceof Tensor t) return of(of(sum, t.shape()), t.data());
        if (value instanceof IntTensor t) return of(of(sum, t.shape()), t.data());
        if (value instanceof float[] a) {
            long s = mixed(sum, a.length);
            for (float v : a) s = mixed(s, Float.floatToRawIntBits(v));
            return s;
        }
        if (value instanceof int[] a) {
            long s = mixed(sum, a.length);
            for (int v : a) s = mixed(s, v);
            return s;
        }
        if (value instanceof CharSequence text) return mixed(sum, text.toString().hashCode());
        if (value instanceof Number || value instanceof Boolean || value instanceof Character) return mixed(sum, value.hashCode());
        if (value instanceof Enum<?> constant) return of(sum, constant.name());
        if (value instanceof Optional<?> may) return of(sum, may.orElse(null));
        if (value instanceof Set<?> || value instanceof Map<?, ?>) {       // in no order
            long all = 0;
            for (Object one : value instanceof Map<?, ?> map ? map.entrySet() : (Set<?>) value)
                all += one instanceof Map.Entry<?, ?> e ? of(of(1, e.getKey()), e.getValue()) : of(1, one);
            return mixed(sum, all);
        }
        if (value instanceof Collection<?> some) {
            long s = mixed(sum, 1);
            for (Object one : some) s = of(s, one);
            return s;
        }
        if (value instanceof Record record) return ofRecord(sum, record);
        if (value == null || !value.getClass().isArray()) return mixed(sum, 0);
        int n = Array.getLength(value);
        long s = mixed(sum, n);
        for (int i = 0; i < n; i++) s = of(s, Array.get(value, i));
        return s;
    }

    private static long ofRecord(long sum, Record record) {
        long s = sum;
        for (RecordComponent component : record.getClass().getRecordComponents())
            try {
                if (component.getAccessor().trySetAccessible()) s = of(s, component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                s = mixed(s, 0);                                           // an accessor of one's own that throws
            }
        return s;
    }

    private static long mixed(long sum, long value) {
        return (sum + value) * 0x9e3779b97f4a7c15L ^ sum >>> 31;
    }
}
