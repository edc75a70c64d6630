package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.report.kernel.AppTable;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.Test;

/** The tables of programs, in README and in their guide, are what the committed results give. */
class AppsTest {
    private static final Path RESULTS = Path.of("results");
    private static final String PAIR = "20261128-redis-5.10.223-cowbench-";
    private static final String KERNELS = "20261128-redis-kernels-";
    private static final String MEMCACHED = "20261128-memcached-";
    private static final List<String> RULES = List.of(PAIR + "1774d7aea7e5", PAIR + "05816ca8b4df");
    private static final List<String> RELEASES =
            List.of(KERNELS + "5.10", KERNELS + "6.1", KERNELS + "6.12", KERNELS + "7.3");
    private static final List<List<String>> TABLES =
            List.of(RULES, RELEASES, List.of(MEMCACHED + "5.10", MEMCACHED + "7.3"));

    /** What the command printed, by the first word of each table. */
    private static Map<String, String> printed(List<String> labels) throws IOException {
        StringBuilder text = new StringBuilder();
        AppTable.print(
                labels.stream().map(RESULTS::resolve).map(ResultDirectory::read).toList(), text);
        return Stream.of(text.toString().split("\n\n"))
                .collect(Collectors.toMap(part -> part.split(" ")[0], part -> part));
    }

    @Test
    void theGuideHasWhatTheCommandPrints() throws IOException {
        String guide = Documents.text(Path.of("src/site/markdown/apps.md"));
        for (List<String> labels : TABLES) {
            Map<String, String> printed = printed(labels);
            // Without the load that has no limit, and the words below the tables.
            assertThat(printed).containsKeys("get", "set", "mix", "zipf", "fill", "Of");
            printed.forEach((word, table) -> {
                if (!List.of("fill", "Of").contains(word)) {
                    assertThat(guide).contains("\n" + table.indent(4));
                }
            });
        }
    }

    @Test
    void readmeHasItsFigures() throws IOException {
        String figure = "(\\S+ \\[.*?])";
        MatchResult ratios = Documents.figures("swap-ins fall to " + figure + " and the server's instructions to "
                + figure + "; in SETs alone instructions fall to " + figure);
        Map<String, String> printed = printed(RULES);
        assertThat(ratio(printed.get("mix"))).contains("swap-ins " + ratios.group(1));
        assertThat(ratio(printed.get("mix"))).contains("instructions " + ratios.group(2));
        assertThat(ratio(printed.get("set"))).contains("instructions " + ratios.group(3));
        printed = printed(RELEASES);
        row("swap-ins", printed.get("mix"));
        row("instructions of the server", printed.get("mix"));
        row("minor faults", printed.get("mix"));
    }

    /** The last of three rows: head against base. */
    private static String ratio(String table) {
        return lines(table).get(4);
    }

    private static List<String> lines(String table) {
        return table.replaceAll("\n  ", " ").lines().toList();
    }

    private static void row(String name, String table) {
        String line = Documents.text(Path.of("README.md"))
                .lines()
                .filter(each -> each.startsWith("| " + name + " |"))
                .findFirst()
                .orElseThrow();
        List<String> cells =
                Arrays.stream(line.split("\\|")).map(String::strip).skip(2).toList();
        List<String> lines = lines(table);
        assertThat(cells).hasSize(4);
        for (int i = 0; i < cells.size(); i++) {
            assertThat(lines.get(2 + i)).contains(" " + cells.get(i));
        }
    }
}
