package org.cowbench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.compare.SyntheticSession;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the judge says beside its numbers, as types. */
class ReasonsTest {
    @TempDir
    private Path results;

    private Comparison compare(SyntheticSession session, CompareOptions options) {
        session.write(results);
        return ComparisonBuilder.compare(
                ResultDirectory.read(results.resolve("base")),
                ResultDirectory.read(results.resolve("head")),
                Rule.DEFAULT,
                options);
    }

    private static Stream<Remark> remarks(Comparison comparison) {
        return comparison.judged().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .flatMap(row -> row.remark().stream());
    }

    @Test
    void warningsAreInTheOrderInWhichTheyAreFound() {
        Comparison comparison = compare(
                new SyntheticSession()
                        .uncontrolled()
                        .failHeadFork(3)
                        .warning(0, "the clock is not fixed")
                        .warning(1, "the clock is not fixed")
                        .warning(1, "swap is small"),
                CompareOptions.NONE);
        assertThat(comparison.warnings())
                .containsExactly(
                        new Warning.NoControl(),
                        new Warning.FailedForks(Warning.Of.HEAD, 2, 80),
                        new Warning.Own(Warning.Of.HEAD, "swap is small"),
                        new Warning.Own(Warning.Of.BOTH, "the clock is not fixed"));
    }

    @Test
    void separateRunsAreNotGatedAndTheGateNamesTheObstacle() {
        Comparison comparison =
                compare(new SyntheticSession().separate().head(1.5).noise(0.01, 0), CompareOptions.gate(3, false));
        assertThat(comparison.warnings()).contains(new Warning.SeparateRuns());
        assertThat(Gate.of(comparison).obstacles()).containsExactly(Gate.Obstacle.NOT_INTERLEAVED);
        assertThat(Gate.of(comparison).unpaired()).hasSize(2);
    }

    @Test
    void aBiasedControlIsTheRemarkOfEveryScore() {
        Comparison comparison =
                compare(new SyntheticSession().head(1.2).controlBias(1.05), CompareOptions.gate(3, false));
        assertThat(remarks(comparison).distinct()).containsExactly(new Remark.BiasedControl());
        assertThat(Gate.of(comparison).obstacles()).isEmpty();
    }

    @Test
    void aSideWithMostForksDisturbedGivesNoNumber() {
        Comparison comparison = compare(new SyntheticSession().disturbHeadForks(80), CompareOptions.gate(3, false));
        List<Row> scores = comparison.judged().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .toList();
        assertThat(scores)
                .allMatch(Row::noisy)
                .allMatch(row -> Double.isNaN(row.change().estimate()));
        assertThat(remarks(comparison)).hasSameSizeAs(scores).allSatisfy(remark -> assertThat(remark)
                .isInstanceOfSatisfying(
                        Remark.Disturbed.class,
                        disturbed -> assertThat(disturbed.forks().most()).isTrue()));
        assertThat(comparison.head().mostlyDisturbed()).isTrue();
        assertThat(comparison.base().mostlyDisturbed()).isFalse();
        assertThat(Gate.of(comparison).obstacles()).containsExactly(Gate.Obstacle.TOO_NOISY);
    }

    @Test
    void halfOfTheForksIsNotMost() {
        assertThat(new DisturbedForks(5, 10).most()).isFalse();
        assertThat(new DisturbedForks(6, 10).most()).isTrue();
        assertThat(new DisturbedForks(0, 0).most()).isFalse();
    }
}
