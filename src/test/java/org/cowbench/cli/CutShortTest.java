package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.Harm;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelCheckParts;
import org.cowbench.kernel.KernelDiff;
import org.cowbench.kernel.Mismatch;
import org.cowbench.kernel.Shown;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.report.litmus.ScriptKtap;
import org.cowbench.result.Parts;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script that was not made as small as can be says so, whoever shows it. */
class CutShortTest {
    private static final Script SCRIPT = ScriptParser.parse("x.litmus", "A write 0 1\nA read 0\nA read 0");
    private static final Script SMALLER = ScriptParser.parse("x.litmus", "A write 0 1\nA read 0");
    private static final Mismatch WRONG = new Mismatch(Harm.CORRUPT, 1, Mismatch.Field.VALUE, "1", "2");

    @TempDir
    private Path folder;

    private static KernelCheckParts.Kernel check(boolean cut) {
        KernelCheck.Finding finding = new KernelCheck.Finding(
                "isolation",
                SCRIPT,
                "",
                true,
                SMALLER,
                List.of(new KernelCheck.Trouble("isolation", 1, "memory shows 2, not 1")),
                3,
                5,
                cut);
        return new KernelCheckParts.Kernel(
                "k",
                "5.10.1",
                new KernelCheck.Report(
                        9,
                        30,
                        0,
                        1,
                        List.of(),
                        List.of(finding),
                        0,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of()));
    }

    private static String check(boolean cut, KernelCheckCommand.Format format) {
        return KernelCheckText.of(check(cut), "", format);
    }

    @Test
    void check() {
        assertThat(check(true, KernelCheckCommand.Format.text))
                .startsWith("# isolation, cut short, in 3 scripts, first in x.litmus\n");
        assertThat(check(false, KernelCheckCommand.Format.text))
                .startsWith("# isolation, in 3 scripts, first in x.litmus\n");
        assertThat(check(true, KernelCheckCommand.Format.json)).contains("\"repeated\":true,\"cut\":true,");
        assertThat(check(false, KernelCheckCommand.Format.json)).contains("\"repeated\":true,\"cut\":false,");
        assertThat(KernelCheckText.ktap(List.of(check(true))))
                .contains("    # cut short, in 3 scripts, first in x.litmus\n");
        assertThat(KernelCheckText.ktap(List.of(check(false)))).contains("    # in 3 scripts, first in x.litmus\n");
    }

    /** What a share was out of time for, the whole was, unless another share had time for it. */
    @Test
    void partsOfACheck() {
        assertThat(merged(Shown.Look.CUT, Shown.Look.ONCE))
                .startsWith("# isolation, cut short, in 2 scripts, first in x.litmus\n");
        assertThat(merged(Shown.Look.CUT, Shown.Look.AGAIN))
                .startsWith("# isolation, in 2 scripts, first in x.litmus\n");
    }

    private static String merged(Shown.Look... looks) {
        Map<String, ObjectNode> parts = new LinkedHashMap<>();
        for (int index = 1; index <= looks.length; index++) {
            Shown shown = new Shown("isolation", SCRIPT, "0", "", 1, 1, looks[index - 1], SMALLER, List.of());
            KernelCheck.Report report = new KernelCheck.Report(
                    9, 30, 0, 1, List.of(), List.of(), 0, List.of(), List.of(), Optional.empty(), List.of(shown));
            ObjectNode root = Parts.object();
            Shard shard = new Shard(index, looks.length);
            Parts.mark(root, "1", new Revision("c0ffee", false), shard, KernelCheckCommand.COMMAND, List.of())
                    .put("status", 1);
            KernelCheckParts.write(root, List.of(new KernelCheckParts.Kernel("k", "5.10.1", report)));
            parts.put("part-" + index, Parts.read("part-" + index, Parts.text(root)));
        }
        return KernelCheckText.of(
                KernelCheckParts.merge(Parts.whole(parts)).getFirst(), "", KernelCheckCommand.Format.text);
    }

    private static KernelDiff.Report diff(boolean cut) {
        KernelDiff.Group group = new KernelDiff.Group(
                new KernelDiff.Difference("read", "present", "value", "right", "leak"),
                Harm.LEAK,
                SMALLER,
                1,
                true,
                2,
                7,
                cut);
        return new KernelDiff.Report(9, 30, List.of(group), Map.of(), Map.of(), Optional.empty());
    }

    @Test
    void diff() {
        assertThat(KernelDiffCommand.text("5.10", "k", diff(true))).contains("#   leak; in 2 scripts, cut short\n");
        assertThat(KernelDiffCommand.text("5.10", "k", diff(false))).contains("#   leak; in 2 scripts\n");
        assertThat(KernelDiffCommand.json("5.10", "k", diff(true))).contains("\"cut\":true,");
        assertThat(KernelDiffCommand.json("5.10", "k", diff(false))).contains("\"cut\":false,");
    }

    private static Conformance.Report conform(boolean cut) {
        return new Conformance.Report(
                1,
                List.of(new Conformance.Asked(SCRIPT, Map.of(), true)),
                3,
                1,
                0,
                Map.of(),
                Map.of(),
                List.of(new Conformance.Finding(1, SCRIPT, List.of(WRONG), true, SMALLER, List.of(WRONG), "", cut)),
                List.of(),
                Optional.empty());
    }

    private String conformText(boolean cut) {
        StringWriter out = new StringWriter();
        ConformText.print(new PrintWriter(out), "k", "k against v5.9", 1, folder, conform(cut));
        return out.toString();
    }

    @Test
    void conform() {
        assertThat(conformText(true)).startsWith("# x.litmus: corrupt value, cut short\n");
        assertThat(folder.resolve("k-x-minimal.litmus"))
                .content()
                .startsWith("# k against v5.9\n# cut short: a smaller script may show it too\n# step 1, ");
        assertThat(conformText(false)).startsWith("# x.litmus: corrupt value\n");
        assertThat(folder.resolve("k-x-minimal.litmus")).content().startsWith("# k against v5.9\n# step 1, ");
    }

    private static String ktap(boolean cut) {
        return ScriptKtap.write(Map.of("k", ConformText.outcomes(conform(cut))), Map.of());
    }

    @Test
    void conformAsKtap() {
        assertThat(ktap(true).lines().map(String::strip))
                .containsSubsequence(
                        "# cut short: a smaller script may show it too",
                        "#     pages 1",
                        "not ok 1 x.litmus # corrupt value");
        assertThat(ktap(false)).doesNotContain("cut short").contains("not ok 1 x.litmus # corrupt value");
    }
}
