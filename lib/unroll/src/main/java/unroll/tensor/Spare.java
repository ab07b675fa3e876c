package unroll.tensor;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Large arrays that are used again. A training step makes the same ones each time, and new ones cost twice: zeros are
 * written first, and garbage is collected later. What one operation is done with waits here for the next that asks for
 * as many numbers, on the same thread; memory that gets tight takes it away.
 *
 * <p>Of a tensor's values that is right only where nobody can look at them again. So two have to agree: the operation
 * says that the array is the tensor's alone ({@link #own}), and who made the tensor, that it is done with it
 * ({@link #free}). And nobody may have seen it: {@link #keep}, which {@link Tensor#inputs}, {@link Tensor#detach}, a
 * layer that keeps tensors, and whatever shares the array say too.
 *
 * <pre>{@code
 * Tensor x = embedding.apply(ids);
 * Tensor loss = output.crossEntropy(recurrent.apply(x).states(), targets);
 * Spare.free(x);                                                   // used again when backward has passed it
 * }</pre>
 */
public final class Spare {
    /** Smaller arrays are as fast made anew; and how many wait at most, for deep stacks of layers. */
    private static final int LEAST = 1 << 12, MOST = 32;
    private static final ThreadLocal<SoftReference<Deque<float[]>>> WAITING = new ThreadLocal<>();

    private Spare() {
    }

    /** An array of n numbers, whatever stands in it. */
    public static float[] room(int n) {
        float[] waiting = poll(n);
        return waiting != null ? waiting : new float[n];
    }

    /** The same for a result, with the errors of {@link Shape#room}. */
    public static float[] room(Object operation, int[] shape, Tensor... read) {
        float[] waiting = poll(Shape.size(operation, shape, read));
        return waiting != null ? waiting : Shape.room(operation, shape, read);
    }

    private static float[] poll(int n) {
        Deque<float[]> waiting = n < LEAST ? null : waiting();
        if (waiting == null) return null;
        for (Iterator<float[]> all = waiting.iterator(); all.hasNext();) {
            float[] array = all.next();
            if (array.length != n) continue;
            all.remove();
            return array;
        }
        return null;
    }

    private static Deque<float[]> waiting() {
        SoftReference<Deque<float[]>> reference = WAITING.get();
        return reference == null ? null : reference.get();
    }

    /** The caller is the only one that has this array, and does not touch it again. */
    public static void give(float[] array) {
        if (array.length < LEAST) return;
        Deque<float[]> waiting = waiting();
        if (waiting == null) {
            waiting = new ArrayDeque<>(MOST);
            WAITING.set(new SoftReference<>(waiting));
        }
        if (waiting.size() == MOST) waiting.removeLast();
        waiting.addFirst(array);
    }

    /**
     * Room for ∂L/∂x that x will {@link Tensor#take}, whatever stands in it: a leaf's array of the step before, else
     * {@code other}, which the caller may give away, where it has the right length.
     */
    public static float[] gradientRoom(Tensor x, float[] other) {
        return x.size() == other.length && !x.hasSpare() ? other : gradientRoom(x);
    }

    /** The same where there is no other. */
    public static float[] gradientRoom(Tensor x) { return x.leafRoom(); }

    /** For an operation that has made this tensor: nobody else has its array. Gives the tensor. */
    public static Tensor own(Tensor made) {
        made.own = true;
        return made;
    }

    /** Somebody may look at this tensor as long as he likes. */
    public static void keep(Tensor seen) {
        if (seen.own) seen.own = false;
    }

    /**
     * For who made this tensor, handed it to operations only, and is done with it: its array is used again, at once
     * where nothing is recorded or no operation remembers it, else when {@code backward} has passed all that was
     * computed from it, and itself.
     */
    public static void free(Tensor done) {
        if (!done.own) return;
        Node node = done.node();
        if (node == null) {
            if (!done.requiresGradient() && !Tape.isRecording()) giveValues(done);
        } else if (!node.freed() && !node.isRead()) {
            giveValues(done);
        } else if (!node.freed()) {
            done.done = true;
            node.watch(done, done.position());
        }
    }

    /** When the gradient has gone back through what made it, and through all that read it. */
    static void passed(Tensor watched) {
        if (watched.own && watched.done) giveValues(watched);
    }

    private static void giveValues(Tensor done) {
        done.own = false;
        give(done.values());
    }
}
