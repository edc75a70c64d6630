package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.compare.Gate;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Test;

/** What a comparison makes of plain files of JMH: few forks, one iteration, renamed parameters, other units, zero. */
class PlainFilesTest extends ComparisonFixture {
    private Path json(String name, String... entries) throws IOException {
        return Files.writeString(results.resolve(name), "[" + String.join(",", entries) + "]");
    }

    @Test
    void whatJmhsFilesSayOfTheirSettingsIsCompared() throws IOException {
        String settings = "\"jdkVersion\":\"%s\",\"jvmArgs\":[\"-Xmx1g\",\"%s\"],\"threads\":%s,";
        Path base = json(
                "a.json",
                entry("X.m", "avgt", "", "ns/op", "[[1],[1]]")
                        .replace("\"mode\"", String.format(settings, "21", "-XX:+UseSerialGC", "1") + "\"mode\""));
        Path head = json(
                "b.json",
                entry("X.m", "avgt", "", "ns/op", "[[1],[1]]")
                        .replace("\"mode\"", String.format(settings, "25", "-XX:+UseG1GC", "1") + "\"mode\""));
        assertThat(compare(base, head).environment())
                .containsExactly(
                        new Comparison.Difference("jmh.jdkVersion", "21", "25", false),
                        new Comparison.Difference(
                                "jmh.jvmArgs", "-Xmx1g -XX:+UseSerialGC", "-Xmx1g -XX:+UseG1GC", false));
        // One side alone has a run.json: what both files say is compared all the same.
        Path directory = Files.createDirectories(results.resolve("directory"));
        Files.copy(head, directory.resolve(ResultDirectory.JMH_FILE));
        Files.writeString(
                directory.resolve(ResultDirectory.RUN_FILE),
                "{\"schema\":1,\"complete\":true,\"environment\":{\"jdk\":\"Example 25\"}}");
        assertThat(compare(base, directory).environment())
                .extracting(Comparison.Difference::key)
                .containsExactly("jmh.jdkVersion", "jmh.jvmArgs");
        Path other = Files.createDirectories(results.resolve("other"));
        Files.copy(base, other.resolve(ResultDirectory.JMH_FILE));
        Files.writeString(
                other.resolve(ResultDirectory.RUN_FILE),
                "{\"schema\":1,\"complete\":true,\"environment\":{\"jdk\":\"Example 21\"}}");
        assertThat(compare(other, directory).environment())
                .as("the JVM is told once")
                .containsExactly(new Comparison.Difference("jdk", "Example 21", "Example 25", false));
    }

