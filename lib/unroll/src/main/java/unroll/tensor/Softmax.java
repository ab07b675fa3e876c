package unroll.tensor;

/** Softmax and its logarithm along the last axis, shifted by the row's maximum so that nothing overflows. */
final class Softmax {
    private Softmax() {
    }

    static Tensor softmax(Tensor x) {
        int n = x.size(-1);
        float[] y = probabilities(x.values(), n);
        return Tape.record("softmax", y, x.shape(), g -> {
            float[] d = g.get(0);
            for (int at = 0; at < d.length; at += n) {
                Interrupts.check("softmax", "number", at, d.length);
                double dot = 0;
                for (int j = at; j < at + n; j++) dot += d[j] * y[j];
                for (int j = at; j < at + n; j++) d[j] = y[j] * (float) (d[j] - dot);
            }
            x.take(d);
        }, x);
    }

    static Tensor logSoftmax(Tensor x) {
        int n = x.size(-1);
        float[] v = x.values(), y = new float[v.length];
        for (int at = 0; at < y.length; at += n) {
            Interrupts.check("softmax", "number", at, y.length);
            double norm = logSumExp(v, at, n);
            for (int j = at; j < at + n; j++) y[j] = (float) (v[j] - norm);
        }
        return Tape.record("log-softmax", y, x.shape(), g -> {
            float[] d = g.get(0);
            for (int at = 0; at < d.length; at += n) {
                Interrupts.check("softmax", "number", at, d.length);
                double sum = VectorMath.sum(d, at, at + n);
                for (int j = at; j < at + n; j++) d[j] -= (float) (Math.exp(y[j]) * sum);
            }
            x.take(d);
        }, x);
    }

    static double logSumExp(float[] v, int at, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = at; j < at + n; j++) max = Math.max(max, v[j]);
        if (max == Float.NEGATIVE_INFINITY) return max;
        double sum = 0;
        for (int j = at; j < at + n; j++) sum += Math.exp(v[j] - max);
        return max + Math.log(sum);
    }

    private static float[] probabilities(float[] v, int n) {
        float[] y = new float[v.length];
        for (int at = 0; at < y.length; at += n) {
            Interrupts.check("softmax", "number", at, y.length);
            double norm = logSumExp(v, at, n);
            for (int j = at; j < at + n; j++) y[j] = (float) Math.exp(v[j] - norm);
        }
        return y;
    }
}
