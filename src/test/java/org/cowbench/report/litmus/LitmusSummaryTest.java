package org.cowbench.report.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

class LitmusSummaryTest {
    private static final Script SCRIPT = ScriptParser.parse(
            "x.litmus", "A write 0 1\nA fork B\nA pageout 0\nB write 0 2\nA read 0 -> 1\nA splice 0 X\nA peek X");

    private static String drawn(List<StepResult> results) {
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        columns.put("kernel", List.of(results));
        return LitmusSummary.draw(List.of(SCRIPT, SCRIPT), columns);
    }

    private static StepResult change(StepResult old, long value, String error) {
        return new StepResult(
                old.file(),
                old.step(),
                old.operation(),
                old.before(),
                old.after(),
                old.frame(),
                old.minor(),
                old.major(),
                OptionalLong.of(value),
                error);
    }

    @Test
    void tellsOfCopiesPeeksAndPageoutsThatDidNotTake() {
        assertThat(drawn(ModelRun.run(SCRIPT, Policy.V5_9.rule())).lines().toList())
                .endsWith("x       A pageout: stays, copy, A=1, X=1", "x       not run");
    }

    @Test
    void tellsWhereAScriptEndedEarly() {
        assertThat(drawn(ModelRun.run(SCRIPT, Policy.V5_9.rule()).subList(0, 4)))
                .contains("x       A pageout: stays, copy, ended at step 4\n");
    }

    @Test
    void whatAKernelHasNoWayToDoIsSkippedAndSaysWhy() {
        Script script = ScriptParser.parse("x.litmus", "A pinro 0 X\nA peek X -> 1");
        List<StepResult> results = ModelRun.run(script, Policy.V5_9.rule()).stream()
                .map(old -> new StepResult(
                        old.file(),
                        old.step(),
                        old.operation(),
                        null,
                        null,
                        null,
                        0,
                        0,
                        OptionalLong.empty(),
                        "unavailable: needs more"))
                .toList();
        assertThat(LitmusSummary.draw(List.of(script), Map.of("kernel", List.of(results))))
                .endsWith("x       A pinro: SKIP, A peek: SKIP\n");
        assertThat(LitmusLegend.draw(List.of(results), true))
                .contains("SKIP pinro, unavailable: needs more\nSKIP peek, unavailable: needs more\n");
        assertThat(LitmusTable.draw(script, Map.of("kernel", results))).contains("A peek X -> 1  SKIP\n");
    }

    @Test
    void marksWhatMustNotBe() {
        List<StepResult> results = new ArrayList<>(ModelRun.run(SCRIPT, Policy.V5_9.rule()));
        results.set(4, change(results.get(4), 2, null));
        StepResult peek = results.get(6);
        results.set(
                6,
                new StepResult(
                        peek.file(),
                        6,
                        peek.operation(),
                        null,
                        null,
                        null,
                        0,
                        0,
                        peek.value(),
                        null,
                        OptionalLong.empty(),
                        OptionalInt.of(256)));
        assertThat(drawn(results)).contains("A=2!, A peek: torn at word 256!!\n");
        assertThat(LitmusTable.draw(SCRIPT, Map.of("kernel", results))).contains("=2!\n", "=1 torn at word 256!!\n");
        assertThat(LitmusLegend.draw(List.of(results), true)).isEqualTo("""
            copy: the write got another frame
            ! another value than the script says must be seen
            !! a torn page, or an error that no rule explains
            """);
    }

    /** The step of Wilcox's counterexample, without the read before it. */
    @Test
    void aWriteThatSwapsInTellsCopyFromReuse() {
        Script script =
                ScriptParser.parse("w.litmus", "A write 0 1\nA pageout 0\nA drain\nA fork B\nA write 0 2\nB read 0");
        List<StepResult> wilcox = ModelRun.run(script, Policy.WILCOX.rule());
        List<StepResult> linus = ModelRun.run(script, Policy.LINUS.rule());
        StepResult old = linus.get(4);
        List<StepResult> kernel = List.of(linus.getFirst(), change(old, 0, null));
        assertThat(LitmusTable.draw(script, Map.of("wilcox", wilcox))).contains("  4  A write 0 2  swapin reuse\n");
        assertThat(LitmusTable.draw(script, Map.of("linus", linus))).contains("  4  A write 0 2  swapin copy\n");
        assertThat(LitmusLegend.draw(List.of(wilcox, linus, kernel), false)).isEqualTo("""
            new: the write got the page's first frame
            swapin copy: the write brought the page back from swap, then copied it
            swapin reuse: the write brought the page back from swap and kept its frame
            swapin: the write brought the page back from swap; a kernel does not show if it copied
            lost: the process had another value there, and neither it nor a device wrote since
            """);
    }

    @Test
    void lastValuesReadAreShownOfEachProcessAndPage() {
        Script script = ScriptParser.parse(
                "p.litmus", "pages 2\nA write 0 1\nA read 0\nA write 0 2\nA read 0\nA read 1\nA fork B\nB 0 = 2");
        Map<String, List<List<StepResult>>> columns = Map.of("k", List.of(ModelRun.run(script, Policy.V5_9.rule())));
        assertThat(LitmusSummary.draw(List.of(script), columns)).endsWith("p       quiet, A[0]=2, A[1]=0, B[0]=2\n");
    }

    @Test
    void aDevicesLostWriteIsMarked() {
        // As a user would write it first: without saying what must be seen.
        Script script = ScriptParser.parse(
                "dma-clean.litmus",
                ShippedScripts.named("dma-clean.litmus").text().replaceAll(" ->.*|#expect.*", ""));
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        columns.put("6.1", List.of(ModelRun.run(script, Policy.V5_19.rule())));
        columns.put("6.12", List.of(ModelRun.run(script, Policy.V6_11.rule())));
        assertThat(LitmusSummary.draw(List.of(script), columns)).endsWith("dma-clean  A=2  A=1 lost\n");
    }
}
