package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.policy.Policy;
import org.cowbench.result.Parts;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.junit.jupiter.api.Test;

/** A comparison of scripts dealt to three machines, put together again, is the whole one. */
class ConformancePartsTest {
    private static final int SHARDS = 3;
    private static final String LOG = "BUG: Bad page state in process probe  pfn:1";

    /** The list of a run with a seed. */
    private static List<Script> scripts(int random) {
        List<Script> scripts = new ArrayList<>(ShippedScripts.all());
        scripts.addAll(Conformance.randomScripts(random, 7));
        return scripts;
    }

    /** A rule that is wrong, on a kernel that lacks pins and whose log speaks as it boots and of one script. */
    private static Conformance.Report compare(List<Script> scripts, String said) {
        FakeKernel kernel = new FakeKernel(Policy.WILCOX)
                .saying(run -> new ScriptRun(
                        run.script(),
                        run.results(),
                        run.script().file().equals(said)
                                ? List.of(
                                        new LogFinding(LogFinding.When.BOOT, -1, "WARNING: at boot", List.of()),
                                        new LogFinding(LogFinding.When.STEP, 0, LOG, List.of("Call Trace:", " wp")))
                                : List.of(),
                        Optional.empty()));
        return new Conformance(kernel, Policy.V5_9.rule(), 0, text -> {}).compare(scripts);
    }

    private static String part(int index, List<Script> scripts, Conformance.Report report) {
        Shard shard = new Shard(index, SHARDS);
        ObjectNode root = Parts.object();
        ObjectNode own =
                Parts.mark(root, "1", new Revision("c0ffee", false), shard, "kernel conform", List.of("--random=200"));
        ConformanceParts.note(own.put("status", 1), Map.of("host", new HostKernel()), scripts);
        ConformanceParts.write(root, List.of(new ConformanceParts.Kernel("host", "host against v5.9", report)));
        return Parts.text(root);
    }

    /** All but the lines that steps stand on, and what policies are expected to do, which nothing prints. */
    private static List<Object> told(Conformance.Finding finding) {
        return List.of(
                finding.number(),
                finding.script().file(),
                finding.script().text(),
                finding.mismatches(),
                finding.repeated(),
                finding.minimal().text(),
                finding.minimalMismatches(),
                finding.log());
    }

    private static List<ObjectNode> whole(List<String> parts) {
        Map<String, ObjectNode> nodes = new LinkedHashMap<>();
        parts.forEach(text -> nodes.put("part-" + nodes.size(), Parts.read("part-" + nodes.size(), text)));
        return Parts.whole(nodes);
    }

    @Test
    void threePartsAreTheWhole() {
        List<Script> all = scripts(200);
        String said = all.get(40).file();
        List<String> texts = new ArrayList<>();
        for (int index = SHARDS; index > 0; index--) {
            texts.add(part(index, all, compare(new Shard(index, SHARDS).deal(all), said)));
        }
        List<ConformanceParts.Kernel> kernels = ConformanceParts.merge(whole(texts));
        Conformance.Report merged = kernels.getFirst().report();
        Conformance.Report once = compare(all, said);
        assertThat(kernels).extracting(ConformanceParts.Kernel::title).containsExactly("host against v5.9");
        assertThat(once.findings()).hasSizeGreaterThan(2);
        assertThat(once.excluded()).containsKey(Exclusion.PINRO);
        assertThat(merged.summary()).isEqualTo(once.summary());
        assertThat(merged.findings().stream().map(ConformancePartsTest::told))
                .containsExactlyElementsOf(
                        once.findings().stream().map(ConformancePartsTest::told).toList());
        assertThat(merged.excluded()).isEqualTo(once.excluded());
        assertThat(merged.boot()).isEqualTo(once.boot());
        assertThat(merged.scripts()).isEqualTo(once.scripts());
        assertThat(merged.asked()).hasSameSizeAs(once.asked());
        for (int unit = 0; unit < all.size(); unit++) {
            Conformance.Asked is = merged.asked().get(unit);
            Conformance.Asked was = once.asked().get(unit);
            assertThat(is.script().file()).isEqualTo(was.script().file());
            assertThat(is.leftOut()).isEqualTo(was.leftOut());
            assertThat(is.compared()).isEqualTo(was.compared());
        }
    }

    @Test
    void aScriptThatWasMadeMinimalStaysSo() {
        List<Script> all = scripts(0);
        Conformance.Report report =
                new Conformance(FakeKernel.able(Policy.WILCOX), Policy.V5_9.rule(), 1, text -> {}).compare(all);
        ObjectNode root = Parts.object();
        ConformanceParts.write(root, List.of(new ConformanceParts.Kernel("a", "a", report)));
        Conformance.Finding first = ConformanceParts.merge(List.of(root))
                .getFirst()
                .report()
                .findings()
                .getFirst();
        assertThat(first.minimal()).isNotEqualTo(first.script());
        assertThat(first.minimal().text())
                .isEqualTo(report.findings().getFirst().minimal().text());
        assertThat(first.minimalMismatches())
                .isEqualTo(report.findings().getFirst().minimalMismatches());
    }

    @Test
    void theEndOfAKernelIsKept() {
        Conformance.Report report = new Conformance.Report(
                1,
                List.of(),
                1,
                0,
                0,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                Optional.of(new KernelException(KernelException.Kind.HUNG, "no answer", "a line", null)));
        ObjectNode root = Parts.object();
        ConformanceParts.write(root, List.of(new ConformanceParts.Kernel("a", "a", report)));
        Conformance.Report merged =
                ConformanceParts.merge(List.of(root)).getFirst().report();
        assertThat(merged.found()).isTrue();
        assertThat(merged.ended().orElseThrow().kind()).isEqualTo(KernelException.Kind.HUNG);
        assertThat(merged.ended().orElseThrow()).hasMessage("no answer");
        assertThat(merged.ended().orElseThrow().log()).isEqualTo("a line");
    }

    @Test
    void partsOfOtherScriptsOrWithoutOneAreRefused() {
        List<Script> all = scripts(10);
        List<Script> other = scripts(11);
        List<String> texts = new ArrayList<>();
        for (int index = 1; index <= SHARDS; index++) {
            List<Script> given = index == 2 ? other : all;
            texts.add(part(index, given, compare(new Shard(index, SHARDS).deal(given), "")));
        }
        assertThatThrownBy(() -> whole(texts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("part-1 is of another kernel conform than part-0: scripts ");
        texts.set(1, part(2, all, compare(new Shard(2, SHARDS).deal(all), "")));
        List<ObjectNode> parts = whole(texts);
        ((ArrayNode) parts.get(1).at("/kernels/0/asked")).remove(0);
        assertThatThrownBy(() -> ConformanceParts.merge(parts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shard 2/3 lacks a script; run it again");
    }
}
