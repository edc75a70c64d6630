package org.cowbench.report.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.stats.Forks;

/** Latency by percentile of both sides, with the band that their forks span: is the difference larger than it? */
final class CurvesPlot {

    private CurvesPlot() {}

    /** The median over forks at each fraction, and the smallest and greatest; as far as every fork has a value. */
    private record Band(double[] fractions, double[] low, double[] middle, double[] high) {

        static Band of(double[] fractions, double[][] forks) {
            int end = 0;
            while (end < fractions.length && forks.length > 0 && allHave(forks, end)) {
                end++;
            }
            double[][] parts = new double[3][end];
            for (int i = 0; i < end; i++) {
                int at = i;
                double[] values =
                        Arrays.stream(forks).mapToDouble(fork -> fork[at]).toArray();
                parts[0][i] = Arrays.stream(values).min().orElseThrow();
                parts[1][i] = Forks.median(values);
                parts[2][i] = Arrays.stream(values).max().orElseThrow();
            }
            return new Band(Arrays.copyOf(fractions, end), parts[0], parts[1], parts[2]);
        }

        double end() {
            return fractions.length == 0 ? 0 : fractions[fractions.length - 1];
        }

        /** What a side says at a fraction; empty where it ends before. */
        String tip(String side, int at) {
            return at >= fractions.length
                    ? ""
                    : side + " " + Numbers.compact(middle[at], 4) + " (" + Numbers.compact(low[at], 4) + " to "
                            + Numbers.compact(high[at], 4) + ")";
        }

        private static boolean allHave(double[][] forks, int at) {
            return Arrays.stream(forks).noneMatch(fork -> Double.isNaN(fork[at]));
        }
    }

    static Optional<Figure> draw(Comparison comparison) {
        List<Comparison.Curves> curves = comparison.curves().stream()
                .filter(one -> Stream.of(one.base(), one.head())
                        .anyMatch(forks -> Band.of(one.fractions(), forks).end() > 0))
                .toList();
        if (curves.isEmpty()) {
            return Optional.empty();
        }
        double last = curves.stream()
                .flatMap(one -> Stream.of(one.base(), one.head()).map(forks -> Band.of(one.fractions(), forks)))
                .mapToDouble(Band::end)
                .max()
                .orElse(0);
        Scale percentiles = new Scale.Percentile(Math.max(0.9, last));
        Figure figure = new Figure(
                        "curves",
                        "Percentiles, base and head",
                        "One panel a benchmark and parameter set; the horizontal axis is logarithmic in 1/(1-p).")
                .note("Lower is better. Line: median over forks. Thin dotted lines: the least and the greatest fork."
                        + " A curve ends where a fork has fewer than 100 values beyond. Each panel has its own vertical"
                        + " axis. " + ComparePlots.omitted(comparison, curves.size()))
                .origin(ComparePlots.origin(comparison))
                .grid(Math.min(2, curves.size()), 310, 190)
                .legend("base", ComparePlots.BASE, true, false)
                .legend("head", ComparePlots.HEAD, true, false);
        for (Comparison.Curves one : curves) {
            Band base = Band.of(one.fractions(), one.base());
            Band head = Band.of(one.fractions(), one.head());
            Scale values = Scale.Log.covering(Stream.of(base.low, base.high, head.low, head.high)
                    .flatMapToDouble(Arrays::stream)
                    .toArray());
            figure.panel(
                    ComparePlots.title(comparison, one.tag()),
                    "",
                    new Axis("percentile of " + CompareWording.values(one.unit()), percentiles),
                    new Axis(one.unit() + ", logarithmic", values),
                    panel -> {
                        paint(panel, ComparePlots.BASE, base);
                        paint(panel, ComparePlots.HEAD, head);
                        tips(panel, base, head, one.unit());
                    });
        }
        return Optional.of(figure);
    }

    private static void paint(Panel panel, Style style, Band band) {
        Style thin = new Style(style.colour(), "1 3", Marker.DISC);
        panel.curve(thin, band.fractions, band.low);
        panel.curve(thin, band.fractions, band.high);
        panel.curve(style, band.fractions, band.middle);
    }

    /** Values of every second fraction, four a decade. */
    private static void tips(Panel panel, Band base, Band head, String unit) {
        double[] fractions = base.end() > head.end() ? base.fractions : head.fractions;
        for (int i = 0; i < fractions.length; i += 2) {
            panel.columnTip(
                    i == 0 ? 0 : fractions[i - 1],
                    i + 1 < fractions.length ? fractions[i + 1] : 1,
                    Scale.Percentile.text(fractions[i]) + ": "
                            + Stream.of(base.tip("base", i), head.tip("head", i))
                                    .filter(text -> !text.isEmpty())
                                    .collect(Collectors.joining("; "))
                            + " " + unit);
        }
    }
}
