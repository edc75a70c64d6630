package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What becomes of a page that the swap device has been told to write, and has not written. */
class HeldDeviceTest {
    private static List<StepResult> run(Policy policy, String... steps) {
        return ModelRun.run(ScriptParser.parse("f", "pages 2\n" + String.join("\n", steps)), policy.rule());
    }

    private static WriteKind last(Policy policy, String... steps) {
        return run(policy, steps).getLast().writeKind().orElseThrow();
    }

    /** v5.18 frees the swap cache before it counts references, which it cannot under writeback. */
    @Test
    void writebackIsUnderWayUntilAStepWaitsForIt() {
        for (String other : List.of("A write 1 1", "A read 1", "A discard 1", "A fork B", "A writeout 1")) {
            assertThat(last(Policy.V5_18, "A write 0 1", "A writeout 0", other, "A read 0 -> 1", "A write 0 2"))
                    .as(other)
                    .isEqualTo(WriteKind.COPY);
        }
        for (String waits : List.of("A drain", "A reclaim 1", "A pageout 1", "A resume")) {
            assertThat(last(Policy.V5_18, "A write 0 1", "A writeout 0", waits, "A read 0 -> 1", "A write 0 2"))
                    .as(waits)
                    .isEqualTo(WriteKind.REUSE);
        }
    }

    @Test
    void aStalledDeviceIsWaitedForInVain() {
        for (String out : List.of("A pageout 0", "A writeout 0")) {
            for (String waits : List.of("A drain", "A reclaim 0", "A pageout 1")) {
                assertThat(last(Policy.V5_18, "A write 0 1", "A stall", out, waits, "A read 0 -> 1", "A write 0 2"))
                        .as("%s, %s", out, waits)
                        .isEqualTo(WriteKind.COPY);
            }
            assertThat(last(Policy.V5_18, "A write 0 1", out, "A stall", "A drain", "A read 0 -> 1", "A write 0 2"))
                    .as("%s before the stall", out)
                    .isEqualTo(out.contains("write") ? WriteKind.COPY : WriteKind.REUSE);
            assertThat(last(Policy.V5_18, "A write 0 1", "A stall", out, "A resume", "A read 0 -> 1", "A write 0 2"))
                    .as("%s, and the device goes on", out)
                    .isEqualTo(WriteKind.REUSE);
        }
    }

    /** Pressure finds the page under writeback; of a page that is in memory yet it makes one that is. */
    @Test
    void noPageLeavesMemoryWhileTheDeviceIsStalled() {
        for (Policy policy : List.of(Policy.V5_9, Policy.V5_19, Policy.V7_3)) {
            List<StepResult> results = run(
                    policy,
                    "A write 0 1",
                    "A stall",
                    "A reclaim 0",
                    "A read 0 -> 1",
                    "A reclaim 0",
                    "A resume",
                    "A read 0");
            assertThat(results.get(2).after()).isEqualTo(EntryState.SWAPPED);
            assertThat(results.get(3).major()).as("from the swap cache").isZero();
            assertThat(results.get(4).after()).as("writeback keeps it mapped").isEqualTo(EntryState.PRESENT);
        }
    }

    /** v5.9 counts the reference of a batch, as none of its faults drains. */
    @Test
    void whenTheDeviceGoesOnBatchesAreDrained() {
        String[] steps = {"A write 0 1", "A protect 0 ro", "A protect 0 rw", "A writeout 1", "A read 0", "A write 0 2"};
        assertThat(last(Policy.V5_9, steps)).isEqualTo(WriteKind.COPY);
        for (String waits : List.of("A drain", "A resume", "A pageout 1", "A reclaim 1")) {
            steps[4] = waits;
            assertThat(last(Policy.V5_9, steps)).as(waits).isEqualTo(WriteKind.REUSE);
        }
        assertThat(last(Policy.V5_9, "A write 0 1", "A protect 0 ro", "A protect 0 rw", "A resume", "A write 0 2"))
                .as("where nothing was held")
                .isEqualTo(WriteKind.REUSE);
    }

    /** Of a clean page, which v6.11 maps writable, reclaim keeps what the device has read: when it goes on. */
    @Test
    void theDeviceReadsThePageWhenItGoesOn() {
        assertThat(lastRead("A pageout 0")).isEqualTo(1);
        assertThat(lastRead("A writeout 0")).isEqualTo(2);
    }

    private static long lastRead(String out) {
        return run(
                        Policy.V6_11,
                        "A write 0 1",
                        out,
                        "A read 0",
                        "A pin 0 X",
                        "A dma X 2",
                        "A unpin X",
                        "A drain",
                        "A reclaim 0",
                        "A read 0")
                .getLast()
                .value()
                .getAsLong();
    }

    /** SWP_STABLE_WRITES, which no disk of the kernel lane asks for: from v5.19 on the exclusive mark does not count then. */
    @Test
    void aDeviceThatWantsStablePagesMakesAWriteCopy() {
        MachineOptions stable = new MachineOptions(MachineOptions.AT_ONCE, false, true, 1, false, true);
        Script script = ScriptParser.parse("f", "A write 0 1\nA writeout 0\nA read 0 -> 1\nA write 0 2");
        for (Policy policy : List.of(Policy.V5_19, Policy.V7_0)) {
            assertThat(ModelRun.run(script, policy.rule(), stable).getLast().writeKind())
                    .as(policy.id())
                    .contains(WriteKind.COPY);
            assertThat(ModelRun.run(script, policy.rule()).getLast().writeKind())
                    .as(policy.id())
                    .isNotEqualTo(java.util.Optional.of(WriteKind.COPY));
        }
    }

    /** Scripts that were there before the words were. */
    @Test
    void aProcessMayBeCalledAsTheWordsAre() {
        assertThat(ScriptParser.parse("f", "A fork stall\nstall stall\nA fork writeout\nwriteout resume")
                        .steps())
                .extracting(Step::op)
                .containsExactly(Op.FORK, Op.STALL, Op.FORK, Op.RESUME);
    }
}
