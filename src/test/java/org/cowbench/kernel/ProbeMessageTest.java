package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.cowbench.litmus.Expectations;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepCounts;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.SwapDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeMessageTest {
    private static final Script SCRIPT = ScriptParser.parse("my.litmus", "A read 0 -> 1\nA drain\n");

    @Test
    void readsAStepAndPrintsItAsTheModelDoes() {
        String line = "{\"file\":\"0\",\"step\":0,\"op\":\"A read 0\",\"before\":\"swapped\",\"after\":\"present\","
                + "\"frame\":\"-\",\"minor\":1,\"major\":0,\"value\":18446744073709551615}";
        StepResult result = ((ProbeMessage.StepDone) ProbeMessage.parse(line)).result(SCRIPT);
        assertThat(result.value()).isEqualTo(OptionalLong.of(-1));
        assertThat(result.violated()).isTrue();
        assertThat(result.json(""))
                .isEqualTo("{\"file\":\"my.litmus\",\"step\":0,\"op\":\"A read 0\",\"before\":\"swapped\","
                               + "\"after\":\"present\",\"frame\":\"-\",\"minor\":1,\"major\":0,\"value\":18446744073709551615,"
                               + "\"expected\":1}");
    }

    @Test
    void aStepWithoutAPageHasNoEntries() {
        StepResult result = ((ProbeMessage.StepDone)
                        ProbeMessage.parse("{\"file\":\"0\",\"step\":1,\"op\":\"A drain\"}"))
                .result(SCRIPT);
        assertThat(result.before()).isNull();
        assertThat(result.json("")).isEqualTo("{\"file\":\"my.litmus\",\"step\":1,\"op\":\"A drain\"}");
    }

    @Test
    void aStepThatTheScriptDoesNotHaveIsNoResult() {
        ProbeMessage.StepDone other =
                (ProbeMessage.StepDone) ProbeMessage.parse("{\"file\":\"0\",\"step\":1,\"op\":\"A exit\"}");
        assertThatThrownBy(() -> other.result(SCRIPT)).isInstanceOf(ProbeMessage.ProbeFormatException.class);
        ProbeMessage.StepDone beyond =
                (ProbeMessage.StepDone) ProbeMessage.parse("{\"file\":\"0\",\"step\":2,\"op\":\"A drain\"}");
        assertThatThrownBy(() -> beyond.result(SCRIPT)).isInstanceOf(ProbeMessage.ProbeFormatException.class);
    }

    @Test
    void aKernelSaysWhichFoliosItHasAndWhetherTheyGoWholeToSwapAndWhetherItHasAPageOfZeroes() {
        ProbeMessage.Start start = (ProbeMessage.Start)
                ProbeMessage.parse(
                        "{\"probe\":\"start\",\"release\":\"6.1\","
                            + "\"version\":\"#1\",\"collapse\":false,\"folios\":[2048],\"largeswap\":false,\"zeropage\":false,\"log\":true}");
        assertThat(start.capabilities()).isEqualTo(new Capabilities(Set.of(Op.COLLAPSE), Set.of(2048), false, false));
        assertThat(start.capabilities().machine().zeroPage()).isFalse();
    }

    @Test
    void aKernelSaysWhereItSwapsToAndWhyNotToZram() {
        String start = "{\"probe\":\"start\",\"release\":\"6.1\",\"version\":\"#1\",\"swap\":\"";
        Capabilities zram = ((ProbeMessage.Start) ProbeMessage.parse(start + "zram\"}")).capabilities();
        assertThat(zram.swap()).isEqualTo(SwapDevice.ZRAM);
        assertThat(zram.swaps()).containsExactly(SwapDevice.ZRAM);
        assertThat(((ProbeMessage.Start) ProbeMessage.parse(start + "none\",\"nozram\":\"needs CONFIG_ZRAM\"}"))
                        .noZram())
                .isEqualTo("needs CONFIG_ZRAM");
    }

    @Test
    void countersAreNumbersOrTheReasonWhyThereIsNone() {
        Script script = ScriptParser.parse("x", "count drains slots\nA write 0 1\n#expect 0 slots=1: all\n");
        StepResult result = ((ProbeMessage.StepDone) ProbeMessage.parse("{\"file\":\"0\",\"step\":0,"
                        + "\"op\":\"A write 0 1\",\"before\":\"none\",\"after\":\"present\",\"frame\":\"-\","
                        + "\"minor\":1,\"major\":0,\"drains\":2,\"slots\":\"unavailable: no idea\"}"))
                .result(script);
        assertThat(result.counts())
                .isEqualTo(new StepCounts(
                        Map.of(StepCounter.DRAINS, 2L), Map.of(StepCounter.SLOTS, "unavailable: no idea")));
        assertThat(result.json("")).endsWith("\"drains\":2,\"slots\":\"unavailable: no idea\"}");
        assertThat(Expectations.evaluate(script, "v5.9", List.of(result))).isEmpty();
        assertThat(Expectations.uncounted(script, "v5.9", List.of(result))).containsExactly("step 0, slots: no idea");
    }

    @Test
    void readsEveryOtherLine() {
        assertThat(ProbeMessage.parse(
                        "{\"probe\":\"start\",\"release\":\"6.1\",\"version\":\"#1\",\"reclaim\":true,\"pin\":false}"))
                .isEqualTo(new ProbeMessage.Start("6.1", "#1", Capabilities.without(Op.PIN), "", false));
        assertThat(ProbeMessage.parse("{\"probe\":\"start\",\"release\":\"6.1\",\"version\":\"#1\",\"dio\":false}"))
                .isEqualTo(new ProbeMessage.Start("6.1", "#1", Capabilities.without(Op.DIO), "", false));
        assertThat(ProbeMessage.parse("{\"probe\":\"log\",\"when\":\"step\",\"text\":\"BUG: x\"}"))
                .isEqualTo(new ProbeMessage.Log(LogFinding.When.STEP, "BUG: x"));
        assertThat(ProbeMessage.parse("{\"probe\":\"unfreed\",\"last\":4}")).isEqualTo(new ProbeMessage.Unfreed(4));
        assertThat(ProbeMessage.parse("{\"probe\":\"end\",\"file\":\"3\"}")).isEqualTo(new ProbeMessage.End("3"));
        assertThat(ProbeMessage.parse("{\"probe\":\"end\",\"bench\":\"64\"}")).isEqualTo(new ProbeMessage.End("64"));
        assertThat(((ProbeMessage.Ticks)
                                ProbeMessage.parse("{\"probe\":\"ticks\",\"access\":\"read\",\"ticks\":[5,7]}"))
                        .ticks())
                .containsExactly(5, 7);
        assertThat(ProbeMessage.parse("{\"probe\":\"pass\",\"access\":\"write\",\"pages\":8,\"kept\":5,\"changed\":3,"
                        + "\"minor\":8,\"major\":1}"))
                .isEqualTo(new ProbeMessage.Pass("write", 8, 5, 3, 8, 1));
        assertThat(ProbeMessage.parse("{\"probe\":\"fatal\",\"message\":\"no\",\"errno\":5}"))
                .isEqualTo(new ProbeMessage.Fatal("no", 5));
        assertThat(ProbeMessage.parse("{\"probe\":\"done\"}")).isEqualTo(new ProbeMessage.Done());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "[1]", "{\"probe\":\"what\"}", "{\"probe\":\"st", "null", "{}"})
    void refusesWhatIsNotTheProbes(String line) {
        assertThatThrownBy(() -> ProbeMessage.parse(line))
                .isInstanceOf(ProbeMessage.ProbeFormatException.class)
                .hasMessageContaining("not a line of the probe");
    }

    @Test
    void requestsCountBytes() {
        Script script = ScriptParser.parse("x", "A write 0 1\n");
        assertThat(ProbeSession.requestText(List.of(script, script)))
                .isEqualTo("=0 20\npages 1\nA write 0 1\n=1 20\npages 1\nA write 0 1\n");
    }
}
