package org.cowbench.report.chart;

import java.util.BitSet;

/** Path data of a line through many points, thinned out without a visible change. */
final class Polyline {

    /** No dropped point lies farther than this from the line drawn; with the rounding it stays under half a pixel. */
    static final double TOLERANCE = 0.35;

    private Polyline() {}

    /**
     * SVG path data through points given in pixels, without the points whose absence nobody can see (the rule of
     * Ramer, Douglas and Peucker).
     *
     * @param xs horizontal positions
     * @param ys vertical positions, as many
     * @return path data in relative coordinates, empty when there is no point
     */
    static String path(double[] xs, double[] ys) {
        if (xs.length == 0) {
            return "";
        }
        BitSet kept = kept(xs, ys);
        StringBuilder data = new StringBuilder();
        long lastX = 0;
        long lastY = 0;
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            long x = Math.round(xs[i] * 10);
            long y = Math.round(ys[i] * 10);
            if (i == 0) {
                data.append('M').append(Numbers.tenths(x)).append(separated(Numbers.tenths(y)));
            } else if (x != lastX && y != lastY) {
                data.append('l').append(Numbers.tenths(x - lastX)).append(separated(Numbers.tenths(y - lastY)));
            } else if (x != lastX) {
                data.append('h').append(Numbers.tenths(x - lastX));
            } else if (y != lastY) {
                data.append('v').append(Numbers.tenths(y - lastY));
            }
            lastX = x;
            lastY = y;
        }
        return data.toString();
    }

    private static String separated(String number) {
        return number.startsWith("-") ? number : " " + number;
    }

    static BitSet kept(double[] xs, double[] ys) {
        BitSet kept = new BitSet(xs.length);
        kept.set(0);
        kept.set(xs.length - 1);
        // An explicit stack of pending stretches: a degenerate curve would recurse as deep as it has points.
        int[] stack = new int[2 * xs.length + 2];
        int depth = 0;
        stack[depth++] = 0;
        stack[depth++] = xs.length - 1;
        while (depth > 0) {
            int last = stack[--depth];
            int first = stack[--depth];
            int farthest = -1;
            double distance = TOLERANCE;
            for (int i = first + 1; i < last; i++) {
                double d = distance(xs[i], ys[i], xs[first], ys[first], xs[last], ys[last]);
                if (d > distance) {
                    distance = d;
                    farthest = i;
                }
            }
            if (farthest >= 0) {
                kept.set(farthest);
                stack[depth++] = first;
                stack[depth++] = farthest;
                stack[depth++] = farthest;
                stack[depth++] = last;
            }
        }
        return kept;
    }

    /** Distance of a point from a stretch, not from the endless line through it. */
    static double distance(double x, double y, double x1, double y1, double x2, double y2) {
        double dx = x2 - x1;
        double dy = y2 - y1;
        double square = dx * dx + dy * dy;
        double t = square == 0 ? 0 : Math.clamp(((x - x1) * dx + (y - y1) * dy) / square, 0.0, 1.0);
        double offX = x - x1 - t * dx;
        double offY = y - y1 - t * dy;
        return Math.sqrt(offX * offX + offY * offY);
    }
}
