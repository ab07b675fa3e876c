package unroll.recurrent;

import java.util.Arrays;

import unroll.recurrent.SequencePass.Part;
import unroll.tensor.Parameter;
import unroll.tensor.VectorMath;

/**
 * The forward and the backward pass of an LSTM over a sequence, one gate a line. A hat marks ∂L/∂: ĉ is ∂L/∂c.
 *
 * <pre>
 * z_t = x_t W + h_{t-1} U + b          i = σ(z^i)   f = σ(z^f)   g = tanh(z^g)   o = σ(z^o)
 * c_t = f ∘ c_{t-1} + i ∘ g            s = tanh(c_t)             h_t = o ∘ s
 *
 * ẑ^o = ĥ ∘ s ∘ o (1 - o)              ĉ += ĥ ∘ o ∘ (1 - s²)
 * ẑ^i = ĉ ∘ g ∘ i (1 - i)              ẑ^g = ĉ ∘ i ∘ (1 - g²)
 * ẑ^f = ĉ ∘ c_{t-1} ∘ f (1 - f)        ĉ_{t-1} = ĉ ∘ f           ĥ_{t-1} = ẑ Uᵀ
 * </pre>
 */
final class LstmPass {
    private static final int INPUT = 0, FORGET = 1, CANDIDATE = 2, OUTPUT = 3;
    private final int T, B, H;
    private final SequencePass pass;
    private final Memory[] memories;
    private float[] y, dy;

    LstmPass(int T, int B, int I, int H) {
        this.T = T;
        this.B = B;
        this.H = H;
        pass = new SequencePass(T, B, I, H, 4);
        memories = new Memory[pass.parts.length];
        for (int p = 0; p < memories.length; p++) memories[p] = new Memory(pass.parts[p]);
    }

    boolean fits(int T, int B) { return pass.fits(T, B); }

    /** What one part of the batch remembers from the way forward, each array {@code [T][rows * H]}, and its scratch. */
    private final class Memory {
        final int size;
        final float[][] i, f, g, o, s, c;                                  // c begins with c_{-1}
        final float[] h, dh, dc, dz, biasI, biasF, biasG, biasO, dbI, dbF, dbG, dbO;

        Memory(Part part) {
            size = part.size;
            i = new float[T][size];
            f = new float[T][size];
            g = new float[T][size];
            o = new float[T][size];
            s = new float[T][size];
            c = new float[T + 1][size];
            h = new float[size];
            dh = new float[size];
            dc = new float[size];
            dz = new float[size];
            biasI = new float[size];
            biasF = new float[size];
            biasG = new float[size];
            biasO = new float[size];
            dbI = new float[size];
            dbF = new float[size];
            dbG = new float[size];
            dbO = new float[size];
        }

        void tile(float[] b) {
            for (int at = 0; at < size; at += H) {
                System.arraycopy(b, INPUT * H, biasI, at, H);
                System.arraycopy(b, FORGET * H, biasF, at, H);
                System.arraycopy(b, CANDIDATE * H, biasG, at, H);
                System.arraycopy(b, OUTPUT * H, biasO, at, H);
            }
        }
    }

    /** All h_t, {@code [T, B, H]}. */
    float[] forward(float[] x, float[] h0, float[] c0, Parameter w, Parameter u, float[] b) {
        y = new float[T * B * H];
        for (int p = 0; p < memories.length; p++) {
            System.arraycopy(c0, pass.parts[p].first * H, memories[p].c[0], 0, memories[p].size);
            memories[p].tile(b);
        }
        pass.forward(x, h0, w, u, this::step);
        float[] states = y;
        y = null;
        return states;
    }

    private void step(Part part, int t) {
        Memory m = memory(part);
        int n = m.size;
        sigmoid(part, t, INPUT, m.biasI, m.i[t]);
        sigmoid(part, t, FORGET, m.biasF, m.f[t]);
        tanh(part, t, CANDIDATE, m.biasG, m.g[t]);
        sigmoid(part, t, OUTPUT, m.biasO, m.o[t]);
        remember(m.f[t], m.c[t], m.i[t], m.g[t], m.c[t + 1], n);
        VectorMath.tanh(m.c[t + 1], m.s[t], 0, n);
        times(m.o[t], m.s[t], m.h, n);
        part.state(t, m.h);
        System.arraycopy(m.h, 0, y, (t * B + part.first) * H, n);
    }

    private static void sigmoid(Part part, int t, int gate, float[] bias, float[] to) {
        part.gate(t, gate, to);
        VectorMath.add(to, bias, 0, to.length);
        VectorMath.sigmoid(to, to, 0, to.length);
    }

    private static void tanh(Part part, int t, int gate, float[] bias, float[] to) {
        part.gate(t, gate, to);
        VectorMath.add(to, bias, 0, to.length);
        VectorMath.tanh(to, to, 0, to.length);
    }

