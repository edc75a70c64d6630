package org.cowbench.report.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.KnownBenchmark;

/** What faults miss, against the sum of what their primitives miss. */
public final class MissTable {
    private static final int DECIMALS = 2;

    private static final List<KnownBenchmark> BENCHMARKS =
            List.of(KnownBenchmark.WRITE_AFTER_READ_L2, KnownBenchmark.WRITE_AFTER_READ_DRAM);

    /** The paths of writes after a read, whose costs are held against sums. */
    public static final List<FaultPath> PATHS = FaultPath.ALL.stream()
            .filter(path -> BENCHMARKS.contains(path.benchmark()))
            .toList();

    private MissTable() {}

    /**
     * Prints what was counted.
     *
     * @param columns names of the counts
     * @param faults counts of a fault of each of {@link #PATHS}
     * @param primitives counts of each primitive that they are made of
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public static void print(
            List<String> columns, Map<FaultPath, double[]> faults, Map<String, double[]> primitives, Appendable out)
            throws IOException {
        for (KnownBenchmark benchmark : BENCHMARKS) {
            List<String> heads = new ArrayList<>(List.of("<an operation"));
            heads.addAll(columns);
            TextTable table = new TextTable(heads.toArray(String[]::new));
            for (FaultPath path : PATHS) {
                double[] fault = faults.get(path);
                if (path.benchmark() == benchmark && fault != null) {
                    rows(path, fault, primitives, table);
                }
            }
            out.append('\n');
            table.print(out);
        }
    }

    private static void rows(FaultPath path, double[] fault, Map<String, double[]> primitives, TextTable table) {
        double[] sum = new double[fault.length];
        table.row(row(path.name() + ", " + path.policy().id(), fault));
        for (FaultPath.Part part : path.parts()) {
            double[] primitive = primitives.get(part.primitive());
            if (primitive == null) {
                throw new IllegalArgumentException(part.primitive() + " was not counted");
            }
            boolean misses = false;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part.count() * primitive[i];
                misses |= shown(primitive[i]);
            }
            if (misses) {
                table.row(row("  " + Numbers.compact(part.count(), 3) + " " + part.primitive(), primitive));
            }
        }
        table.row(row("  sum", sum));
        table.row(row("  more than the sum", difference(fault, sum)));
    }

    private static boolean shown(double count) {
        return !Numbers.fixed(count, DECIMALS).equals(Numbers.fixed(0, DECIMALS));
    }

    private static double[] difference(double[] fault, double[] sum) {
        double[] difference = new double[sum.length];
        for (int i = 0; i < sum.length; i++) {
            difference[i] = fault[i] - sum[i];
        }
        return difference;
    }

    private static List<String> row(String name, double[] counts) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (double count : counts) {
            cells.add(Numbers.fixed(count, DECIMALS));
        }
        return Collections.unmodifiableList(cells);
    }
}
