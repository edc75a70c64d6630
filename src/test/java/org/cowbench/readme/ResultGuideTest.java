package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cowbench.cli.ExitStatus;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Test;

/** The guide to results names every field that is written, and every exit status. */
class ResultGuideTest {
    private static List<String> names(String start) throws IOException {
        return Documents.table(start).stream()
                .skip(1)
                .map(row -> row.getFirst().replace("`", ""))
                .toList();
    }

    private static String[] components(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new);
    }

    @Test
    void everyFieldOfARun() throws IOException {
        assertThat(names("field of a run")).containsExactly(components(RunInfo.class));
        assertThat(names("field of a fork")).containsExactly(components(ForkInfo.class));
        assertThat(Documents.figures("version of this format: (\\d+)").group(1)).isEqualTo("" + RunInfo.SCHEMA);
    }

    @Test
    void everyExitStatus() throws IOException, IllegalAccessException {
        List<String> statuses = new ArrayList<>();
        for (Field field : ExitStatus.class.getFields()) {
            statuses.add("" + field.getInt(null));
        }
        assertThat(names("status")).containsExactlyElementsOf(statuses);
    }
}
