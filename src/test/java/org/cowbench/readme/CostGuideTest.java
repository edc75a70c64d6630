package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.cowbench.cli.CommandLines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The counts of the guide to costs are those of the command: they are the same everywhere. */
@Tag("slow")
class CostGuideTest {

    @Test
    void misses() throws IOException {
        List<String> printed =
                Documents.even(CommandLines.output("misses").lines().toList());
        assertThat(printed).containsSequence(Documents.block("an operation lines>2M"));
    }
}
