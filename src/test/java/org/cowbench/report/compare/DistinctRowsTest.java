package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names and values of other projects that are easily taken for one another: each format tells their rows apart. */
class DistinctRowsTest extends ForeignResultsFixture {
    @Test
    void smallFiguresAreWrittenWhole() {
        Comparison comparison = compare("benchstat-small-base.json", "benchstat-small.json");
        assertThat(forks(CompareFormat.BENCHSTAT.write(comparison, true)).values())
                .containsExactly("3.0969e-8 3.1e-8 3.1030999999999995e-8 3.09845e-8 3.10155e-8"
                        + " 6.1938e-8 6.2e-8 6.206199999999999e-8 6.1969e-8 6.2031e-8");
        assertThat(CompareFormat.LKP.write(comparison, true)).contains("3.10e-08", "6.20e-08");
        assertThat(CompareFormat.MMTESTS.write(comparison, true)).contains("3.10e-08", "6.20e-08");
    }

    @Test
    void namesOfGosFormatStayApart() {
        assertThat(forks(CompareFormat.BENCHSTAT.write(
                        compare("benchstat-collide-base.json", "benchstat-collide.json"), true)))
                .hasSize(2)
                .allSatisfy((name, values) -> assertThat(values.split(" ")).hasSize(10));
    }

    @Test
    void lettersOutsideAsciiStayApart() throws IOException {
        Comparison comparison = same("ascii-params.json");
        assertThat(CompareFormat.TEXT.write(comparison, true))
                .contains("C.m t=\\u65e5\\u672c\\u8a9e (", "C.m t=\\ud55c\\uad6d\\uc5b4 (");
        assertDistinct(comparison);
    }

    @Test
    void markdownShowsWhatIsThere() throws IOException {
        assertThat(CompareFormat.MARKDOWN.write(same("mkdown.json"), true))
                .contains("#### C.m re=\\\\d+\\[a-z\\]\\(x\\)\\~y\\~ (us/op, lower is better)\n");
    }

    /** Values that some format used to write alike: each pair is two rows in all of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a b~a_b",
                "a/b~a%2Fb",
                "a;b~a%3Bb",
                "a,b~a_b",
                "`x`~'x'",
                "\\u65e5~\u65e5",
                "\\~\\\\",
                "a.b~a.b.",
                "x\u00a0y~x y",
                "a|b~a\\|b",
                "<b>~&lt;b>"
            })
    void valuesStayApart(String one, String other) throws IOException {
        valuesStayApart(List.of(one, other));
    }

    @Test
    void valuesWithLineEndsStayApart() throws IOException {
        valuesStayApart(List.of("a\nb", "a\tb", "a b", "a\rb", "a  b"));
    }

    private void valuesStayApart(List<String> values) throws IOException {
        Path file = folder.resolve("a.json");
        MAPPER.writeValue(
                file.toFile(),
                values.stream()
                        .map(value -> Map.of(
                                "benchmark",
                                "p.C.m",
                                "mode",
                                "avgt",
                                "threads",
                                1,
                                "forks",
                                2,
                                "params",
                                Map.of("v", value),
                                "primaryMetric",
                                Map.of("scoreUnit", "ns/op", "rawData", List.of(List.of(1), List.of(1)))))
                        .toList());
        Comparison comparison = compare(file, file);
        assertThat(comparison.rows()).hasSize(values.size());
        assertDistinct(comparison);
    }

    /** Parameters that only together would read alike. */
    @ParameterizedTest
    @EnumSource(CompareFormat.class)
    void parametersStayApart(CompareFormat format) throws IOException {
        Path file = folder.resolve("a.json");
        List<Map<String, String>> sets = List.of(
                Map.of("a", "1;b=2"),
                new TreeMap<>(Map.of("a", "1", "b", "2")),
                new TreeMap<>(Map.of("a", "1.2", "b", "3")),
                new TreeMap<>(Map.of("a", "1", "b", "2.3")),
                Map.of("a", "1 b=2"),
                Map.of("a=1", "2"),
                Map.of("a", "1=2"));
        MAPPER.writeValue(
                file.toFile(),
                sets.stream()
                        .map(set -> Map.of(
                                "benchmark",
                                "p.C.m",
                                "mode",
                                "avgt",
                                "threads",
                                1,
                                "forks",
                                2,
                                "params",
                                set,
                                "primaryMetric",
                                Map.of("scoreUnit", "ns/op", "rawData", List.of(List.of(1), List.of(1)))))
                        .toList());
        Comparison comparison = compare(file, file);
        assertThat(comparison.rows()).hasSize(sets.size()).extracting(Row::tag).doesNotHaveDuplicates();
        assertThat(names(format, format.write(comparison, true)))
                .as("%s", format)
                .hasSize(sets.size())
                .doesNotHaveDuplicates();
    }
}
