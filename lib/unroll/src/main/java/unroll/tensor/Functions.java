package unroll.tensor;

/**
 * The elementary functions of {@link Tensor}, each with its derivative. Where no gradient arrives none goes on, also
 * where the slope is infinite.
 */
final class Functions {
    private Functions() {
    }

    static Tensor tanh(Tensor x) {
        return Elementwise.unary("tanh", x, VectorMath::tanh, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * (1 - y[i] * y[i]);
        });
    }

    static Tensor sigmoid(Tensor x) {
        return Elementwise.unary("sigmoid", x, VectorMath::sigmoid, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * y[i] * (1 - y[i]);
        });
    }

    static Tensor relu(Tensor x) {
        return Elementwise.unary("relu", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = Math.max(0, v[i]);
        }, Functions::throughRelu);
    }

    private static void throughRelu(float[] v, float[] y, float[] g, float[] d, int from, int to) {
        System.arraycopy(g, from, d, from, to - from);
        VectorMath.whereAboveZero(y, d, from, to);
    }

    /** Exact in double precision and rounded: unlike gates, an exponential of a student may be large or infinite. */
    static Tensor exp(Tensor x) {
        return Elementwise.unary("exp", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.exp(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * y[i];
        });
    }

    static Tensor log(Tensor x) {
        return Elementwise.unary("log", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.log(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] == 0 ? 0 : g[i] / v[i];
        });
    }

    static Tensor sqrt(Tensor x) {
        return Elementwise.unary("sqrt", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.sqrt(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] == 0 ? 0 : g[i] * .5f / y[i];
        });
    }

    static Tensor abs(Tensor x) {
        return Elementwise.unary("abs", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = Math.abs(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * Math.signum(v[i]);
        });
    }

    static Tensor sin(Tensor x) {
        return Elementwise.unary("sin", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.sin(v[i]);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = g[i] * (float) Math.cos(v[i]);
        });
    }

    /** log(1 + exp(x)), without overflow. */
    static Tensor softplus(Tensor x) {
        return Elementwise.unary("softplus", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) (Math.max(v[i], 0) + Math.log1p(Math.exp(-Math.abs(v[i]))));
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = (float) (g[i] / (1 + Math.exp(-v[i])));
        });
    }

    /** log(1 / (1 + exp(-x))), without the 0 that the sigmoid itself rounds to. */
    static Tensor logSigmoid(Tensor x) {
        return Elementwise.unary("log-sigmoid", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) (Math.min(v[i], 0) - Math.log1p(Math.exp(-Math.abs(v[i]))));
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = (float) (g[i] / (1 + Math.exp(v[i])));
        });
    }

    static Tensor pow(Tensor x, double exponent) {
        return Elementwise.unary("pow", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = (float) Math.pow(v[i], exponent);
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++)
                d[i] = g[i] == 0 || exponent == 0 ? 0 : (float) (g[i] * exponent * Math.pow(v[i], exponent - 1));
        });
    }

    /** factor x + term. */
    static Tensor affine(String operation, Tensor x, float factor, float term) {
        return Elementwise.unary(operation, x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = v[i] * factor + term;
        }, (v, y, g, d, from, to) -> Elementwise.scale(g, factor, d, from, to));
    }

    static Tensor square(Tensor x) {
        return Elementwise.unary("square", x, (v, y, from, to) -> {
            for (int i = from; i < to; i++) y[i] = v[i] * v[i];
        }, (v, y, g, d, from, to) -> {
            for (int i = from; i < to; i++) d[i] = 2 * g[i] * v[i];
        });
    }
}
