package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cowbench.bench.Cell;
import org.cowbench.policy.Policy;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands: what they print where, and the status they exit with. */
@Tag("slow")
class MainTest {
    /** Iterations far too short for a figure, long enough for a fork to run. */
    private static final String[] TINY = {"--timing", "1,1,10", "--no-plots"};

    @TempDir
    private Path results;

    private String out;
    private String err;

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    private int execute(String... args) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(stdout))
                .setErr(new PrintWriter(stderr))
                .execute(args);
        out = stdout.toString();
        err = stderr.toString();
        return status;
    }

    private int run(String... args) {
        String[] all = new String[args.length + TINY.length + 3];
        all[0] = "run";
        all[1] = "--results";
        all[2] = results.toString();
        System.arraycopy(TINY, 0, all, 3, TINY.length);
        System.arraycopy(args, 0, all, 3 + TINY.length, args.length);
        return execute(all);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        assertThat(execute("--help")).isEqualTo(ExitStatus.OK);
        assertThat(out).contains("Exit status").contains("Example");
        for (String name : Main.commandLine().getSubcommands().keySet()) {
            assertThat(execute(name, "--help")).as(name).isEqualTo(ExitStatus.OK);
            assertThat(out).as(name).containsPattern("Examples?:").contains("./run-bench.sh " + name);
            assertThat(out.lines()).as(name).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(err).isEmpty();
        }
    }

    @Test
    void whatIsWrongWithACommandLineIsOneLineAndStatusTwo() {
        usage("unknown policy 'v4.0'", "run", "--policy", "v5.9,v4.0");
        assertThat(err).contains("v5.7", "oracle");
        usage("give it with --rule EXPR", "run", "--policy", "v5.9,rule");
        usage("--base says what a rule is built on", "run", "--base", "v5.9");
        usage("it is called policy=rule there", "run", "--rule", "1", "--bench", "policy=v5.9");
        usage("--suite", "run", "--suite", "huge");
        usage("no regular expression", "run", "--bench", "(");
        usage("nothing to measure", "run", "--bench", "NoSuchThing");
        usage("--forks must be from 1", "run", "--forks", "0");
        usage("no directory name", "run", "--label", "../x");
        usage("--timing wants three numbers", "run", "--bench", "empty", "--timing", "1,2");
        usage("unknown command 'measure'; expected one of run, list, ", "measure");
        usage(
                "unknown option '--polcy'; did you mean --policy? (see run-bench.sh run --help)",
                "run",
                "--polcy",
                "v5.9");
        usage("no result", "plot", "no-such-label");
    }

    private void usage(String message, String... args) {
        assertThat(execute(args)).as(String.join(" ", args)).isEqualTo(ExitStatus.USAGE);
        assertThat(err).as("one line").containsOnlyOnce("\n").endsWith("\n");
        assertThat(err).contains(message);
        assertThat(out).isEmpty();
    }

    @Test
    void listNamesEverything() {
        assertThat(execute("list")).isEqualTo(ExitStatus.OK);
        assertThat(out)
                .contains(
                        "policies",
                        "benchmarks",
                        "workloads",
                        "suites",
                        "zipf-0.99: 16384 pages",
                        "WriteAfterRead.l2",
                        "Churn.run",
                        "quick",
                        "full");
        for (Policy policy : Policy.shipped()) {
            assertThat(out).contains("  " + policy.id());
        }
        assertThat(execute("list", "--cells")).isEqualTo(ExitStatus.OK);
        assertThat(out.lines()).contains("Primitives.empty", "WriteAfterRead.dram;policy=v5.19;situation=PINNED");
    }

    @Test
    void aRunLeavesAResultAndPrintsItsTable() {
        assertThat(run(
                        "--bench",
                        "l2;policy=.*;situation=SWAPCACHE",
                        "--policy",
                        "v5.9,v6.11",
                        "--forks",
                        "2",
                        "--label",
                        "two",
                        "--seed",
                        "5"))
                .as(() -> err)
                .isEqualTo(ExitStatus.OK);
        ResultDirectory read = ResultDirectory.read(results.resolve("two"));
        assertThat(read.info().suite()).isEqualTo("custom");
        assertThat(read.info().seed()).isEqualTo(5);
        assertThat(read.info().command()).startsWith("run-bench.sh", "run").contains("--label", "two");
        assertThat(read.info().forks()).extracting(ForkInfo::block).containsExactly(0, 0, 1, 1);
        assertThat(read.info().warnings()).anySatisfy(line -> assertThat(line).startsWith("a look, not a claim"));
        assertThat(read.measurements()).hasSize(2);
        assertThat(read.measurements().getFirst().secondary().get("copies").forkMeans())
                .containsOnly(1);
        assertThat(read.measurements().getLast().secondary().get("copies").forkMeans())
                .containsOnly(0);
        assertThat(read.histograms().values())
                .allSatisfy(histogram -> assertThat(histogram.getTotalCount()).isPositive());
        assertThat(out).contains("v5.9", "v6.11");
        assertThat(err).contains("results: " + results.resolve("two")).contains("4 of 4 forks");

        assertThat(run("--bench", "Primitives.empty", "--label", "two")).isEqualTo(ExitStatus.LACKS);
        assertThat(err.lines()).singleElement().asString().contains("exists already");
    }

    @Test
    void aRuleIsJudgedAndThenMeasured() {
        String rule = "mapcount == 1 && ref == 1 + swapcache";
        assertThat(run(
                        "--rule",
                        rule,
                        "--base",
                        "linus",
                        "--bench",
                        "l2;policy=.*;situation=HIDDEN_SHARER",
                        "--label",
                        "own"))
                .as(() -> err)
                .isEqualTo(ExitStatus.OK);
        ResultDirectory read = ResultDirectory.read(results.resolve("own"));
        assertThat(read.info().environment())
                .containsEntry("rule", rule)
                .containsEntry("rule.base", "linus")
                .containsEntry("rule.verdict", "UNSAFE i/s/p")
                .hasEntrySatisfying(
                        "rule.cases", cases -> assertThat(cases.split(",")).contains("SWAP_ENTRY", "CVE_DO_SWAP_PAGE"));
        assertThat(read.measurements())
                .extracting(measurement -> measurement.params().get("policy"))
                .containsExactly("V5_9", "LINUS", "RULE");
        assertThat(read.measurements().getLast().secondary().get("copies").forkMeans())
                .as("wilcox reuses")
                .containsOnly(0);
        assertThat(out)
                .contains("rule: " + rule + " (all else as linus)")
                .containsPattern("(?m)^rule! .* \\+isolation( \\+\\d)?$");
        assertThat(err).containsPattern("1 of 1: rule, [0-9]+ states(?s).*9 of 9 forks");

        // What was measured is read without the rule.
        assertThat(execute("compare", results.resolve("own").toString(), "--by", "policy", "--base", "v5.9"))
                .as(() -> err)
                .isEqualTo(ExitStatus.OK);
        assertThat(out).contains("rule");
    }

    @Test
    void aBadRuleIsSaidBeforeAnythingIsMeasured() {
        assertThat(run("--rule", "ref == 1 &&")).isEqualTo(ExitStatus.USAGE);
        assertThat(err).startsWith("cowbench: --rule: character 12").endsWith("\n  ref == 1 &&\n             ^\n");
        assertThat(results).isEmptyDirectory();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsStatusThree() throws IOException {
        Path file = Files.createFile(results.resolve("file"));
        int status = execute("run", "--bench", "Primitives.empty", "--results", file.toString());
        assertThat(status).isEqualTo(ExitStatus.LACKS);
        assertThat(err.lines()).singleElement().asString().contains("--results DIR");
        assertThat(out).isEmpty();
    }

    /** Nothing is judged, built or measured first: a rule would be judged in lines of progress. */
    @Test
    void placesAreLookedAtBeforeAnythingIsDone() throws IOException {
        Path file = Files.createFile(results.resolve("file"));
        for (List<String> command : List.of(
                List.of("run", "--rule", "1", "--no-plots"),
                List.of("ab", "HEAD", "HEAD", "--no-plots"),
                List.of("kernel", "bench", "--host", "--setup-swap", "1G"),
                List.of("kernel", "timeline"))) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--results", file.resolve("below").toString()));
            cannotWrite(file, "--results DIR", all);
        }
        Path place = results.resolve("results");
        for (List<String> command :
                List.of(List.of("run", "--rule", "1"), List.of("ab", "HEAD", "HEAD"), List.of("kernel", "timeline"))) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--results", place.toString(), "--plots", file.toString()));
            cannotWrite(file, "--plots DIR", all);
        }
        assertThat(place).doesNotExist();
        Files.createDirectories(place.resolve("taken"));
        for (String name : List.of("cut", "killed.partial")) {
            Files.writeString(Files.createDirectories(place.resolve(name)).resolve("plan.json"), "{}");
            String label = name.replace(".partial", "");
            assertThat(execute("run", "--bench", "Primitives.empty", "--results", place.toString(), "--label", label))
                    .isEqualTo(ExitStatus.LACKS);
            assertThat(err.lines())
                    .singleElement()
                    .asString()
                    .contains("go on with it: ./run-bench.sh run --resume " + label + " --results " + place);
        }
        for (List<String> command :
                List.of(List.of("run", "--rule", "1"), List.of("kernel", "bench", "--host", "--setup-swap", "1G"))) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--results", place.toString(), "--label", "taken"));
            assertThat(execute(all.toArray(String[]::new))).as("%s", all).isEqualTo(ExitStatus.LACKS);
            assertThat(err.lines()).as("%s", all).singleElement().asString().contains("exists already");
        }
    }

    private void cannotWrite(Path file, String remedy, List<String> command) {
        assertThat(execute(command.toArray(String[]::new))).as("%s", command).isEqualTo(ExitStatus.LACKS);
        assertThat(err.lines())
                .as("%s", command)
                .singleElement()
                .asString()
                .startsWith("cowbench: cannot write to " + file)
                .contains(file + " is not a directory")
                .endsWith(remedy);
        assertThat(out).isEmpty();
    }

    @Test
    void optionsAreCheckedBeforeAnythingIsDone() {
        usage("--timing wants three numbers", "run", "--rule", "1", "--timing", "1,2,x");
        usage("--timeout 0", "kernel", "bench", "--cached", "no-such-kernel", "--timeout", "0");
        usage("--jobs 0", "kernel", "bench", "--cached", "no-such-kernel", "--jobs", "0");
        usage("it takes no --forks", "run", "--resume", "x", "--forks", "3");
        usage("no run 'x' to resume", "run", "--resume", "x", "--results", results.toString());
    }

    @Test
    void progressIsAPlainLineOffATerminal() {
        StringWriter text = new StringWriter();
        ProgressLine plain = new ProgressLine(new PrintWriter(text), false);
        Cell cell = new Cell("p.A.b", Map.of(), 1);
        ForkInfo fork = new ForkInfo(0, 0, "A.b", Map.of(), "", 1, 1, "ns/op", null);
        plain.starting(cell, 0, 3, 75);
        plain.finished(fork, 1, 3, 50);
        plain.starting(cell, 1, 3, 50);
        plain.finished(fork, 3, 3, 0);
        assertThat(text.toString().lines())
                .containsExactly("0 of 3 forks, about 1:15 left", "3 of 3 forks, about 0:00 left");
        assertThat(ProgressLine.onTerminal(Map.of("CI", "true"))).isFalse();
        assertThat(ProgressLine.onTerminal(Map.of("TERM", "dumb"))).isFalse();
    }

    @Test
    void progressIsABarOnATerminal() {
        StringWriter text = new StringWriter();
        ProgressLine bar = new ProgressLine(new PrintWriter(text), true);
        bar.starting(new Cell("p.A.b", Map.of("policy", "V5_9"), 1), 1, 2, 61.4);
        assertThat(text.toString()).isEqualTo("\r\033[K[############............] 1/2  1:01 left  A.b;policy=v5.9");
        bar.warning("mind the gap");
        assertThat(text.toString()).endsWith("\r\033[Kwarning: mind the gap\n");
    }

    @Test
    void failuresHaveTheirStatus() {
        CommandLine command = Main.commandLine();
        assertThat(List.of(
                        status(command, new org.cowbench.result.ResultStorageException("full", null)),
                        status(command, new org.cowbench.bench.BenchException("locked", null)),
                        status(command, new org.cowbench.result.ResultException("cut short")),
                        status(command, new IllegalStateException("a bug"))))
                .containsExactly(ExitStatus.LACKS, ExitStatus.LACKS, ExitStatus.USAGE, ExitStatus.INTERNAL);
    }

    @Test
    void errorsHaveAStatusOfTheirOwnToo() {
        assertThat(statusOf(() -> {
                    throw new OutOfMemoryError("Java heap space");
                }))
                .isEqualTo(ExitStatus.LACKS);
        assertThat(err.lines()).singleElement().asString().contains("out of memory (Java heap space)", "-Xmx");
        assertThat(statusOf(() -> {
                    throw new AssertionError("a bug");
                }))
                .isEqualTo(ExitStatus.INTERNAL);
        assertThat(err).startsWith("cowbench: internal error").contains("a bug", "\tat ");
    }

    @CommandLine.Command(name = "failing")
    private record Failing(Runnable failure) implements Runnable {
        @Override
        public void run() {
            failure.run();
        }
    }

    private int statusOf(Runnable failure) {
        StringWriter stderr = new StringWriter();
        CommandLine command = new CommandLine(new Failing(failure)).setErr(new PrintWriter(stderr));
        int status = Main.execute(command);
        err = stderr.toString();
        return status;
    }

    private static int status(CommandLine command, Exception e) {
        command.setErr(new PrintWriter(new StringWriter()));
        try {
            return command.getExecutionExceptionHandler().handleExecutionException(e, command, null);
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }
}
