package unroll.recurrent;

import java.util.Arrays;

import unroll.nn.Lengths;

/**
 * Sequences that end before others of their batch, in one part of it: their rows stand still while time goes on.
 * Forward, their states are held; back, their gradients pass by the equations unchanged, so that these see zeros there.
 */
final class Padding {
    private final Recurrence recurrence;
    private final int H;
    private final boolean[] over;
    private final float[] h, dh, dc;

    Padding(Recurrence recurrence, int H) {
        this.recurrence = recurrence;
        this.H = H;
        over = new boolean[recurrence.part.rows];
        h = new float[recurrence.size];
        dh = new float[recurrence.size];
        dc = new float[recurrence.size];
    }

    private void at(Lengths lengths, int t) {
        for (int r = 0; r < over.length; r++) over[r] = !lengths.has(t, recurrence.part.first + r);
    }

    /** Before step t: which rows are over, and where they stand. */
    void before(Lengths lengths, int t) {
        at(lengths, t);
        System.arraycopy(recurrence.h, 0, h, 0, h.length);
    }

    /** After step t: rows that are over stay as they were. */
    void hold(int t) {
        float[] c = recurrence.memory(t), next = recurrence.memory(t + 1);
        for (int r = 0; r < over.length; r++) {
            if (!over[r]) continue;
            System.arraycopy(h, r * H, recurrence.h, r * H, H);
            if (c != null) System.arraycopy(c, r * H, next, r * H, H);
        }
    }

    /** Their outputs are zeros. */
    void clear(float[] y, int from) {
        for (int r = 0; r < over.length; r++) if (over[r]) Arrays.fill(y, from + r * H, from + r * H + H, 0f);
    }

    /** Going back: which rows are over at t; nothing arrives from outputs that were set to zero. */
    void clearGradient(Lengths lengths, int t, float[] arrives) {
        at(lengths, t);
        clear(arrives, 0);
    }

    /** Before the equations of a step: takes the gradients of rows that are over out of their sight. */
    void setAside() {
        move(recurrence.dh, dh);
        if (recurrence.memoryGradient() != null) move(recurrence.memoryGradient(), dc);
    }

    private void move(float[] gradient, float[] aside) {
        for (int r = 0; r < over.length; r++) {
            if (!over[r]) continue;
            System.arraycopy(gradient, r * H, aside, r * H, H);
            Arrays.fill(gradient, r * H, r * H + H, 0f);
        }
    }

    /** After them: they go on to the step before. */
    void putBack() {
        for (int r = 0; r < over.length; r++) {
            if (!over[r]) continue;
            System.arraycopy(dh, r * H, recurrence.dh, r * H, H);
            if (recurrence.memoryGradient() != null) System.arraycopy(dc, r * H, recurrence.memoryGradient(), r * H, H);
        }
    }
}
