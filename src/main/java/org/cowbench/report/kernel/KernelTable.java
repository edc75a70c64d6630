package org.cowbench.report.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.Forks;
import org.jspecify.annotations.Nullable;

/** What kernels cost, as tables for people: a kernel a row, a benchmark a column. */
public final class KernelTable {
    /** From this share of pages on, a figure counts as one of copies. */
    private static final double COPYING = 0.5;

    private static final double PER_THOUSAND = 1000;

    /**
     * A kernel's row.
     *
     * @param kernel its label
     * @param policy the policy its release has, or the empty string
     * @param measurements its measurements by benchmark, without the class
     * @param lacks why it has none, or not all; the empty string where it has
     */
    record Row(String kernel, String policy, Map<String, Measurement> measurements, String lacks) {

        /** A row that lacks nothing. */
        Row(String kernel, String policy, Map<String, Measurement> measurements) {
            this(kernel, policy, measurements, "");
        }

        /**
         * A figure.
         *
         * @return the median over the pages, and of those the median over the boots; NaN if it was not measured
         */
        double value(String benchmark) {
            Measurement measurement = measurements.get(benchmark);
            return measurement == null ? Double.NaN : Forks.median(measurement.forkMeans());
        }

        /**
         * The mean over the pages, which holds what only some pages pay.
         *
         * @return the median over the boots; NaN if it was not measured
         */
        double mean(String benchmark) {
            return secondary(benchmark, KnownMetric.MEAN);
        }

        /**
         * A count or another metric per page.
         *
         * @return the median over the boots; NaN if it was not measured
         */
        double secondary(String benchmark, KnownMetric metric) {
            Measurement measurement = measurements.get(benchmark);
            Metric found = measurement == null ? null : measurement.secondary().get(metric.id());
            return found == null ? Double.NaN : Forks.median(found.forkMeans());
        }

        /**
         * Whether most pages were copied.
         *
         * @return whether over half of those that are there changed their frame
         */
        boolean copies(String benchmark) {
            double copies = secondary(benchmark, KnownMetric.COPIES);
            return copies > COPYING * (copies + secondary(benchmark, KnownMetric.REUSES));
        }
    }

    private KernelTable() {}

    /**
     * Prints the tables.
     *
     * @param results what was measured, in the order to show
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public static void print(List<ResultDirectory> results, Appendable out) throws IOException {
        printRows(rows(results, null), out);
        for (FolioKind kind : FolioKind.values()) {
            printFolios(kind, rows(results, kind), out);
        }
    }

    private static List<Row> rows(List<ResultDirectory> results, @Nullable FolioKind kind) {
        return results.stream().flatMap(result -> rows(result, kind).stream()).toList();
    }

    static void printRows(List<Row> rows, Appendable out) throws IOException {
        table(rows, KernelTable::cost, out);
        TextTable.paragraph(
                out,
                "Guest instructions per page: the median over the pages (the mean, which holds what only"
                        + " some pages pay). c: the page was copied.");
        Optional<String> ratio = ratio(rows);
        if (ratio.isPresent()) {
            TextTable.paragraph(out, ratio.get());
        }
        out.append('\n');
        table(rows, (row, benchmark) -> counts(row, benchmark, PER_THOUSAND), out);
        TextTable.paragraph(
                out, "Of 1000 pages: in another frame than before (copied) / in the same (kept) / faults taken.");
    }

    static void printFolios(FolioKind kind, List<Row> rows, Appendable out) throws IOException {
        if (rows.stream()
                .allMatch(row -> row.measurements().isEmpty() && row.lacks().isEmpty())) {
            return;
        }
        out.append('\n');
        TextTable.paragraph(
                out,
                "Large folios of " + kind.words() + ": guest instructions per folio, all of its pages"
                        + " together; the median over the folios. c: most pages were copied.");
        if (rows.stream().anyMatch(row -> !row.measurements().isEmpty())) {
            table(rows, (row, benchmark) -> whole(row.value(benchmark)) + (row.copies(benchmark) ? "c" : " "), out);
            TextTable.paragraph(out, "Of a folio: pages in another frame than before / in the same / faults taken.");
            table(
                    rows,
                    (row, benchmark) -> Double.isNaN(row.secondary(benchmark, KnownMetric.COPIES))
                            ? "-"
                            : counts(row, benchmark, 1),
                    out);
        }
        for (Row row : rows) {
            if (!row.lacks().isEmpty()) {
                TextTable.paragraph(out, "SKIP " + row.kernel() + ": " + row.lacks());
            }
        }
    }

    private static void table(List<Row> rows, BiFunction<Row, String, String> cell, Appendable out) throws IOException {
        Set<String> names = benchmarks(rows);
        List<String> heads = new ArrayList<>(List.of("<kernel", "<policy"));
        heads.addAll(names);
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.kernel(), row.policy()));
            names.forEach(name -> cells.add(row.measurements().containsKey(name) ? cell.apply(row, name) : "-"));
            table.row(cells);
        }
        table.print(out);
    }

    private static String cost(Row row, String benchmark) {
        double mean = row.mean(benchmark);
        return whole(row.value(benchmark))
                + (Double.isNaN(mean) ? "" : " (" + whole(mean) + ")")
                + (row.copies(benchmark) ? "c" : " ");
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String counts(Row row, String benchmark, double units) {
        return Stream.of(KnownMetric.COPIES, KnownMetric.REUSES, KnownMetric.MINOR_FAULTS)
                .map(metric -> count(row, benchmark, metric, units))
                .collect(Collectors.joining("/"));
    }

    /** How often something happened to so many pages, or folios. */
    static String count(Row row, String benchmark, KnownMetric metric, double units) {
        return Numbers.small(row.secondary(benchmark, metric) * units).replaceFirst("\\.0$", "");
    }

