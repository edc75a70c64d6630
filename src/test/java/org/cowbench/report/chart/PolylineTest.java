package org.cowbench.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PolylineTest {

    private static final Pattern COMMAND = Pattern.compile("([Mlhv])(-?[0-9.]+)(?: ?(-?[0-9.]+))?");

    @Test
    void noPointNoPath() {
        assertThat(Polyline.path(new double[0], new double[0])).isEmpty();
    }

    @Test
    void straightLinesNeedTwoPoints() {
        double[] xs = {10, 20, 30, 40};
        double[] ys = {5, 5, 5, 5};
        assertThat(Polyline.path(xs, ys)).isEqualTo("M10 5h30");
    }

    @Test
    void turningBackIsKept() {
        assertThat(Polyline.path(new double[] {0, 30, 10}, new double[] {0, 0, 0}))
                .isEqualTo("M0 0h30h-20");
    }

    /** What is drawn, parsed back from the path, passes every dropped point within half a pixel. */
    @Test
    void nothingVisibleIsLost() {
        SplittableRandom random = new SplittableRandom(7);
        double[] xs = new double[20_000];
        double[] ys = new double[xs.length];
        double level = 100;
        for (int i = 0; i < xs.length; i++) {
            xs[i] = 400.0 * i / xs.length;
            level += random.nextDouble() - 0.5 + (random.nextInt(500) == 0 ? 20 : 0);
            ys[i] = level;
        }
        List<double[]> drawn = parse(Polyline.path(xs, ys));
        assertThat(drawn).hasSizeLessThan(xs.length / 2);
        for (int i = 0; i < xs.length; i++) {
            double nearest = Double.MAX_VALUE;
            for (int j = 1; j < drawn.size(); j++) {
                double[] a = drawn.get(j - 1);
                double[] b = drawn.get(j);
                if (a[0] <= xs[i] + 1 && b[0] >= xs[i] - 1) {
                    nearest = Math.min(nearest, Polyline.distance(xs[i], ys[i], a[0], a[1], b[0], b[1]));
                }
            }
            assertThat(nearest).isLessThan(0.5);
        }
    }

    private static List<double[]> parse(String path) {
        List<double[]> points = new ArrayList<>();
        double x = 0;
        double y = 0;
        Matcher matcher = COMMAND.matcher(path);
        while (matcher.find()) {
            double first = Double.parseDouble(matcher.group(2));
            switch (matcher.group(1)) {
                case "h" -> x += first;
                case "v" -> y += first;
                case "l" -> {
                    x += first;
                    y += Double.parseDouble(matcher.group(3));
                }
                default -> {
                    x = first;
                    y = Double.parseDouble(matcher.group(3));
                }
            }
            points.add(new double[] {x, y});
        }
        return points;
    }
}
