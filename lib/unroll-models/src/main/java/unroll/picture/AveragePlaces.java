package unroll.picture;

import unroll.tensor.Parallel;
import unroll.tensor.Shape;
import unroll.tensor.Tape;
import unroll.tensor.Tensor;

/**
 * The mean over rectangles of each plane: the rows from tops[i] to bottoms[i] - 1, the columns from lefts[j] to
 * rights[j] - 1.
 */
record AveragePlaces(int[] tops, int[] bottoms, int[] lefts, int[] rights) {
    Tensor apply(String operation, Tensor x) {
        int planes = x.size(0) * x.size(1), pixels = x.size(2) * x.size(3), W = x.size(3), height = tops.length,
                width = lefts.length;
        int[] shape = {x.size(0), x.size(1), height, width};
        float[] v = x.data(), y = Shape.room(operation, shape, x);
        int places = height * width;
        Parallel.run(planes, p -> {
            for (int i = 0, to = p * places; i < height; i++)
                for (int j = 0; j < width; j++, to++) {
                    double sum = 0;
                    for (int r = tops[i]; r < bottoms[i]; r++)
                        for (int c = lefts[j]; c < rights[j]; c++) sum += v[p * pixels + r * W + c];
                    y[to] = (float) (sum / area(i, j));
                }
        });
        return Tape.record(operation, y, shape, g -> {
            float[] dy = g.get(0), dx = new float[v.length];
            Parallel.run(planes, p -> {
                for (int i = 0, from = p * places; i < height; i++)
                    for (int j = 0; j < width; j++, from++) {
                        float share = dy[from] / area(i, j);
                        for (int r = tops[i]; r < bottoms[i]; r++)
                            for (int c = lefts[j]; c < rights[j]; c++) dx[p * pixels + r * W + c] += share;
                    }
            });
            x.take(dx);
        }, x);
    }

    private int area(int i, int j) { return (bottoms[i] - tops[i]) * (rights[j] - lefts[j]); }
}
