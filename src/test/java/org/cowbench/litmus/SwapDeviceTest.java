package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What a script says of its swap device, and what the device changes. */
class SwapDeviceTest {
    private static Script parse(String text) {
        return ScriptParser.parse("f", text);
    }

    private static WriteKind lastWrite(Script script, Policy policy) {
        return ModelRun.run(script, policy.rule()).stream()
                .filter(result -> result.operation().op() == Op.WRITE)
                .reduce((first, last) -> last)
                .orElseThrow()
                .writeKind()
                .orElseThrow();
    }

    @Test
    void aLineBeforeTheFirstOperationNamesIt() {
        assertThat(parse("A write 0 1").swap()).isNull();
        Script zram = parse("pages 2\nswap zram # answers at once\nA write 1 1");
        assertThat(zram.swap()).isEqualTo(SwapDevice.ZRAM);
        assertThat(parse(zram.text())).isEqualTo(zram);
        assertThat(parse("swap none\nfolio 16\nA write 0 1").swap()).isEqualTo(SwapDevice.NONE);
    }

    @Test
    void anyOtherLineIsAnErrorThatNamesTheDevices() {
        assertThatThrownBy(() -> parse("swap zrm\nA write 0 1"))
                .hasMessageContaining("'swap zrm'; expected one of disk, zram, none");
        assertThatThrownBy(() -> parse("swap\nA write 0 1"))
                .hasMessageContaining("the line ends; expected a swap device");
        assertThatThrownBy(() -> parse("swap disk\nswap zram\nA write 0 1")).hasMessageContaining("'swap' again");
        assertThatThrownBy(() -> parse("A write 0 1\nswap zram")).hasMessageContaining("before the first operation");
    }

    /** Scripts that were there before the word was. */
    @Test
    void aProcessMayBeCalledSwap() {
        assertThat(parse("A fork swap\nswap drain\nswap exit").steps()).hasSize(3);
    }

    @Test
    void partsOfAScriptAreForItsDevice() {
        Script zram = parse("swap zram\nA write 0 1\nA pageout 0\nA drain\nA read 0");
        Script small = Shrinker.shrink(zram, script -> {
            assertThat(script.swap()).isEqualTo(SwapDevice.ZRAM);
            return ModelRun.run(script, Policy.V5_9.rule()).stream().anyMatch(result -> result.major() > 0);
        });
        assertThat(small.text()).isEqualTo("pages 1\nswap zram\nA write 0 1\nA pageout 0\nA read 0\n");
    }

    /** Expectations are of a disk; on another device they would be of what was not run. */
    @Test
    void aScriptThatDoesNotSayCanBeRunOnAnother() {
        Script script = parse("A write 0 1\nA pageout 0\nA read 0 -> 1\nA drain\nA write 0 2\n#expect 4 copy: v5.9");
        assertThat(lastWrite(script, Policy.V5_9)).isEqualTo(WriteKind.COPY);
        Script zram = script.on(SwapDevice.ZRAM);
        assertThat(lastWrite(zram, Policy.V5_9)).isEqualTo(WriteKind.REUSE);
        assertThat(zram.expectations()).isEmpty();
        assertThat(zram.steps().get(2).expected()).hasValue(1);
        assertThat(script.on(null)).isSameAs(script);
        assertThat(script.on(SwapDevice.DISK).expectations()).hasSize(1);
        assertThat(zram.on(SwapDevice.DISK)).as("what it says itself counts").isSameAs(zram);
    }

    /** Up to v6.19 a swap count of 1 makes a page its reader's own, whatever fork did to the entry; v7.0 asks the entry. */
    @Test
    void onZramAPageWhoseSharerHasGoneFaultsAgainFromV70() {
        Script script = ShippedScripts.zram().getLast();
        assertThat(script.file()).isEqualTo("sharer-gone.litmus");
        assertThat(List.of(Policy.V5_19, Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3))
                .extracting(policy -> lastWrite(script, policy))
                .containsExactly(WriteKind.REUSE, WriteKind.QUIET, WriteKind.QUIET, WriteKind.REUSE, WriteKind.REUSE);
    }
}
