package org.cowbench.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cowbench.policy.Policy;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Defaults;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.NullOutputStream;

/** The benchmarks JMH's annotation processor found, so that a new benchmark is listed without another edit. */
public final class Catalog {

    private Catalog() {}

    /**
     * Returns every cell of every benchmark.
     *
     * @param packageName package whose benchmarks are wanted
     * @return the cells, by benchmark name, parameters in their declared order
     */
    public static List<Cell> cells(String packageName) {
        List<Cell> cells = new ArrayList<>();
        for (BenchmarkListEntry entry : entries(packageName)) {
            for (Map<String, String> params : explode(entry)) {
                cells.add(new Cell(entry.getUsername(), params, plannedSeconds(entry)));
            }
        }
        return Collections.unmodifiableList(cells);
    }

    /**
     * Returns every cell of the benchmarks of cowbench that needs nothing given: those of the user's own rule do.
     *
     * @return the cells
     */
    public static List<Cell> cells() {
        return withRule(Policy.V5_9).stream()
                .filter(cell -> !Policy.RULE.name().equals(cell.params().get(Policy.PARAM)))
                .toList();
    }

    /**
     * Returns every cell of the benchmarks of cowbench whose policy has what is measured.
     *
     * @param base the policy on which {@link Policy#RULE} rests
     * @return the cells, those of {@link Policy#RULE} among them
     */
    public static List<Cell> withRule(Policy base) {
        return cells(Catalog.class.getPackageName()).stream()
                .filter(cell -> cell.exists(base))
                .toList();
    }

    /**
     * Lists all that a run can have measured, a rule of the user's own among the policies whatever it was built on.
     *
     * @return the cells, in JMH's order
     */
    public static List<Cell> all() {
        // Kernels of this one have folios of every kind.
        return withRule(Policy.V7_3);
    }

    private static Collection<BenchmarkListEntry> entries(String packageName) {
        // Sorted by mode, name; JMH wants a place for its messages, there are none.
        Set<BenchmarkListEntry> entries = BenchmarkList.defaultList()
                .getAll(
                        OutputFormatFactory.createFormatInstance(
                                new java.io.PrintStream(new NullOutputStream()), VerboseMode.SILENT),
                        List.of());
        return entries.stream()
                .filter(entry -> packageOf(entry).equals(packageName))
                .toList();
    }

    private static String packageOf(BenchmarkListEntry entry) {
        return entry.getUserClassQName().substring(0, entry.getUserClassQName().lastIndexOf('.'));
    }

    private static List<Map<String, String>> explode(BenchmarkListEntry entry) {
        List<Map<String, String>> all = new ArrayList<>(List.of(Map.of()));
        Map<String, String[]> params = new TreeMap<>(entry.getParams().orElse(Map.of()));
        params.forEach((name, values) -> {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> shorter : all) {
                for (String value : values) {
                    Map<String, String> next = new LinkedHashMap<>(shorter);
                    next.put(name, value);
                    longer.add(next);
                }
            }
            all.clear();
            all.addAll(longer);
        });
        return all;
    }

    private static double plannedSeconds(BenchmarkListEntry entry) {
        boolean single = entry.getMode() == Mode.SingleShotTime;
        int warmups = entry.getWarmupIterations()
                .orElse(single ? Defaults.WARMUP_ITERATIONS_SINGLESHOT : Defaults.WARMUP_ITERATIONS);
        int measurements = entry.getMeasurementIterations()
                .orElse(single ? Defaults.MEASUREMENT_ITERATIONS_SINGLESHOT : Defaults.MEASUREMENT_ITERATIONS);
        return warmups * seconds(entry.getWarmupTime().orElse(single ? TimeValue.NONE : Defaults.WARMUP_TIME))
                + measurements
                        * seconds(
                                entry.getMeasurementTime().orElse(single ? TimeValue.NONE : Defaults.MEASUREMENT_TIME));
    }

    private static double seconds(TimeValue time) {
        return time.convertTo(java.util.concurrent.TimeUnit.MICROSECONDS) / 1e6;
    }
}
