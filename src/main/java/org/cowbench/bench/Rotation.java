package org.cowbench.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.cowbench.bench.turns.Lane;
import org.cowbench.bench.turns.LaneResult;
import org.cowbench.bench.turns.Turns;
import org.cowbench.policy.Policy;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.AverageTimeResult;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.WorkloadParams;

/** Cells on their way into a fork in which they take turns, and out of it as if each had had a fork for itself. */
final class Rotation {

    private Rotation() {}

    /** What {@link Turns} must be told to measure the cells. */
    static Map<String, String> params(List<Cell> cells) {
        Map<String, String> fixed = new LinkedHashMap<>(cells.getFirst().params());
        fixed.remove(Policy.PARAM);
        String pairs = fixed.entrySet().stream()
                .map(param -> param.getKey() + "=" + param.getValue())
                .collect(Collectors.joining(Turns.COMMA));
        Map<String, String> params = new LinkedHashMap<>();
        params.put("implementation", MeasuredLane.class.getName());
        params.put("benchmark", cells.getFirst().benchmark());
        params.put("fixed", pairs.isEmpty() ? "-" : pairs);
        params.put("name", Policy.PARAM);
        params.put(
                "values",
                cells.stream().map(cell -> cell.params().get(Policy.PARAM)).collect(Collectors.joining(Turns.COMMA)));
        return params;
    }

    /**
     * Parts what came out of a fork.
     *
     * @param rotations JMH's result, one fork
     * @param cells the cells that took turns in it
     * @return a result for each, in average time, an iteration a rotation
     */
    static List<RunResult> split(RunResult rotations, List<Cell> cells) {
        return cells.stream().map(cell -> lane(rotations, cell)).toList();
    }

    private static RunResult lane(RunResult rotations, Cell cell) {
        String name = cell.params().get(Policy.PARAM);
        List<BenchmarkResult> forks = new ArrayList<>();
        BenchmarkParams params = params(rotations.getParams(), cell);
        for (BenchmarkResult fork : rotations.getBenchmarkResults()) {
            List<IterationResult> iterations = new ArrayList<>();
            for (IterationResult rotation : fork.getIterationResults()) {
                IterationResult iteration = new IterationResult(params, rotation.getParams(), rotation.getMetadata());
                LaneResult lane = (LaneResult)
                        Objects.requireNonNull(rotation.getSecondaryResults().get(name));
                iteration.addResult(new AverageTimeResult(
                        ResultRole.PRIMARY, cell.name(), lane.operations(), lane.nanos(), TimeUnit.NANOSECONDS));
                iteration.addResult(new HistogramResult(lane.histogram()));
                for (int i = 0; i < lane.counts().size(); i++) {
                    Lane.Count count = lane.counts().get(i);
                    iteration.addResult(new ScalarResult(
                            count.name(),
                            lane.value(i),
                            count.unit(),
                            count.perOperation() ? AggregationPolicy.AVG : AggregationPolicy.MAX));
                }
                iterations.add(iteration);
            }
            forks.add(new BenchmarkResult(params, iterations, fork.getMetadata()));
        }
        return new RunResult(params, forks);
    }

    private static BenchmarkParams params(BenchmarkParams one, Cell cell) {
        WorkloadParams workload = new WorkloadParams();
        cell.params().forEach((name, value) -> workload.put(name, value, 0));
        return new BenchmarkParams(
                cell.benchmark(),
                one.generatedBenchmark(),
                one.shouldSynchIterations(),
                one.getThreads(),
                one.getThreadGroups(),
                one.getThreadGroupLabels(),
                one.getForks(),
                one.getWarmupForks(),
                one.getWarmup(),
                one.getMeasurement(),
                Mode.AverageTime,
                workload,
                TimeUnit.NANOSECONDS,
                1,
                one.getJvm(),
                one.getJvmArgs(),
                one.getJdkVersion(),
                one.getVmName(),
                one.getVmVersion(),
                one.getJmhVersion(),
                one.getTimeout());
    }
}
