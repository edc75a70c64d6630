package org.cowbench.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Png;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.report.chart.Svg;

/** What accesses have cost from kernel to kernel: a panel a benchmark, kernels down, changes of policy marked. */
public final class KernelTimeline {
    private static final double ROW_HEIGHT = 17;
    private static final double PANEL_WIDTH = 205;

    private KernelTimeline() {}

    /**
     * Draws the picture.
     *
     * @param rows kernels, oldest first
     * @param origin where the figures come from, such as the result's label
     * @param meanings captions by benchmark
     * @return the picture
     */
    static Svg picture(List<KernelTable.Row> rows, String origin, Map<String, String> meanings) {
        List<String> names = new ArrayList<>();
        String policy = "";
        for (KernelTable.Row row : rows) {
            // The row at which a policy begins names it: that is the mark on the axis.
            names.add((row.policy().equals(policy) ? "" : row.policy() + " > ") + row.kernel());
            policy = row.policy();
        }
        Scale.Rows scale = new Scale.Rows(names);
        Map<String, Style> styles = new LinkedHashMap<>();
        for (String benchmark : KernelTable.benchmarks(rows)) {
            styles.put(benchmark, Style.of(styles.size()));
        }
        Figure figure = new Figure("kernel-timeline", "What an access has cost from kernel to kernel",
                "Dot plot, one row a kernel and one panel an access. " + summary(rows))
                .note("Guest instructions per page, median over the pages; lower is better. Filled: the page was copied;"
                        + " hollow: it was not. A policy's id stands at the first kernel that has it. " + origin)
                .grid(styles.size(), PANEL_WIDTH, ROW_HEIGHT * rows.size() + 6);
        styles.forEach((benchmark, style) -> {
            double highest = rows.stream().mapToDouble(row -> row.value(benchmark)).filter(Double::isFinite).max().orElse(1);
            figure.panel(benchmark, meanings.getOrDefault(benchmark, ""),
                    new Axis("instructions per page", Scale.Linear.fromZero(Math.max(1, highest * 1.05))),
                    new Axis("", scale), panel -> paint(panel, rows, benchmark, style));
        });
        return figure.draw();
    }

    private static void paint(Panel panel, List<KernelTable.Row> rows, String benchmark, Style style) {
        int[] present = IntStream.range(0, rows.size()).filter(row -> Double.isFinite(rows.get(row).value(benchmark))).toArray();
        panel.curve(style, IntStream.of(present).mapToDouble(row -> rows.get(row).value(benchmark)).toArray(),
                IntStream.of(present).asDoubleStream().toArray());
        for (int at : present) {
            KernelTable.Row row = rows.get(at);
            Marker marker = row.copies(benchmark) ? Marker.DISC : Marker.CIRCLE;
            panel.markers(style.with(marker), new double[] {row.value(benchmark)}, new double[] {at});
            panel.rowTip(at, row.kernel() + ": " + Numbers.fixed(row.value(benchmark), 0) + " instructions"
                    + (row.copies(benchmark) ? ", copied" : ""));
        }
    }

    private static String summary(List<KernelTable.Row> rows) {
        StringBuilder text = new StringBuilder();
        for (KernelTable.Row row : rows) {
            text.append(row.kernel()).append(':');
            for (String benchmark : KernelTable.benchmarks(rows)) {
                text.append(' ').append(benchmark).append(' ').append(Numbers.fixed(row.value(benchmark), 0)).append(';');
            }
            text.append(' ');
        }
        return text.toString().strip();
    }

    /**
     * Draws the picture into files.
     *
     * @param rows kernels, oldest first
     * @param origin where the figures come from, such as the result's label
     * @param meanings captions by benchmark
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written
     */
    public static List<Path> draw(List<KernelTable.Row> rows, String origin, Map<String, String> meanings, Path directory,
            Consumer<String> warn) {
        return Plots.write(List.of(picture(rows, origin, meanings)), directory, warn, Png::of);
    }
}
