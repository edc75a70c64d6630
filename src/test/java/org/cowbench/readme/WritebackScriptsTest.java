package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.WriteKind;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What the guide says of scripts in which the device does not write at once is what the policies do. */
class WritebackScriptsTest {
    private static String writes(Script script, Policy policy) {
        return ModelRun.run(script, policy.rule()).stream()
                .flatMap(result -> result.writeKind().stream())
                .filter(kind -> kind != WriteKind.NEW)
                .map(WriteKind::toString)
                .collect(Collectors.joining(", "));
    }

    @Test
    void theTableOfTheGuide() throws IOException {
        List<List<String>> guide = Documents.table("script of a held device");
        List<Policy> policies =
                guide.getFirst().stream().skip(1).map(Policy::of).toList();
        List<List<String>> rows = new ArrayList<>();
        for (Script script : ShippedScripts.writeback()) {
            List<String> row = new ArrayList<>(List.of("`" + script.file().replace(".litmus", "") + "`"));
            policies.forEach(policy -> row.add(writes(script, policy)));
            rows.add(row);
        }
        String made =
                rows.stream().map(row -> "| " + String.join(" | ", row) + " |").collect(Collectors.joining("\n"));
        assertThat(guide.subList(1, guide.size())).as("%n%s", made).isEqualTo(rows);
    }

    @Test
    void theScriptOfTheGuide() {
        String guide = Documents.text(java.nio.file.Path.of("src/site/markdown/litmus.md"));
        int from = guide.indexOf("    # the page cannot leave");
        String text = guide.substring(from, guide.indexOf("\n\n", from)).stripIndent();
        assertThat(writes(ScriptParser.parse("guide", text), Policy.V5_18)).isEqualTo("copy");
        assertThat(writes(ScriptParser.parse("guide", text.replace("writeout", "pageout")), Policy.V5_18))
                .isEqualTo("reuse");
    }
}
