package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

class KernelDiffTest {
    private static KernelDiff.Report diff(KernelSession base, KernelSession head, List<Script> scripts) {
        return new KernelDiff(base, head, 20, text -> {}).compare(scripts);
    }

    @Test
    void equalKernelsDoNotDiffer() {
        KernelDiff.Report report =
                diff(new FakeKernel(Policy.V5_19), new FakeKernel(Policy.V5_19), Conformance.randomScripts(50, 1));
        assertThat(report.groups()).isEmpty();
        assertThat(report.decisions()).isEqualTo("head copies and reuses as base does");
        assertThat(report.scripts()).isGreaterThan(40);
    }

    @Test
    void tellsWhereTheHeadReuses() {
        List<Script> scripts = new ArrayList<>(AimedScripts.all());
        scripts.addAll(Conformance.randomScripts(100, 1));
        KernelDiff.Report report = diff(new FakeKernel(Policy.V5_9), new FakeKernel(Policy.WILCOX), scripts);
        assertThat(report.decisions())
                .startsWith("head reuses where base copies in ")
                .endsWith("never the other way");
        assertThat(report.groups())
                .filteredOn(group -> group.difference().headReuses())
                .isNotEmpty()
                .allSatisfy(group -> {
                    assertThat(group.repeated()).isTrue();
                    assertThat(group.script().steps()).hasSizeLessThan(8);
                });
        assertThat(diff(new FakeKernel(Policy.WILCOX), new FakeKernel(Policy.V5_9), scripts)
                        .decisions())
                .startsWith("head copies where base reuses in ")
                .endsWith("never the other way");
    }

    /** A kernel that ends in the second step. */
    private static FakeKernel ending(KernelException end) {
        return new FakeKernel(Policy.V5_9)
                .saying(run -> new ScriptRun(run.script(), run.results().subList(0, 1), List.of(), Optional.of(end)));
    }

    /** To see it again would cost all of the patience once more, and to make it smaller more than once. */
    @Test
    void whatHangsIsNotAskedAgain() {
        Script script = ScriptParser.parse("x.litmus", "A write 0 1\nA fork B\nA read 0");
        FakeKernel head = ending(new KernelException(KernelException.Kind.HUNG, "no answer"));
        KernelDiff.Report report = diff(new FakeKernel(Policy.V5_9), head, List.of(script));
        assertThat(report.groups()).singleElement().satisfies(group -> {
            assertThat(group.harm()).isEqualTo(Harm.CRASH);
            assertThat(group.repeated()).isFalse();
            assertThat(group.cut()).isFalse();
            assertThat(group.script()).isEqualTo(script);
        });
        assertThat(head.asked()).hasSize(1);
    }

    /** As a guest does that has been booted too often. */
    @Test
    void aHeadThatDiesOfEverythingIsToldOfByWhatItDiedOf() {
        List<Script> scripts = List.of(
                ScriptParser.parse("x.litmus", "A write 0 1"),
                ScriptParser.parse("y.litmus", "A write 0 1\nA read 0"),
                ScriptParser.parse("z.litmus", "A read 0"));
        KernelException crash = new KernelException(KernelException.Kind.KERNEL, "it crashed");
        FakeKernel head = new FakeKernel(Policy.V5_9).saying(run -> {
            if (run.script().file().equals("z.litmus")) {
                throw new KernelException(KernelException.Kind.KERNEL, "it did not survive 2 scripts");
            }
            return new ScriptRun(run.script(), List.of(), List.of(), Optional.of(crash));
        });
        KernelDiff.Report report = diff(new FakeKernel(Policy.V5_9), head, scripts);
        assertThat(report.ended())
                .hasValueSatisfying(end -> assertThat(end).hasMessage("it did not survive 2 scripts"));
        assertThat(report.scripts()).isEqualTo(2);
        assertThat(report.groups()).singleElement().satisfies(group -> {
            assertThat(group.harm()).isEqualTo(Harm.CRASH);
            assertThat(group.scripts()).isEqualTo(2);
            assertThat(group.after()).isEqualTo(1);
            assertThat(group.repeated()).isFalse();
        });
    }

    @Test
    void tellsOfAHeadThatDies() {
        Script script = ScriptParser.parse("x.litmus", "A write 0 1\nA fork B\nA read 0");
        FakeKernel head = ending(new KernelException(KernelException.Kind.KERNEL, "it crashed"));
        KernelDiff.Report report = diff(new FakeKernel(Policy.V5_9), head, List.of(script));
        assertThat(report.groups()).singleElement().satisfies(group -> {
            assertThat(group.harm()).isEqualTo(Harm.CRASH);
            assertThat(group.difference().text()).contains("nothing in the base, crash in the head");
        });
    }
}
