package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.cowbench.ab.AbStudy;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.cli.CommandLines;
import org.cowbench.kernel.KernelEra;
import org.cowbench.litmus.LostValues;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.report.kernel.KernelTable;
import org.cowbench.report.litmus.LitmusSummary;
import org.cowbench.report.litmus.LitmusTable;
import org.cowbench.report.run.RunTable;
import org.cowbench.report.run.RunView;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every table and figure of README and the guides that comes from a committed result or from a command is what these
 * give. The table of {@code check} is in {@code VerdictsTest}, which has searched anyway, steps compared with kernels
 * in {@code ConformanceTest}, times of suites and sessions in {@code UsageTest}. What a stopwatch or a kernel has said
 * once, and nothing here can say again, is not here.
 */
class ReadmeTest {
    private static final Path RESULTS = Path.of("results");
    /** What a histogram of three digits is good for, in per cent. */
    private static final double DIGITS = 0.1;

    // ---- Cost: the result that README names ----

    /** Read once, and not in the fast lane: it is a file of tens of megabytes. */
    private static ResultDirectory fullSuite;

    private static RunView fullSuiteView;

    private static ResultDirectory fullSuite() throws IOException {
        if (fullSuite == null) {
            fullSuite = ResultDirectory.read(
                    RESULTS.resolve(Documents.figures("From `results/(\\S+)` \\((?:\\d+|\\d+ to \\d+) forks,")
                            .group(1)));
        }
        return fullSuite;
    }

    private static RunView.Block block(String benchmark, String value) throws IOException {
        if (fullSuiteView == null) {
            fullSuiteView = RunView.of(fullSuite());
        }
        return fullSuiteView.blocks().stream()
                .filter(block -> block.benchmark().equals(benchmark)
                        && (value.isEmpty() || block.params().containsValue(value)))
                .findFirst()
                .orElseThrow();
    }

    @Tag("slow")
    @Test
    void costs() throws IOException {
        List<List<String>> rows = Documents.table("private page in the swap cache");
        RunView.Block l2 = block("WriteAfterRead.l2", "SWAPCACHE");
        assertThat(rows).hasSize(7);
        costs(rows, "working set in L2", l2, row -> row.cost().estimate());
        costs(rows, "ratio to v5.9", l2, row -> row.ratio().estimate());
        costs(rows, "working set in DRAM", block("WriteAfterRead.dram", "SWAPCACHE"), row -> row.cost()
                .estimate());
        costs(rows, "copies per 1000 writes", l2, row -> row.perOperation(KnownMetric.COPIES) * 1000);
        costs(rows, "read and write as one operation, in L2", block("Faults.readThenWrite", ""), row -> row.cost()
                .estimate());
        for (int column = 1; column < rows.getFirst().size(); column++) {
            Policy policy = Policy.of(rows.getFirst().get(column));
            assertThat(row(rows, "worst violation beyond v7.3's").get(column))
                    .as(policy.id())
                    .isEqualTo(Relative.declared(KnownCase.of(policy), Relative.NEWEST)
                            .brief()
                            .replaceFirst(" \\+\\d$", ""));
        }
    }

