package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cowbench.bench.turns.Turns;
import org.cowbench.result.KnownMetric;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** Policies in turn inside one real fork. */
@Tag("slow")
class RotationTest {
    /** Interpreted code costs a hundred times as much, another process on the CPU twice. */
    private static final double COMPILED = 5;

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    private static List<Cell> cells(String tag) {
        return Catalog.cells().stream().filter(cell -> cell.tag().matches(tag)).toList();
    }

    private static double counter(RunResult result, String name) {
        return result.getBenchmarkResults()
                .iterator()
                .next()
                .getIterationResults()
                .iterator()
                .next()
                .getSecondaryResults()
                .get(name)
                .getScore();
    }

    @Test
    void eachPolicyComesOutAsIfItHadHadTheFork() {
        List<Cell> cells = cells("WriteAfterRead.l2;policy=(v5.9|v5.19|v6.11);situation=SWAPCACHE");
        List<ForkLauncher.Outcome> outcomes =
                new JmhLauncher(new JmhLauncher.Timing(1, 3, 1), List.of(), null).turns(cells);

        assertThat(outcomes).hasSize(3).allSatisfy(outcome -> assertThat(outcome.error())
                .isNull());
        for (int i = 0; i < cells.size(); i++) {
            RunResult result =
                    MergedResults.merge(cells.get(i), List.of(outcomes.get(i).result()));
            assertThat(result.getParams().getBenchmark()).isEqualTo(cells.get(i).benchmark());
            assertThat(result.getParams().getParam("policy"))
                    .isEqualTo(cells.get(i).params().get("policy"));
            assertThat(result.getParams().getMode().shortLabel()).isEqualTo("avgt");
            assertThat(result.getPrimaryResult().getScoreUnit()).isEqualTo("ns/op");
            List<IterationResult> rotations = new ArrayList<>(
                    result.getBenchmarkResults().iterator().next().getIterationResults());
            assertThat(rotations).hasSize(3).allSatisfy(rotation -> assertThat(
                            rotation.getPrimaryResult().getScore())
                    .isPositive());
            assertThat(((HistogramResult) result.getSecondaryResults().get(KnownMetric.LATENCY.id()))
                            .histogram()
                            .getTotalCount())
                    .isPositive();
        }
        // What the policies do is told by their own counters: one machine each.
        assertThat(counter(outcomes.get(0).result(), "copies")).isEqualTo(1);
        assertThat(counter(outcomes.get(1).result(), "copies")).isZero();
        assertThat(counter(outcomes.get(1).result(), "reuses")).isEqualTo(1);
        assertThat(counter(outcomes.get(2).result(), "reuses"))
                .as("v6.11 does not fault")
                .isZero();
    }

    /** Whole passes: how far a fork came in its time must not show. */
    @Test
    void churnCountsTheSameHoweverItIsMeasured() {
        List<Cell> cells = cells("Churn.run;policy=(v5.9|v5.19);stream=ZIPF");
        List<ForkLauncher.Outcome> turns =
                new JmhLauncher(new JmhLauncher.Timing(0, 1, 1), List.of(), null).turns(cells);
        for (int i = 0; i < cells.size(); i++) {
            ForkLauncher.Outcome alone =
                    new JmhLauncher(new JmhLauncher.Timing(0, 2, 40), List.of(), null).launch(cells.get(i));
            for (String name : List.of("copies", "needlessCopies", "swapReads", "bytesCopied", "peakFrames")) {
                assertThat(counter(alone.result(), name))
                        .as(name)
                        .isEqualTo(counter(turns.get(i).result(), name));
            }
        }
        assertThat(counter(turns.getFirst().result(), "copies")).isPositive();
    }

    /** A turn that compiles ends early and has done next to nothing: once, measured turns were still of this kind. */
    @Test
    void codeIsCompiledBeforeAnythingCounts() {
        List<Cell> cells = cells("Faults.readThenWrite;policy=(v5.9|v5.18|v6.11)");
        for (ForkLauncher.Outcome outcome : new JmhLauncher(null, List.of(), null).turns(cells)) {
            double[] rotations = outcome.result().getBenchmarkResults().iterator().next().getIterationResults().stream()
                    .mapToDouble(rotation -> rotation.getPrimaryResult().getScore())
                    .toArray();
            assertThat(rotations).hasSize(Turns.ROTATIONS);
            double first = median(Arrays.copyOf(rotations, rotations.length / 3));
            double last = median(Arrays.copyOfRange(rotations, 2 * rotations.length / 3, rotations.length));
            assertThat(first / last).as("%s", Arrays.toString(rotations)).isLessThan(COMPILED);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void whatFailsInTheForkFailsEveryPolicyOfIt() {
        List<Cell> cells = List.of(
                new Cell("org.cowbench.bench.Faults.readThenWrite", java.util.Map.of("policy", "V5_9"), 1),
                new Cell("org.cowbench.bench.Faults.readThenWrite", java.util.Map.of("policy", "V0"), 1));
        List<ForkLauncher.Outcome> outcomes = new JmhLauncher(null, List.of(), null).turns(cells);
        assertThat(outcomes).hasSize(2).allSatisfy(outcome -> assertThat(outcome.error())
                .contains("no V0 in org.cowbench.policy.Policy"));
    }
}
