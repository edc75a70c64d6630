package org.cowbench.report.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.Interval;
import org.cowbench.stats.StudentT;
import org.jspecify.annotations.Nullable;

/** What a program costs on kernels, as tables for people: a table a load, a kernel a row. */
public final class AppTable {
    private static final double CONFIDENCE = 0.95;
    private static final double PAGES_A_MIB = 256;
    private static final List<KnownMetric> COUNTS = List.of(
            KnownMetric.SWAP_READS,
            KnownMetric.SWAP_WRITES,
            KnownMetric.MINOR_FAULTS,
            KnownMetric.MAJOR_FAULTS,
            KnownMetric.REUSES);

    /** A kernel's measurement. */
    record Row(String kernel, Measurement measurement) {
        private double[] values(@Nullable KnownMetric metric) {
            if (metric == null) {
                return measurement.forkMeans();
            }
            Metric found = measurement.secondary().get(metric.id());
            return found == null ? new double[0] : found.forkMeans();
        }

        /**
         * The mean over the boots.
         *
         * @param metric a count; null for the score
         * @return with its 95 % interval; empty where it was not counted
         */
        Optional<Interval> interval(@Nullable KnownMetric metric) {
            double[] values = values(metric);
            return values.length == 0 ? Optional.empty() : Optional.of(StudentT.interval(values, CONFIDENCE));
        }
    }

    /**
     * What results have of programs.
     *
     * @param loads what each load cost, a row a kernel
     * @param forks what a fork cost
     */
    record Rows(Map<String, List<Row>> loads, List<Row> forks) {
        static Rows of(List<ResultDirectory> results) {
            Map<String, List<Row>> loads = new LinkedHashMap<>();
            List<Row> forks = new ArrayList<>();
            for (ResultDirectory result : results) {
                String only = result.info().environment().getOrDefault("guest.name", result.label());
                for (Measurement measurement : result.measurements()) {
                    Row row = new Row(measurement.params().getOrDefault(Tag.KERNEL_PARAM, only), measurement);
                    Optional<KnownBenchmark> known = KnownBenchmark.of(measurement.key());
                    if (known.equals(Optional.of(KnownBenchmark.GUEST_APP_FORK))) {
                        forks.add(row);
                    } else if (known.equals(Optional.of(KnownBenchmark.GUEST_APP_REQUEST))) {
                        loads.computeIfAbsent(measurement.params().get(Tag.LOAD_PARAM), load -> new ArrayList<>())
                                .add(row);
                    }
                }
            }
            return new Rows(loads, forks);
        }

        List<Row> load(String name) {
            return loads.getOrDefault(name, List.of());
        }
    }

    private AppTable() {}

    /**
     * Prints the tables.
     *
     * @param results what was measured, in the order to show; the first is what others are held against
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public static void print(List<ResultDirectory> results, Appendable out) throws IOException {
        Rows rows = Rows.of(results);
        for (Map.Entry<String, List<Row>> load : rows.loads().entrySet()) {
            table(load.getKey(), load.getValue(), out);
        }
        if (!rows.forks().isEmpty()) {
            TextTable table = new TextTable("<fork for a snapshot", "instructions");
            rows.forks().forEach(row -> table.row(List.of(row.kernel(), text(row.interval(null)))));
            table.print(out);
            ratios(rows.forks(), false, out);
            out.append('\n');
        }
        TextTable.paragraph(
                out,
                "Of each request; the mean over the boots and its 95 % interval. Instructions are the program's own,"
                    + " kernel's work in its name included; MiB the most that were resident. Ratios are of boots with"
                    + " the same requests.");
    }

    private static void table(String load, List<Row> rows, Appendable out) throws IOException {
        TextTable table =
                new TextTable("<" + load, "instructions", "swap-ins", "swap-outs", "minor", "major", "reused", "MiB");
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.kernel(), text(row.interval(null))));
            cells.add(text(row.interval(KnownMetric.SWAP_READS)));
            COUNTS.stream()
                    .skip(1)
                    .forEach(metric -> cells.add(row.interval(metric)
                            .map(found -> fixed(found.estimate(), 3))
                            .orElse("-")));
            cells.add(row.interval(KnownMetric.PEAK_FRAMES)
                    .map(found -> fixed(found.estimate() / PAGES_A_MIB, 0))
                    .orElse("-"));
            table.row(cells);
        }
        table.print(out);
        for (Row row : rows) {
            String calls = row.measurement().secondary().entrySet().stream()
                    .filter(each -> each.getKey().startsWith(KnownMetric.CALLS))
                    .map(each -> each.getKey().substring(KnownMetric.CALLS.length()) + " "
                            + text(Optional.of(StudentT.interval(each.getValue().forkMeans(), CONFIDENCE))))
                    .collect(Collectors.joining(", "));
            if (!calls.isEmpty()) {
                TextTable.paragraph(out, row.kernel() + ": calls of " + calls);
            }
        }
        ratios(rows, true, out);
        out.append('\n');
    }

    private static void ratios(List<Row> rows, boolean swapped, Appendable out) throws IOException {
        Row base = rows.getFirst();
        for (Row row : rows.subList(1, rows.size())) {
            Optional<String> cost = ratio(base.values(null), row.values(null)).map(each -> "instructions " + each);
            Optional<String> reads = ratio(base.values(KnownMetric.SWAP_READS), row.values(KnownMetric.SWAP_READS))
                    .filter(each -> swapped)
                    .map(each -> "swap-ins " + each);
            TextTable.paragraph(
                    out,
                    row.kernel() + " / " + base.kernel() + ": "
                            + Stream.of(cost, reads).flatMap(Optional::stream).collect(Collectors.joining(", ")));
        }
    }

    /** Of boots with the same requests; empty where there are none, or nothing was counted. */
    private static Optional<String> ratio(double[] base, double[] head) {
        int boots = Math.min(base.length, head.length);
        double[] logs = IntStream.range(0, boots)
                .mapToDouble(i -> Math.log(head[i] / base[i]))
                .toArray();
        Interval interval = StudentT.interval(logs, CONFIDENCE);
        if (!Double.isFinite(interval.estimate())) {
            return Optional.empty();
        }
        return Optional.of(text(Math.exp(interval.estimate()), Math.exp(interval.low()), Math.exp(interval.high())));
    }

    /** What is known of it, as in other tables. */
    private static String text(Optional<Interval> interval) {
        return interval.map(found -> text(found.estimate(), found.low(), found.high()))
                .orElse("-");
    }

    private static String text(double estimate, double low, double high) {
        return (Numbers.known(estimate, low, high) + " " + Numbers.bounds(estimate, low, high)).strip();
    }

    private static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