    private static List<String> row(List<List<String>> rows, String name) {
        return rows.stream()
                .filter(row -> row.getFirst().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void costs(
            List<List<String>> rows, String name, RunView.Block block, ToDoubleFunction<RunView.Row> figure) {
        for (int column = 1; column < rows.getFirst().size(); column++) {
            Policy policy = Policy.of(rows.getFirst().get(column));
            assertRounded(
                    row(rows, name).get(column),
                    figure.applyAsDouble(block.row(policy).orElseThrow()));
        }
    }

    /** As many decimals as are written. */
    private static void assertRounded(String written, double value) {
        int point = written.indexOf('.');
        assertThat(written)
                .isEqualTo(
                        String.format(Locale.ROOT, "%." + (point < 0 ? 0 : written.length() - point - 1) + "f", value));
    }

    @Tag("slow")
    @Test
    void redisUnderPressure() throws IOException {
        RunView.Block redis = block("Churn.run", "REDIS");
        String copies = Documents.figures(
                        "redis-server with 80 % of its pages resident copies (\\S+) pages per 1000 accesses"
                                + " under v5.9, all of them needlessly, and none from v5.19 on")
                .group(1);
        RunView.Row before = redis.row(Policy.V5_9).orElseThrow();
        assertRounded(copies, before.perOperation(KnownMetric.COPIES) * 1000);
        assertThat(before.perOperation(KnownMetric.NEEDLESS_COPIES)).isEqualTo(before.perOperation(KnownMetric.COPIES));
        assertThat(redis.rows())
                .filteredOn(row -> row.policy()
                        .filter(policy ->
                                policy.ordinal() >= Policy.V5_19.ordinal() && policy.ordinal() <= Policy.V7_3.ordinal())
                        .isPresent())
                .isNotEmpty()
                .allSatisfy(
                        row -> assertThat(row.perOperation(KnownMetric.COPIES)).isZero());
    }

    @Tag("slow")
    @Test
    void faultsAgainstTheSumOfTheirPrimitives() throws IOException {
        StringBuilder text = new StringBuilder();
        RunTable.print(fullSuite(), text);
        List<String> sums = new ArrayList<>();
        // As printed: path, policy, measured ns, sum ns, ratio.
        Matcher line = Pattern.compile("(?m)^\\S.*? +v5\\.\\S+ +([0-9.]+) +([0-9.]+) +([0-9.]+)$")
                .matcher(text.substring(text.indexOf("Measured cost against the sum")));
        while (line.find()) {
            sums.add(line.group(1) + " " + line.group(2) + " " + line.group(3));
        }
        for (String where : List.of("L2", "DRAM")) {
            MatchResult said = Documents.figures("in " + where + " the copy costs (\\S+) times its parts"
                    + " \\((\\S+) against (\\S+) ns\\) and the reuse (\\S+) times \\((\\S+) against (\\S+) ns\\)");
            assertThat(sums)
                    .contains(
                            said.group(2) + " " + said.group(3) + " " + said.group(1),
                            said.group(5) + " " + said.group(6) + " " + said.group(4));
        }
    }

    // ---- Safety ----

    @Test
    void wilcoxesCounterexample() throws IOException {
        List<String> golden = Documents.even(Files.readAllLines(Path.of("src/test/resources/golden/check-wilcox.txt")));
        assertThat(golden).containsSequence(Documents.block("wilcox: isolation, shown by memory"));
        assertThat(golden).containsSequence(Documents.block("0 write 0 1: new page"));
    }

    @Test
    void aDevicesLostWrite() throws IOException {
        MatchResult kernels =
                Documents.figures("Debian's ([0-9., ]+) and ([0-9.]+) kernels do it, ([0-9.]+) and ([0-9.]+) do not:"
                        + " `src/main/resources/litmus/dma-clean.litmus`");
        Stream.concat(Arrays.stream(kernels.group(1).split(", ")), Stream.of(kernels.group(2)))
                .forEach(kernel -> assertThat(losesAWrite(kernel)).as(kernel).isTrue());
        Stream.of(kernels.group(3), kernels.group(4))
                .forEach(kernel -> assertThat(losesAWrite(kernel)).as(kernel).isFalse());
    }

    private static boolean losesAWrite(String series) {
        return !LostValues.of(ModelRun.run(
                        ShippedScripts.named("dma-clean.litmus"),
                        KernelEra.policyOf(series).rule()))
                .isEmpty();
    }

    // ---- Kernels ----

    /** Kernels by their eras' policies, to which conformance holds them. */
    @Test
    void scriptsOnKernels() throws IOException {
        List<String> written = Documents.block("script 5.10");
        String[] kernels = written.getFirst().split(" ");
        List<org.cowbench.litmus.Script> scripts = written.stream()
                .skip(1)
                .map(line -> ShippedScripts.named(line.split(" ")[0] + ".litmus"))
                .toList();
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        for (int i = 1; i < kernels.length; i++) {
            Policy policy = KernelEra.policyOf(kernels[i]);
            columns.put(
                    kernels[i],
                    scripts.stream()
                            .map(script -> ModelRun.run(script, policy.rule()))
                            .toList());
        }
        assertThat(Documents.even(LitmusSummary.draw(scripts, columns).lines().toList()))
                .isEqualTo(written);
    }

    @Test
    void timelineOfKernels() throws IOException {
        StringBuilder text = new StringBuilder();
        String label =
                Documents.figures("From `results/(\\S+)` \\(3 minutes\\)").group(1);
        ResultDirectory timeline = ResultDirectory.read(RESULTS.resolve(label));
        KernelTable.print(List.of(timeline), text);
        List<String> printed = Documents.even(text.toString().lines().toList());
        assertThat(printed).containsSequence(Documents.block("kernel policy swapInRead"));

        MatchResult ratio =
                Documents.figures("The copy on 5.10 costs (\\S+) times the reuse on 6.1 by medians, (\\S+) by means");
        assertThat(String.join(" ", printed))
                .containsPattern("writeAfterRead: copy \\(5\\.10\\) / reuse \\(6\\.1\\) = \\S+ / \\S+ = "
                        + ratio.group(1) + " by medians, \\S+ / \\S+ = " + ratio.group(2) + " by means");
        MatchResult tail =
                Documents.figures("one page in about 64 pays for a batch of swap slots \\(99th percentile (\\S+)\\),"
                        + " from 6.16 on none does \\((\\S+)\\)");
        assertThat(number(tail.group(1))).isCloseTo(percentile(timeline, "6.12"), Percentage.withPercentage(DIGITS));
        assertThat(number(tail.group(2))).isCloseTo(percentile(timeline, "6.16"), Percentage.withPercentage(DIGITS));
    }

    private static double number(String written) {
        return Double.parseDouble(written.replace(",", ""));
    }

    private static double percentile(ResultDirectory timeline, String kernel) {
        Map<String, Histogram> histograms = new TreeMap<>(timeline.histograms());
        histograms.keySet().removeIf(tag -> !tag.contains("writeSwapIn") || !tag.endsWith("kernel=" + kernel));
        assertThat(histograms).hasSize(1);
        return histograms.values().iterator().next().getValueAtPercentile(99) / 1000.0;
    }

    // ---- Large folios: two results, a model's and that of kernels ----

    /** One fault for the folio or one a page: what the model counts and what kernels were counted to do. */
    @Test
    void faultsOfAFolio() throws IOException {
        MatchResult results = Documents.figures(
                "From `results/(\\S+)` \\(model, 3 forks\\) and `results/(\\S+)` \\(guests, 3 boots\\)");
        RunView.Block model = RunView.of(ResultDirectory.read(RESULTS.resolve(results.group(1)))).blocks().stream()
                .filter(block -> block.benchmark().equals(KnownBenchmark.FOLIO_SWAP_IN.id())
                        && block.params().containsValue(FolioKind.KIB_64.name()))
                .findFirst()
                .orElseThrow();
        Map<String, Measurement> guests =
                ResultDirectory.read(RESULTS.resolve(results.group(2))).measurements().stream()
                        .filter(each -> each.benchmark().equals(KnownBenchmark.GUEST_FOLIO_SWAP_IN.id())
                                && FolioKind.KIB_64.name().equals(each.params().get(FolioKind.PARAM)))
                        .collect(Collectors.toMap(
                                each -> each.params().get(org.cowbench.result.Tag.KERNEL_PARAM), each -> each));
        List<List<String>> rows = Documents.table("64 KiB, swapped out, forked, child gone");
        assertThat(rows).hasSize(4);
        for (int column = 1; column < rows.getFirst().size(); column++) {
            String kernel = rows.getFirst().get(column);
            Measurement guest = guests.get(kernel);
            RunView.Row row = model.row(KernelEra.policyOf(kernel)).orElseThrow();
            assertThat(row(rows, "faults in a guest").get(column))
                    .as(kernel)
                    .isEqualTo(String.format(
                            Locale.ROOT,
                            "%.0f",
                            Forks.median(guest.secondary()
                                    .get(KnownMetric.MINOR_FAULTS.id())
                                    .forkMeans())));
            assertThat(row(rows, "guest instructions").get(column))
                    .as(kernel)
                    .isEqualTo(String.format(Locale.ROOT, "%,.0f", Forks.median(guest.forkMeans())));
            assertRounded(row(rows, "faults in the model").get(column), row.perOperation(KnownMetric.FAULTS));
        }
        MatchResult words =
                Documents.figures("of 64 KiB (7\\S+) takes (\\d+) faults and (\\S+) guest instructions, (6\\S+) takes"
                        + " (\\d+) and (\\S+) \\(");
        for (int group = 1; group < 6; group += 3) {
            int column = rows.getFirst().indexOf(words.group(group));
            assertThat(column).as(words.group(group)).isPositive();
            assertThat(row(rows, "faults in a guest").get(column)).isEqualTo(words.group(group + 1));
            assertThat(row(rows, "guest instructions").get(column)).isEqualTo(words.group(group + 2));
        }
        MatchResult times =
                Documents.figures("In the model `(v7\\S+)` takes (\\d+) faults and (\\S+) µs, `(v6\\S+)` takes"
                        + " (\\d+) and (\\S+) µs");
        for (int group = 1; group < 6; group += 3) {
            RunView.Row row = model.row(Policy.of(times.group(group))).orElseThrow();
            assertRounded(times.group(group + 1), row.perOperation(KnownMetric.FAULTS));
            assertRounded(times.group(group + 2), row.cost().estimate() / 1000);
        }
    }

    // ---- Comparing ----

    @Test
    void aComparison() throws IOException {
        MatchResult sides = Documents.figures("\\(`results/(\\S+)` and `(\\S+)`, shortened;");
        String base = sides.group(1);
        String head = base.substring(0, base.lastIndexOf("-")) + sides.group(2);
        List<String> printed = Documents.even(CommandLines.output(
                        "compare",
                        RESULTS.resolve(base).toString(),
                        RESULTS.resolve(head).toString())
                .lines()
                .toList());
        List<String> written = new ArrayList<>(Documents.block("cowbench compare"));
        written.addAll(Documents.block("WriteAfterRead.l2 situation=SWAPCACHE"));
        // Shortened: lines are left out, and the ends of some.
        int at = 0;
        for (String line : written) {
            int from = at;
            at = IntStream.range(from, printed.size())
                            .filter(i -> printed.get(i).startsWith(line))
                            .findFirst()
                            .orElseThrow(() ->
                                    new AssertionError(line + "\nis not in\n" + printed.subList(from, printed.size())))
                    + 1;
        }
    }

    @Test
    void howOftenAComparisonIsWrong() throws IOException {
        String label = Documents.figures("ab --self HEAD --blocks 20 --seed \\d+ --label (\\S+)")
                .group(1);
        List<ResultDirectory> plain = Stream.concat(
                        Stream.of("base"), Stream.of(1, 2, 3, 4, 5, 6, 7).map(copy -> "copy" + copy))
                .map(side -> ResultDirectory.read(RESULTS.resolve(label + "-" + side)))
                .toList();
        Map<String, ResultDirectory> planted = new LinkedHashMap<>();
        planted.put("3 % slower", ResultDirectory.read(RESULTS.resolve(label + "-slower3")));
        planted.put("1 % slower", ResultDirectory.read(RESULTS.resolve(label + "-slower1")));
        List<String> printed = Documents.even(
                new AbStudy(Rule.DEFAULT, plain, planted).table(10, 20).lines().toList());
        List<String> written = new ArrayList<>(Documents.block("level 1.0 %"));
        written.addAll(Documents.block("blocks rows faster"));
        assertThat(written).isEqualTo(printed);
        int same = printed.stream()
                .filter(line -> line.contains("no difference"))
                .mapToInt(line -> Integer.parseInt(line.split(" ")[3]))
                .sum();
        assertThat(Documents.figures("None of (\\d+) comparisons without a difference is called")
                        .group(1))
                .isEqualTo("" + same);
    }

    // ---- README's transcript ----

    @Test
    void aScriptUnderPolicies() throws IOException {
        List<String> written = Documents.block("seed.litmus v5.9");
        String ids =
                String.join(",", Arrays.asList(written.getFirst().split(" ")).subList(1, 5));
        assertThat(Documents.figures("litmus --policy (\\S+) --format table src/main/resources/litmus/seed.litmus")
                        .group(1))
                .isEqualTo(ids);
        Map<String, List<StepResult>> columns = new LinkedHashMap<>();
        Arrays.stream(written.getFirst().split(" "))
                .skip(1)
                .forEach(id -> columns.put(
                        id,
                        ModelRun.run(
                                ShippedScripts.named("seed.litmus"),
                                Policy.of(id).rule())));
        assertThat(Documents.even(LitmusTable.draw(ShippedScripts.named("seed.litmus"), columns)
                        .lines()
                        .toList()))
                .isEqualTo(written);
    }

    // ---- All of it ----

    @Test
    void policiesAreThoseThereAre() throws IOException {
        String written = Documents.figures("`(v5[^`]*)`, and the bounds").group(1) + " "
                + Documents.figures("and the bounds `([^`]*)`").group(1);
        assertThat(written.split("\\s+"))
                .containsExactly(Policy.shipped().stream().map(Policy::id).toArray(String[]::new));
    }
}
