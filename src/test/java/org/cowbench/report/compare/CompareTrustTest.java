package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the format: what makes a number worth nothing stands beside it. */
class CompareTrustTest {
    private static final Set<CompareFormat> FOREIGN = EnumSet.of(
            CompareFormat.MARKDOWN,
            CompareFormat.CSV,
            CompareFormat.LKP,
            CompareFormat.MMTESTS,
            CompareFormat.BENCHSTAT);

    @TempDir
    Path results;

    private Comparison compare(Path base, Path head) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(base), ResultDirectory.read(head), Rule.DEFAULT, CompareOptions.NONE);
    }

    private Path json(String name, String raw) throws IOException {
        return Files.writeString(
                results.resolve(name),
                "[{\"benchmark\":\"a.B." + "long".repeat(20)
                        + "\",\"mode\":\"avgt\",\"primaryMetric\":{\"scoreUnit\":\"ns/op\",\"rawData\":" + raw + "}}]");
    }

    @Test
    void everyFormatSaysWhatTheTextSaysFirst() {
        new SyntheticSession()
                .controlBias(1.2)
                .failHeadFork(2)
                .headEnvironment("cpu.model", "Example 1")
                .write(results);
        Comparison comparison = compare(results.resolve("base"), results.resolve("head"));
        assertThat(comparison.valid()).isFalse();
        for (CompareFormat format : FOREIGN) {
            String text = format.write(comparison, false).replaceAll("\\s+", " ");
            assertThat(text)
                    .as("%s", format)
                    .contains(
                            "paired in 20 blocks",
                            "INVALID: the control",
                            "DIFFERENT MACHINES",
                            "Example 9000 -> Example 1",
                            "forks of the head failed");
        }
        for (CompareFormat format : List.of(CompareFormat.CSV, CompareFormat.BENCHSTAT)) {
            assertThat(format.write(comparison, false)
                            .lines()
                            .filter(line -> line.matches(".*(INVALID|MACHINES|warning).*")))
                    .as("%s", format)
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line).startsWith("# "));
        }
        assertThat(CompareFormat.LKP.write(comparison, false).lines().limit(8))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(72));
    }

    @Test
    void noFormatGivesTheNumberOfARowThatIsTooNoisy() throws IOException {
        Path base = json("a.json", "[[100],[100.1],[99.9],[100.2],[99.8],[100.1],[300],[310],[320]]");
        Path head = json("b.json", "[[107],[107.1],[106.9],[107.2],[106.8],[107.1],[321],[331.7],[342.4]]");
        Comparison comparison = compare(base, head);
        for (CompareFormat format : CompareFormat.values()) {
            String text = format.write(comparison, true);
            assertThat(text).as("%s", format).contains("too noisy").doesNotContain("7.0%", "7.00%", "+7.0", "-6.5");
        }
        assertThat(CompareFormat.CSV.write(comparison, true).lines().toList().getLast())
                .contains(",ratio,,,,Fieller,");
    }

    @Test
    void benchstatSeesOneDifferenceBetweenTheSides() {
        new SyntheticSession().write(results);
        String text = CompareFormat.BENCHSTAT.write(compare(results.resolve("base"), results.resolve("head")), false);
        // Configuration lines as benchstat reads them: any that differs beside the side would part the tables.
        assertThat(text.lines().filter(line -> line.matches("[a-z][^\\sA-Z]*:.*")))
                .containsExactly("pkg: cowbench", "side: base", "side: head");
        assertThat(text).contains("# base: base, commit 1a2b3c4d5e6f", "# head: head, commit 9f8e7d6c5b4a");
    }

    @Test
    void mmtestsKeepsItsColumns() throws IOException {
        new SyntheticSession()
                .failHeadFork(1)
                .cell("A.muchSlower", 1e9, 0)
                .cell("A.zero", 0, 0)
                .write(results);
        Path wild = json("wild.json", "[[1],[2],[400]]");
        Path wilder = json("wilder.json", "[[100],[900],[900000]]");
        for (Comparison comparison : List.of(
                compare(results.resolve("base"), results.resolve("head")),
                compare(wild, wilder),
                compare(json("one.json", "[[1]]"), json("nan.json", "[[\"NaN\"]]")))) {
            String text = CompareFormat.MMTESTS.write(comparison, false);
            List<String> lines =
                    text.lines().dropWhile(line -> !line.isEmpty()).skip(2).toList();
            assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line)
                    .hasSameSizeAs(lines.getFirst())
                    .matches("(Median|Amean|Stddev|Failed) +\\S+ +(\\d+\\.\\d\\d|NaN) \\( +0\\.00%\\)"
                            + " +(\\d+\\.\\d\\d|NaN) [(*] *(-?\\d+\\.\\d\\d%|n/a|too noisy)[)*]"));
        }
        assertThat(CompareFormat.MMTESTS.write(compare(results.resolve("base"), results.resolve("head")), false))
                .containsPattern("Failed +\\S+ +0\\.00 \\( +0\\.00%\\) +1\\.00");
        assertThat(CompareFormat.MARKDOWN.write(compare(results.resolve("base"), results.resolve("head")), false))
                .contains("failed forks: base 0 of 40, head 1 of 40");
    }
}