    static Set<String> benchmarks(List<Row> rows) {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.measurements().keySet()));
        return names;
    }

    /** What a benchmark measures, for people; empty where that is not known. */
    static String meaning(List<Row> rows, String benchmark) {
        return rows.stream()
                .map(row -> row.measurements().get(benchmark))
                .filter(Objects::nonNull)
                .findFirst()
                .flatMap(measurement -> KnownBenchmark.of(measurement.key()))
                .map(KnownBenchmark::meaning)
                .orElse("");
    }

    /** What a copy costs against a reuse, from the first kernel of each kind. */
    private static Optional<String> ratio(List<Row> rows) {
        String benchmark = KnownBenchmark.GUEST_WRITE_AFTER_READ.method();
        Optional<Row> copy = rows.stream().filter(row -> row.copies(benchmark)).findFirst();
        Optional<Row> reuse = rows.stream()
                .filter(row -> row.secondary(benchmark, KnownMetric.MINOR_FAULTS) > 0 && !row.copies(benchmark))
                .findFirst();
        if (copy.isEmpty() || reuse.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(benchmark + ": copy (" + copy.get().kernel() + ") / reuse ("
                + reuse.get().kernel() + ") = "
                + quotient(copy.get(), reuse.get(), row -> row.value(benchmark)) + " by medians, "
                + quotient(copy.get(), reuse.get(), row -> row.mean(benchmark))
                + " by means; instructions per page of the"
                + " same access, a guest each");
    }

    private static String method(String benchmark) {
        return benchmark.substring(benchmark.indexOf('.') + 1);
    }

    private static String quotient(Row copy, Row reuse, ToDoubleFunction<Row> value) {
        double above = value.applyAsDouble(copy);
        double below = value.applyAsDouble(reuse);
        return String.format(Locale.ROOT, "%,.0f / %,.0f = %.2f", above, below, above / below);
    }

    /**
     * Arranges a result.
     *
     * @param result what was measured
     * @return a row a kernel, in the order of the result, with what was measured of base pages
     */
    static List<Row> rows(ResultDirectory result) {
        return rows(result, null);
    }

    /**
     * Arranges a result.
     *
     * @param result what was measured
     * @param kind the folios; null for base pages
     * @return a row a kernel, in the order of the result
     */
    static List<Row> rows(ResultDirectory result, @Nullable FolioKind kind) {
        Map<String, String> facts = result.info().environment();
        String only = facts.getOrDefault("guest.name", facts.getOrDefault("guest.kernel", result.label()));
        Map<String, Map<String, Measurement>> byKernel = new LinkedHashMap<>();
        for (Measurement measurement : result.measurements()) {
            Map<String, Measurement> ofKernel = byKernel.computeIfAbsent(
                    measurement.params().getOrDefault(Tag.KERNEL_PARAM, only), ignored -> new LinkedHashMap<>());
            if (FolioKind.of(measurement.params().get(FolioKind.PARAM)).orElse(null) == kind) {
                ofKernel.put(method(measurement.benchmark()), measurement);
            }
        }
        return byKernel.entrySet().stream()
                .map(each -> new Row(
                        each.getKey(),
                        fact(facts, "guest.policy", each.getKey()),
                        each.getValue(),
                        kind == null ? "" : fact(facts, kind.lacksFact(), each.getKey())))
                .toList();
    }

    /** What is known of a kernel, in a result of several kernels or of one. */
    private static String fact(Map<String, String> facts, String name, String kernel) {
        return facts.getOrDefault(name + "." + kernel, facts.getOrDefault(name, ""));
    }
}
