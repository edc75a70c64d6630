package org.cowbench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;
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
                double[] values = Arrays.stream(forks).mapToDouble(fork -> fork[at]).toArray();
                parts[0][i] = Arrays.stream(values).min().orElseThrow();
                parts[1][i] = Forks.median(values);
                parts[2][i] = Arrays.stream(values).max().orElseThrow();
            }
            return new Band(Arrays.copyOf(fractions, end), parts[0], parts[1], parts[2]);
        }

        private static boolean allHave(double[][] forks, int at) {
            return Arrays.stream(forks).noneMatch(fork -> Double.isNaN(fork[at]));
        }
    }

    static Optional<Svg> draw(Comparison comparison) {
        List<Comparison.Curves> curves = comparison.curves();
        double[] all = curves.stream()
                .flatMap(one -> Stream.concat(Arrays.stream(one.base()), Arrays.stream(one.head())))
                .flatMapToDouble(Arrays::stream)
                .filter(value -> value > 0)
                .toArray();
        if (all.length == 0) {
            return Optional.empty();
        }
        Scale latency = Scale.Log.covering(all);
        double last = curves.stream().flatMap(one -> Stream.of(one.base(), one.head()).map(forks ->
                Band.of(one.fractions(), forks).fractions())).mapToDouble(f -> f.length == 0 ? 0 : f[f.length - 1])
                .max().orElse(0);
        Scale percentiles = new Scale.Percentile(Math.max(0.9, last));
        Figure figure = new Figure("curves", "Time by percentile, base and head",
                        "One panel a benchmark and parameter set; the horizontal axis is logarithmic in 1/(1-p).")
                .note(ComparePlots.note(comparison) + ComparePlots.omitted(comparison, curves.size()))
                .note("Lower is better. Line: median over forks. Thin dashed lines: the least and the greatest fork."
                        + " Values are means of batches; a curve ends where a fork has fewer than 100 values beyond.")
                .grid(Math.min(2, curves.size()), 320, 190)
                .legend("base", ComparePlots.BASE, true, false)
                .legend("head", ComparePlots.HEAD, true, false);
        for (Comparison.Curves one : curves) {
            figure.panel(one.tag().replaceAll(";[^=;]*=", " "), "", new Axis("percentile of batches", percentiles),
                    new Axis(one.unit() + ", logarithmic", latency), panel -> {
                        paint(panel, ComparePlots.BASE, Band.of(one.fractions(), one.base()));
                        paint(panel, ComparePlots.HEAD, Band.of(one.fractions(), one.head()));
                    });
        }
        return Optional.of(figure.draw());
    }

    private static void paint(Panel panel, Style style, Band band) {
        Style thin = new Style(style.colour(), "1 3", Marker.DISC);
        panel.curve(thin, band.fractions, band.low);
        panel.curve(thin, band.fractions, band.high);
        panel.curve(style, band.fractions, band.middle);
    }
}
