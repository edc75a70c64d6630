package org.cowbench.report.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Ink;
import org.cowbench.report.chart.Marker;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Panel;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Style;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What accesses have cost from kernel to kernel: a panel a benchmark, kernels down, a rule where the policy changes. Of
 * each kind of large folio a picture of its own, which says how many faults a folio takes.
 */
public final class KernelTimelinePlot {
    private static final double ROW_HEIGHT = 17;
    private static final double PANEL_WIDTH = 205;
    /** Panels of folios side by side. */
    private static final int FOLIO_COLUMNS = 3;
    /** How far from its point a number stands, of the dearest kernel. */
    private static final double BESIDE = 0.03;
    /** Room behind the dearest kernel for its number of faults. */
    private static final double FAULTS_ROOM = 1.45;

    private static final Style RULE = new Style(Ink.FRAME, "", Marker.DISC);

    /** A line of the picture: a kernel, or the rule at which a policy begins. */
    private record Line(String name, KernelTable.@Nullable Row kernel) {}

    private KernelTimelinePlot() {}

    /**
     * Lays out the pictures.
     *
     * @param result what was measured, oldest kernel first
     * @return that of base pages first; none when the result is not of several guests
     */
    public static List<Figure> draw(ResultDirectory result) {
        Map<String, String> facts = result.info().environment();
        List<KernelTable.Row> rows = KernelTable.rows(result);
        if (rows.size() < 2 || facts.keySet().stream().noneMatch(fact -> fact.startsWith("guest."))) {
            return List.of();
        }
        String origin = "Guests: " + facts.getOrDefault("guest.cpu", "unknown CPU") + "; "
                + facts.getOrDefault("guest.append", "unknown command line") + "; result " + result.label() + ".";
        List<Figure> figures = new ArrayList<>(List.of(figure(rows, origin)));
        for (FolioKind kind : FolioKind.values()) {
            List<KernelTable.Row> folios = KernelTable.rows(result, kind);
            if (!KernelTable.benchmarks(folios).isEmpty()) {
                figures.add(figure(kind, folios, origin));
            }
        }
        return figures;
    }

    static Figure figure(List<KernelTable.Row> rows, String origin) {
        return figure(
                new Figure(
                                "kernel-timeline",
                                "What an access has cost from kernel to kernel",
                                "Dot plot, one row a kernel and one panel an access. " + summary(rows))
                        .note("Guest instructions per page; lower is better. Each panel has its own scale. Dot:"
                                + " median over the pages, filled where they were copied, hollow where not. Cross:"
                                + " mean, which holds what only some pages pay, such as taking a batch of free"
                                + " pages or giving back a batch of swap slots. "
                                + origin),
                rows,
                null);
    }

    static Figure figure(FolioKind kind, List<KernelTable.Row> rows, String origin) {
        String lacks = rows.stream()
                .filter(row -> !row.lacks().isEmpty())
                .map(row -> row.kernel() + ": " + row.lacks() + ". ")
                .collect(Collectors.joining());
        return figure(
                new Figure(
                                "kernel-timeline-"
                                        + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                "What a folio of " + kind.words() + " has cost from kernel to kernel",
                                "Dot plot, one row a kernel and one panel what is done to a folio. " + summary(rows))
                        .note("Guest instructions per folio, all of its pages together; lower is better. Each panel"
                                + " has its own scale. Dot: median over the folios, filled where most pages were"
                                + " copied, hollow where not. Number: faults taken for a folio."
                                + " " + lacks + origin),
                rows,
                kind);
    }

    private static Figure figure(Figure figure, List<KernelTable.Row> rows, @Nullable FolioKind kind) {
        List<Line> lines = new ArrayList<>();
        String policy = "";
        for (KernelTable.Row row : rows) {
            if (!row.policy().equals(policy)) {
                lines.add(new Line(row.policy() + " from here", null));
                policy = row.policy();
            }
            lines.add(new Line(row.kernel(), row));
        }
        Axis kernels =
                new Axis("", new Scale.Rows(lines.stream().map(Line::name).toList()), false);
        Map<String, Style> styles = new LinkedHashMap<>();
        for (String benchmark : KernelTable.benchmarks(rows)) {
            styles.put(benchmark, Style.of(styles.size()));
        }
        figure.grid(kind == null ? styles.size() : FOLIO_COLUMNS, PANEL_WIDTH, ROW_HEIGHT * lines.size() + 6);
        styles.forEach((benchmark, style) -> {
            double highest = rows.stream()
                    .flatMapToDouble(row -> DoubleStream.of(row.value(benchmark), row.mean(benchmark)))
                    .filter(Double::isFinite)
                    .max()
                    .orElse(1);
            figure.panel(
                    benchmark,
                    KernelTable.meaning(rows, benchmark),
                    new Axis(
                            "instructions per " + (kind == null ? "page" : "folio"),
                            Scale.Linear.fromZero(Math.max(1, highest * (kind == null ? 1.05 : FAULTS_ROOM)))),
                    kernels,
                    panel -> paint(panel, lines, benchmark, style, kind == null ? 0 : highest * BESIDE));
        });
        return figure;
    }

    private static void paint(Panel panel, List<Line> lines, String benchmark, Style style, double beside) {
        boolean folios = beside > 0;
        Map<Integer, KernelTable.Row> measured = new LinkedHashMap<>();
        for (int at = 0; at < lines.size(); at++) {
            KernelTable.Row row = lines.get(at).kernel();
            if (row == null) {
                // What lies beyond a scale sticks to its edge.
                panel.curve(RULE, new double[] {0, Double.MAX_VALUE}, new double[] {at, at});
            } else if (Double.isFinite(row.value(benchmark))) {
                measured.put(at, row);
            }
        }
        panel.curve(
                style,
                measured.values().stream()
                        .mapToDouble(row -> row.value(benchmark))
                        .toArray(),
                measured.keySet().stream().mapToDouble(at -> at).toArray());
        for (Map.Entry<Integer, KernelTable.Row> line : measured.entrySet()) {
            int at = line.getKey();
            KernelTable.Row row = line.getValue();
            String tip = row.kernel() + ": " + Numbers.fixed(row.value(benchmark), 0) + " instructions"
                    + (row.copies(benchmark) ? ", copied" : "") + "; mean " + Numbers.fixed(row.mean(benchmark), 0);
            String faults = KernelTable.count(row, benchmark, KnownMetric.MINOR_FAULTS, 1);
            if (folios && Double.isFinite(row.secondary(benchmark, KnownMetric.MINOR_FAULTS))) {
                tip += "; faults " + faults;
                panel.note(row.value(benchmark) + beside, at, faults);
            }
            if (!folios && Double.isFinite(row.mean(benchmark))) {
                panel.markers(style.with(Marker.CROSS), new double[] {row.mean(benchmark)}, new double[] {at});
            }
            panel.markers(
                    style.with(row.copies(benchmark) ? Marker.DISC : Marker.CIRCLE),
                    new double[] {row.value(benchmark)},
                    new double[] {at});
            panel.rowTip(at, tip);
        }
    }

    private static String summary(List<KernelTable.Row> rows) {
        StringBuilder text = new StringBuilder();
        for (KernelTable.Row row : rows) {
            text.append(row.kernel()).append(':');
            for (String benchmark : KernelTable.benchmarks(rows)) {
                text.append(' ')
                        .append(benchmark)
                        .append(' ')
                        .append(Numbers.fixed(row.value(benchmark), 0))
                        .append(" (mean ")
                        .append(Numbers.fixed(row.mean(benchmark), 0))
                        .append(");");
            }
            text.append(' ');
        }
        return text.toString().strip();
    }
}