    /** c_{T-1}, {@code [B, H]}. */
    float[] lastMemory() {
        float[] c = new float[B * H];
        for (int p = 0; p < memories.length; p++) System.arraycopy(memories[p].c[T], 0, c, pass.parts[p].first * H, memories[p].size);
        return c;
    }

    /** @param dy gradients of all h_t; @param dh of the last one as a state; @param dc of the last c */
    void back(float[] dy, float[] dh, float[] dc, Parameter u) {
        this.dy = dy;
        for (int p = 0; p < memories.length; p++) {
            Memory m = memories[p];
            System.arraycopy(dh, pass.parts[p].first * H, m.dh, 0, m.size);
            System.arraycopy(dc, pass.parts[p].first * H, m.dc, 0, m.size);
            for (float[] d : new float[][] {m.dbI, m.dbF, m.dbG, m.dbO}) Arrays.fill(d, 0);
        }
        pass.back(u, this::stepBack);
        for (int p = 0; p < memories.length; p++) pass.parts[p].stateGradient(memories[p].dh);
        this.dy = null;
    }

    private void stepBack(Part part, int t) {
        Memory m = memory(part);
        int n = m.size;
        if (t < T - 1) part.stateGradient(m.dh);
        System.arraycopy(dy, (t * B + part.first) * H, m.h, 0, n);
        VectorMath.add(m.dh, m.h, 0, n);                                   // ĥ_t: from above and from the next step
        outputGradient(m.dh, m.o[t], m.s[t], m.dc, m.dz, n);
        send(part, t, OUTPUT, m.dz, m.dbO);
        inputGradient(m.dc, m.i[t], m.g[t], m.dz, n);
        send(part, t, INPUT, m.dz, m.dbI);
        candidateGradient(m.dc, m.i[t], m.g[t], m.dz, n);
        send(part, t, CANDIDATE, m.dz, m.dbG);
        forgetGradient(m.dc, m.f[t], m.c[t], m.dz, n);
        send(part, t, FORGET, m.dz, m.dbF);
    }

    private static void send(Part part, int t, int gate, float[] dz, float[] db) {
        VectorMath.add(db, dz, 0, dz.length);
        part.gateGradient(t, gate, dz);
    }

    private static void remember(float[] f, float[] c, float[] i, float[] g, float[] next, int n) {
        for (int k = 0; k < n; k++) next[k] = f[k] * c[k] + i[k] * g[k];
    }

    private static void times(float[] a, float[] b, float[] y, int n) {
        for (int k = 0; k < n; k++) y[k] = a[k] * b[k];
    }

    private static void outputGradient(float[] dh, float[] o, float[] s, float[] dc, float[] dz, int n) {
        for (int k = 0; k < n; k++) {
            float d = dh[k], a = o[k], q = s[k];
            dz[k] = d * q * a * (1 - a);
            dc[k] += d * a * (1 - q * q);
        }
    }

    private static void inputGradient(float[] dc, float[] i, float[] g, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = dc[k] * g[k] * i[k] * (1 - i[k]);
    }

    private static void candidateGradient(float[] dc, float[] i, float[] g, float[] dz, int n) {
        for (int k = 0; k < n; k++) dz[k] = dc[k] * i[k] * (1 - g[k] * g[k]);
    }

    private static void forgetGradient(float[] dc, float[] f, float[] before, float[] dz, int n) {
        for (int k = 0; k < n; k++) {
            float d = dc[k], a = f[k];
            dz[k] = d * before[k] * a * (1 - a);
            dc[k] = d * a;
        }
    }

    float[] inputGradient(Parameter w) { return pass.inputGradient(w); }

    float[] inputWeightGradient() { return pass.inputWeightGradient(); }

    float[] recurrentWeightGradient() { return pass.recurrentWeightGradient(); }

    float[] initialStateGradient() { return gather(m -> m.dh); }

    float[] initialMemoryGradient() { return gather(m -> m.dc); }

    private float[] gather(java.util.function.Function<Memory, float[]> which) {
        float[] all = new float[B * H];
        for (int p = 0; p < memories.length; p++) System.arraycopy(which.apply(memories[p]), 0, all, pass.parts[p].first * H, memories[p].size);
        return all;
    }

    /** Σ over time and batch of ẑ, in the order i, f, g, o. */
    float[] biasGradient() {
        float[] d = new float[4 * H];
        for (Memory m : memories)
            for (int at = 0; at < m.size; at += H)
                for (int k = 0; k < H; k++) {
                    d[INPUT * H + k] += m.dbI[at + k];
                    d[FORGET * H + k] += m.dbF[at + k];
                    d[CANDIDATE * H + k] += m.dbG[at + k];
                    d[OUTPUT * H + k] += m.dbO[at + k];
                }
        return d;
    }

    private Memory memory(Part part) { return memories[part == pass.parts[0] ? 0 : 1]; }
}
