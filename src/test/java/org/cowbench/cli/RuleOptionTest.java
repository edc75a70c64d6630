package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule of the user's own on the command line. */
class RuleOptionTest {
    private static final Path SEED = Path.of("src/main/resources/litmus/seed.litmus");

    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int execute(String... args) {
        CommandLines.Ran ran = CommandLines.run(args);
        out = ran.out();
        err = ran.err();
        return ran.status();
    }

    @Test
    void aRuleIsAPolicyLikeAnyOther() {
        String rule = "mapcount == 1 && ref == 1 + swapcache";
        assertThat(execute("litmus", "--rule", rule, SEED.toString())).as(err).isEqualTo(ExitStatus.FOUND);
        String alone = out;
        assertThat(execute("litmus", "--policy", "wilcox", SEED.toString())).isEqualTo(ExitStatus.FOUND);
        assertThat(alone).isEqualTo(out);
        assertThat(execute("litmus", "--rule", rule + " && !swapcount", SEED.toString()))
                .isEqualTo(ExitStatus.OK);
    }

    @Test
    void itIsNamedRuleBesideOthers() {
        assertThat(execute("litmus", "--policy", "v5.9", "--rule", "ref == 1", "--format", "table", SEED.toString()))
                .isEqualTo(ExitStatus.OK);
        assertThat(out.lines().anyMatch(line -> line.matches(".*v5\\.9 +rule *")))
                .as(out)
                .isTrue();
        assertThat(execute("litmus", "--policy", "v5.9", "--rule", "ref == 1", SEED.toString()))
                .isEqualTo(ExitStatus.OK);
        assertThat(out).contains("{\"policy\":\"v5.9\",", "{\"policy\":\"rule\",");
    }

    @Test
    void theBaseDecidesAllElse() throws IOException {
        Path script = Files.writeString(
                folder.resolve("swap-in.litmus"), "A write 0 1\nA pageout 0\nA drain\nA read 0\nA write 0 2\n");
        execute("litmus", "--rule", "0", script.toString());
        assertThat(out.lines().toList().getLast()).contains("\"minor\":1").contains("changed");
        // v6.11 maps the page writable by the read already, so that no rule is ever asked.
        execute("litmus", "--rule", "0", "--base", "v6.11", script.toString());
        assertThat(out.lines().toList().getLast()).contains("\"minor\":0").contains("same");
    }

    @Test
    void anErrorPointsAtTheCharacter() {
        assertThat(execute("litmus", "--rule", "ref == 1 && mapcuont == 1", SEED.toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.lines()).hasSize(3);
        assertThat(err)
                .startsWith("cowbench: --rule: character 13: unknown name 'mapcuont'; known: excl, exclusive, lmap, ")
                .endsWith("\n  ref == 1 && mapcuont == 1\n              ^\n");
        assertThat(out).isEmpty();
    }

    @Test
    void aRuleTooDeepToReadIsOneLine() {
        for (String rule : List.of(
                "(".repeat(400) + "ref" + ")".repeat(400), "!".repeat(6000) + "ref", "ref" + " + 1".repeat(9000))) {
            assertThat(execute("litmus", "--rule", rule, SEED.toString())).isEqualTo(ExitStatus.USAGE);
            assertThat(err)
                    .startsWith("cowbench: --rule: ")
                    .containsOnlyOnce("\n")
                    .hasSizeLessThan(120);
            assertThat(out).isEmpty();
        }
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(execute("litmus", SEED.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err).containsOnlyOnce("\n").contains("--policy", "--rule");
        assertThat(execute("litmus", "--policy", "v5.9", "--base", "v5.9", SEED.toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err).containsOnlyOnce("\n").contains("--base");
    }
}
