package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command: what it prints where, in which format, and the status it exits with. */
@Tag("slow")
class CheckCommandTest extends CheckCommandFixture {
    private static final Pattern RESULT =
            Pattern.compile("( *)(ok|not ok) (\\d+) ([a-z0-9.-]+)( # (?!TODO|XFAIL|ERROR|TIMEOUT).+)?");
    /** In a tenth of a second: what v5.18 adds to v7.3, and closes. */
    private static final String PINS = "--ops=write,read,pageout,pin,pinro,dma,unpin";

    @Test
    void aSafePolicyExitsWithZero() {
        assertThat(check(FEW, "--policy", "v5.19,oracle")).isZero();
        assertThat(out).containsPattern("(?m)^v5\\.19 +safe +- +- +safe +\\d+$").doesNotContain("UNSAFE");
        assertThat(flowing)
                .contains(
                        "every path, to the fixpoint",
                        "2 processes x 1 page, 1 reference (moves: write, read, pageout, drain, fork)");
        assertThat(err.lines()).hasSize(2).first().asString().matches("1 of 2: v5\\.19, \\d+ states, \\d+\\.\\d s");
    }

    @Test
    void anUnsafeOneExitsWithOneAndShowsTheScript() {
        assertThat(check(FEW, "--policy", "v5.19,wilcox")).isEqualTo(1);
        assertThat(out)
                .containsPattern("(?m)^wilcox +UNSAFE +- +- +safe +\\d+$")
                .contains(
                        "wilcox: isolation, shown by memory",
                        "Counterexample of 13 January 2022 (seed.litmus)",
                        "Shortest: 5 moves; every earlier depth was exhausted in 2 processes x 1 page, 1 reference"
                                + " (moves:",
                        "    pages 1\n    A write 0 1\n    A pageout 0\n    A drain\n    A fork B\n    A write 0 2\n"
                                + "    B read 0 -> 1\n",
                        "read 0: sees 2, not 1");
        assertThat(out.lines())
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(100).matches("[ -~]*"));
    }

    @Test
    void policiesWithTheSameCounterexampleShareIt() {
        check("--ops=write,pageout,pinro", "--policy", "v5.9,linus,v5.18");
        assertThat(out)
                .contains("v5.9, linus, v5.18: pin-coherence, shown by a pin")
                .doesNotContain("\nlinus: ");
    }

    @Test
    void whatTheMovesCannotViolateIsNotCalledSafe() {
        check("--policy", "v5.9", "--ops", "write,pageout,drain,fork");
        assertThat(out).containsPattern("(?m)^v5\\.9 +safe +- +- +safe ");
        assertThat(flowing)
                .contains(
                        "-: not judged, as no path here can violate secrecy: no reference is taken.",
                        "-: not judged, as no path here can violate pin-coherence: no pin is taken.");
        check("--policy", "v5.9", "--ops", "write,splice,pin");
        assertThat(out).containsPattern("(?m)^v5\\.9 +- +- +safe +safe ");
        assertThat(flowing).contains("violate isolation or secrecy: there is no second process.");
        check("--policy", "v5.9", "--ops", "fork,read,splice,pin");
        assertThat(out).containsPattern("(?m)^v5\\.9 +- +- +- +safe ");
        assertThat(flowing).contains("violate isolation or secrecy or pin-coherence: nothing is written.");
        check("--policy", "v5.9", "--ops", "fork,read,splice,pin,dma");
        assertThat(out).containsPattern("(?m)^v5\\.9 +safe +safe +safe +safe ");
        check("--policy", "v5.9", "--refs", "0", "--depth", "3");
        assertThat(out).containsPattern("(?m)^v5\\.9 +within 3 +- +- +within 3 ");
        assertThat(out).doesNotContain("moves:");
    }

    @Test
    void whatOnlyTheEnvironmentShowsIsMarked() {
        // This rule reuses a pinned page of one process, unless somebody else holds the page lock.
        String[] args = {"--rule", "mapcount == 1", "--ops", "write,pin,protect,lock", "--env", "1"};
        assertThat(check(args)).isEqualTo(1);
        assertThat(out)
                .containsPattern("(?m)^rule +- +- +UNSAFE \\(env\\) +safe ")
                .contains(
                        "UNSAFE (env): only with a move of the environment, which no script can make.",
                        "No script can show it",
                        "    [somebody else takes the lock of A's page 0]\n")
                .doesNotContain("    pages 1");
        check("--rule", "mapcount == 1", "--ops", "write,pin,protect", "--env", "1");
        assertThat(out).contains("safe").doesNotContain("UNSAFE");
    }

    @Test
    void ktapIsWellFormed() {
        assertThat(check(FEW, "--policy", "v5.19,wilcox", "--format", "ktap")).isEqualTo(1);
        List<String> lines = out.lines().toList();
        assertThat(lines.getFirst()).isEqualTo("KTAP version 1");
        Deque<int[]> open = new ArrayDeque<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int indent = line.length() - line.stripLeading().length();
            if (line.endsWith("KTAP version 1")) {
                open.push(new int[] {indent, 0, 0});
            } else if (line.stripLeading().startsWith("1..")) {
                assertThat(open.peek()[0]).isEqualTo(indent);
                open.peek()[1] = Integer.parseInt(line.strip().substring(3));
            } else if (!line.stripLeading().startsWith("#")) {
                Matcher matcher = RESULT.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                if (open.peek()[0] > indent) {
                    int[] closed = open.pop();
                    assertThat(closed[2]).as("all of the plan").isEqualTo(closed[1]);
                }
                assertThat(open.peek()[0]).isEqualTo(indent);
                assertThat(Integer.parseInt(matcher.group(3))).isEqualTo(++open.peek()[2]);
            }
        }
        assertThat(open).hasSize(1);
        assertThat(open.peek()[2]).isEqualTo(open.peek()[1]).isEqualTo(2);
        assertThat(out)
                .contains(
                        "\nok 1 v5.19\n",
                        "\nnot ok 2 wilcox\n",
                        "    # Subtest: wilcox\n",
                        "    not ok 1 isolation # UNSAFE: counterexample of 13 January 2022",
                        "    #     B read 0 -> 1\n",
                        "    ok 2 secrecy # SKIP no reference is taken\n",
                        "    ok 4 bookkeeping # safe: fixpoint in 2 processes x 1 page, 1 reference (moves: write,"
                                + " read, ");
    }

    @Test
    void jsonIsOneObjectOnStandardOutputAlone() throws IOException {
        assertThat(check(FEW, "--policy", "wilcox", "--format", "json")).isEqualTo(1);
        JsonNode root = new ObjectMapper().readTree(out);
        assertThat(root.at("/schema").intValue()).isEqualTo(1);
        JsonNode policy = root.at("/policies/0");
        assertThat(policy.at("/policy").textValue()).isEqualTo("wilcox");
        assertThat(policy.at("/verdicts/isolation").textValue()).isEqualTo("UNSAFE");
        assertThat(policy.at("/verdicts/bookkeeping").textValue()).isEqualTo("safe");
        assertThat(policy.at("/safe/bookkeeping/fixpoint").textValue()).startsWith("2 processes x 1 page, 1 reference");
        assertThat(policy.at("/safe/bookkeeping/beyond")).isEmpty();
        assertThat(policy.at("/safe/isolation").isMissingNode()).isTrue();
        assertThat(policy.at("/verdicts/secrecy").textValue()).isEqualTo("not judged");
        assertThat(policy.at("/violations/0/script").textValue()).startsWith("pages 1\nA write 0 1\n");
        assertThat(policy.at("/violations/0/did")).hasSize(6);
        assertThat(policy.at("/searches/0/complete").booleanValue()).isTrue();
        assertThat(policy.at("/searches/0/states").longValue()).isPositive();
        assertThat(policy.at("/needlessExample").textValue()).startsWith("pages 1\n");
        assertThat(err).contains("1 of 1: wilcox");
    }

    @Test
    void aRuleOfOnesOwnIsJudgedLikeAnyOther() {
        // Wilcox's test as an expression, and then with the swap entries that it forgot.
        assertThat(check(FEW, "--rule", "ref == 1 + swapcache")).isEqualTo(1);
        assertThat(out).containsPattern("(?m)^rule +UNSAFE +- ").contains("Shortest: 5 moves");
        assertThat(check(FEW, "--rule", "ref == 1 + swapcache && mapcount + swapcount == 1", "--policy", "oracle"))
                .isZero();
        assertThat(out).containsPattern("(?m)^rule +safe +- ").containsPattern("(?m)^oracle +safe +- ");
        assertThat(check("--rule", "ref ==")).isEqualTo(2);
    }

    /** What a rule adds to the kernel it would replace is the finding, not what that kernel violates itself. */
    @Test
    void relativeToABaseOnlyWhatIsAddedFails() throws IOException {
        String[] all = {"--policy", "v5.18,v5.9,oracle,v6.11", "--refs", "1", "--base", "v7.3"};
        assertThat(check(all)).isEqualTo(1);
        assertThat(out)
                .containsPattern("(?m)^v5\\.9 .* \\+secrecy \\+2$")
                .containsPattern("(?m)^v6\\.11 .* as v7\\.3$")
                .containsPattern("(?m)^oracle .* -pins$")
                .contains("v7.3, closed by v5.18, v5.9, oracle: pin-coherence, shown by ");
        assertThat(flowing)
                .contains(
                        "v5.9: v7.3 + secrecy (CVE-2020-29374 in do_swap_page) + pin-coherence (stale pin of the"
                                + " zero page, wrong COW: stale pin, lost DMA) - pin-coherence (lost device write)\n",
                        "oracle: v7.3 - pin-coherence (lost device write)\n",
                        "v6.11: as v7.3\n");
        assertThat(out.lines())
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(100).matches("[ -~]*"));
        assertThat(check(PINS, "--policy", "v6.11,oracle", "--refs", "1", "--base", "v7.3"))
                .isZero();
        assertThat(check(PINS, "--policy", "v6.11", "--refs", "1")).isEqualTo(1);
        assertThat(out).doesNotContain("against");

        assertThat(check(PINS, "--policy", "v5.18,v6.11", "--refs", "1", "--base", "v7.3", "--format", "ktap"))
                .isEqualTo(1);
        assertThat(out)
                .contains(
                        "    not ok 3 pin-coherence # not in v7.3: ",
                        "    ok 3 pin-coherence # no more than v7.3: lost",
                        "\nnot ok 1 v5.18 # v7.3 + pin-coherence (",
                        "\nok 2 v6.11 # as v7.3\n");
        assertThat(check(PINS, "--policy", "v5.18", "--refs", "1", "--base", "v7.3", "--format", "json"))
                .isEqualTo(1);
        JsonNode against = new ObjectMapper().readTree(out).at("/policies/0/against");
        assertThat(against.at("/base").textValue()).isEqualTo("v7.3");
        assertThat(against.at("/settled").booleanValue()).isTrue();
        assertThat(against.at("/adds").findValuesAsText("case")).contains("stale pin of the zero page");
        assertThat(against.at("/closes/0/case").textValue()).isEqualTo("lost device write");
        assertThat(against.at("/closes/0/script").textValue()).startsWith("pages 1\n");
    }

    @Test
    void aRuleIsRelativeToWhatItIsBuiltOn() {
        assertThat(check(FEW, "--rule", "ref == 1 + swapcache", "--base", "v5.9"))
                .isEqualTo(1);
        assertThat(flowing).contains("rule: v5.9 + isolation (counterexample of 13 January 2022)\n");
        assertThat(check(FEW, "--rule", "ref == 1", "--base", "v5.9")).isZero();
        assertThat(flowing).contains("rule: as v5.9\n");
        // Two searches, of which a checkpoint keeps one.
        assertThat(check("--policy", "v5.9", "--base", "v7.3", "--refs", "1", "--checkpoint", "c"))
                .isEqualTo(2);
        assertThat(err).contains("leave one of the two out");
    }

    @Test
    void symmetryCanBeTurnedOff() {
        assertThat(check(FEW, "--policy", "v5.19", "--no-symmetry")).isZero();
        assertThat(out).contains("2 x 1, no symmetry");
    }

    @Test
    void wrongOptionsAreUsageErrorsOfOneLine() {
        for (String[] wrong : new String[][] {
            {"--procs", "5"},
            {"--depth", "0"},
            {"--ops", "wirte"},
            {"--ops", "lock"},
            {"--threads", "0"},
            {"--threads", "100000"},
            {"--checkpoint", "c"},
            {"--policy", "v5.9,v5.8", "--refs", "1", "--checkpoint", "c"},
            {"--checkpoint", "c", "--policy", "v5.9"},
            {"--memory", "0"},
            {"--policy", "v9"},
            {"--format", "xml"},
            {"--folio", "64"},
            {"--folio", "16", "--policy", "v5.9"},
            {"--folio", "16", "--pages", "2"},
            {"--ops", "keep"},
            {"--folio", "16", "--ops", "collapse"}
        }) {
            assertThat(check(wrong)).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(err.lines()).as(String.join(" ", wrong)).hasSize(1);
            assertThat(out).isEmpty();
        }
        check("--ops", "wirte");
        assertThat(err).contains("unknown operation 'wirte' in --ops; known: write, read");
        check("--ops", "lock");
        assertThat(err).contains("needs --env");
        check("--threads", "100000");
        assertThat(err).contains("expected 1 to 256");
        check("--folio", "64");
        assertThat(err).contains("no folio of 64 KiB is explored: 16 (four pages), or 2048");
        check("--folio", "16", "--policy", "v5.9");
        assertThat(err).contains("v5.9 has no folios of that size; give --folio 2048");
        check("--folio", "16", "--ops", "collapse");
        assertThat(err).contains("--ops collapse is a move of large folios and needs --folio 2048");
        assertThat(Path.of("c")).doesNotExist();
    }

    @Test
    void aLargeFolioIsExploredWithItsMovesAndItsCost() throws IOException {
        String few = "--ops=write,fork,exit";
        assertThat(check("--folio=16", "--refs=0", few, "--policy", "v6.11,v6.15"))
                .isZero();
        assertThat(out.replaceAll("\\s+", " "))
                .contains("2 processes x a folio of 16 KiB, 0 references (moves: write, fork, exit)");
        assertThat(out).contains("holding memory", "v6.11 (at most ", "    folio 16\n");
        assertThat(check("--folio=16", "--refs=0", few, "--policy", "v6.11", "--format", "json"))
                .isZero();
        JsonNode policy = new ObjectMapper().readTree(out).at("/policies/0");
        assertThat(policy.at("/copiesHoldingMemory").longValue()).isPositive();
        assertThat(policy.at("/copiesHoldingMemoryExample").textValue()).startsWith("folio 16\n");
        assertThat(policy.at("/mostPagesHeld").intValue()).isBetween(1, 3);
        assertThat(policy.at("/searches/0/scope/folio").intValue()).isEqualTo(16);
    }

    @Test
    void everyFormatSaysWhichBuildJudgedWhichRule() throws IOException {
        String[] rule = {"--ops=write", "--rule", "ref == 1", "--base", "v5.18", "--format"};
        check(rule[0], rule[1], rule[2], rule[3], rule[4]);
        String build =
                "cowbench \\(not from a jar\\) check, (commit [0-9a-f]{10}( with uncommitted changes)?|no commit)\n";
        String given = "rule: ref == 1 (all else: v5.18)\n";
        assertThat(out).containsPattern("^" + build).contains(given);
        check(rule[0], rule[1], rule[2], rule[3], rule[4], "--format", "ktap");
        assertThat(out).containsPattern("^KTAP version 1\n1..1\n# " + build).contains("\n# " + given);
        check(rule[0], rule[1], rule[2], rule[3], rule[4], "--policy", "v5.9", "--format", "json");
        JsonNode root = new ObjectMapper().readTree(out);
        assertThat(root.at("/version").textValue()).isEqualTo("(not from a jar)");
        assertThat(root.at("/commit").isTextual()).isTrue();
        assertThat(root.at("/dirty").isBoolean()).isTrue();
        assertThat(root.at("/policies/0/rule").isMissingNode()).isTrue();
        assertThat(root.at("/policies/1/rule").textValue()).isEqualTo("ref == 1");
        assertThat(root.at("/policies/1/base").textValue()).isEqualTo("v5.18");
    }
}
