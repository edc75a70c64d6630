package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.cowbench.published.PublishedResult;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.published.PublishedJson;
import org.cowbench.report.published.PublishedTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** README and the guide have what the command prints: counts are exact, so it is the same everywhere. */
class PublishedGuideTest {
    private static final Path RESULTS = Path.of("results");

    /** The result that README names. */
    private static Path kept() throws IOException {
        return RESULTS.resolve(Documents.figures("from `results/(\\S+)` \\(`run --suite published`")
                        .group(1))
                .resolve("published.json");
    }

    @Tag("slow")
    @Test
    void theGuideHasWhatTheCommandPrints() throws IOException {
        PublishedResult result = PublishedResult.of(null, RESULTS);
        StringBuilder printed = new StringBuilder();
        PublishedTable.print(result, printed);
        String guide = Documents.text(Path.of("src/site/markdown/published.md"));
        for (String part : printed.toString().split("\n\n")) {
            assertThat(guide).contains("\n" + part.stripTrailing().indent(4));
        }
        assertThat(Files.readString(kept())).as("run --suite published --label").isEqualTo(PublishedJson.of(result));
    }

    @Test
    void readmeHasEveryRowOfIt() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(Files.readString(kept())).path("rows");
        List<List<String>> table = Documents.table("published result");
        assertThat(table).hasSize(1 + rows.size());
        for (int i = 0; i < rows.size(); i++) {
            JsonNode row = rows.get(i);
            List<String> written = table.get(1 + i);
            String id = row.path("id").asText();
            assertThat(written.getFirst())
                    .isEqualTo(id + ", " + row.path("effect").asText());
            assertThat(written.subList(1, 5))
                    .as(id)
                    .containsExactly(
                            number(row, row.path("published")),
                            number(row, row.at("/scales/2/effect")),
                            number(row, row.path("kernels")),
                            String.format(
                                    Locale.ROOT,
                                    "%+.1f %%",
                                    100 * row.path("difference").asDouble()));
            assertThat(written.get(5)).as("%s: why", id).isNotBlank();
        }
    }

    /** As the command prints it: counts a round to four decimals, what has a unit to one. */
    private static String number(JsonNode row, JsonNode value) {
        String unit = row.path("unit").asText();
        int decimals = row.path("effect").asText().endsWith(" a round") ? 4 : unit.isEmpty() ? 3 : 1;
        return value.isNull() ? "-" : Numbers.fixed(value.asDouble(), decimals) + (unit.isEmpty() ? "" : " " + unit);
    }
}
