package org.cowbench.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cowbench.result.Measurement;

/** What kernels cost, as a table for people: a kernel a row, a benchmark a column, guest instructions per page. */
public final class KernelTable {
    /** From this share of pages on, a figure counts as one of copies. */
    private static final double COPYING = 0.5;

    /**
     * A kernel's row.
     *
     * @param kernel its label
     * @param policy the policy its release has, or the empty string
     * @param measurements its measurements by benchmark, without the class
     */
    public record Row(String kernel, String policy, Map<String, Measurement> measurements) {

        /**
         * A figure.
         *
         * @param benchmark the benchmark
         * @return the median over the boots
         */
        public double value(String benchmark) {
            Measurement measurement = measurements.get(benchmark);
            return measurement == null ? Double.NaN : median(measurement.forkMeans());
        }

        /**
         * Whether most pages were copied.
         *
         * @param benchmark the benchmark
         * @return whether over half changed their frame
         */
        public boolean copies(String benchmark) {
            Measurement measurement = measurements.get(benchmark);
            return measurement != null && measurement.secondary().containsKey("copies")
                    && median(Arrays.stream(measurement.secondary().get("copies").raw()).mapToDouble(fork -> fork[0])
                            .toArray()) > COPYING;
        }
    }

    private KernelTable() {}

    /**
     * Prints the table.
     *
     * @param rows the kernels, in the order to show
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public static void print(List<Row> rows, Appendable out) throws IOException {
        Set<String> names = benchmarks(rows);
        List<String> heads = new ArrayList<>(List.of("<kernel", "<policy"));
        heads.addAll(names);
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.kernel(), row.policy()));
            for (String name : names) {
                double value = row.value(name);
                cells.add(Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.0f%s", value,
                        row.copies(name) ? "c" : " "));
            }
            table.row(cells);
        }
        table.print(out);
        TextTable.paragraph(out, "Guest instructions per page, median over the pages; c: the page was copied.");
        ratio(rows).ifPresent(line -> {
            try {
                TextTable.paragraph(out, line);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    static Set<String> benchmarks(List<Row> rows) {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.measurements().keySet()));
        return names;
    }

    /** What a copy costs against a reuse, from the first kernel of each kind. */
    private static Optional<String> ratio(List<Row> rows) {
        String benchmark = "writeAfterRead";
        Optional<Row> copy = rows.stream().filter(row -> row.copies(benchmark)).findFirst();
        Optional<Row> reuse = rows.stream()
                .filter(row -> row.measurements().containsKey(benchmark) && !row.copies(benchmark)
                        && median(faults(row.measurements().get(benchmark))) > 0)
                .findFirst();
        if (copy.isEmpty() || reuse.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT, "%s: copy (%s) / reuse (%s) = %,.0f / %,.0f = %.2f, both in guest"
                + " instructions per page, medians over the pages of the same access in the same guest", benchmark,
                copy.get().kernel(), reuse.get().kernel(), copy.get().value(benchmark), reuse.get().value(benchmark),
                copy.get().value(benchmark) / reuse.get().value(benchmark)));
    }

    private static double[] faults(Measurement measurement) {
        return Arrays.stream(measurement.secondary().get("minorFaults").raw()).mapToDouble(fork -> fork[0]).toArray();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length == 0 ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * Arranges measurements of one result directory.
     *
     * @param measurements its measurements; those with a parameter {@code kernel} name theirs
     * @param fallback label of those that name none
     * @param policies policy by kernel label
     * @return a row a kernel, in the order of the measurements
     */
    public static List<Row> rows(List<Measurement> measurements, String fallback, Map<String, String> policies) {
        Map<String, Map<String, Measurement>> byKernel = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            String kernel = measurement.params().getOrDefault("kernel", fallback);
            String name = measurement.benchmark();
            byKernel.computeIfAbsent(kernel, ignored -> new LinkedHashMap<>())
                    .put(name.substring(name.indexOf('.') + 1), measurement);
        }
        return byKernel.entrySet().stream()
                .map(each -> new Row(each.getKey(), policies.getOrDefault(each.getKey(), ""), each.getValue())).toList();
    }
}
