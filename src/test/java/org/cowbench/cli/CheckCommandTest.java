package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The command: what it prints where, in which format, and the status it exits with. */
class CheckCommandTest {
    private static final Pattern RESULT =
            Pattern.compile("( *)(ok|not ok) (\\d+) ([a-z0-9.-]+)( # (?!TODO|XFAIL|ERROR|TIMEOUT).+)?");
    private static final String FEW = "--ops=write,read,pageout,drain,fork";

    private String out;
    private String flowing;
    private String err;

    private int check(String... args) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        String[] all = new String[args.length + 1];
        all[0] = "check";
        System.arraycopy(args, 0, all, 1, args.length);
        int status = Main.commandLine().setOut(new PrintWriter(stdout)).setErr(new PrintWriter(stderr)).execute(all);
        out = stdout.toString();
        // Without the line breaks inside sentences.
        flowing = out.replaceAll("\\n {2}(?=\\S)", " ");
        err = stderr.toString();
        return status;
    }

    @Test
    void aSafePolicyExitsWithZero() {
        assertThat(check(FEW, "--policy", "v5.19,oracle")).isZero();
        assertThat(out).containsPattern("(?m)^v5\\.19 +safe +- +- +safe +\\d+$").doesNotContain("UNSAFE");
        assertThat(flowing).contains("every path, to the fixpoint",
                "2 processes x 1 page, 1 reference (moves: write, read, pageout, drain, fork)");
        assertThat(err.lines()).hasSize(2).first().asString().matches("1 of 2: v5\\.19, \\d+ states, \\d+\\.\\d s");
    }

    @Test
    void anUnsafeOneExitsWithOneAndShowsTheScript() {
        assertThat(check(FEW, "--policy", "v5.19,wilcox")).isEqualTo(1);
        assertThat(out).containsPattern("(?m)^wilcox +UNSAFE +- +- +safe +\\d+$")
                .contains("wilcox: isolation, shown by memory",
                        "Counterexample of 13 January 2022 (seed.litmus)",
                        "Shortest: 5 moves; every earlier depth was exhausted in 2 processes x 1 page, 1 reference (moves:",
                        "    pages 1\n    A write 0 1\n    A pageout 0\n    A drain\n    A fork B\n    A write 0 2\n"
                                + "    B read 0 -> 1\n",
                        "read 0: sees 2, not 1");
        assertThat(out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100).matches("[ -~]*"));
    }

    @Test
    void policiesWithTheSameCounterexampleShareIt() {
        check("--ops=write,pageout,pinro", "--policy", "v5.9,linus,v5.18");
        assertThat(out).contains("v5.9, linus, v5.18: pin-coherence, shown by a pin").doesNotContain("\nlinus: ");
    }

    @Test
    void whatTheMovesCannotViolateIsNotCalledSafe() {
        check("--policy", "v5.9", "--ops", "write,pageout,drain,fork");
        assertThat(out).containsPattern("(?m)^v5\\.9 +safe +- +- +safe ");
        assertThat(flowing).contains("-: not judged, as no path here can violate secrecy: no reference is taken.",
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
    void aBoundIsSaid() {
        assertThat(check(FEW, "--policy", "wilcox", "--depth", "4")).isZero();
        assertThat(out).containsPattern("(?m)^wilcox +within 4 +- +- +within 4 ");
        assertThat(flowing).contains("within N: no path of up to N moves violates it", "longer paths were not tried");
    }

    @Test
    void theMemoryBoundStopsWithAWarning() {
        assertThat(check("--policy", "oracle", "--memory", "1", "--refs", "2")).isZero();
        assertThat(err).contains("warning: oracle", "the memory bound of 1 MiB was reached", "raise it with --memory");
        assertThat(out).containsPattern("oracle +within \\d+ ").contains("Stopped early: the memory bound of 1 MiB");
    }

    /** In a JVM of its own, with less memory than the search would take. */
    @Test
    void aSmallHeapEndsASearchAndNothingElse() throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx24m",
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "check", "--policy", "oracle", "--procs", "3", "--refs", "2", "--env", "1",
                "--memory", "64").redirectErrorStream(true).start();
        String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(printed).isEqualTo(ExitStatus.OK);
        assertThat(printed).contains("warning: --memory 64 needs a larger Java heap", "-Xmx81m",
                "Stopped early: the memory bound of 20 MiB was reached").doesNotContain("OutOfMemoryError");
    }

    @Test
    void whatOnlyTheEnvironmentShowsIsMarked() {
        // This rule reuses a pinned page of one process, unless somebody else holds the page lock.
        String[] args = {"--rule", "mapcount == 1", "--ops", "write,pin,protect,lock", "--env", "1"};
        assertThat(check(args)).isEqualTo(1);
        assertThat(out).containsPattern("(?m)^rule +- +- +UNSAFE \\(env\\) +safe ")
                .contains("UNSAFE (env): only with a move of the environment, which no script can make.",
                        "No script can show it", "    [somebody else takes the lock of A's page 0]\n")
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
        assertThat(out).contains("\nok 1 v5.19\n", "\nnot ok 2 wilcox\n", "    # Subtest: wilcox\n",
                "    not ok 1 isolation # UNSAFE: counterexample of 13 January 2022", "    #     B read 0 -> 1\n",
                "    ok 2 secrecy # SKIP no reference is taken\n",
                "    ok 4 bookkeeping # safe: fixpoint in 2 processes x 1 page, 1 reference (moves: write, read, ");
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

    @Test
    void symmetryCanBeTurnedOff() {
        assertThat(check(FEW, "--policy", "v5.19", "--no-symmetry")).isZero();
        assertThat(out).contains("2 x 1, no symmetry");
    }

    @Test
    void wrongOptionsAreUsageErrorsOfOneLine() {
        for (String[] wrong : new String[][] {{"--procs", "5"}, {"--depth", "0"}, {"--ops", "wirte"},
            {"--ops", "lock"}, {"--threads", "0"}, {"--memory", "0"}, {"--policy", "v9"}, {"--format", "xml"}}) {
            assertThat(check(wrong)).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(err.lines()).as(String.join(" ", wrong)).hasSize(1);
            assertThat(out).isEmpty();
        }
        check("--ops", "wirte");
        assertThat(err).contains("unknown operation 'wirte' in --ops; known: write, read");
        check("--ops", "lock");
        assertThat(err).contains("needs --env");
    }
}
