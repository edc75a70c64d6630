package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.html.Page;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons of JMH's JSON as other projects write it. */
abstract class ForeignResultsFixture {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final Path INPUTS = Path.of("src", "test", "resources", "jmh");

    @TempDir
    Path folder;

    static Comparison compare(Path base, Path head) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(base), ResultDirectory.read(head), Rule.DEFAULT, CompareOptions.NONE);
    }

    static Comparison compare(String base, String head) {
        return compare(INPUTS.resolve(base), INPUTS.resolve(head));
    }

    static Comparison same(String file) {
        return compare(file, file);
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    static Row row(Comparison comparison, String tag, String metric) {
        return comparison.rows().stream()
                .filter(row -> row.tag().equals(tag) && row.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    /** The values of every line of Go's format by its name. */
    static Map<String, String> forks(String benchstat) {
        return benchstat
                .lines()
                .filter(line -> line.startsWith("Benchmark"))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(f -> f[0], f -> f[2], (a, b) -> a + " " + b));
    }

    static void assertDistinct(Comparison comparison) throws IOException {
        long scores = comparison.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .count();
        for (CompareFormat format : CompareFormat.values()) {
            String text = format.write(comparison, true);
            boolean all = format == CompareFormat.CSV || format == CompareFormat.JSON || format == CompareFormat.LKP;
            assertThat(names(format, text))
                    .as("%s", text)
                    .hasSize((int) (all ? comparison.rows().size() : scores))
                    .doesNotHaveDuplicates();
        }
    }

    /** What a format calls its rows, or its groups of rows. */
    static List<String> names(CompareFormat format, String text) throws IOException {
        List<String> names = new ArrayList<>();
        switch (format) {
            case TEXT -> {
                // Long titles are wrapped.
                Matcher titles = Pattern.compile("(?m)^C\\.m.* is better\\)").matcher(text.replace("\n  ", " "));
                titles.results().forEach(title -> names.add(title.group().replaceFirst("(?<= is better\\)).*", "")));
            }
            case MARKDOWN ->
                text.lines().filter(line -> line.startsWith("#### ")).forEach(names::add);
            case JSON -> {
                for (JsonNode row : MAPPER.readTree(text).path("rows")) {
                    names.add(row.path("benchmark") + " " + row.path("params") + " " + row.path("metric"));
                }
            }
            case CSV ->
                text.lines()
                        .filter(line -> line.matches("\"?C\\.m.*"))
                        .forEach(line -> names.add(line.replaceFirst("(?:us|ns)/op,.*|,(?:higher|lower),.*", "")));
            case HTML -> {
                Page page = Page.of(text);
                page.tables.forEach(table -> {
                    if (table.heading().contains(" is better")) {
                        table.rows().forEach(row -> {
                            if (!row.getFirst().classes().contains("soft")) {
                                names.add(table.heading() + " " + row.getFirst().text());
                            }
                        });
                    }
                });
            }
            case LKP ->
                text.lines()
                        .filter(line -> line.contains("%") && line.contains("C.m"))
                        .forEach(line -> names.add(line.replaceFirst(".* (?=C\\.m)", "")));
            case MMTESTS ->
                text.lines()
                        .filter(line -> line.startsWith("Amean"))
                        .forEach(line -> names.add(line.replaceFirst("^Amean +(\\S+) .*", "$1")));
            case BENCHSTAT ->
                text.lines()
                        .filter(line -> line.startsWith("Benchmark"))
                        .map(line -> line.split(" ")[0])
                        .distinct()
                        .forEach(names::add);
        }
        return names;
    }
}