    @Test
    void anyProjectsJmhJson() throws IOException {
        Path base = json(
                "old.json",
                entry("Codec.encode", "avgt", "\"size\":\"10\"", "ns/op", "[[100,101],[102,100]]"),
                entry("Codec.rate", "thrpt", "", "ops/s", "[[1000],[1001],[999]]"));
        Path head = json(
                "new.json",
                entry("Codec.encode", "avgt", "\"size\":\"10\"", "us/op", "[[0.1,0.101],[0.102,0.1]]"),
                entry("Codec.rate", "thrpt", "", "ops/ms", "[[2],[2.001],[1.999]]"));
        List<Row> rows = compare(base, head).rows();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).change().estimate())
                .as("microseconds become nanoseconds")
                .isCloseTo(1, within(1e-9));
        assertThat(rows.get(1).lowerIsBetter()).isFalse();
        assertThat(rows.get(1).verdict()).isEqualTo(Verdict.FASTER);
        assertThat(rows.get(1).worsePercent()).isCloseTo(-50, within(0.2));
    }

    @Test
    void oneForkOneIterationNotANumber() throws IOException {
        Path base = json(
                "a.json",
                entry("X.one", "avgt", "", "ns/op", "[[100]]"),
                entry("X.nan", "avgt", "", "ns/op", "[[\"NaN\",\"+INF\"],[5,5]]"),
                entry("X.nothing", "avgt", "", "ns/op", "[[\"NaN\"]]"));
        Path head = json(
                "b.json",
                entry("X.one", "avgt", "", "ns/op", "[[110]]"),
                entry("X.nan", "avgt", "", "ns/op", "[[4],[4]]"),
                entry("X.nothing", "avgt", "", "ns/op", "[[4]]"));
        Comparison comparison = compare(base, head);
        assertThat(comparison.rows()).extracting(Row::verdict).containsOnly(Verdict.INCONCLUSIVE);
        assertThat(comparison.rows().get(0).change().estimate()).isCloseTo(1.1, within(1e-12));
        assertThat(CompareWording.note(comparison.rows().get(0)))
                .isEqualTo("one fork: no interval; 2 forks or more give one: -f 5");
        assertThat(CompareWording.note(comparison.rows().get(2))).isEqualTo("no finite value on one side");
        assertThat(comparison.rows().get(1).baseForks().failed())
                .as("a fork without a finite value")
                .isEqualTo(1);
        assertThat(CompareText.of(comparison, false)).contains("failed forks: base 1 of 2, head 0 of 2");
        assertThat(CompareWording.warnings(comparison))
                .contains("3 iterations were NaN or infinite and are left out: 2 of X.nan, 1 of X.nothing");
        for (CompareFormat format : CompareFormat.values()) {
            assertThat(format.write(comparison, true)).as("%s", format).isNotNull();
        }
    }

    @Test
    void oneForkIsNeverExactAndATimeNeither() throws IOException {
        String[] files = new String[2];
        for (int side = 0; side < 2; side++) {
            String one = entry("X.one", "avgt", "", "ns/op", "[[100]]");
            String two = entry("X.two", "avgt", "", "ns/op", "[[100],[101]]");
            files[side] = (one.substring(0, one.length() - 1) + metrics("[[" + (5 + side) + "]]") + "},"
                            + two.substring(0, two.length() - 1)
                            + metrics("[[" + (5 + side) + "],[" + (5 + side) + "]]") + "}")
                    // Only a counter of this project's is known to be a cost.
                    .replace("com.acme", "org.cowbench.bench");
        }
        Comparison comparison = ComparisonBuilder.compare(
                ResultDirectory.read(json("a.json", files[0])),
                ResultDirectory.read(json("b.json", files[1])),
                Rule.DEFAULT,
                CompareOptions.gate(0, false));
        assertThat(comparison.rows().stream().filter(row -> row.kind() == Kind.EXACT))
                .singleElement()
                .satisfies(row -> assertThat(row.tag() + " " + row.metric()).isEqualTo("X.two copies"));
        assertThat(comparison.rows().stream().filter(row -> row.benchmark().equals("X.one")))
                .hasSize(3)
                .allSatisfy(row -> {
                    assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
                    assertThat(CompareWording.note(row))
                            .isEqualTo(
                                    row.kind() == Kind.SCORE
                                            ? "one fork: no interval; 2 forks or more give one: -f 5"
                                            : "one fork: no interval");
                });
        assertThat(Gate.of(comparison).failures()).extracting(Row::benchmark).containsExactly("X.two");
    }

    private static String metrics(String raw) {
        return ",\"secondaryMetrics\":{\"copies\":{\"scoreUnit\":\"#/op\",\"rawData\":" + raw
                + "},\"latency\":{\"scoreUnit\":\"ns/op\",\"rawData\":" + raw + "}}";
    }

    @Test
    void forksThatDoNotVaryHaveAnInterval() throws IOException {
        Path base = json(
                "a.json",
                entry("X.m", "avgt", "", "ns/op", "[[0.1],[0.1],[0.1]]"),
                entry("X.n", "avgt", "", "ns/op", "[[1],[100],[1]]"));
        Path head = json(
                "b.json",
                entry("X.m", "avgt", "", "ns/op", "[[0.3],[0.3],[0.3]]"),
                entry("X.n", "avgt", "", "ns/op", "[[1],[100],[1]]"));
        List<Row> rows = compare(base, head).rows();
        assertThat(rows.get(0).change().low()).isCloseTo(3, within(1e-9));
        assertThat(rows.get(0).change().high()).isCloseTo(3, within(1e-9));
        assertThat(rows.get(0).verdict()).isEqualTo(Verdict.SLOWER);
        assertThat(rows.get(1).change().bounded()).isFalse();
        assertThat(CompareWording.note(rows.get(1)))
                .isEqualTo("too noisy: the forks vary so much that no interval is bounded");
    }

    @Test
    void renamedParametersAreMatchedAndSaid() throws IOException {
        Path base = json(
                "a.json",
                entry("X.m", "avgt", "\"size\":\"10\"", "ns/op", "[[1]]"),
                entry("X.m", "avgt", "\"size\":\"20\"", "ns/op", "[[2]]"));
        Path head = json(
                "b.json",
                entry("X.m", "avgt", "\"length\":\"10\"", "ns/op", "[[1]]"),
                entry("X.m", "avgt", "\"length\":\"30\"", "ns/op", "[[2]]"));
        Comparison comparison = compare(base, head);
        assertThat(comparison.rows()).hasSize(1);
        assertThat(CompareWording.warnings(comparison)).anyMatch(w -> w.contains("'size'") && w.contains("'length'"));
        assertThat(comparison.onlyBase()).containsExactly("X.m;size=20");
        assertThat(comparison.onlyHead()).containsExactly("X.m;length=30");
    }

    @Test
    void theSameParametersInAnotherOrderAreTheSame() throws IOException {
        Path base = json("a.json", entry("X.m", "avgt", "\"a\":\"1\",\"b\":\"2\"", "ns/op", "[[1]]"));
        Path head = json("b.json", entry("X.m", "avgt", "\"b\":\"2\",\"a\":\"1\"", "ns/op", "[[1]]"));
        assertThat(compare(base, head).rows()).hasSize(1);
    }

    @Test
    void whatCannotBeComparedIsRefusedInOneLine() throws IOException {
        Path base = json("a.json", entry("X.m", "avgt", "", "ns/op", "[[1]]"));
        Path other = json("b.json", entry("Y.m", "avgt", "", "ns/op", "[[1]]"));
        Path empty = json("c.json");
        assertThatThrownBy(() -> compare(base, other))
                .isInstanceOf(ResultException.class)
                .hasMessage("no benchmark is in both: base has X.m; head has Y.m");
        assertThatThrownBy(() -> compare(base, empty))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("holds no benchmark");
    }

    @Test
    void unitsThatMeasureDifferentThingsAreNotCompared() throws IOException {
        Path base =
                json("a.json", entry("X.m", "avgt", "", "ns/op", "[[1]]"), entry("X.n", "avgt", "", "ns/op", "[[1]]"));
        Path head =
                json("b.json", entry("X.m", "avgt", "", "MB/op", "[[1]]"), entry("X.n", "avgt", "", "ns/op", "[[1]]"));
        Comparison comparison = compare(base, head);
        assertThat(comparison.rows()).hasSize(1);
        assertThat(CompareWording.warnings(comparison)).anyMatch(w -> w.contains("not compared"));
    }

    @Test
    void farOffForksMakeARowTooNoisy() throws IOException {
        String raw = "[[100],[100.1],[99.9],[100.2],[99.8],[100.1],[300],[310],[320]]";
        Path base = json("a.json", entry("X.m", "avgt", "", "ns/op", raw));
        Path head = json("b.json", entry("X.m", "avgt", "", "ns/op", raw));
        Row row = compare(base, head).rows().getFirst();
        assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(CompareWording.note(row)).isEqualTo("too noisy: 3 forks of a side are far off its median");
        assertThat(row.change().estimate()).isNaN();
        assertThat(row.adjusted()).isNaN();
        assertThat(CompareText.of(compare(base, head), false))
                .contains("too noisy")
                .doesNotContain("[");
    }

    /** Which way is certain where no fork of one side lies among the other's; by how much, the interval says. */
    @Test
    void twoModesFarBelowTheBaseAreFaster() throws IOException {
        Path base =
                json("a.json", entry("X.m", "avgt", "", "ns/op", "[[160],[161],[159],[162],[158],[160],[161],[159]]"));
        Path head = json("b.json", entry("X.m", "avgt", "", "ns/op", "[[6],[12],[12],[6],[6.1],[12.1],[6],[5.9]]"));
        Row row = compare(base, head).rows().getFirst();
        assertThat(row.verdict()).isEqualTo(Verdict.FASTER);
        assertThat(row.change().high()).isBetween(0.05, 0.1);
        assertThat(row.change().low()).isBetween(0.02, 0.05);
    }

    @Test
    void aScoreOfZeroIsJudgedByItsDifference() throws IOException {
        Path base = json(
                "a.json",
                entry("X.grown", "avgt", "", "ns/op", "[[0],[0],[0]]"),
                entry("X.equal", "avgt", "", "ns/op", "[[0],[0],[0]]"),
                entry("X.below", "avgt", "", "ns/op", "[[-5],[-5],[-5]]"),
                entry("X.rate", "thrpt", "", "ops/s", "[[0],[0],[0]]"));
        Path head = json(
                "b.json",
                entry("X.grown", "avgt", "", "ns/op", "[[0.5],[0.51],[0.5]]"),
                entry("X.equal", "avgt", "", "ns/op", "[[0],[0],[0]]"),
                entry("X.below", "avgt", "", "ns/op", "[[-5],[-5],[-5]]"),
                entry("X.rate", "thrpt", "", "ops/s", "[[5],[5.1],[5]]"));
        assertThat(compare(base, head).rows())
                .extracting(Row::verdict)
                .containsExactly(Verdict.SLOWER, Verdict.SAME, Verdict.SAME, Verdict.FASTER);
        List<Row> back = compare(head, base).rows();
        assertThat(back)
                .extracting(Row::verdict)
                .containsExactly(Verdict.FASTER, Verdict.SAME, Verdict.SAME, Verdict.SLOWER);
        assertThat(back.get(3).worsePercent()).isCloseTo(100, within(1e-9));
        assertThat(back.get(0).worsePercent()).isCloseTo(-100, within(1e-9));
    }

    @Test
    void growthFromZeroIsBeyondAnyGate() {
        Comparison comparison = compare(new SyntheticSession().clear().cell("A.x", 0, 0), 1e6, false);
        assertThat(scores(comparison)).extracting(Row::verdict).containsExactly(Verdict.SAME);
        assertThat(Gate.of(comparison).state()).isEqualTo(Gate.State.PASSED);
        Row slower = withVerdict(scores(comparison).getFirst(), Verdict.SLOWER);
        assertThat(Gate.of(withRow(comparison, slower)).failures())
                .as("from 0 to anything")
                .containsExactly(slower);
    }

    private static Row withVerdict(Row row, Verdict verdict) {
        Interval grown = new Interval(0.5, 0.4, 0.6, 10);
        return new Row(
                row.key(),
                row.benchmark(),
                row.params(),
                row.metric(),
                row.unit(),
                row.lowerIsBetter(),
                row.kind(),
                row.design(),
                row.gated(),
                0,
                0.5,
                row.scale(),
                grown,
                grown,
                grown,
                row.test(),
                row.replicate(),
                row.units(),
                row.p(),
                row.adjusted(),
                row.superiority(),
                row.detectable(),
                row.needed(),
                row.baseForks(),
                row.headForks(),
                verdict,
                row.remark(),
                row.within(),
                row.breaks());
    }

    private static Comparison withRow(Comparison c, Row row) {
        return new Comparison(
                c.rule(),
                c.base(),
                c.head(),
                c.design(),
                c.blocks(),
                c.control(),
                c.environment(),
                c.warnings(),
                c.rowParam(),
                List.of(row),
                List.of(row),
                c.view(),
                c.shifts(),
                c.curves(),
                c.onlyBase(),
                c.onlyHead(),
                c.identicalCounters(),
                c.options());
    }
}
