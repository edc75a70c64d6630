package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepCounts;
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

    @Test
    void whatTheHeadMendsIsNotTheModelsMistake() {
        Script script =
                ScriptParser.parse("x.litmus", "A write 0 1\nA pageout 0\nA fork B\nA drain\nB write 0 2\nA read 0");
        assertThat(diff(new FakeKernel(Policy.WILCOX), new FakeKernel(Policy.V5_9), List.of(script))
                        .groups())
                .extracting(KernelDiff.Group::what)
                .containsExactly("right where the base is wrong");
    }

    @Test
    void aScriptWithoutAPipeIsShownRather() {
        List<Script> scripts = List.of(
                ScriptParser.parse("pipe.litmus", "A write 0 1\nA reclaim 0\nA splice 0 X\nA write 0 1"),
                ScriptParser.parse("plain.litmus", "A write 0 1\nA pageout 0\nA drain\nA read 0\nA write 0 2"));
        assertThat(diff(new FakeKernel(Policy.V5_9), new FakeKernel(Policy.LIANG), scripts)
                        .groups())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.scripts()).isEqualTo(2);
                    assertThat(group.script().file()).isEqualTo("plain.litmus");
                });
    }

    private static List<Script> counting(List<Script> scripts) {
        return scripts.stream()
                .map(script -> script.asking(StepCounter.calls()))
                .toList();
    }

    /** They decide alike; what the head saves no entry shows. */
    @Test
    void tellsWhatAccessesDoBesides() {
        List<Script> scripts = new ArrayList<>(counting(AimedScripts.all()));
        scripts.addAll(ShippedScripts.counters());
        KernelDiff.Report report = diff(new FakeKernel(Policy.V7_0), new FakeKernel(Policy.V7_3), scripts);
        assertThat(report.decisions())
                .matches("head copies and reuses as base does; head has fewer LRU drains in \\d situations?, never the"
                        + " other way");
        assertThat(report.groups())
                .allSatisfy(group -> {
                    assertThat(group.harm()).isEqualTo(Harm.COUNTS);
                    assertThat(group.script().head()).isEqualTo("pages 1\ncount drains\n");
                })
                .extracting(group -> group.difference().text())
                .contains("write, swapped before: LRU drains are 1 in the base, 0 in the head");
        assertThat(diff(new FakeKernel(Policy.V7_3), new FakeKernel(Policy.V7_0), scripts)
                        .decisions())
                .contains("; head has more LRU drains in ");
    }

    @Test
    void countersHideNoOtherDifference() {
        List<Script> scripts = Conformance.randomScripts(100, 1);
        assertThat(diff(new FakeKernel(Policy.V5_9), new FakeKernel(Policy.WILCOX), counting(scripts))
                        .groups())
                .filteredOn(group -> group.harm() != Harm.COUNTS)
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group.script().head()).doesNotContain("count"))
                .extracting(KernelDiff.Group::difference)
                .containsExactlyInAnyOrderElementsOf(
                        diff(new FakeKernel(Policy.V5_9), new FakeKernel(Policy.WILCOX), scripts).groups().stream()
                                .map(KernelDiff.Group::difference)
                                .toList());
    }

    @Test
    void whatOneKernelCannotCountIsNotCompared() {
        Map<StepCounter, String> lacking = new EnumMap<>(StepCounter.class);
        StepCounter.calls().forEach(counter -> lacking.put(counter, "unavailable: needs kprobes"));
        FakeKernel head = new FakeKernel(Policy.V7_3, Capabilities.without(), results -> results.stream()
                .map(result -> result.counting(new StepCounts(Map.of(), lacking)))
                .toList());
        for (boolean swapped : List.of(false, true)) {
            FakeKernel base = FakeKernel.able(Policy.V7_0);
            KernelDiff.Report report = diff(swapped ? head : base, swapped ? base : head, counting(AimedScripts.all()));
            assertThat(report.groups()).isEmpty();
            assertThat(report.uncounted()).containsOnlyKeys(StepCounter.calls()).containsValue("needs kprobes");
        }
    }

    @Test
    void tellsOfAFaultThatOneTakesAndTheOtherDoesNot() {
        assertThat(diff(new FakeKernel(Policy.V6_11), new FakeKernel(Policy.V5_19), AimedScripts.all())
                        .decisions())
                .startsWith("head copies and reuses as base does; head takes a fault where base takes none in ");
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
            assertThat(group.difference().text()).contains("nothing in the base, hang in the head");
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
