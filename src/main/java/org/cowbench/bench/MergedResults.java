package org.cowbench.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.WorkloadParams;

/**
 * JMH's results of forks that were executed one at a time, as the file that JMH would have written had it executed them
 * in a row.
 */
final class MergedResults {
    private final Map<Cell, List<RunResult>> results = new LinkedHashMap<>();
    /** What JMH's writer makes of a cell, until a fork changes it. */
    private final Map<Cell, String> rendered = new LinkedHashMap<>();

    /**
     * Prepares an empty file.
     *
     * @param cells what is measured; the file lists it in this order, whatever the order of execution
     */
    MergedResults(List<Cell> cells) {
        cells.forEach(cell -> results.put(cell, new ArrayList<>()));
    }

    /** Adds what one fork measured. */
    void add(Cell cell, RunResult result) {
        Objects.requireNonNull(results.get(cell)).add(result);
        rendered.remove(cell);
    }

    /**
     * Renders everything by JMH's own writer. It is asked for one benchmark at a time and its texts are put into one
     * array, so that saving after a fork renders what that fork changed and not everything.
     */
    String json() {
        List<String> objects = new ArrayList<>();
        results.forEach((cell, runs) -> {
            if (!runs.isEmpty()) {
                objects.add(rendered.computeIfAbsent(cell, key -> object(json(List.of(merge(key, runs))))));
            }
        });
        return "[\n    " + String.join(",\n    ", objects) + "\n]\n";
    }

    static String json(List<RunResult> runs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(runs);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String object(String array) {
        return array.substring(array.indexOf('{'), array.lastIndexOf('}') + 1);
    }

    /**
     * Joins forks executed one at a time into the result JMH would have built had it executed them in a row.
     *
     * @param cell what they measured
     * @param runs at least one result with one fork each
     * @return one result with as many forks
     */
    static RunResult merge(Cell cell, List<RunResult> runs) {
        BenchmarkParams one = runs.getFirst().getParams();
        WorkloadParams workload = new WorkloadParams();
        cell.params().forEach((name, value) -> workload.put(name, value, 0));
        List<BenchmarkResult> forks = new ArrayList<>();
        runs.forEach(run -> forks.addAll(run.getBenchmarkResults()));
        BenchmarkParams all = new BenchmarkParams(
                one.getBenchmark(),
                one.generatedBenchmark(),
                one.shouldSynchIterations(),
                one.getThreads(),
                one.getThreadGroups(),
                one.getThreadGroupLabels(),
                forks.size(),
                one.getWarmupForks(),
                one.getWarmup(),
                one.getMeasurement(),
                one.getMode(),
                workload,
                one.getTimeUnit(),
                one.getOpsPerInvocation(),
                one.getJvm(),
                one.getJvmArgs(),
                one.getJdkVersion(),
                one.getVmName(),
                one.getVmVersion(),
                one.getJmhVersion(),
                one.getTimeout());
        return new RunResult(all, forks);
    }
}
