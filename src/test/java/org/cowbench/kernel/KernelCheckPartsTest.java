package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.cowbench.litmus.Script;
import org.cowbench.policy.Policy;
import org.cowbench.result.Parts;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A check dealt to several machines, put together again, has run what one machine runs and found the same. */
@Tag("slow")
class KernelCheckPartsTest {
    private static final int RANDOM = 300;

    private static KernelCheck.Report check(KernelSession kernel, int length, Shard shard) {
        return new KernelCheck(
                        kernel,
                        new KernelCheck.Limits(Duration.ofMinutes(5), length, RANDOM, 7, 100, true, shard),
                        text -> {})
                .run();
    }

    private static KernelCheck.Report merged(List<KernelCheck.Report> reports) {
        Map<String, ObjectNode> parts = new LinkedHashMap<>();
        for (int index = reports.size(); index > 0; index--) {
            ObjectNode root = Parts.object();
            ObjectNode own = Parts.mark(
                    root,
                    "1",
                    new Revision("c0ffee", false),
                    new Shard(index, reports.size()),
                    "kernel check",
                    List.of("--random=300"));
            KernelCheckParts.note(own.put("status", 1), Map.of("host", new HostKernel()));
            KernelCheckParts.write(root, List.of(new KernelCheckParts.Kernel("host", "fake", reports.get(index - 1))));
            parts.put("part-" + index, Parts.read("part-" + index, Parts.text(root)));
        }
        return KernelCheckParts.merge(Parts.whole(parts)).getFirst().report();
    }

    private static TreeSet<String> texts(FakeKernel kernel) {
        TreeSet<String> texts = new TreeSet<>();
        kernel.asked().stream().map(Script::text).forEach(texts::add);
        return texts;
    }

    /** With nothing to find, nothing is asked but the scripts of the check. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void sharesRunTheScriptsOfTheWhole(int shards) {
        FakeKernel one = new FakeKernel(Policy.ORACLE);
        KernelCheck.Report once = check(one, 5, null);
        TreeSet<String> run = new TreeSet<>();
        List<KernelCheck.Report> reports = new ArrayList<>();
        for (int index = 1; index <= shards; index++) {
            FakeKernel kernel = new FakeKernel(Policy.ORACLE);
            reports.add(check(kernel, 5, new Shard(index, shards)));
            run.addAll(texts(kernel));
            assertThat(kernel.asked().size())
                    .as("the short ones are run by all, the others by one")
                    .isLessThan(one.asked().size() * 3 / 4);
        }
        assertThat(run).isEqualTo(texts(one));
        KernelCheck.Report whole = merged(reports);
        assertThat(whole.scripts()).isEqualTo(once.scripts());
        assertThat(whole.steps()).isEqualTo(once.steps());
        assertThat(whole.random()).isEqualTo(once.random()).isEqualTo(RANDOM);
        assertThat(whole.reached()).isEqualTo(once.reached());
        assertThat(whole.findings()).isEmpty();
        assertThat(whole.found()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Policy.class,
            names = {"WILCOX", "V5_7", "ALWAYS_REUSE"})
    void sharesFindWhatTheWholeFinds(Policy policy) {
        KernelCheck.Report once = check(new FakeKernel(policy), 5, null);
        List<KernelCheck.Report> reports = new ArrayList<>();
        for (int index = 1; index <= 3; index++) {
            reports.add(check(new FakeKernel(policy), 5, new Shard(index, 3)));
        }
        KernelCheck.Report whole = merged(reports);
        assertThat(once.findings()).isNotEmpty();
        assertThat(whole.scripts()).isEqualTo(once.scripts());
        assertThat(counts(whole)).as("scripts that show something, by what").isEqualTo(counts(once));
        assertThat(told(whole)).containsExactlyElementsOf(told(once));
        assertThat(whole.findings()).allSatisfy(finding -> {
            assertThat(finding.repeated()).isTrue();
            assertThat(finding.after()).isBetween(1L, once.scripts());
            assertThat(finding.troubles()).isNotEmpty();
        });
    }

    /** All but after how many scripts it was seen, for shares do not keep step. */
    private static List<Object> told(KernelCheck.Report report) {
        return report.findings().stream()
                .map(finding -> (Object) List.of(
                        finding.what(),
                        finding.script().file(),
                        finding.script().text(),
                        finding.minimal().text(),
                        finding.troubles(),
                        finding.count(),
                        finding.repeated()))
                .toList();
    }

    private static Map<String, Integer> counts(KernelCheck.Report report) {
        Map<String, Integer> counts = new HashMap<>();
        report.findings().forEach(finding -> counts.merge(finding.what(), finding.count(), Integer::sum));
        assertThat(report.others()).isZero();
        return counts;
    }

    /** What shares that came to different lengths have done of the next one is not made up. */
    @Test
    void aScopeHasComeAsFarAsTheShareThatCameLeastFar() {
        KernelCheck.Report far = report(new KernelCheck.Reach("2 processes", 6, 900, 10));
        KernelCheck.Report near = report(new KernelCheck.Reach("2 processes", 5, 100, 40));
        assertThat(merged(List.of(far, near)).reached()).containsExactly(new KernelCheck.Reach("2 processes", 5, 0, 0));
        assertThat(merged(List.of(near, near)).reached())
                .containsExactly(new KernelCheck.Reach("2 processes", 5, 200, 80));
    }

    private static KernelCheck.Report report(KernelCheck.Reach reach) {
        return new KernelCheck.Report(
                1, 1, 0, 1, List.of(reach), List.of(), 0, List.of(), List.of(), Optional.empty(), List.of());
    }
}
