package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Control;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Replicate;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.compare.Gate;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest extends ComparisonFixture {
    @Test
    void whatBothSidesWarnOfIsSaidOnce() {
        Comparison comparison = compare(new SyntheticSession()
                .warning(0, "the clock is not fixed")
                .warning(0, "1 fork disturbed")
                .warning(1, "the clock is not fixed")
                .warning(1, "2 forks disturbed"));
        assertThat(CompareWording.warnings(comparison))
                .containsExactly("base: 1 fork disturbed", "head: 2 forks disturbed", "both: the clock is not fixed");
    }

    @Test
    void aPlantedSlowdownIsFoundInSpiteOfDrift() {
        Comparison comparison = compare(new SyntheticSession().head(1.05).noise(0.01, 0.02));
        assertThat(comparison.design()).isEqualTo(Design.PAIRED);
        assertThat(comparison.blocks()).isEqualTo(20);
        assertThat(comparison.control().state()).isEqualTo(Control.State.CLEAN);
        assertThat(scores(comparison)).hasSize(2).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
            assertThat(row.change().low()).isLessThan(1.05);
            assertThat(row.change().high()).isGreaterThan(1.05);
            assertThat(row.test()).isEqualTo(Effect.Test.SIGNED_RANK);
            assertThat(row.replicate()).isEqualTo(Replicate.BLOCK);
            assertThat(row.units()).isEqualTo(20);
            assertThat(row.superiority()).isBetween(0.4, 1.0);
        });
    }

    /** On one machine the patch costs 2 %, on another 5 %, on a third 8 %: what they have in common is 5 %. */
    @Test
    void theMachineIsAStratum() throws IOException {
        SyntheticSession session = new SyntheticSession().blocks(24).head(1.05);
        List<Row> pooled = scores(compare(session.machines(3, 0.03, false)));
        for (String side : List.of("base", "head", "control")) {
            Files.move(results.resolve(side), results.resolve("pooled-" + side));
        }
        List<Row> strata = scores(compare(session.machines(3, 0.03, true)));
        for (int i = 0; i < strata.size(); i++) {
            Interval narrow = strata.get(i).change();
            Interval wide = pooled.get(i).change();
            assertThat(strata.get(i).units()).isEqualTo(24);
            assertThat(narrow.estimate()).isCloseTo(1.05, within(0.01));
            assertThat(narrow.high() - narrow.low()).isLessThan((wide.high() - wide.low()) * 0.7);
        }
        assertThat(strata).hasSize(2);
    }

    /** One machine of three is three times as slow: a third of the forks is far off, and each is right where it is. */
    @ParameterizedTest
    @ValueSource(doubles = {1.05, 1.5})
    void oneMachineUnlikeTheOthersIsNoNoise(double effect) throws IOException {
        SyntheticSession session =
                new SyntheticSession().blocks(24).head(effect).unlike(3);
        assertThat(scores(compare(session.machines(3, 0, false)))).hasSize(2).allMatch(Row::noisy);
        for (String side : List.of("base", "head", "control")) {
            Files.move(results.resolve(side), results.resolve("pooled-" + side));
        }
        assertThat(scores(compare(session.machines(3, 0, true)))).hasSize(2).allSatisfy(row -> {
            assertThat(row.remark()).isEmpty();
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
            assertThat(row.change().estimate()).isCloseTo(effect, within(0.02));
        });
    }

    @Test
    void aQuietSessionWithoutADifferenceIsTheSame() {
        assertThat(scores(compare(new SyntheticSession().noise(0.004, 0.002))))
                .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.SAME));
    }

    @Test
    void aNoisySessionSaysWhatItCouldHaveSeen() {
        assertThat(scores(compare(new SyntheticSession().noise(0.08, 0.01)))).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(row.detectable()).isBetween(0.03, 0.5);
            assertThat(row.needed()).isGreaterThan(20);
            assertThat(CompareWording.outlook(row)).contains("would have seen").contains("blocks");
        });
    }

    @Test
    void tooFewBlocksForTheLevelAreSplitIntoPairs() {
        // Six blocks cannot reach 0.5 %, which Holm asks of two rows; their twelve halves can.
        assertThat(scores(compare(new SyntheticSession().blocks(6).head(1.3)))).allSatisfy(row -> {
            assertThat(row.replicate()).isEqualTo(Replicate.PAIR);
            assertThat(row.units()).isEqualTo(12);
            assertThat(row.test()).isEqualTo(Effect.Test.SIGNED_RANK);
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
        });
    }

    @Test
    void aStretchOfBlocksIsJudgedAsASessionOfThoseBlocks() {
        new SyntheticSession().blocks(14).head(1.3).write(results);
        ResultDirectory base = ResultDirectory.read(results.resolve("base"));
        ResultDirectory head = ResultDirectory.read(results.resolve("head"));
        assertThat(ComparisonBuilder.scores(base, head, Rule.DEFAULT, block -> block >= 8))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.replicate()).as("six blocks are split").isEqualTo(Replicate.PAIR);
                    assertThat(row.units()).isEqualTo(12);
                    assertThat(row.baseForks().count()).isEqualTo(12);
                    assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
                });
        List<Row> whole = ComparisonBuilder.scores(base, head, Rule.DEFAULT, block -> true);
        List<Row> compared = scores(compare(results.resolve("base"), results.resolve("head")));
        assertThat(whole).usingRecursiveComparison().isEqualTo(compared);
    }

    @Test
    void aBiasedControlMakesEverythingInconclusive() {
        Comparison comparison = compare(new SyntheticSession().head(1.2).controlBias(1.05), 3, false);
        assertThat(comparison.valid()).isFalse();
        assertThat(comparison.control().biased()).hasSize(2);
        assertThat(scores(comparison))
                .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE));
        assertThat(Gate.of(comparison).state()).as("a gate that is not strict").isEqualTo(Gate.State.NOT_JUDGED);
        assertThat(CompareText.of(comparison, false))
                .contains("INVALID")
                .contains("not judged, the session is invalid")
                .doesNotContain("passed");
        Comparison ungated = compare(results.resolve("base"), results.resolve("head"));
        assertThat(ungated.valid()).isFalse();
        assertThat(Gate.of(ungated).state()).isEqualTo(Gate.State.NONE);
    }

    @Test
    void theControlIsHeldAgainstWhatItIsACopyOf() {
        new SyntheticSession().head(1.2).write(results);
        Comparison swapped = compare(results.resolve("head"), results.resolve("base"));
        assertThat(swapped.control().state()).isEqualTo(Control.State.CLEAN);
        assertThat(scores(swapped)).allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.FASTER));
    }

    @Test
    void aControlThatCouldShowNothingIsNoProof() {
        Comparison comparison = compare(new SyntheticSession().disturbControlForks(40));
        assertThat(comparison.control().rows()).isZero();
        assertThat(CompareText.design(comparison)).contains("control: too noisy to show a bias");
    }

    @Test
    void withoutAControlThatIsSaid() {
        Comparison comparison = compare(new SyntheticSession().uncontrolled());
        assertThat(comparison.control().state()).isEqualTo(Control.State.NONE);
        assertThat(CompareWording.warnings(comparison)).anyMatch(warning -> warning.startsWith("no control"));
    }

    @Test
    void separateRunsAreUnpairedAndTheirTimesAreNotGated() {
        Comparison comparison =
                compare(new SyntheticSession().separate().head(1.5).noise(0.01, 0), 3, true);
        assertThat(comparison.design()).isEqualTo(Design.UNPAIRED);
        assertThat(scores(comparison)).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
            assertThat(row.gated()).isFalse();
            assertThat(row.test()).isEqualTo(Effect.Test.FIELLER);
        });
        assertThat(Gate.of(comparison).state()).isEqualTo(Gate.State.NOT_JUDGED);
        assertThat(CompareWording.warnings(comparison))
                .anyMatch(warning -> warning.startsWith("unpaired: drift not controlled"));
        assertThat(CompareText.of(comparison, false))
                .contains("unpaired: drift not controlled")
                .contains("not judged")
                .doesNotContain("passed");
    }

    @Test
    void theGateFailsOnASlowdownBeyondItAndOnNoOther() {
        Comparison comparison = compare(new SyntheticSession().head(1.05), 3, false);
        assertThat(Gate.of(comparison).state()).isEqualTo(Gate.State.FAILED);
        assertThat(Gate.of(comparison).failures()).hasSize(2);
        Comparison lenient = ComparisonBuilder.compare(
                ResultDirectory.read(results.resolve("base")),
                ResultDirectory.read(results.resolve("head")),
                Rule.DEFAULT,
                CompareOptions.gate(20, false));
        assertThat(Gate.of(lenient).state()).isEqualTo(Gate.State.PASSED);
        assertThat(CompareText.of(comparison, false)).contains("FAILED");
        assertThat(CompareText.of(lenient, false)).contains("passed");
    }

    @Test
    void exactCountersAreComparedExactlyAndGated() {
        Comparison comparison = compare(new SyntheticSession().headCopies(1.25).noise(0.004, 0.002), 10, false);
        List<Row> copies = comparison.rows().stream()
                .filter(row -> row.metric().equals("copies"))
                .toList();
        assertThat(copies).hasSize(2);
        assertThat(copies.get(0).verdict()).isEqualTo(Verdict.MORE);
        assertThat(copies.get(0).change().estimate()).isEqualTo(1.25);
        assertThat(copies.get(1).verdict()).as("0 copies on both sides").isEqualTo(Verdict.SAME);
        assertThat(comparison.identicalCounters()).isEqualTo(1);
        assertThat(Gate.of(comparison).failures()).containsExactly(copies.get(0));
    }

    @Test
    void failedForksAreCountedAndTheirBlocksKeepTheOtherHalf() {
        Comparison comparison = compare(new SyntheticSession().failHeadFork(3).head(1.05));
        assertThat(scores(comparison)).allSatisfy(row -> {
            assertThat(row.headForks().failed()).isEqualTo(1);
            assertThat(row.headForks().count()).isEqualTo(39);
            assertThat(row.units()).isEqualTo(20);
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
        });
        assertThat(CompareWording.warnings(comparison))
                .anyMatch(warning -> warning.contains("2 of 80 forks of the head failed"));
        assertThat(CompareText.of(comparison, false)).contains("failed forks: base 0 of 40, head 1 of 40");
    }

    @Test
    void percentilesNeedHistogramsAndEnoughValues() {
        Comparison comparison =
                compare(new SyntheticSession().histograms().head(1.05).blocks(8));
        assertThat(comparison.rows().stream().map(Row::metric).distinct())
                .as("2000 batches a fork: 200 beyond p90, 20 beyond p99")
                .containsExactly("score", "p50", "p90", "copies");
        assertThat(comparison.rows().stream().filter(row -> row.kind() == Kind.PERCENTILE))
                .hasSize(4)
                .allSatisfy(row -> {
                    assertThat(row.change().estimate()).isCloseTo(1.05, within(0.03));
                    assertThat(row.gated()).isFalse();
                    assertThat(row.units()).isGreaterThanOrEqualTo(8);
                });
    }

    @Test
    void histogramsThatFitNoForkAreSaid() throws IOException {
        new SyntheticSession().histograms().write(results);
        Path log = results.resolve("head").resolve(ResultDirectory.HISTOGRAM_FILE);
        List<String> lines = Files.readAllLines(log);
        String last = lines.getLast();
        String tag = last.substring("Tag=".length(), last.indexOf(','));
        // A fork too many, as of one that was measured and then failed: times tell the others apart.
        Files.writeString(log, last.replaceFirst(",[0-9.]+,", ",99999.000,") + "\n", StandardOpenOption.APPEND);
        Comparison more = compare(results.resolve("base"), results.resolve("head"));
        assertThat(CompareWording.warnings(more)).noneMatch(warning -> warning.contains("histograms"));
        assertThat(more.curves()).hasSize(2);
        // One too few: which fork is it that has none?
        Files.write(log, lines.subList(0, lines.size() - 1));
        Comparison fewer = compare(results.resolve("base"), results.resolve("head"));
        assertThat(CompareWording.warnings(fewer))
                .anyMatch(warning -> warning.contains("histograms") && warning.endsWith(": " + tag));
        assertThat(fewer.curves()).singleElement().satisfies(one -> assertThat(one.tag())
                .isNotEqualTo(tag));
        assertThat(fewer.rows().stream().filter(row -> row.kind() == Kind.PERCENTILE))
                .isNotEmpty()
                .noneMatch(row -> row.tag().equals(tag));
    }

    @Test
    void environmentsThatDifferAreSaidTheMachineFirst() {
        Comparison comparison = compare(new SyntheticSession()
                .separate()
                .headEnvironment("jdk", "Example 26")
                .headEnvironment("cpu.model", "Example 1")
                .headEnvironment("load.start", "3")
                .headEnvironment("cpu.busy.start", "98 %")
                .headEnvironment("thp.enabled", "always"));
        assertThat(comparison.environment())
                .extracting(Comparison.Difference::key)
                .containsExactly("cpu.model", "jdk", "thp.enabled");
        assertThat(CompareText.of(comparison, false))
                .contains("DIFFERENT MACHINES")
                .contains("(absent) -> always");
    }

    @Test
    void kernelsAreComparedInTheirOwnUnitUnderTheirOwnName() {
        Comparison kernels = compare(Path.of("results/20261125-story1-5.10"), Path.of("results/20261125-story1-6.1"));
        assertThat(kernels.base().kernel()).isEqualTo("5.10.0-32-cloud-amd64");
        assertThat(kernels.head().kernel()).startsWith("6.1.");
        assertThat(kernels.rows().stream().filter(row -> row.kind() == Kind.PERCENTILE))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.unit()).isEqualTo("instructions/op"));
        Row median = kernels.rows().stream()
                .filter(row -> row.metric().equals("p50") && row.benchmark().equals("Guest.swapInRead"))
                .findFirst()
                .orElseThrow();
        assertThat(median.base()).isCloseTo(1814, within(2.0));
        assertThat(kernels.curves()).isNotEmpty().allSatisfy(one -> assertThat(one.unit())
                .isEqualTo("instructions/op"));
        assertThat(CompareText.of(kernels, true)).contains("single pages").doesNotContain("(ns/op", "batch");
        Comparison within = ComparisonBuilder.within(
                ResultDirectory.read(Path.of("results/20261125-timeline")),
                "kernel",
                "6.1",
                Rule.DEFAULT,
                CompareOptions.NONE);
        assertThat(within.base().kernel()).startsWith("6.1.");
        assertThat(within.head().kernel()).as("several").isEmpty();
    }

    @Test
    void policiesInsideOneRunArePairedByBlock() {
        new SyntheticSession().noise(0.01, 0.02).write(results);
        Comparison comparison = ComparisonBuilder.within(
                ResultDirectory.read(results.resolve("base")), "policy", "v5.9", Rule.DEFAULT, CompareOptions.NONE);
        assertThat(comparison.design()).isEqualTo(Design.PAIRED);
        Row row = scores(comparison).getFirst();
        assertThat(scores(comparison)).hasSize(1);
        assertThat(CompareWording.name(comparison, row)).isEqualTo("v5.19");
        assertThat(row.verdict()).isEqualTo(Verdict.FASTER);
        assertThat(row.change().estimate()).isCloseTo(70.0 / 190, within(0.02));
        assertThatThrownBy(() -> ComparisonBuilder.within(
                        ResultDirectory.read(results.resolve("base")),
                        "policy",
                        "v1",
                        Rule.DEFAULT,
                        CompareOptions.NONE))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("v5.9, v5.19");
        assertThatThrownBy(() -> ComparisonBuilder.within(
                        ResultDirectory.read(results.resolve("base")), "size", "1", Rule.DEFAULT, CompareOptions.NONE))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("'size'");
    }

    @Test
    void forksThatWereMostlyDisturbedMakeARowTooNoisy() {
        Comparison half = compare(new SyntheticSession().head(1.2).disturbHeadForks(20));
        assertThat(scores(half)).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.SLOWER);
            assertThat(row.headForks().countDisturbed()).isEqualTo(20);
            assertThat(row.baseForks().countDisturbed()).isZero();
        });
        Path more = results.resolve("more");
        new SyntheticSession().head(1.2).headCopies(1.5).disturbHeadForks(21).write(more);
        Comparison most = compare(more.resolve("base"), more.resolve("head"));
        assertThat(scores(most)).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(CompareWording.note(row))
                    .isEqualTo("too noisy: 21 of 40 forks of a side were disturbed by other load");
            assertThat(row.change().estimate()).isNaN();
        });
        assertThat(most.rows().stream().filter(row -> row.kind() == Kind.EXACT))
                .extracting(Row::verdict)
                .as("load does not change a count")
                .contains(Verdict.MORE);
        assertThat(CompareText.of(most, false)).contains("too noisy, no number").doesNotContain("20.0%");
    }

    @Test
    void scatterThatNoNumberOfBlocksWouldDecideMakesARowTooNoisy() {
        assertThat(scores(compare(new SyntheticSession().blocks(3).noise(0.6, 0))))
                .allSatisfy(row -> {
                    assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
                    assertThat(CompareWording.note(row)).startsWith("too noisy: the interval of even 2000 blocks");
                    assertThat(row.change().estimate()).isNaN();
                });
    }

    @Test
    void theOutlookIsInBlocksAndClaimsNoMoreThanIsKnown() {
        List<Row> split = scores(compare(new SyntheticSession().blocks(3).noise(0.04, 0.01)));
        assertThat(split).allSatisfy(row -> {
            assertThat(row.replicate()).isEqualTo(Replicate.PAIR);
            assertThat(CompareWording.outlook(row)).doesNotContain("pair").doesNotContain("at the bound");
        });
        Path other = results.resolve("other");
        new SyntheticSession().blocks(1).noise(0.08, 0).write(other);
        List<Row> two = scores(compare(other.resolve("base"), other.resolve("head")));
        assertThat(two).allSatisfy(row -> {
            assertThat(row.units()).isEqualTo(2);
            assertThat(row.detectable()).isGreaterThan(1);
            assertThat(CompareWording.outlook(row)).startsWith("too few blocks to see anything; ");
        });
    }

    @Test
    void theValuesShownAreThoseOfForksAndContradictionsAreSaid() throws IOException {
        double[] base = {100, 100, 100, 200, 200, 200, 200, 300, 300, 300};
        double[] head = {102, 102, 102, 204, 204, 199, 199, 306, 306, 306};
        Path baseRun = results.resolve("base");
        new SyntheticSession()
                .clear()
                .cell("A.x", 100, 0)
                .blocks(5)
                .uncontrolled()
                .write(results);
        rewrite(baseRun, base);
        rewrite(results.resolve("head"), head);
        Row row = scores(compare(baseRun, results.resolve("head"))).getFirst();
        assertThat(row.base()).isEqualTo(200);
        assertThat(row.head()).isEqualTo((199 + 204) / 2.0);
        rewrite(results.resolve("head"), new double[] {102, 102, 102, 199, 199, 199, 199, 306, 306, 306});
        row = scores(compare(baseRun, results.resolve("head"))).getFirst();
        assertThat(row.change().estimate()).isGreaterThan(1);
        assertThat(row.head()).isLessThan(row.base());
        assertThat(CompareWording.note(row)).startsWith("the sides' medians differ the other way");
    }

    private static void rewrite(Path run, double[] forks) throws IOException {
        String raw = String.join(
                ",", Arrays.stream(forks).mapToObj(value -> "[" + value + "]").toList());
        Files.writeString(
                run.resolve(ResultDirectory.JMH_FILE), "[" + entry("A.x", "avgt", "", "ns/op", "[" + raw + "]") + "]");
    }

    @Test
    @Tag("slow")
    void falseAlarmsOfWholeSessionsAreRare() {
        int called = 0;
        int rows = 0;
        for (int trial = 0; trial < 40; trial++) {
            Path session = results.resolve("trial-" + trial);
            new SyntheticSession().blocks(10).seed(trial).noise(0.02, 0.01).write(session);
            Comparison comparison = compare(session.resolve("base"), session.resolve("head"));
            rows += scores(comparison).size();
            called += (int) scores(comparison).stream()
                    .filter(row -> row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER)
                    .count();
        }
        assertThat(rows).isEqualTo(80);
        assertThat(called).isLessThanOrEqualTo(1);
    }
}
