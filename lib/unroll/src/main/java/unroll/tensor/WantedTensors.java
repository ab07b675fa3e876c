package unroll.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is taken from a file of arrays: those asked for by name, which must be there and be numbers, or all that are
 * numbers. All readers count and refuse here.
 */
final class WantedTensors {
    private static final int MOST_AXES = 64;                               // NumPy's and PyTorch's own limit

    private final Set<String> names;                                       // none: all
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();                   // what is no number, for errors
    private final long limit;
    private long taken;

    WantedTensors(Set<String> names, long limit) {
        this.names = names;
        this.limit = limit;
    }

    /** As many numbers as fit into three quarters of the memory that Java may take. */
    static long heapLimit() {
        return Runtime.getRuntime().maxMemory() / Float.BYTES / 4 * 3;
    }

    boolean wants(String name) { return names.isEmpty() || names.contains(name); }

    /** An array of a type that is no number is left out, but refused where it was asked for. */
    void leaveOut(String name, String type) {
        String what = shown(name) + " holds " + shown(type) + "; expected one of "
                + Arrays.toString(NumberFormat.values());
        if (!names.isEmpty()) throw new CheckpointException(what);
        left.add(what);
    }

    /**
     * The number of elements of an array that is about to be read; an error where that is more than may be read in all.
     *
     * @param copies how many are needed for a while
     */
    int size(String name, long[] shape, int copies) {
        if (shape.length > MOST_AXES)
            throw new CheckpointException(
                    shown(name) + " has " + shape.length + " axes; at most " + MOST_AXES + " are read");
        long size = 1;
        for (long n : shape) {
            if (n <= Integer.MAX_VALUE) size *= n;
            if (n > Integer.MAX_VALUE || copies * size > limit - taken || size > Shape.MOST)
                throw new CheckpointException(shown(name) + " of shape " + Arrays.toString(shape)
                        + " is larger than the " + (limit - taken) + " numbers expected"
                        + (limit < heapLimit()
                                ? ""
                                : "; " + (Runtime.getRuntime().maxMemory() >> 20)
                                        + " MiB of memory are all that Java may take, see its option -Xmx"));
        }
        taken += size;
        return (int) size;
    }

    void put(String name, Tensor tensor) {
        if (tensors.put(name, tensor) != null) throw new CheckpointException("there are two arrays " + shown(name));
    }

    /** All that was read, {@code all} being the names of all arrays of the file. */
    Map<String, Tensor> read(List<String> all) {
        for (String name : names)
            if (!tensors.containsKey(name))
                throw new CheckpointException("there is no array " + shown(name) + "; there are " + all.size() + ": "
                        + String.join(", ", all.stream().limit(20).map(WantedTensors::shown).toList())
                        + (all.size() > 20 ? ", …" : ""));
        if (tensors.isEmpty() && !left.isEmpty())
            throw new CheckpointException(left.get(0) + (left.size() == 1 ? "" : ", and so do all others"));
        return tensors;
    }

    /** A name as errors give it: not too long, and nothing that a terminal would obey. */
    static String shown(String name) {
        String plain = name.replaceAll("\\p{Cc}", "?");
        return plain.length() > 120 ? plain.substring(0, 120) + "…" : plain;
    }
}
