package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.cowbench.published.PublishedResult;
import org.cowbench.report.published.PublishedTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide to published results has what the command prints: counts are exact, so it is the same everywhere. */
@Tag("slow")
class PublishedGuideTest {

    @Test
    void theGuideHasWhatTheCommandPrints() throws IOException {
        StringBuilder printed = new StringBuilder();
        PublishedTable.print(PublishedResult.of(null, Path.of("results")), printed);
        String guide = Documents.text(Path.of("src/site/markdown/published.md"));
        for (String part : printed.toString().split("\n\n")) {
            assertThat(guide).contains("\n" + part.stripTrailing().indent(4));
        }
    }
}
