package unroll.statespace;

import java.util.Arrays;
import java.util.List;

import unroll.nn.Lengths;
import unroll.nn.SequenceLayer;
import unroll.nn.State;
import unroll.tensor.Message;
import unroll.tensor.Parameter;
import unroll.tensor.Rng;
import unroll.tensor.ShapeException;
import unroll.tensor.Tensor;

/**
 * The linear recurrent unit (Orvieto et al. 2023): a diagonal complex recurrence that all channels share, started with
 * eigenvalues on a ring.
 *
 * <pre>{@code
 * λ = exp(-exp(ν) + i exp(θ))      x_t = λ ∘ x_{t-1} + exp(γ) ∘ (u_t B)      y_t = Re(x_t C) + D ∘ u_t
 *
 * SequenceLayer layer = Lru.of(64, 128).ring(0.9, 0.999).build(rng);
 * var out = layer.apply(u);                                        // u: [T, B, 64] → out.states(): [T, B, 64]
 * }</pre>
 *
 * Parameters: {@code nuLog}, {@code thetaLog}, {@code gammaLog} {@code [N]}; {@code bRe}, {@code bIm} {@code [H, N]};
 * {@code cRe}, {@code cIm} {@code [N, H]}; {@code d} {@code [H]}. γ starts as log √(1 - |λ|²), which keeps the size of
 * states near that of inputs.
 */
public final class Lru extends SequenceLayer {
    private final LruSpec spec;
    private final int H, N;
    private final Parameter nuLog, thetaLog, gammaLog, bRe, bIm, cRe, cIm, d;

    Lru(LruSpec spec, Rng rng) {
        this.spec = spec;
        H = spec.inputSize();
        N = spec.stateSize();
        LruSpec.Ring ring = spec.ring(rng.uniform(0, 1, N), rng.uniform(0, 1, N));
        nuLog = parameter(new Parameter("nuLog", Tensor.of(ring.nuLog(), N)));
        thetaLog = parameter(new Parameter("thetaLog", Tensor.of(ring.thetaLog(), N)));
        gammaLog = parameter(new Parameter("gammaLog", Tensor.of(ring.gammaLog(), N)));
        bRe = parameter(new Parameter("bRe", rng.normal(H, N).div(Math.sqrt(2. * H))));
        bIm = parameter(new Parameter("bIm", rng.normal(H, N).div(Math.sqrt(2. * H))));
        cRe = parameter(new Parameter("cRe", rng.normal(N, H).div(Math.sqrt(N))));
        cIm = parameter(new Parameter("cIm", rng.normal(N, H).div(Math.sqrt(N))));
        d = parameter(new Parameter("d", rng.normal(H)));
    }

    /**
     * The configuration of a layer.
     *
     * @param channels  H, of input and output
     * @param stateSize N, complex numbers
     */
    public static LruSpec of(int channels, int stateSize) { return LruSpec.of(channels, stateSize); }

    @Override protected Output run(Tensor u, State initial, Lengths lengths) {
        int T = u.size(0), B = u.size(1);
        if (!(initial instanceof ComplexState start))
            throw new IllegalArgumentException(
                    Message.of(this + ": expected a state of kind ComplexState but got "
                            + initial.getClass().getSimpleName()));
        if (!Arrays.equals(start.re().shape(), new int[] {B, N}))
            throw new ShapeException(this + ": expected a state of shape [" + B + ", " + N + "] but got "
                    + Arrays.toString(start.re().shape()));
        Tensor size = nuLog.exp().neg().exp(), angle = thetaLog.exp(), scale = gammaLog.exp();
        Tensor aRe = size.mul(angle.add(Math.PI / 2).sin()), aIm = size.mul(angle.sin());              // [N]
        List<Tensor> x = ComplexScan.apply(aRe, aIm, u.matmul(bRe).mul(scale), u.matmul(bIm).mul(scale), start.re(),
                start.im());
        Tensor y = x.get(0).matmul(cRe).sub(x.get(1).matmul(cIm)).add(u.mul(d));
        y = lengths.clear(y);
        return new Output(y, ComplexState.of(lengths.last(y), lengths.last(x.get(0)), lengths.last(x.get(1))));
    }

    @Override public ComplexState initialState(int batch) {
        return ComplexState.of(Tensor.zeros(batch, H), Tensor.zeros(batch, N), Tensor.zeros(batch, N));
    }

    @Override public int inputSize() { return H; }

    @Override public int outputSize() { return H; }

    @Override public String toString() { return spec.toString(); }
}
